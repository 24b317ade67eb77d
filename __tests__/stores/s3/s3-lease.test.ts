import { holdServer } from '../../support/held-server.ts'
import { sharedSeaweed } from '../../support/loopback-seaweedfs.ts'
import { s3Harness } from '../../support/s3-harness.ts'
import { describeLeasePlace } from '../lease-contract.ts'

holdServer(sharedSeaweed)

describeLeasePlace('s3, a real SeaweedFS', {
  seenBy: 'all-jobs',
  harness: async () => {
    const { faults, seaweed, key, ...harness } = await s3Harness('role')
    return {
      ...harness,
      garbage: async (bytes) => {
        await seaweed.admin('PUT', `/${seaweed.bucket}/${key}.lease`, Buffer.from(bytes))
      },
      unreachable: () => faults.unreachable?.(),
    }
  },
})
