import { afterEach, describe, expect, test } from '@jest/globals'
import type { ObservedFile } from '../../src/codex/codex-home.ts'
import type { CopyState } from '../../src/credential/write-back-decision.ts'
import { memoriesAfter, writeBack, type StoreMemories, type WriteBack, type WriteBackRequest } from '../../src/keeper/write-back.ts'
import { managedLogin, type Login } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'
import { credentialOf, endWorlds, fingerprintOfLogin, outcomes, placesNamed, refreshed, virtualClock, type VirtualClock } from '../support/keeper-world.ts'
import { memoryPlace, type MemoryFault, type MemoryPlace } from '../support/memory-store.ts'

afterEach(endWorlds)

const older = managedLogin({ issuedAt: 1_790_000_000 })
const base = refreshed(older)
const rotated = refreshed(base)
const reseed = refreshed(rotated)
const other = managedLogin()

const managed = (login: Login): ObservedFile => ({ kind: 'managed', credential: credentialOf(login) })
const held = (login: Login): CopyState => ({ kind: 'held', fingerprint: fingerprintOfLogin(login) })

interface Case {
  readonly file?: ObservedFile
  readonly copies?: readonly CopyState[]
  readonly seed?: Login
  readonly clock?: VirtualClock
}

/** Post of a job that restored `base`, by default when every store held just that, over these places. */
function request(places: readonly MemoryPlace[], { file = managed(rotated), copies = places.map(() => held(base)), seed, clock = virtualClock() }: Case = {}): WriteBackRequest {
  const stores = places.map((place) => place.open())
  const memories: StoreMemories = new Map(stores.map(({ name }, index) => [name, { base: fingerprintOfLogin(base), copy: copies[index] ?? { kind: 'none' } }]))
  return { stores, file, base: fingerprintOfLogin(base), seed: seed && fingerprintOfLogin(seed), memories, clock }
}

const post = (place: MemoryPlace, given?: Case): Promise<WriteBack> => writeBack(request([place], given))
const holding = (login?: Login): MemoryPlace => memoryPlace({ name: 'git', ...(login && { bytes: login.bytes }) })

describe('one store', () => {
  test('gets the rotated file, byte for byte, with one read and one write', async () => {
    const place = holding(base)
    expect(await post(place)).toEqual({
      results: [{ name: 'git', guarantee: 'compare-and-set', outcome: { kind: 'written' } }],
      rotated: true, verdict: 'safe', confirmed: rotated.bytes,
    })
    expect(text(place.bytes())).toBe(rotated.text)
    expect(place.count).toEqual({ read: 1, write: 1, proveWritable: 0 })
  })

  test('that holds the file since restore is not even read', async () => {
    const place = holding(base)
    expect(await post(place, { file: managed(base) })).toMatchObject({ rotated: false, verdict: 'safe', confirmed: base.bytes })
    expect(place.count).toEqual({ read: 0, write: 0, proveWritable: 0 })
  })

  test('that was unreadable at restore is read again, and written when it turns out to be behind', async () => {
    const place = holding(older)
    expect(outcomes(await post(place, { copies: [{ kind: 'unreadable' }] }))).toEqual({ git: 'written' })
  })

  test('that was unreadable at restore and is now a reseed stays as it is', async () => {
    const place = holding(reseed)
    expect(outcomes(await post(place, { copies: [{ kind: 'unreadable' }] }))).toEqual({ git: 'superseded' })
  })

  test('that was emptied in between gets the file', async () => {
    const place = holding()
    expect(outcomes(await post(place))).toEqual({ git: 'written' })
  })

  test('that nothing is remembered of counts as unreadable until it was read', async () => {
    const place = holding(rotated)
    expect(outcomes(await writeBack({ ...request([place]), memories: new Map() }))).toEqual({ git: 'unchanged' })
    expect(place.count.read).toBe(1)
  })

  test.each<[string, ObservedFile, string]>([
    ['is missing', { kind: 'missing' }, 'file-missing'],
    ['is damaged', { kind: 'damaged', problem: 'cut', bytes: rotated.bytes.subarray(9) }, 'damaged'],
    ['is an API key', { kind: 'unmanaged', credential: { kind: 'unmanaged', bytes: rotated.bytes, why: 'api-key' } }, 'not-managed'],
    ['belongs to another account', managed(other), 'different-account'],
    ['is an older copy', managed(older), 'older-than-base'],
  ])('is not touched when the file %s', async (_, file, reason) => {
    const place = holding(base)
    const result = await post(place, { file })
    expect(outcomes(result)).toEqual({ git: reason })
    expect(result).toMatchObject({ rotated: false, verdict: 'safe', confirmed: undefined })
    expect([text(place.bytes()), place.count.read, place.count.write]).toEqual([base.text, 0, 0])
  })

  test('never gets the seed, and the file stays unconfirmed', async () => {
    const place = holding()
    const result = await post(place, { file: managed(base), seed: base, copies: [{ kind: 'none' }] })
    expect(outcomes(result)).toEqual({ git: 'is-seed' })
    expect([result.confirmed, place.history]).toEqual([undefined, []])
  })

  test('gets what Codex made of the seed', async () => {
    const place = holding()
    expect(await post(place, { seed: base, copies: [{ kind: 'none' }] })).toMatchObject({ rotated: true, verdict: 'safe' })
    expect(text(place.bytes())).toBe(rotated.text)
  })
})

