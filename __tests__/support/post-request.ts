import type { ObservedFile } from '../../src/codex/codex-home.ts'
import type { CopyState } from '../../src/credential/write-back-decision.ts'
import type { Retry } from '../../src/keeper/retry.ts'
import type { Standing } from '../../src/keeper/standing.ts'
import { writeBack, type WriteBack, type WriteBackRequest } from '../../src/keeper/write-back.ts'
import { managedLogin, type Login } from './codex-login.ts'
import { credentialOf, fingerprintOfLogin, refreshed, virtualClock, type VirtualClock } from './keeper-world.ts'
import { inMemoryPlace, type InMemoryPlace } from './in-memory-store.ts'

/** The logins of one story: `base` was restored, `rotated` is what Codex made of it, `reseed` came later still. */
export const older = managedLogin({ issuedAt: 1_790_000_000 })
export const base = refreshed(older)
export const rotated = refreshed(base)
export const reseed = refreshed(rotated)
export const other = managedLogin()

export const managed = (login: Login): ObservedFile => ({ kind: 'managed', credential: credentialOf(login) })
export const held = (login: Login): CopyState => fingerprintOfLogin(login)

export interface PostCase {
  readonly file?: ObservedFile
  readonly copies?: readonly CopyState[]
  readonly seed?: Login
  readonly clock?: VirtualClock
}

/** Post of a job that restored `base`, by default when every store held just that, over these places. */
export function postRequest(
  places: readonly InMemoryPlace[],
  { file = managed(rotated), copies = places.map(() => held(base)), seed, clock = virtualClock() }: PostCase = {},
): WriteBackRequest {
  const stores = places.map((place) => place.open())
  const standing: Standing = {
    base: fingerprintOfLogin(base),
    ...(seed && { seed: fingerprintOfLogin(seed) }),
    lastSeen: Object.fromEntries(
      stores.map(({ name }, index) => [name, { base: fingerprintOfLogin(base), copy: copies[index] ?? 'none' }]),
    ),
  }
  return { stores, file, standing, clock }
}

/** Writes back to one place what a job left. */
export const writeBackTo = (place: InMemoryPlace, given?: PostCase): Promise<WriteBack> => writeBack(postRequest([place], given))

export const holding = (login?: Login): InMemoryPlace => inMemoryPlace({ name: 'git', ...(login && { bytes: login.bytes }) })

export const noRetry: Retry = { lasting: 0, onPause: () => undefined }
