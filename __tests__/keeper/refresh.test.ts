import { afterEach, describe, expect, test } from '@jest/globals'
import type { CodexCli, CodexRun } from '../../src/codex/codex-cli.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { failureWords, type CodexFailure } from '../../src/codex/failure.ts'
import { proveLogin, refreshEarly, type RefreshRequest, type Standing } from '../../src/keeper/refresh.ts'
import { managedLogin } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'
import { credentialOf, endWorlds, fingerprintOfLogin, keeperWorld, memoriesOf, outcomes, placesNamed, refreshed, type KeeperWorld } from '../support/keeper-world.ts'

afterEach(endWorlds)

const base = managedLogin({ issuedAt: 1_790_000_000 })
const rotated = refreshed(base)
const elsewhere = refreshed(rotated)

const ok: CodexRun = { kind: 'ended', ok: true, failure: undefined }
const failed = (failure: CodexFailure | undefined): CodexRun => ({ kind: 'ended', ok: false, failure })

interface Scene {
  readonly world: KeeperWorld
  readonly request: RefreshRequest & { readonly codex: CodexCli }
  /** What was called, in its order, and how many writes the first store had seen by then. */
  readonly calls: (readonly [call: string, writes: number])[]
  readonly standings: Standing[]
}

/** A restored job on one machine with two stores, and a Codex that leaves this file and ends like this. */
async function scene(run: CodexRun, file?: Uint8Array, changes: Partial<RefreshRequest> = {}, smoke: CodexRun = run): Promise<Scene> {
  const world = await keeperWorld({ places: placesNamed({ name: 'git', bytes: base.bytes }, { name: 'cache', bytes: base.bytes }) })
  const restored = await world.restore()
  const calls: [string, number][] = []
  const standings: Standing[] = []
  const note = (call: string): void => { calls.push([call, world.places[0]?.count.write ?? 0]) }
  const leave = async (call: string, end: CodexRun): Promise<CodexRun> => {
    note(call)
    if (file && end.kind !== 'unsupported') await world.put(file)
    return end
  }
  return {
    world, calls, standings,
    request: {
      when: 'auto', due: true, seed: undefined, codexHome: world.codexHome, clock: world.clock, stores: world.places.map((place) => place.open()),
      standing: { credential: restored.credential, base: restored.base, memories: memoriesOf(restored) },
      codex: { refresh: () => leave('refresh', run), smokeTest: () => leave('smoke-test', smoke) },
      onCredential: () => { note('credential') },
      onCodexStart: () => { note('start') },
      onCodexEnd: () => { note('end') },
      onStanding: (standing) => { standings.push(standing); note('standing') },
      ...changes,
    } as Scene['request'],
  }
}

const stored = ({ world }: Scene): (string | undefined)[] => world.places.map((place) => text(place.bytes()))
const names = ({ calls }: Scene): string[] => calls.map(([call]) => call)

describe('Codex is asked', () => {
  test.each<[RefreshRequest['when'], boolean, boolean]>([
    ['auto', true, true], ['auto', false, false], ['always', true, true], ['always', false, true], ['never', true, false], ['never', false, false],
  ])('when %s and due is %s: %s', async (when, due, asked) => {
    const it = await scene(ok, undefined, { when, due })
    expect((await refreshEarly(it.request)).kind).toBe(asked ? 'unchanged' : 'not-asked')
    expect(names(it)).toEqual(asked ? ['refresh', 'end'] : [])
  })

  test('only where there is one', async () => {
    expect(await refreshEarly((await scene(ok, undefined, { codex: undefined })).request)).toEqual({ kind: 'not-asked', why: 'no-cli' })
  })

  test('by a model call where it has no app-server', async () => {
    const it = await scene({ kind: 'unsupported' }, rotated.bytes, {}, ok)
    expect(await refreshEarly(it.request)).toMatchObject({ kind: 'refreshed' })
    expect(names(it).slice(0, 2)).toEqual(['refresh', 'smoke-test'])
  })
})

describe('a changed file', () => {
  test.each<[string, CodexRun]>([
    ['an answer that all is well', ok], ['an error', failed('network')], ['a refusal', failed('reused')], ['no end', { kind: 'left-running', pid: 7 }],
  ])('is a refresh, whatever Codex says: %s', async (_, run) => {
    const it = await scene(run, rotated.bytes)
    const refresh = await refreshEarly(it.request)
    if (refresh.kind !== 'refreshed') throw new Error(refresh.kind)
    expect(outcomes(refresh.writeBack)).toEqual({ git: 'written', cache: 'written' })
    expect(stored(it)).toEqual([rotated.text, rotated.text])
    expect(refresh.standing).toMatchObject({ base: fingerprintOfLogin(rotated), credential: { refreshToken: rotated.tokens.refresh_token } })
    expect(it.standings).toEqual([refresh.standing])
  })

  test('is told before it is stored, and stored before anything else', async () => {
    const it = await scene(ok, rotated.bytes)
    await refreshEarly(it.request)
    expect(it.calls).toEqual([['refresh', 0], ['end', 0], ['credential', 0], ['standing', 1]])
  })

  test('that no store took leaves the old base, so that post tries again', async () => {
    const it = await scene(ok, rotated.bytes)
    for (const place of it.world.places) place.inject('write', { kind: 'refused' }, 1)
    const refresh = await refreshEarly(it.request)
    if (refresh.kind !== 'refreshed') throw new Error(refresh.kind)
    expect([refresh.writeBack.verdict, refresh.standing.base]).toEqual(['lost', fingerprintOfLogin(base)])
    const later = await it.world.post(await it.world.restore(), { base: refresh.standing.base, memories: refresh.standing.memories })
    expect([later.verdict, outcomes(later)]).toEqual(['safe', { git: 'written', cache: 'written' }])
  })

  test.each<[string, Uint8Array]>([['of another account', managedLogin().bytes], ['cut short', rotated.bytes.subarray(0, 300)]])(
    'that is %s is no refresh and is not stored', async (_, file) => {
      const it = await scene(ok, file)
      expect(await refreshEarly(it.request)).toEqual({ kind: 'unchanged', failure: undefined })
      expect([stored(it), it.standings]).toEqual([[base.text, base.text], []])
    })
})