describe('a conflict', () => {
  const overtaken = (times: number, by: Login): MemoryPlace => {
    const place = holding(base)
    place.inject('write', { kind: 'overtaken', by: by.bytes }, times)
    return place
  }

  test.each([[1, 'written', 2, 2], [2, 'written', 3, 3], [3, 'failed', 4, 3], [9, 'failed', 4, 3]])(
    '%i times means: read again, decide again, three writes at most', async (times, outcome, reads, writes) => {
      const place = overtaken(times, older)
      const result = await post(place)
      expect(outcomes(result)).toEqual({ git: outcome })
      expect(result.verdict).toBe(outcome === 'failed' ? 'lost' : 'safe')
      expect([place.count.read, place.count.write]).toEqual([reads, writes])
      expect(text(place.bytes())).toBe(outcome === 'failed' ? older.text : rotated.text)
    })

  test('with a reseed ends with the reseed in place, and nothing is lost', async () => {
    const place = overtaken(1, reseed)
    const result = await post(place)
    expect(outcomes(result)).toEqual({ git: 'superseded' })
    expect(result).toMatchObject({ rotated: true, verdict: 'safe', confirmed: undefined })
    expect(text(place.bytes())).toBe(reseed.text)
  })

  test('with another account ends with that account in place, and red', async () => {
    const place = overtaken(1, other)
    expect(await post(place)).toMatchObject({ verdict: 'lost' })
    expect(text(place.bytes())).toBe(other.text)
  })

  test('with our own document is none', async () => {
    expect(outcomes(await post(overtaken(1, rotated)))).toEqual({ git: 'unchanged' })
  })

  test('with an empty place is one too', async () => {
    const place = holding()
    place.inject('write', { kind: 'overtaken', by: older.bytes }, 1)
    expect(outcomes(await post(place, { copies: [{ kind: 'none' }] }))).toEqual({ git: 'written' })
    expect(text(place.bytes())).toBe(rotated.text)
  })
})

