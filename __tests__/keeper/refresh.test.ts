import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { CodexRun } from '../../src/codex/codex-cli.ts'
import type { RefreshRequest } from '../../src/keeper/refresh.ts'
import type { Retry } from '../../src/keeper/retry.ts'
import { wasStored } from '../../src/keeper/rotation.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import type { Store } from '../../src/stores/store.ts'
import { managedLogin } from '../support/codex-login.ts'
import { endWorlds, fingerprintOfLogin, outcomes, placesNamed, refreshed, type KeeperWorld } from '../support/keeper-world.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'
import { base, ended, later, next, scene, writes } from '../support/refresh-scene.ts'

afterAll(endWorlds)

describe('Whether Codex is asked at all', () => {
  test.each<[Partial<RefreshRequest>, string]>([
    [{ when: 'never' }, 'never'],
    [{ when: 'auto', due: false }, 'not-due'],
    [{ when: 'auto', codex: undefined }, 'no-cli'],
    [{ when: 'always', codex: undefined }, 'no-cli'],
  ])('%j: no', async (changes, why) => {
    const { ask, events } = await scene({})
    expect(await ask(changes)).toEqual({ kind: 'not-asked', why })
    expect(events).toEqual([])
  })

  test('always asks for a login that is not due', async () => {
    const { ask } = await scene({ refresh: writes(next) })
    expect(await ask({ when: 'always', due: false })).toMatchObject({ kind: 'refreshed' })
  })

  test('Codex is told when it would refresh by itself, and sees whether the file has changed', async () => {
    const { ask, calls, world } = await scene({})
    await ask()
    expect(calls[0]?.refreshesFrom).toBe(base.claims.expiresAt - 300)
    expect(await calls[0]?.hasChanged()).toBe(false)
    await world.put(next.bytes)
    expect(await calls[0]?.hasChanged()).toBe(true)
  })
})

test.each([
  { name: 'has passed', endsIn: 299, waits: 0 },
  { name: 'is now', endsIn: 300, waits: 0 },
  { name: 'comes while Codex starts', endsIn: 310, waits: 11 },
  { name: 'comes when Codex may at last have started', endsIn: 330, waits: 31 },
  { name: 'is far', endsIn: 331, waits: 0 },
])('The moment from which Codex refreshes by itself $name: it is started $waits s later', async ({ endsIn, waits }) => {
  const { ask, world } = await scene({ refresh: writes(next) })
  world.clock.advance((base.claims.expiresAt - endsIn) * 1000 - world.clock.now())
  expect(await ask()).toMatchObject({ kind: 'refreshed' })
  expect(world.clock.waits[0]).toBeCloseTo(waits * 1000, 0)
})

describe('Only the changed file counts', () => {
  test.each<[string, CodexRun]>([
    ['all is well', ended()],
    ['it was refused', ended('refused')],
    ['it could not reach anybody', ended('network')],
    ['it has not ended', { kind: 'left-running', pid: 11 }],
  ])('Codex says %s, and the file is new: refreshed and stored', async (_, run) => {
    const { ask, world, standings } = await scene({ refresh: writes(next, run) })
    const result = await ask()
    expect(result).toMatchObject({ kind: 'refreshed', writeBack: { verdict: 'safe', rotated: true } })
    expect(world.places[0]?.bytes()).toEqual(Uint8Array.from(next.bytes))
    expect(standings.map((standing) => standing.base)).toEqual([fingerprintOfLogin(next)])
  })

  test('Codex says all is well, and the file is the old one: not refreshed', async () => {
    const { ask, world } = await scene({})
    expect(await ask()).toEqual({ kind: 'unchanged', failure: undefined })
    expect(world.places[0]?.history).toHaveLength(1)
  })

  test.each<[string, Uint8Array | undefined]>([
    ['missing', undefined],
    ['cut short', base.bytes.subarray(0, 900)],
    ['of another account', managedLogin().bytes],
  ])('a file that is %s is not a refresh, and nothing is stored', async (_, bytes) => {
    const { ask, world } = await scene({
      refresh: async (here) => {
        await here.put(bytes)
        return ended()
      },
    })
    expect(await ask()).toEqual({ kind: 'unchanged', failure: undefined })
    expect(world.places[0]?.history).toHaveLength(1)
  })
})

