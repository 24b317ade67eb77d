import { describe } from '@jest/globals'
import { holdServer } from '../../support/held-server.ts'
import { sharedSeaweed } from '../../support/loopback-seaweedfs.ts'
import { s3Harness } from '../../support/s3-harness.ts'
import { describeStore } from '../store-contract.ts'

holdServer(sharedSeaweed)

describe.each(['keys', 'role'] as const)('logged in with %s', (login) => {
  describeStore('s3, a real SeaweedFS', {
    guarantee: 'compare-and-set',
    proof: 'proved',
    garbage: 'returned-as-it-is',
    cannot: { foreignKey: 'a copy is not sealed' },
    harness: () => s3Harness(login),
  })
})
