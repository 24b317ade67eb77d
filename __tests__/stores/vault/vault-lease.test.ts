import { holdServer } from '../../support/held-server.ts'
import { sharedOpenBao } from '../../support/loopback-openbao.ts'
import { vaultHarness } from '../../support/vault-harness.ts'
import { describeLeasePlace } from '../lease-contract.ts'

holdServer(sharedOpenBao)

describeLeasePlace('vault, a real OpenBao', {
  seenBy: 'all-jobs',
  harness: async () => {
    const { faults, place, ...harness } = await vaultHarness('role')
    return {
      ...harness,
      garbage: (bytes) => place.putLease({ other: Buffer.from(bytes).toString('utf8') }),
      unreachable: () => faults.unreachable?.(),
    }
  },
})
