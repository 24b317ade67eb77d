import { describe, expect, test } from '@jest/globals'
import type { Guarantee } from '../../src/stores/store.ts'
import { login, text } from '../support/documents.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'
import { describeStore } from './store-contract.ts'

for (const guarantee of ['compare-and-set', 'detects-conflicts', 'last-writer-wins'] satisfies Guarantee[]) {
  describeStore(`memory, ${guarantee}`, {
    guarantee,
    proof: 'proved',
    garbage: 'returned-as-it-is',
    cannot: { foreignKey: 'it holds plain bytes' },
    harness: () => {
      const place = inMemoryPlace({ guarantee })
      const deny = (...operations: ('read' | 'write' | 'proveWritable')[]): void => {
        for (const operation of operations) place.inject(operation, { kind: 'unauthorized' })
      }
      return {
        open: () => Promise.resolve(place.open()),
        faults: {
          unreachable: () => {
            place.inject('read', { kind: 'unreachable' })
            place.inject('write', { kind: 'unreachable' })
          },
          readDenied: () => {
            deny('read')
          },
          writeDenied: () => {
            deny('write', 'proveWritable')
          },
          garbage: (bytes) => {
            place.put(bytes)
          },
          answerLost: () => {
            place.inject('write', { kind: 'answer-lost', stored: true }, 1)
          },
          writeInterrupted: () => {
            place.inject('write', { kind: 'answer-lost', stored: false }, 1)
          },
          emptied: () => {
            place.put(undefined)
          },
        },
        heal: () => {
          place.heal()
        },
        cleanup: () => undefined,
      }
    },
  })
}

describe('memory place', () => {
  test('an overtaken writer is told under compare-and-set, and wins unseen under last-writer-wins', async () => {
    for (const [guarantee, kind, kept] of [
      ['compare-and-set', 'conflict', 'other'],
      ['last-writer-wins', 'written', 'mine'],
    ] as const) {
      const place = inMemoryPlace({ guarantee, bytes: login('first') })
      const store = place.open()
      const copy = await store.read()
      place.inject('write', { kind: 'overtaken', by: login('other') }, 1)
      expect((await store.write(login('mine'), copy?.version)).kind).toBe(kind)
      expect(text(place.bytes())).toBe(text(login(kept)))
    }
  })

  test('a conflict that stays unseen overwrites', async () => {
    const place = inMemoryPlace({ guarantee: 'detects-conflicts', bytes: login('first') })
    place.inject('write', { kind: 'conflict-unseen' }, 1)
    expect((await place.open().write(login('mine'), 'stale')).kind).toBe('written')
  })

  test('counts operations, remembers every document, and a fault with a number of times ends by itself', async () => {
    const place = inMemoryPlace()
    const store = place.open()
    place.inject('read', { kind: 'damaged' }, 1)
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
    await expect(store.read()).resolves.toBeUndefined()
    await store.write(login('a'), undefined)
    expect(place.count).toEqual({ proveWritable: 0, read: 2, write: 1 })
    expect(place.history.map(text)).toEqual([text(login('a'))])
  })
})