test('Codex is announced before it runs, its end before the write, and a credential is masked before it goes anywhere', async () => {
  const { ask, events } = await scene({ refresh: writes(next) })
  await ask()
  expect(events).toEqual(['start 11', 'end', 'mask next', 'standing'])
})

test('a Codex that is left running stays announced', async () => {
  const { ask, events } = await scene({ refresh: () => ({ kind: 'left-running', pid: 11 }) })
  expect(await ask()).toEqual({ kind: 'left-running', pid: 11 })
  expect(events).toEqual(['start 11'])
})

test('without app-server a short codex exec is run instead', async () => {
  const { ask, events } = await scene({ refresh: () => ({ kind: 'unsupported' }), smokeTest: writes(next) })
  expect(await ask()).toMatchObject({ kind: 'refreshed' })
  expect(events).toEqual(['start 11', 'smoke test', 'start 12', 'end', 'mask next', 'standing'])
})

describe('The write', () => {
  test('that no store takes leaves the base as it was, so that post sees a rotated file', async () => {
    const place = inMemoryPlace()
    const { ask, standings } = await scene({ refresh: writes(next) }, [place])
    place.inject('write', { kind: 'refused' })
    expect(await ask()).toMatchObject({ kind: 'refreshed', writeBack: { verdict: 'lost' } })
    expect(standings.map((standing) => standing.base)).toEqual([fingerprintOfLogin(base)])
  })

  test('that a store refuses at first is tried again, and the base moves on', async () => {
    const place = inMemoryPlace()
    const { ask, world, standings, events } = await scene({ refresh: writes(next) }, [place])
    place.inject('write', { kind: 'refused' }, 2)
    const news: number[] = []
    const onPause: Retry['onPause'] = ({ pause }) => {
      news.push(pause)
    }
    expect(await ask({ retry: { lasting: 240_000, onPause } })).toMatchObject({ kind: 'refreshed', writeBack: { verdict: 'safe' } })
    expect([news, world.clock.waits.filter((wait) => wait > 0)]).toEqual([
      [2_000, 4_000],
      [2_000, 4_000],
    ])
    expect(standings.map((standing) => standing.base)).toEqual([fingerprintOfLogin(next)])
    expect(events).toEqual(['start 11', 'end', 'mask next', 'standing'])
  })

  test('is of what a Codex that goes on has written meanwhile, masked first', async () => {
    const place = inMemoryPlace()
    const { ask, world, standings, events } = await scene({ refresh: writes(next) }, [place])
    place.inject('write', { kind: 'refused' }, 1)
    const onPause = (): void => {
      writeFileSync(join(world.codexHome, 'auth.json'), later.bytes)
    }
    expect(await ask({ retry: { lasting: 240_000, onPause } })).toMatchObject({
      kind: 'refreshed',
      credential: { refreshToken: later.tokens.refresh_token },
    })
    expect(place.bytes()).toEqual(Uint8Array.from(later.bytes))
    expect(standings.map((standing) => standing.base)).toEqual([fingerprintOfLogin(later)])
    expect(events).toEqual(['start 11', 'end', 'mask next', 'mask later', 'standing'])
  })

  test('moves the base on for the stores that hold the new login alone', async () => {
    const places = placesNamed({ name: 'good' }, { name: 'bad' })
    const { ask, standings } = await scene({ refresh: writes(next) }, places)
    places[1]?.inject('write', { kind: 'refused' })
    const result = await ask()
    if (result.kind !== 'refreshed') throw new Error(result.kind)
    expect(outcomes(result.writeBack)).toEqual({ good: 'written', bad: 'failed' })
    const bases = Object.fromEntries(Object.entries(standings[0]?.lastSeen ?? {}).map(([name, seen]) => [name, seen.base]))
    expect(bases).toEqual({ good: fingerprintOfLogin(next), bad: fingerprintOfLogin(base) })
  })

  test('never goes over a reseed that came meanwhile', async () => {
    const place = inMemoryPlace()
    const { ask } = await scene(
      {
        refresh: (world) => {
          place.put(later.bytes)
          return writes(next)(world)
        },
      },
      [place],
    )
    const result = await ask()
    expect(result.kind === 'refreshed' && outcomes(result.writeBack)).toEqual({ memory: 'superseded' })
    expect(place.bytes()).toEqual(Uint8Array.from(later.bytes))
  })
})

