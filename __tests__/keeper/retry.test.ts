import { describe, expect, test } from '@jest/globals'
import type { ObservedFile } from '../../src/codex/codex-home.ts'
import { writeBackLatest, type Round } from '../../src/keeper/latest-write-back.ts'
import { pauseBeforeTry, type RetryNews } from '../../src/keeper/retry.ts'
import { retryWords } from '../../src/keeper/retry-words.ts'
import { text } from '../support/documents.ts'
import { inMemoryPlace, type InMemoryFault, type InMemoryPlace } from '../support/in-memory-store.ts'
import { fingerprintOfLogin, outcomes, placesNamed, refreshed, virtualClock, type VirtualClock } from '../support/keeper-world.ts'
import { base, held, holding, managed, older, other, postRequest, reseed, rotated } from '../support/post-request.ts'

describe('the pauses', () => {
  const pauses = (lasting: number): number[] => {
    const all: number[] = []
    for (let left = lasting; ; left -= all.at(-1) ?? 0) {
      const pause = pauseBeforeTry(all.length, left)
      if (pause === undefined) return all
      all.push(pause)
    }
  }

  test.each([
    [240, [2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30]],
    [90, [2, 4, 8, 16, 30, 30]],
    [5, [2, 3]],
    [0, []],
  ])('in %i s grow, and the last try is made when the time is up', (seconds, expected) => {
    expect(pauses(seconds * 1_000).map((pause) => pause / 1_000)).toEqual(expected)
  })
})

interface Tried extends Round {
  readonly news: readonly RetryNews[]
  readonly clock: VirtualClock
}

interface Case {
  readonly file?: ObservedFile
  readonly lasting?: number
  readonly copies?: NonNullable<Parameters<typeof postRequest>[1]>['copies']
  /** What happens in the pause of this number, from 1. */
  readonly inPause?: (count: number, clock: VirtualClock) => void
  readonly observe?: () => ObservedFile
}

async function tried(
  places: readonly InMemoryPlace[],
  { file = managed(rotated), lasting = 240_000, copies, inPause, observe = () => file }: Case = {},
): Promise<Tried> {
  const clock = virtualClock()
  const news: RetryNews[] = []
  const onPause = (told: RetryNews): void => {
    news.push(told)
    inPause?.(news.length, clock)
  }
  const request = postRequest(places, { file, clock, ...(copies && { copies }) })
  const round = await writeBackLatest({ ...request, observe: () => Promise.resolve(observe()), retry: { lasting, onPause } })
  return { ...round, news, clock }
}

function failing(fault: InMemoryFault, times?: number): InMemoryPlace {
  const place = holding(base)
  place.inject('write', fault, times)
  return place
}

describe('a rotated login that no store has taken', () => {
  test.each<[string, InMemoryFault, number]>([
    ['was out of reach', { kind: 'unreachable' }, 5],
    ['did not let us', { kind: 'unauthorized' }, 2],
    ['refused by a rule', { kind: 'refused' }, 2],
    ['lost every answer', { kind: 'answer-lost', stored: false }, 5],
    ['always had another writer', { kind: 'overtaken', by: older.bytes }, 4],
  ])('is tried again when the store %s', async (_, fault, times) => {
    const place = failing(fault, times)
    const { result, news } = await tried([place])
    expect([outcomes(result), result.verdict, text(place.bytes())]).toEqual([{ git: 'written' }, 'safe', rotated.text])
    expect(news.map(({ pause, left }) => [pause, left]).slice(0, 2)).toEqual([
      [2_000, 240_000],
      ...(news.length > 1 ? [[4_000, expect.any(Number)]] : []),
    ])
  })

  test('is tried again when the store could not be read', async () => {
    const place = holding(base)
    place.inject('read', { kind: 'damaged' }, 1)
    const { result, news } = await tried([place])
    expect([outcomes(result), news.length]).toEqual([{ git: 'written' }, 1])
  })

  test('is tried for as long as is asked for, and not longer; the last error counts', async () => {
    const { result, news, clock } = await tried([failing({ kind: 'refused' })])
    expect([outcomes(result), result.verdict]).toEqual([{ git: 'failed' }, 'lost'])
    expect([clock.waits.reduce((sum, wait) => sum + wait, 0), news.length]).toEqual([240_000, 11])
  })

  test('is tried once where nothing more is asked for', async () => {
    const place = failing({ kind: 'refused' })
    const { news, clock } = await tried([place], { lasting: 0 })
    expect([news, clock.waits, place.count.write]).toEqual([[], [], 1])
  })

  test.each<[string, number, number]>([
    ['on a clock that is set back', -3_600_000, 11],
    ['than the tries themselves take', 98_000, 3],
  ])('is not tried for longer %s', async (_, milliseconds, pauses) => {
    const clock = virtualClock()
    const request = postRequest([failing({ kind: 'refused' })], { clock })
    let paused = 0
    await writeBackLatest({
      ...request,
      observe: () => {
        if (paused > 0) clock.advance(milliseconds)
        return Promise.resolve(request.file)
      },
      retry: {
        lasting: 240_000,
        onPause: () => {
          paused += 1
          if (paused > pauses) throw new Error('One pause more than there is time for.')
        },
      },
    })
    expect(paused).toBe(pauses)
  })

  test('ends with a reseed that came meanwhile in its place, and nothing is lost', async () => {
    const place = failing({ kind: 'refused' }, 3)
    const inPause = (count: number): void => {
      if (count === 2) place.put(reseed.bytes)
    }
    const { result, news } = await tried([place], { inPause })
    expect([outcomes(result), result.verdict, news.length]).toEqual([{ git: 'superseded' }, 'safe', 2])
    expect(text(place.bytes())).toBe(reseed.text)
  })

  test('is what Codex has written last', async () => {
    const further = refreshed(rotated)
    let file = managed(rotated)
    const place = failing({ kind: 'refused' }, 2)
    const inPause = (): void => {
      file = managed(further)
    }
    const { request, result } = await tried([place], { inPause, observe: () => file })
    expect([request.file, outcomes(result)]).toEqual([managed(further), { git: 'written' }])
    expect(place.history.map(text)).toEqual([base.text, further.text])
  })

  test.each<[string, ObservedFile]>([
    ['is gone', { kind: 'missing' }],
    ['is half written', { kind: 'damaged', problem: 'cut', bytes: rotated.bytes.subarray(9) }],
    ['was put back by a step', managed(base)],
  ])('is still at hand when the file %s', async (_, now) => {
    const place = failing({ kind: 'refused' }, 1)
    const { result } = await tried([place], { observe: () => now })
    expect([outcomes(result), text(place.bytes())]).toEqual([{ git: 'written' }, rotated.text])
  })

  test('waits for no second store once one has it', async () => {
    const places = placesNamed({ name: 'one', bytes: base.bytes }, { name: 'two', bytes: base.bytes })
    for (const place of places) place.inject('write', { kind: 'refused' }, 1)
    places[1]?.inject('write', { kind: 'refused' })
    const { result, news } = await tried(places)
    expect([outcomes(result), result.verdict, news.length]).toEqual([{ one: 'written', two: 'failed' }, 'safe', 1])
  })

  test('waits for nothing where every store holds the login of another account: only a person can change that', async () => {
    const { result, news } = await tried([holding(other)], { copies: [held(other)] })
    expect([outcomes(result), result.verdict, news]).toEqual([{ git: 'different-account' }, 'lost', []])
  })
})

