import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile, mkdir, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { Clock, Stopwatch } from '../../src/clock.ts'
import { observeAuthFile } from '../../src/codex/codex-home.ts'
import { parseAuthJson, type ManagedCredential } from '../../src/credential/auth-json.ts'
import type { Fingerprint } from '../../src/credential/fingerprint.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { restore, type Restored, type RestoreRequest } from '../../src/keeper/restore.ts'
import { writeBack, type StoreResult, type WriteBack, type WriteBackRequest } from '../../src/keeper/write-back.ts'
import { managedLogin, type Login } from './codex-login.ts'
import { inMemoryPlace, type InMemoryPlace, type InMemoryPlaceOptions } from './in-memory-store.ts'

/** A clock that goes on only when somebody waits, and that waits in no time. */
export interface VirtualClock extends Clock, Stopwatch {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly number[]
  advance(milliseconds: number): void
  /** Somebody sets the machine's date. */
  setDate(milliseconds: number): void
}

export function virtualClock(start = Date.now()): VirtualClock {
  const waits: number[] = []
  let now = start
  let elapsed = 0
  const advance = (milliseconds: number): void => {
    now += milliseconds
    elapsed += milliseconds
  }
  return {
    waits,
    now: () => now,
    elapsed: () => elapsed,
    advance,
    setDate: (milliseconds) => {
      now = milliseconds
    },
    sleep: (milliseconds) => {
      waits.push(milliseconds)
      advance(milliseconds)
      return Promise.resolve()
    },
  }
}

/** One machine with a `CODEX_HOME` of its own, and the places its stores are kept in. */
export interface KeeperWorld {
  readonly places: readonly InMemoryPlace[]
  readonly clock: VirtualClock
  readonly codexHome: string
  /** What restore told, in its order: a credential, or the parts of the state; each with what `auth.json` was at that moment. */
  readonly told: readonly Told[]
  restore(changes?: Partial<RestoreRequest>): Promise<Restored>
  /** Post: looks at the file and writes it back. */
  post(restored: Restored, changes?: Partial<WriteBackRequest>): Promise<WriteBack>
  /** What `auth.json` is now. */
  file(): Promise<string | undefined>
  put(bytes: Uint8Array | undefined): Promise<void>
}

export interface Told {
  readonly what: 'credential' | readonly string[]
  readonly file: string | undefined
}

export interface WorldOptions {
  readonly places?: readonly InMemoryPlace[]
  readonly clock?: VirtualClock
}

const opened: string[] = []

export async function keeperWorld({ places = [inMemoryPlace()], clock = virtualClock() }: WorldOptions = {}): Promise<KeeperWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'keeper-world-'))
  opened.push(directory)
  const codexHome = join(directory, 'codex-home')
  const path = join(codexHome, 'auth.json')
  const told: Told[] = []
  const tell = (what: Told['what']): void => {
    told.push({ what, file: existsSync(path) ? readFileSync(path, 'utf8') : undefined })
  }
  const file = (): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
  const stores = places.map((place) => place.open())
  return {
    places,
    clock,
    codexHome,
    told,
    file,
    restore: (changes) =>
      restore({
        stores,
        codexHome,
        clock,
        seed: undefined,
        expectedAccount: undefined,
        refreshWindow: 43_200,
        willRefresh: false,
        earlyRefresh: 'possible',
        surroundings: { workspace: undefined, env: {}, jobTotal: 1, systemConfigs: [] },
        onCredential: () => {
          tell('credential')
        },
        state: {
          update: (part) => {
            tell(Object.keys(part))
          },
        },
        ...changes,
      }),
    post: async (restored, changes) =>
      writeBack({
        stores,
        clock,
        file: await observeAuthFile(codexHome, clock),
        standing: restored.standing,
        ...changes,
      }),
    put: async (bytes) => {
      await mkdir(codexHome, { recursive: true })
      await (bytes === undefined ? unlink(path) : writeFile(path, bytes))
    },
  }
}

/** Removes every world that was made, for afterEach or afterAll. */
export async function endWorlds(): Promise<void> {
  await Promise.all(opened.splice(0).map((directory) => rm(directory, { recursive: true, force: true })))
}

/** The error restore ends with, after making sure that nothing was saved, installed or written and no token is shown. */
export async function refusal(world: KeeperWorld, changes?: Partial<RestoreRequest>): Promise<KeeperError> {
  const before = await world.file()
  const error = await world.restore(changes).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof KeeperError)) throw new Error('This restore was to be refused.', { cause: error })
  expect(world.told.filter(({ what }) => what !== 'credential')).toEqual([])
  expect(await world.file()).toBe(before)
  expect(world.places.map(({ count }) => count.write)).toEqual(world.places.map(() => 0))
  expect(error.remedy).not.toBe('')
  expect(`${error.message} ${error.remedy}`).not.toMatch(/rt_|eyJ/)
  return error
}

/** Places in memory with names of their own. */
export function placesNamed(...options: (InMemoryPlaceOptions & { readonly name: string })[]): InMemoryPlace[] {
  return options.map((option) => inMemoryPlace(option))
}

/** The credential of a document that must be a managed one. */
export function credentialOf({ bytes }: Pick<Login, 'bytes'>): ManagedCredential {
  const parsed = parseAuthJson(bytes)
  if (parsed.kind !== 'managed') throw new Error(`This document is ${parsed.why}.`)
  return parsed
}

export function fingerprintOfLogin(login: Pick<Login, 'bytes'>): Fingerprint {
  return credentialOf(login).fingerprint
}

/** What Codex writes when it refreshes this login, that many seconds later. */
export function refreshed({ claims: { accountId, userId, email, plan, issuedAt } }: Login, seconds = 60): Login {
  return managedLogin({ accountId, userId, email, plan, issuedAt: issuedAt + seconds })
}

/** The results per store, in short. */
export function outcomes({ results }: { readonly results: readonly StoreResult[] }): Record<string, string> {
  return Object.fromEntries(results.map(({ name, outcome }) => [name, outcome.kind === 'kept' ? outcome.reason : outcome.kind]))
}