describe('A refused refresh', () => {
  test.each([0, 2, 4])('takes the copy of another job, also when it comes at look %i', async (look) => {
    const place = inMemoryPlace()
    const { ask, world, events, standings } = await scene({ refresh: () => ended('refused') }, [place])
    const { clock } = world
    let looks = 0
    const sleep = (milliseconds: number): Promise<void> => {
      if (looks++ === look) place.put(next.bytes)
      return clock.sleep(milliseconds)
    }
    expect(await ask({ clock: { ...clock, sleep } })).toMatchObject({ kind: 'overtaken', store: 'memory' })
    expect(await world.file()).toBe(next.text)
    expect(events).toEqual(['start 11', 'end', 'mask next', 'standing', 'own change'])
    expect(standings[0]?.base).toEqual(fingerprintOfLogin(next))
    expect(place.history).toHaveLength(2)
  })

  test('is the end after some looks, where no copy is newer', async () => {
    const { ask, world } = await scene({ refresh: () => ended('reused') })
    const reads = world.places[0]?.count.read ?? 0
    expect(await ask()).toEqual({ kind: 'needs-reseed', failure: 'reused', seedIsOlder: false })
    // One look when the lease was taken, five after the refusal.
    expect((world.places[0]?.count.read ?? 0) - reads).toBe(6)
    expect(world.clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(30_000)
    expect(await world.file()).toBe(base.text)
  })

  test('names a seed that is older than the dead copy; one that is the same is not mentioned', async () => {
    const { ask, standing } = await scene({ refresh: () => ended('expired') })
    const older = managedLogin({ ...base.claims, issuedAt: base.claims.issuedAt - 60 })
    expect(await ask({ standing: { ...standing, seed: fingerprintOfLogin(older) } })).toMatchObject({ seedIsOlder: true })
    expect(await ask({ standing: { ...standing, seed: fingerprintOfLogin(base) } })).toMatchObject({ seedIsOlder: false })
    const ofThatInstant = managedLogin(base.claims)
    expect(await ask({ standing: { ...standing, seed: fingerprintOfLogin(ofThatInstant) } })).toMatchObject({ seedIsOlder: false })
  })

  test('does not take a copy of another account, and an outage of one store hides no other', async () => {
    const places = placesNamed({ name: 'foreign' }, { name: 'away' }, { name: 'good' })
    const [foreign, away, good] = places
    const { ask, world, standings } = await scene({ refresh: () => ended('refused') }, places)
    foreign?.put(refreshed(managedLogin({ issuedAt: base.claims.issuedAt + 3_000 })).bytes)
    away?.inject('read', { kind: 'unreachable' })
    good?.put(next.bytes)
    expect(await ask()).toMatchObject({ kind: 'overtaken', store: 'good' })
    expect(await world.file()).toBe(next.text)
    const [old, taken] = [fingerprintOfLogin(base), fingerprintOfLogin(next)]
    const lastSeen = { foreign: { base: taken, copy: old }, away: { base: taken, copy: old }, good: { base: taken, copy: taken } }
    expect(standings).toEqual([{ base: taken, lastSeen }])
  })

  test('is not the end where the store that may hold a newer login does not answer', async () => {
    const places = placesNamed({ name: 'away' }, { name: 'good' })
    const refresh = (): CodexRun => {
      places[0]?.inject('read', { kind: 'unauthorized' })
      return ended('reused')
    }
    const { ask, world } = await scene({ refresh }, places)
    expect(await ask()).toMatchObject({ kind: 'unread', failure: 'reused', store: 'away', error: { code: 'store-unauthorized' } })
    expect(await world.file()).toBe(base.text)
  })

  test('where a store can only tell that another job was faster is not a reason to log in again', async () => {
    const place = inMemoryPlace()
    let isSpent = false
    const refresh = (): CodexRun => {
      isSpent = true
      return ended('refused')
    }
    const { ask } = await scene({ refresh }, [place])
    const store = place.open()
    const read: Store['read'] = () => {
      if (isSpent) throw new KeeperError('store-superseded', 'replaced', 'run anew')
      return store.read()
    }
    expect(await ask({ stores: [{ ...store, read }] })).toEqual({ kind: 'superseded', store: 'memory', after: 'refused' })
  })

  test.each(['network', 'server-error', 'quota'] as const)('is not what %s is: no store is asked after it', async (failure) => {
    const { ask, world } = await scene({ refresh: () => ended(failure) })
    const reads = world.places[0]?.count.read ?? 0
    expect(await ask()).toEqual({ kind: 'unchanged', failure })
    expect(world.places[0]?.count.read).toBe(reads + 1)
  })
})

test.each([
  ['took the refreshed login', undefined, true],
  ['keeps a later one', later, false],
])('Of a store that %s it is said so', async (_, put, stored) => {
  const place = inMemoryPlace()
  const refresh = (world: KeeperWorld): Promise<CodexRun> => {
    if (put !== undefined) place.put(put.bytes)
    return writes(next)(world)
  }
  const { ask } = await scene({ refresh }, [place])
  const result = await ask()
  if (result.kind !== 'refreshed') throw new Error(result.kind)
  expect([wasStored(result), result.writeBack.verdict]).toEqual([stored, 'safe'])
})

describe('The smoke test', () => {
  test('stores what it rotated, whether it passed or not', async () => {
    for (const run of [ended(), ended('quota')]) {
      const { prove, world, events } = await scene({ smokeTest: writes(next, run) })
      expect(await prove()).toMatchObject({
        kind: run.kind === 'ended' && run.ok ? 'passed' : 'failed',
        rotation: { writeBack: { verdict: 'safe' } },
      })
      expect(world.places[0]?.bytes()).toEqual(Uint8Array.from(next.bytes))
      expect(events).toEqual(['smoke test', 'start 12', 'end', 'mask next', 'standing'])
    }
  })

  test('that does not end stays announced', async () => {
    const { prove, events } = await scene({ smokeTest: () => ({ kind: 'left-running', pid: 12 }) })
    expect(await prove()).toEqual({ kind: 'left-running', pid: 12 })
    expect(events).toEqual(['smoke test', 'start 12'])
  })

  test('does not wait anew for a store that took nothing for as long as was asked for, but asks it once more', async () => {
    const { ask, prove, world, standings } = await scene({ refresh: writes(next) })
    const [place] = world.places
    place?.inject('write', { kind: 'refused' })
    const pauses: number[] = []
    const retry: Retry = { lasting: 10_000, onPause: ({ pause }) => pauses.push(pause) }
    const refresh = await ask({ retry })
    if (refresh.kind !== 'refreshed') throw new Error(refresh.kind)
    const waited = [...pauses]
    const standing = standings.at(-1) ?? refresh.standing
    const tries = place?.count.write ?? 0
    const proof = await prove({ retry, standing, atHand: refresh.credential.fingerprint })
    expect(proof).toMatchObject({ kind: 'passed', rotation: { writeBack: { verdict: 'lost' } } })
    expect([waited.length > 0, pauses, place?.count.write]).toEqual([true, waited, tries + 1])
  })

  test('waits for a store that does not take what the model call itself has rotated', async () => {
    const { prove, world } = await scene({ smokeTest: writes(next) })
    world.places[0]?.inject('write', { kind: 'refused' }, 2)
    const pauses: number[] = []
    const proof = await prove({ retry: { lasting: 10_000, onPause: ({ pause }) => pauses.push(pause) } })
    expect(proof).toMatchObject({ kind: 'passed', rotation: { writeBack: { verdict: 'safe' } } })
    expect(pauses).toHaveLength(2)
  })

  test('that rotated nothing writes nothing', async () => {
    const { prove, world } = await scene({})
    expect(await prove()).toEqual({ kind: 'passed', rotation: undefined })
    expect(world.places[0]?.history).toHaveLength(1)
  })
})