describe('a write that fails', () => {
  const failing = (fault: MemoryFault, times?: number): MemoryPlace => {
    const place = holding(base)
    place.inject('write', fault, times)
    return place
  }

  test.each<[string, MemoryFault, number, string, number, number]>([
    ['no answer once', { kind: 'unreachable' }, 1, 'written', 2, 2],
    ['no answer twice', { kind: 'unreachable' }, 2, 'written', 3, 3],
    ['no answer ever', { kind: 'unreachable' }, 9, 'failed', 4, 3],
    ['not allowed', { kind: 'unauthorized' }, 9, 'failed', 1, 1],
    ['refused by a rule', { kind: 'refused' }, 9, 'failed', 1, 1],
    ['an answer lost after it was stored', { kind: 'answer-lost', stored: true }, 1, 'written', 2, 1],
    ['an answer lost before it was stored', { kind: 'answer-lost', stored: false }, 1, 'written', 2, 2],
    ['every answer lost, nothing stored', { kind: 'answer-lost', stored: false }, 9, 'failed', 4, 3],
  ])('%s', async (_, fault, times, outcome, reads, writes) => {
    const place = failing(fault, times)
    const result = await post(place)
    expect(outcomes(result)).toEqual({ git: outcome })
    expect(result).toMatchObject({ verdict: outcome === 'failed' ? 'lost' : 'safe', confirmed: outcome === 'failed' ? undefined : rotated.bytes })
    expect([place.count.read, place.count.write]).toEqual([reads, writes])
    expect(text(place.bytes())).toBe(outcome === 'failed' ? base.text : rotated.text)
  })

  test('is tried again after one and two seconds, and the error that is left is the last one', async () => {
    const clock = virtualClock()
    const result = await post(failing({ kind: 'unreachable' }), { clock })
    expect(clock.waits).toEqual([1_000, 2_000])
    expect(result.results[0]?.outcome).toMatchObject({ kind: 'failed', error: { code: 'store-unreachable' } })
  })

  test('with a lost answer for the third and last write is looked up before it counts as failed', async () => {
    const place = holding(base)
    place.inject('write', { kind: 'unreachable' }, 2)
    place.inject('write', { kind: 'answer-lost', stored: true }, 1)
    expect(outcomes(await post(place))).toEqual({ git: 'written' })
  })

  test('although it was stored, when the read after it fails, is red: nobody has seen it', async () => {
    const place = failing({ kind: 'answer-lost', stored: true }, 1)
    const store = place.open()
    const write = store.write.bind(store)
    store.write = (...given) => { place.inject('read', { kind: 'unreachable' }); return write(...given) }
    expect(await writeBack({ ...request([place]), stores: [store] })).toMatchObject({ verdict: 'lost', confirmed: undefined })
  })

  test('with anything but a store error is data all the same', async () => {
    const place = holding(base)
    const result = await writeBack({ ...request([place]), stores: [{ ...place.open(), write: () => Promise.reject(new TypeError('a bug')) }] })
    expect(result).toMatchObject({ verdict: 'lost', results: [{ outcome: { kind: 'failed', error: { message: 'a bug' } } }] })
  })

  test.each([[2, 'written'], [3, 'failed']])('a read without answer %i times', async (times, outcome) => {
    const place = holding(base)
    place.inject('read', { kind: 'unreachable' }, times)
    expect(outcomes(await post(place))).toEqual({ git: outcome })
    expect(place.count).toMatchObject(outcome === 'failed' ? { read: 3, write: 0 } : { write: 1 })
  })

  test.each(['unauthorized', 'damaged'] as const)('a read that is %s: nothing is written over it', async (kind) => {
    const place = holding(base)
    place.inject('read', { kind })
    expect(await post(place)).toMatchObject({ verdict: 'lost', results: [{ outcome: { error: { code: `store-${kind}` } } }] })
    expect(place.count).toEqual({ read: 1, write: 0, proveWritable: 0 })
  })

  test('what is no login any more is not written over', async () => {
    const place = holding()
    place.put(Buffer.from('<html>'))
    expect(outcomes(await post(place))).toEqual({ git: 'failed' })
    expect(text(place.bytes())).toBe('<html>')
  })
})

