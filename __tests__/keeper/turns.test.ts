import { afterAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import type { CodexRun } from '../../src/codex/codex-cli.ts'
import { leaseBytes, parseLease, refusedToken, type LeaseDocument } from '../../src/keeper/lease-document.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import type { LeasePlace, Store } from '../../src/stores/store.ts'
import { inMemoryPlace, type InMemoryPlace } from '../support/in-memory-store.ts'
import { endWorlds, fingerprintOfLogin, placesNamed } from '../support/keeper-world.ts'
import { base, ended, holder, later, next, scene, writes } from '../support/refresh-scene.ts'

afterAll(endWorlds)

const other = { run: 'https://github.com/your-org/your-repo/actions/runs/2', attempt: 1, job: 'other' }
const nonce = 'other-other-other'
const held: LeaseDocument = { state: 'held', holder: other, nonce, turn: 1, lasts: 90 }
const token = fingerprintOfLogin(base).refreshToken

function leaseOf(place: InMemoryPlace | undefined): LeaseDocument | undefined {
  const bytes = place?.lease?.bytes()
  return bytes && parseLease(bytes)
}

function put(place: InMemoryPlace | undefined, document: LeaseDocument): void {
  place?.lease?.put(leaseBytes(document))
}

describe('Of 20 jobs at once', () => {
  test.each(['auto', 'always'] as const)(
    'one spends the token and stores what it got, and all go on with that (%s)',
    async (when) => {
      const place = inMemoryPlace()
      let exchanges = 0
      const jobs = await Promise.all(
        Array.from({ length: 20 }, () =>
          scene(
            {
              refresh: async (world) => {
                exchanges += 1
                return exchanges > 1 ? ended('reused') : writes(next)(world)
              },
            },
            [place],
          ),
        ),
      )
      const results = await Promise.all(jobs.map(({ ask }) => ask({ when, clock: systemClock })))
      expect(exchanges).toBe(1)
      expect(results.filter(({ kind }) => kind === 'refreshed')).toHaveLength(1)
      expect(results.filter((result) => result.kind === 'overtaken' && result.after === 'waiting')).toHaveLength(19)
      expect(new Set(await Promise.all(jobs.map(({ world }) => world.file())))).toEqual(new Set([next.text]))
      expect([leaseOf(place)?.state, place.bytes()]).toEqual(['free', Uint8Array.from(next.bytes)])
    },
    60_000,
  )
})

describe('The lease', () => {
  test('is at the exchange while Codex is asked, names this job, and is given back', async () => {
    const place = inMemoryPlace()
    let seen: LeaseDocument | undefined
    const { ask, news } = await scene(
      {
        refresh: (world) => {
          seen = leaseOf(place)
          return writes(next)(world)
        },
      },
      [place],
    )
    expect(await ask()).toMatchObject({ kind: 'refreshed' })
    expect(seen).toMatchObject({ state: 'exchanging', holder })
    expect([leaseOf(place)?.state, news]).toEqual(['free', []])
  })

  test('is not looked at where nothing is asked for, nor by what post does', async () => {
    const place = inMemoryPlace()
    const { ask, world, restored } = await scene({}, [place])
    await ask({ when: 'auto', due: false })
    await ask({ when: 'never' })
    await ask({ codex: undefined })
    await world.put(next.bytes)
    await world.post(restored)
    expect(place.bytes()).toEqual(Uint8Array.from(next.bytes))
    expect(place.lease?.count).toEqual({ read: 0, write: 0, proveWritable: 0 })
  })

  test.each<[string, () => CodexRun, string | undefined]>([
    ['nothing came of it', () => ended('network'), 'free'],
    ['it is not a CLI that could', () => ({ kind: 'unsupported' }), 'free'],
    ['Codex is still at it', () => ({ kind: 'left-running', pid: 11 }), 'exchanging'],
  ])('after an ask where %s is %s', async (_, refresh, state) => {
    const place = inMemoryPlace()
    const { ask } = await scene({ refresh }, [place])
    await ask()
    expect(leaseOf(place)?.state).toBe(state)
  })

  test('stays where Codex has rotated the login and no store took it', async () => {
    const place = inMemoryPlace()
    const { ask } = await scene({ refresh: writes(next) }, [place])
    place.inject('write', { kind: 'refused' })
    expect(await ask()).toMatchObject({ kind: 'refreshed', writeBack: { verdict: 'lost' } })
    expect(leaseOf(place)?.state).toBe('exchanging')
  })

  test.each([
    ['could not be started is given back', false, 'free'],
    ['broke off in the middle stays', true, 'exchanging'],
  ] as const)('of a Codex that %s', async (_, started, state) => {
    const place = inMemoryPlace()
    const { ask } = await scene({}, [place])
    const refresh = ({ onStart }: { onStart: (pid: number) => void }): Promise<CodexRun> => {
      if (started) onStart(11)
      return Promise.reject(new KeeperError('codex-failed', 'It failed.', 'Look.'))
    }
    await expect(ask({ codex: { refresh, smokeTest: () => Promise.resolve(ended()) } })).rejects.toMatchObject({ code: 'codex-failed' })
    expect(leaseOf(place)?.state).toBe(state)
  })

  test('is made to last anew before a Codex without app-server is asked a second time', async () => {
    const place = inMemoryPlace()
    const { ask, events } = await scene(
      {
        refresh: (world) => {
          world.clock.advance(100_000)
          return { kind: 'unsupported' }
        },
        smokeTest: writes(next),
      },
      [place],
    )
    expect(await ask()).toMatchObject({ kind: 'refreshed' })
    expect(place.lease?.history.map(parseLease).map((document) => document?.state)).toEqual(['held', 'exchanging', 'exchanging', 'free'])
    expect(events).toContain('smoke test')
  })

  test('that was overtaken by then lets Codex be asked no more', async () => {
    const place = inMemoryPlace()
    const { ask, events } = await scene(
      {
        refresh: (world) => {
          world.clock.advance(400_000)
          put(place, held)
          return { kind: 'unsupported' }
        },
      },
      [place],
    )
    expect(await ask()).toEqual({ kind: 'unchanged', failure: undefined })
    expect(events).not.toContain('smoke test')
    expect(leaseOf(place)).toEqual(held)
  })

  test('is made to last anew while a slow Codex is followed by the write', async () => {
    const place = inMemoryPlace()
    const { ask } = await scene(
      {
        refresh: (world) => {
          world.clock.advance(100_000)
          return writes(next)(world)
        },
      },
      [place],
    )
    place.inject('write', { kind: 'refused' })
    await ask()
    expect(place.lease?.history.map(parseLease).map((document) => document?.state)).toEqual(['held', 'exchanging', 'exchanging'])
  })
})

describe('The lease of a job whose store takes nothing for twenty minutes', () => {
  test('never runs out for those who see it, and goes back with the write', async () => {
    const place = inMemoryPlace()
    const { ask, world } = await scene({ refresh: writes(next) }, [place])
    let seen: { version: string | undefined; since: number } | undefined
    let longest = 0
    const look = (): void => {
      const version = Buffer.from(place.lease?.bytes() ?? '').toString('utf8')
      const now = world.clock.elapsed()
      if (seen?.version !== version) seen = { version, since: now }
      longest = Math.max(longest, now - seen.since)
    }
    place.inject('write', { kind: 'refused' }, 42)
    const retry = { lasting: 1_200_000, onPause: look }
    const sleep = async (milliseconds: number): Promise<void> => {
      await world.clock.sleep(milliseconds)
      look()
    }
    expect(await ask({ retry, clock: { ...world.clock, sleep } })).toMatchObject({ kind: 'refreshed', writeBack: { verdict: 'safe' } })
    expect(world.clock.elapsed()).toBeGreaterThan(1_000_000)
    expect([longest <= 90_000, leaseOf(place)?.state]).toEqual([true, 'free'])
  })
})

describe('A job that waits', () => {
  test('is told of it, takes the newer copy, masks it first, and asks Codex nothing', async () => {
    const place = inMemoryPlace()
    const { ask, world, calls, events, news, standings } = await scene({}, [place])
    put(place, held)
    const sleep = (milliseconds: number): Promise<void> => {
      place.put(next.bytes)
      return world.clock.sleep(milliseconds)
    }
    expect(await ask({ clock: { ...world.clock, sleep } })).toMatchObject({ kind: 'overtaken', after: 'waiting', store: 'memory' })
    expect(calls).toEqual([])
    expect(events).toEqual(['mask next', 'standing', 'own change'])
    expect(news).toEqual([{ kind: 'waiting', wait: { holder: other, endsIn: 90, atMost: 600 } }])
    expect(standings[0]?.base).toEqual(fingerprintOfLogin(next))
    expect([await world.file(), leaseOf(place)]).toEqual([next.text, held])
  })

  test('takes the newest copy of all stores, in whichever it is', async () => {
    const places = placesNamed({ name: 'a' }, { name: 'b' }, { name: 'c' })
    const { ask, world } = await scene({}, places)
    places[1]?.put(next.bytes)
    places[2]?.put(later.bytes)
    expect(await ask()).toMatchObject({ kind: 'overtaken', after: 'waiting', store: 'c' })
    expect(await world.file()).toBe(later.text)
  })

  test('overtakes a holder that is gone, and says whose token it was, should it be spent', async () => {
    const place = inMemoryPlace()
    const { ask, calls } = await scene({ refresh: () => ended('reused') }, [place])
    put(place, { ...held, state: 'exchanging', lasts: 300 })
    expect(await ask()).toEqual({ kind: 'needs-reseed', failure: 'reused', seedIsOlder: false, begunBy: other })
    expect(calls).toHaveLength(1)
    expect(leaseOf(place)).toMatchObject({ state: 'refused', failure: 'reused', holder })
  })

  test('never presents a token that OpenAI has refused to another job', async () => {
    const place = inMemoryPlace()
    const { ask, calls } = await scene({}, [place])
    put(place, { state: 'refused', holder: other, nonce, turn: 3, token: refusedToken(token, nonce), failure: 'revoked' })
    expect(await ask()).toEqual({ kind: 'needs-reseed', failure: 'revoked', seedIsOlder: false, refusedTo: other })
    expect(calls).toEqual([])
  })

  test('goes on with a newer copy where the token was refused to another job', async () => {
    const place = inMemoryPlace()
    const { ask, calls } = await scene({}, [place])
    put(place, { state: 'refused', holder: other, nonce, turn: 3, token: refusedToken(token, nonce), failure: 'revoked' })
    place.put(next.bytes)
    expect(await ask()).toMatchObject({ kind: 'overtaken', after: 'refused' })
    expect(calls).toEqual([])
  })
})

test('A refusal is told to the others, unless another job turns out to have been faster', async () => {
  const place = inMemoryPlace()
  const first = await scene({ refresh: () => ended('expired') }, [place])
  await first.ask()
  expect(leaseOf(place)).toMatchObject({ state: 'refused', failure: 'expired', token: expect.not.stringContaining(token) as unknown })
  const second = await scene({}, [place])
  expect(await second.ask()).toMatchObject({ kind: 'needs-reseed', failure: 'expired', refusedTo: holder })
  expect(second.calls).toEqual([])

  const another = inMemoryPlace()
  const third = await scene(
    {
      refresh: () => {
        another.put(next.bytes)
        return ended('reused')
      },
    },
    [another],
  )
  expect(await third.ask()).toMatchObject({ kind: 'overtaken', after: 'refused' })
  expect(leaseOf(another)?.state).toBe('free')
})

describe('The store whose lease is taken', () => {
  const withPlace = (store: Store, leasePlace: LeasePlace | undefined): Store => ({ ...store, leasePlace })
  const without: LeasePlace = {
    seenBy: 'all-jobs',
    read: () => Promise.reject(new KeeperError('store-without-lease', 'This store holds no lease.', 'Make it hold one.')),
    write: () => Promise.reject(new Error('It was not to be written.')),
  }

  test('is the first that holds one', async () => {
    const places = placesNamed({ name: 'a', guarantee: 'last-writer-wins' }, { name: 'b' }, { name: 'c' })
    const { ask } = await scene({ refresh: writes(next) }, places)
    await ask()
    expect(places.map((place) => leaseOf(place)?.state)).toEqual([undefined, 'free', undefined])
  })

  test('is one that all jobs see, before one that only this machine sees', async () => {
    const places = placesNamed({ name: 'a' }, { name: 'b' })
    const { ask } = await scene({ refresh: writes(next) }, places)
    const [a, b] = places.map((place) => place.open())
    if (a?.leasePlace === undefined || b === undefined) throw new Error('There are two places.')
    await ask({ stores: [withPlace(a, { ...a.leasePlace, seenBy: 'this-machine' }), b] })
    expect(places.map((place) => leaseOf(place)?.state)).toEqual([undefined, 'free'])
  })

  test('is none that cannot be written in this run', async () => {
    const places = placesNamed({ name: 'a' }, { name: 'b' })
    const { ask } = await scene({ refresh: writes(next) }, places)
    await ask({ turn: { holder, passOver: ['a'], random: () => 0.5, onNews: () => undefined } })
    expect(places.map((place) => leaseOf(place)?.state)).toEqual([undefined, 'free'])
  })

  test('is the next where the first says that it holds none, which is told', async () => {
    const places = placesNamed({ name: 'a' }, { name: 'b' })
    const { ask, news } = await scene({ refresh: writes(next) }, places)
    const [a, b] = places.map((place) => place.open())
    if (a === undefined || b === undefined) throw new Error('There are two places.')
    expect(await ask({ stores: [withPlace(a, without), b] })).toMatchObject({ kind: 'refreshed' })
    expect(news).toMatchObject([{ kind: 'without', error: { code: 'store-without-lease' } }])
    expect(leaseOf(places[1])?.state).toBe('free')
  })

  test('is none where no store holds one: Codex is asked as ever, which is told', async () => {
    const { ask, news, calls } = await scene({ refresh: writes(next) }, [inMemoryPlace({ guarantee: 'detects-conflicts' })])
    expect(await ask()).toMatchObject({ kind: 'refreshed' })
    expect([news, calls.length]).toEqual([[{ kind: 'nowhere' }], 1])
  })

  test.each([
    ['the lease', 'memory'],
    ['another store', 'away'],
  ])('where %s cannot be asked, nothing is spent', async (what, name) => {
    const [place, away] = placesNamed({ name: 'memory' }, { name: 'away', guarantee: 'last-writer-wins' })
    if (place === undefined || away === undefined) throw new Error('There are two places.')
    const { ask, calls, world } = await scene({}, [place, away])
    if (what === 'the lease') place.lease?.inject('read', { kind: 'unauthorized' })
    else away.inject('read', { kind: 'unreachable' })
    for (const due of [true, false]) {
      expect(await ask({ when: 'always', due })).toMatchObject({ kind: 'no-lease', store: name, due })
    }
    expect([calls, await world.file()]).toEqual([[], base.text])
    expect(leaseOf(place)?.state).not.toBe('exchanging')
  })

  test('no fault of our own is taken for an outage', async () => {
    const { ask } = await scene({}, [inMemoryPlace()])
    const store = inMemoryPlace().open()
    const broken = withPlace(store, { ...without, read: () => Promise.reject(new TypeError('a bug')) })
    await expect(ask({ stores: [broken] })).rejects.toThrow('a bug')
  })
})