describe('a store whose key a step of the job has changed', () => {
  const withdrawn = { kind: 'withdrawn' } as const

  test('is waited for in vain, so it is not', async () => {
    const { result, news } = await tried([failing(withdrawn)])
    expect([outcomes(result), result.verdict, news]).toEqual([{ git: 'failed' }, 'lost', []])
  })

  test('does not keep the others from being tried again', async () => {
    const places = placesNamed({ name: 'one', bytes: base.bytes }, { name: 'two', bytes: base.bytes })
    places[0]?.inject('write', withdrawn)
    places[1]?.inject('write', { kind: 'refused' }, 2)
    const { result, news } = await tried(places)
    expect([outcomes(result), result.verdict, news.length]).toEqual([{ one: 'failed', two: 'written' }, 'safe', 2])
  })
})

describe('what has not rotated waits for nothing', () => {
  test.each<[string, Case]>([
    ['a login that a store is behind with', { file: managed(base), copies: [held(older)] }],
    ['an older file whose refresh token was never seen', { file: managed(older), copies: ['unreadable'] }],
  ])('%s', async (_, given) => {
    const place = holding(older)
    place.put(refreshed(older, 30).bytes)
    place.inject('write', { kind: 'refused' })
    place.inject('read', { kind: 'unauthorized' })
    const { clock, news } = await tried([place], given)
    expect([news, clock.waits]).toEqual([[], []])
  })

  test('an older file whose refresh token was never seen, and one of the stores is further behind still', async () => {
    const [ahead, behind] = [inMemoryPlace({ name: 'ahead', bytes: rotated.bytes }), inMemoryPlace({ name: 'behind', bytes: older.bytes })]
    behind.inject('write', { kind: 'refused' })
    const clock = virtualClock()
    const request = postRequest([ahead, behind], { file: managed(base), clock })
    const standing = {
      base: fingerprintOfLogin(rotated),
      lastSeen: {
        ahead: { base: fingerprintOfLogin(rotated), copy: held(rotated) },
        behind: { base: fingerprintOfLogin(older), copy: held(older) },
      },
    }
    const observe = (): Promise<ObservedFile> => Promise.resolve(request.file)
    const { result } = await writeBackLatest({ ...request, standing, observe, retry: { lasting: 240_000, onPause: () => undefined } })
    expect([outcomes(result), result.verdict, result.rotated]).toEqual([{ ahead: 'older-than-base', behind: 'failed' }, 'lost', false])
    expect(clock.waits).toEqual([])
  })
})

test('the log says which store refused, why, and when it is tried again', async () => {
  const { news } = await tried([failing({ kind: 'refused' }, 1)])
  expect(news.map(retryWords)).toEqual([
    'No store holds the refreshed login yet. It is tried again in 2 s, and for 240 s in all (retry-for). Store git: git: refused by a rule. Change the rule.',
  ])
})