describe('an unchanged file', () => {
  const all = Object.keys(failureWords) as CodexFailure[]
  test.each([undefined, ...all.filter((failure) => !failureWords[failure].needsPerson)])('with the failure %s is left to the job', async (failure) => {
    const it = await scene(failed(failure))
    expect(await refreshEarly(it.request)).toEqual({ kind: 'unchanged', failure })
    expect(it.world.places.map(({ count }) => count)).toEqual([{ read: 1, write: 0, proveWritable: 1 }, { read: 1, write: 0, proveWritable: 1 }])
  })

  test('with a Codex that did not end is told with its process, which is left alone', async () => {
    const it = await scene({ kind: 'left-running', pid: 7 })
    expect(await refreshEarly(it.request)).toEqual({ kind: 'left-running', pid: 7 })
    expect(names(it)).toEqual(['refresh'])
  })

  test.each(all.filter((failure) => failureWords[failure].needsPerson))('with the failure %s needs a person, after a bounded look for another winner', async (failure) => {
    const it = await scene(failed(failure))
    expect(await refreshEarly(it.request)).toEqual({ kind: 'needs-reseed', failure, seedIsOlder: false })
    const waited = it.world.clock.waits.reduce((sum, wait) => sum + wait, 0)
    expect([waited >= 5_000, waited <= 60_000, it.world.places[0]?.count.write]).toEqual([true, true, 0])
    expect(await it.world.file()).toBe(base.text)
  })

  test('of a dead stored copy names a seed that is older', async () => {
    for (const [seed, seedIsOlder] of [[refreshed(base, -60), true], [base, false], [refreshed(base, 60), false]] as const) {
      expect(await refreshEarly((await scene(failed('reused'), undefined, { seed: fingerprintOfLogin(seed) })).request)).toMatchObject({ seedIsOlder })
    }
  })
})

describe('another job that has won', () => {
  test.each([0, 2])('is found after %i looks, its copy is installed, and post brings the other store up to date', async (looks) => {
    const it = await scene(failed('reused'))
    const { clock, places } = it.world
    const [git] = places
    const sleep = clock.sleep.bind(clock)
    let slept = 0
    const winning: typeof clock = { ...clock, sleep: async (milliseconds) => {
      await sleep(milliseconds)
      slept += 1
      if (slept === looks) git?.put(elsewhere.bytes)
    } }
    if (looks === 0) git?.put(elsewhere.bytes)
    const refresh = await refreshEarly({ ...it.request, clock: winning })
    if (refresh.kind !== 'overtaken') throw new Error(refresh.kind)
    expect([refresh.store, await it.world.file(), refresh.standing.base]).toEqual(['git', elsewhere.text, fingerprintOfLogin(elsewhere)])
    expect(names(it)).toEqual(['refresh', 'end', 'credential', 'standing'])
    const restored = await it.world.restore()
    const result = await it.world.post(restored, { base: refresh.standing.base, memories: refresh.standing.memories })
    expect(outcomes(result)).toEqual({ git: 'unchanged', cache: 'written' })
  })

  test('is told where its copy cannot be had in this run', async () => {
    const it = await scene(failed('reused'))
    const superseded = new KeeperError('store-superseded', 'A later login is there.', 'Run anew.')
    const stores = it.request.stores.map((store) => ({ ...store, read: () => Promise.reject(superseded) }))
    expect(await refreshEarly({ ...it.request, stores })).toEqual({ kind: 'superseded', store: 'git' })
    expect(await it.world.file()).toBe(base.text)
  })

  test('with another account, an older login or an unreadable store has not won', async () => {
    const it = await scene(failed('reused'))
    it.world.places[0]?.put(managedLogin().bytes)
    it.world.places[1]?.inject('read', { kind: 'unauthorized' })
    expect(await refreshEarly(it.request)).toMatchObject({ kind: 'needs-reseed' })
    expect(await it.world.file()).toBe(base.text)
  })
})

describe('the smoke test', () => {
  test.each<[string, CodexRun, object]>([
    ['passes', ok, { kind: 'passed' }],
    ['fails', failed('quota'), { kind: 'failed', failure: 'quota' }],
    ['fails without a known cause', failed(undefined), { kind: 'failed', failure: undefined }],
    ['does not end', { kind: 'left-running', pid: 7 }, { kind: 'left-running', pid: 7 }],
  ])('%s; what it rotated is stored all the same', async (_, run, expected) => {
    const it = await scene(run, rotated.bytes)
    expect(await proveLogin(it.request)).toMatchObject(expected)
    expect(stored(it)).toEqual([rotated.text, rotated.text])
    expect(await proveLogin((await scene(run)).request)).toEqual('pid' in expected ? expected : { ...expected, stored: undefined })
  })

  test('never takes back what is stored when it left nothing new', async () => {
    const it = await scene(ok, undefined, { standing: { credential: credentialOf(base), base: fingerprintOfLogin(base), memories: new Map() } })
    expect(await proveLogin(it.request)).toEqual({ kind: 'passed', stored: undefined })
    expect(it.world.places.map(({ count }) => count.write)).toEqual([0, 0])
  })
})