describe('lost or safe', () => {
  /** A place in the state of this name, which `rotated` meets with the outcome of this name. */
  const meets = {
    written: (name: string) => memoryPlace({ name, bytes: base.bytes }),
    unchanged: (name: string) => memoryPlace({ name, bytes: rotated.bytes }),
    superseded: (name: string) => memoryPlace({ name, bytes: reseed.bytes }),
    'different-account': (name: string) => memoryPlace({ name, bytes: other.bytes }),
    failed: (name: string) => {
      const place = memoryPlace({ name, bytes: base.bytes })
      place.inject('write', { kind: 'refused' })
      return place
    },
  }
  const names = Object.keys(meets) as (keyof typeof meets)[]
  const pairs = names.flatMap((one) => names.map((two) => [one, two] as const))
  const loses = ['different-account', 'failed']

  test.each(pairs)('%s and %s', async (one, two) => {
    const places = [meets[one]('one'), meets[two]('two')]
    const unknown: CopyState[] = [{ kind: 'unreadable' }, { kind: 'unreadable' }]
    const result = await writeBack(request(places, { copies: unknown }))
    expect(outcomes(result)).toEqual({ one, two })
    expect(result.verdict).toBe(loses.includes(one) && loses.includes(two) ? 'lost' : 'safe')
    expect(text(result.confirmed)).toBe([one, two].some((kind) => kind === 'written' || kind === 'unchanged') ? rotated.text : undefined)
  })

  test('a failure is not lost when Codex has not rotated', async () => {
    expect(await post(meets.failed('git'), { file: managed(base), copies: [held(older)] })).toMatchObject({ rotated: false, verdict: 'safe' })
    const behind = holding(older)
    behind.inject('read', { kind: 'unauthorized' })
    expect(await post(behind, { file: managed(base), copies: [held(older)] })).toMatchObject({ verdict: 'safe', results: [{ outcome: { kind: 'failed' } }] })
  })

  test('no store at all is lost when Codex has rotated', async () => {
    expect(await writeBack(request([]))).toEqual({ results: [], rotated: true, verdict: 'lost', confirmed: undefined })
  })
})

describe('a store that was behind', () => {
  test('is brought up to date although nothing rotated, the others are left alone', async () => {
    const places = placesNamed({ name: 'ahead', bytes: base.bytes }, { name: 'behind', bytes: older.bytes }, { name: 'empty' })
    const result = await writeBack(request(places, { file: managed(base), copies: [held(base), held(older), { kind: 'none' }] }))
    expect(outcomes(result)).toEqual({ ahead: 'unchanged', behind: 'written', empty: 'written' })
    expect(places.map((place) => text(place.bytes()))).toEqual([base.text, base.text, base.text])
  })
})

describe('a second write-back in one job', () => {
  /** An early write-back to these places, and the request of post after it. */
  async function early(places: readonly MemoryPlace[]): Promise<WriteBackRequest> {
    const given = request(places)
    const result = await writeBack(given)
    const file = fingerprintOfLogin(rotated)
    return { ...given, base: file, memories: memoriesAfter(given, result, file) }
  }

  test('keeps what the first one stored without a look, and tries the store again that failed', async () => {
    const places = placesNamed({ name: 'good', bytes: base.bytes }, { name: 'bad', bytes: base.bytes })
    places[1]?.inject('write', { kind: 'refused' }, 1)
    const later = await early(places)
    const result = await writeBack(later)
    expect(outcomes(result)).toEqual({ good: 'unchanged', bad: 'written' })
    expect(places[0]?.count).toMatchObject({ read: 1, write: 1 })
    expect(result.verdict).toBe('safe')
  })

  test('does not overwrite the reseed that the first one has met, though the file is newer by now', async () => {
    const soon = managedLogin({ ...base.claims, issuedAt: base.claims.issuedAt + 30 })
    const places = placesNamed({ name: 'ours', bytes: base.bytes }, { name: 'reseeded', bytes: soon.bytes })
    const again = refreshed(rotated)
    const result = await writeBack({ ...await early(places), file: managed(again) })
    expect(outcomes(result)).toEqual({ ours: 'written', reseeded: 'superseded' })
    expect(places.map((place) => text(place.bytes()))).toEqual([again.text, soon.text])
  })
})
