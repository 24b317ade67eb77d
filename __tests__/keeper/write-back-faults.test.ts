import { describe, expect, test } from '@jest/globals'
import type { CopyState } from '../../src/credential/write-back-decision.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { writeBack } from '../../src/keeper/write-back.ts'
import { text } from '../support/documents.ts'
import { outcomes, virtualClock } from '../support/keeper-world.ts'
import { inMemoryPlace, type InMemoryFault, type InMemoryPlace } from '../support/in-memory-store.ts'
import { base, held, holding, managed, older, other, postRequest, reseed, rotated, writeBackTo } from '../support/post-request.ts'

describe('a write that fails', () => {
  const failing = (fault: InMemoryFault, times?: number): InMemoryPlace => {
    const place = holding(base)
    place.inject('write', fault, times)
    return place
  }

  test.each<[string, InMemoryFault, number, string, number, number]>([
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
    const result = await writeBackTo(place)
    expect(outcomes(result)).toEqual({ git: outcome })
    expect(result).toMatchObject({
      verdict: outcome === 'failed' ? 'lost' : 'safe',
      confirmed: outcome === 'failed' ? undefined : rotated.bytes,
    })
    expect([place.count.read, place.count.write]).toEqual([reads, writes])
    expect(text(place.bytes())).toBe(outcome === 'failed' ? base.text : rotated.text)
  })

  test('is tried again after one and two seconds, and the error that is left is the last one', async () => {
    const clock = virtualClock()
    const result = await writeBackTo(failing({ kind: 'unreachable' }), { clock })
    expect(clock.waits).toEqual([1_000, 2_000])
    expect(result.results[0]?.outcome).toMatchObject({ kind: 'failed', error: { code: 'store-unreachable' } })
  })

  test('with a lost answer for the third and last write is looked up before it counts as failed', async () => {
    const place = holding(base)
    place.inject('write', { kind: 'unreachable' }, 2)
    place.inject('write', { kind: 'answer-lost', stored: true }, 1)
    expect(outcomes(await writeBackTo(place))).toEqual({ git: 'written' })
  })

  test('with a lost answer, and a reseed in place of what was to be stored, is not ours', async () => {
    const place = failing({ kind: 'answer-lost', stored: false }, 1)
    const store = place.open()
    const write = store.write.bind(store)
    store.write = (...given) =>
      write(...given).finally(() => {
        place.put(reseed.bytes)
      })
    const result = await writeBack({ ...postRequest([place]), stores: [store] })
    expect([outcomes(result), result.confirmed, text(place.bytes())]).toEqual([{ git: 'superseded' }, undefined, reseed.text])
  })

  test('although it was stored, when the read after it fails, is red: nobody has seen it', async () => {
    const place = failing({ kind: 'answer-lost', stored: true }, 1)
    const store = place.open()
    const write = store.write.bind(store)
    store.write = (...given) => {
      place.inject('read', { kind: 'unreachable' })
      return write(...given)
    }
    expect(await writeBack({ ...postRequest([place]), stores: [store] })).toMatchObject({ verdict: 'lost', confirmed: undefined })
  })

  test('with anything but a store error is data all the same', async () => {
    const place = holding(base)
    const result = await writeBack({
      ...postRequest([place]),
      stores: [{ ...place.open(), write: () => Promise.reject(new TypeError('a bug')) }],
    })
    expect(result).toMatchObject({ verdict: 'lost', results: [{ outcome: { kind: 'failed', error: { message: 'a bug' } } }] })
  })

  test.each([
    [2, 'written'],
    [3, 'failed'],
  ])('a read without answer %i times', async (times, outcome) => {
    const place = holding(base)
    place.inject('read', { kind: 'unreachable' }, times)
    expect(outcomes(await writeBackTo(place))).toEqual({ git: outcome })
    expect(place.count).toMatchObject(outcome === 'failed' ? { read: 3, write: 0 } : { write: 1 })
  })

  test.each(['unauthorized', 'damaged'] as const)('a read that is %s: nothing is written over it', async (kind) => {
    const place = holding(base)
    place.inject('read', { kind })
    expect(await writeBackTo(place)).toMatchObject({ verdict: 'lost', results: [{ outcome: { error: { code: `store-${kind}` } } }] })
    expect(place.count).toEqual({ read: 1, write: 0, proveWritable: 0 })
  })

  test('a store that knows of a later login which this run cannot read has that one, and nothing is lost', async () => {
    const place = holding(base)
    const read = (): Promise<never> => Promise.reject(new KeeperError('store-superseded', 'A later login is there.', 'Run anew.'))
    const result = await writeBack({ ...postRequest([place]), stores: [{ ...place.open(), read }] })
    expect([outcomes(result), result.verdict, place.count.write]).toEqual([{ git: 'superseded' }, 'safe', 0])
  })

  test('what is no longer a login is not written over', async () => {
    const place = holding()
    place.put(Buffer.from('<html>'))
    expect(outcomes(await writeBackTo(place))).toEqual({ git: 'failed' })
    expect(text(place.bytes())).toBe('<html>')
  })
})

describe('lost or safe', () => {
  /** A place in the state of this name, which `rotated` meets with the outcome of this name. */
  const meets = {
    written: (name: string) => inMemoryPlace({ name, bytes: base.bytes }),
    unchanged: (name: string) => inMemoryPlace({ name, bytes: rotated.bytes }),
    superseded: (name: string) => inMemoryPlace({ name, bytes: reseed.bytes }),
    'different-account': (name: string) => inMemoryPlace({ name, bytes: other.bytes }),
    failed: (name: string) => {
      const place = inMemoryPlace({ name, bytes: base.bytes })
      place.inject('write', { kind: 'refused' })
      return place
    },
  }
  const names = Object.keys(meets) as (keyof typeof meets)[]
  const pairs = names.flatMap((one) => names.map((two) => [one, two] as const))
  const loses = ['different-account', 'failed']

  test.each(pairs)('%s and %s', async (one, two) => {
    const places = [meets[one]('one'), meets[two]('two')]
    const unknown: CopyState[] = ['unreadable', 'unreadable']
    const result = await writeBack(postRequest(places, { copies: unknown }))
    expect(outcomes(result)).toEqual({ one, two })
    expect(result.verdict).toBe(loses.includes(one) && loses.includes(two) ? 'lost' : 'safe')
    expect(text(result.confirmed)).toBe([one, two].some((kind) => kind === 'written' || kind === 'unchanged') ? rotated.text : undefined)
  })

  test('a failure is not lost when Codex has not rotated', async () => {
    expect(await writeBackTo(meets.failed('git'), { file: managed(base), copies: [held(older)] })).toMatchObject({
      rotated: false,
      verdict: 'safe',
    })
    const behind = holding(older)
    behind.inject('read', { kind: 'unauthorized' })
    expect(await writeBackTo(behind, { file: managed(base), copies: [held(older)] })).toMatchObject({
      verdict: 'safe',
      results: [{ outcome: { kind: 'failed' } }],
    })
  })

  test('no store at all is lost when Codex has rotated', async () => {
    expect(await writeBack(postRequest([]))).toEqual({ results: [], rotated: true, verdict: 'lost', confirmed: undefined })
  })
})
