import { describe } from '@jest/globals'
import { holdServer } from '../../support/held-server.ts'
import { sharedOpenBao } from '../../support/loopback-openbao.ts'
import { vaultHarness } from '../../support/vault-harness.ts'
import { describeStore } from '../store-contract.ts'

holdServer(sharedOpenBao)

describe.each(['token', 'role'] as const)('logged in with a %s', (login) => {
  describeStore('vault, a real OpenBao', {
    guarantee: 'compare-and-set',
    proof: 'proved',
    holds: 'exact-json',
    garbage: 'returned-as-it-is',
    cannot: { foreignKey: 'a copy is not sealed' },
    harness: () => vaultHarness(login),
  })
})
