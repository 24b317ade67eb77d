import { describe, expect, test } from '@jest/globals'
import { remembering, withoutReading } from '../../src/stores/known-copy.ts'
import { text } from '../support/documents.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'

const [one, two, three] = ['one', 'two', 'three'].map((word) => new TextEncoder().encode(word)) as [Uint8Array, Uint8Array, Uint8Array]

describe('a store that remembers', () => {
  test('knows what its last read or write showed, and keeps what else the store has', async () => {
    const place = inMemoryPlace({ bytes: one })
    const handover = (): string => 'digest'
    const store = remembering({ ...place.open(), handover })
    expect([store.known(), store.name, store.handover?.()]).toEqual([undefined, 'memory', 'digest'])
    await store.read()
    expect(store.known()).toEqual({ kind: 'held', bytes: one, version: 'memory-1' })
    await store.write(two, 'memory-1')
    expect(store.known()).toEqual({ kind: 'held', bytes: two, version: 'memory-2' })
    place.put(undefined)
    await store.read()
    expect(store.known()).toEqual({ kind: 'none' })
  })

  test('knows nothing after a conflict or a failure', async () => {
    const place = inMemoryPlace({ bytes: one })
    const store = remembering(place.open())
    await store.read()
    expect([await store.write(two, 'another'), store.known()]).toEqual([{ kind: 'conflict' }, undefined])
    await store.read()
    place.inject('read', { kind: 'unreachable' }, 1)
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
    expect(store.known()).toBeUndefined()
  })
})

describe('a store that is never read', () => {
  test('is written with the version that is known, and then with its own', async () => {
    const place = inMemoryPlace({ bytes: one })
    const store = withoutReading(place.open(), { kind: 'held', bytes: one, version: 'memory-1' })
    expect(await store.read()).toEqual({ bytes: one, version: 'memory-1' })
    await store.write(two, 'memory-1')
    expect(await store.read()).toEqual({ bytes: two, version: 'memory-2' })
    expect([place.count.read, place.history.map(text)]).toEqual([0, ['one', 'two']])
  })

  test('is somebody else’s after a conflict, for good', async () => {
    const place = inMemoryPlace()
    const store = withoutReading(place.open(), { kind: 'none' })
    expect(await store.read()).toBeUndefined()
    place.put(three)
    expect(await store.write(two, undefined)).toEqual({ kind: 'conflict' })
    await expect(store.read()).rejects.toMatchObject({ code: 'store-superseded' })
    expect(text(place.bytes())).toBe('three')
  })
})
