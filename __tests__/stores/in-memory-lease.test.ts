import { expect, test } from '@jest/globals'
import { sealedStore } from '../../src/stores/sealed/sealed-store.ts'
import { text } from '../support/documents.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'
import { describeLeasePlace } from './lease-contract.ts'

describeLeasePlace('memory', {
  seenBy: 'all-jobs',
  harness: () => {
    const place = inMemoryPlace()
    return {
      open: () => Promise.resolve(place.open()),
      garbage: (bytes) => place.lease?.put(bytes),
      unreachable: () => {
        place.lease?.inject('read', { kind: 'unreachable' })
        place.lease?.inject('write', { kind: 'unreachable' })
      },
      heal: () => place.lease?.heal(),
      cleanup: () => undefined,
    }
  },
})

test('a sealed store offers the place of the store it seals, as it is, and none where that has none', async () => {
  const keys = [{ kind: 'passphrase', secret: 'x'.repeat(32) }] as const
  const place = inMemoryPlace()
  await sealedStore(place.open(), { keys, place: 'somewhere' }).leasePlace?.write(Buffer.from('plain'), undefined)
  expect(text(place.lease?.bytes())).toBe('plain')
  expect(sealedStore(inMemoryPlace({ guarantee: 'detects-conflicts' }).open(), { keys, place: 'somewhere' }).leasePlace).toBeUndefined()
})
