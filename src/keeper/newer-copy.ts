import type { ManagedCredential } from '../credential/auth-json.ts'
import { compareAge, isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { authFileChangedAt, installAuthFile } from '../codex/codex-home.ts'
import type { Clock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { LoginRequest } from './rotation.ts'
import type { CurrentLogin, Standing } from './standing.ts'
import { look, type Look } from './store-access.ts'

/** What looking for the login that another job has refreshed came to. */
export type NewerCopy =
  /** It was there and is installed. */
  | (CurrentLogin & { readonly kind: 'overtaken'; readonly store: string })
  /** It cannot be had in this run (a secret is read when a job starts). */
  | { readonly kind: 'superseded'; readonly store: string }
  /** A store that may hold it cannot be read. */
  | { readonly kind: 'unread'; readonly store: string; readonly error: unknown }
  | { readonly kind: 'none' }

/** Pauses before each look for the copy of another job that has won: it stores right after its exchange. Milliseconds. */
const pauses = [0, 1_000, 2_000, 4_000, 8_000]

/** After a refused refresh: of two jobs at once the other one may have won and stored a newer login, which is then installed. */
export async function awaitNewerCopy(request: LoginRequest): Promise<NewerCopy> {
  let newer: NewerCopy = { kind: 'none' }
  for (const pause of pauses) {
    await request.clock.sleep(pause)
    newer = await takeNewerCopy(request)
    if (newer.kind === 'overtaken' || newer.kind === 'superseded') break
  }
  return newer
}

/** Looks once into every store, and installs the newest login that is newer than ours. */
export async function takeNewerCopy(request: LoginRequest): Promise<NewerCopy> {
  const { stores, standing, codexHome, clock, state } = request
  const newest = await findNewerCopy({ stores, standing, clock })
  if (newest.kind !== 'newer') return newest
  const { store, credential } = newest
  request.onCredential(credential)
  const next = standingFrom(standing, store, credential.fingerprint)
  state.update({ standing: next })
  await installAuthFile(codexHome, credential.bytes)
  state.update({ ownChange: await authFileChangedAt(codexHome) })
  return { kind: 'overtaken', credential, standing: next, store }
}

/** Looks once into every store for the newest login that is newer than ours; installs nothing. */
export async function findNewerCopy({
  stores,
  standing,
  clock,
}: Pick<LoginRequest, 'stores' | 'standing'> & { readonly clock: Clock }): Promise<
  (FoundCopy & { readonly kind: 'newer' }) | Exclude<NewerCopy, { kind: 'overtaken' }>
> {
  const looks = await Promise.all(stores.map(async (store) => ({ store: store.name, seen: await look(store, clock) })))
  const newest = looks.flatMap((each) => newerIn(each, standing)).sort(newestFirst)[0]
  return newest === undefined ? withoutNewer(looks) : { kind: 'newer', ...newest }
}

interface StoreLook {
  readonly store: string
  readonly seen: Look
}

interface FoundCopy {
  readonly store: string
  readonly credential: ManagedCredential
}

function newerIn({ store, seen }: StoreLook, { base }: Standing): FoundCopy[] {
  if (seen.kind !== 'held') return []
  const { fingerprint } = seen.credential
  if (!isSameAccount(fingerprint, base) || compareAge(fingerprint, base) !== 'newer') return []
  return [{ store, credential: seen.credential }]
}

/** Of two of the same age the one that is listed first stays first. */
function newestFirst(a: FoundCopy, b: FoundCopy): number {
  const order = compareAge(a.credential.fingerprint, b.credential.fingerprint)
  return order === 'newer' ? -1 : order === 'older' ? 1 : 0
}

function withoutNewer(looks: readonly StoreLook[]): Exclude<NewerCopy, { kind: 'overtaken' }> {
  const superseded = looks.find(({ seen }) => isSuperseded(seen))
  if (superseded) return { kind: 'superseded', store: superseded.store }
  const [unread] = looks.flatMap(({ store, seen }) => (seen.kind === 'unreadable' ? [{ store, error: seen.error }] : []))
  return unread ? { kind: 'unread', ...unread } : { kind: 'none' }
}

/** How the login stands once the job goes on with the copy of this store: every store is judged by it. */
function standingFrom(standing: Standing, store: string, found: Fingerprint): Standing {
  const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, { base: found, copy }] as const)
  return { ...standing, base: found, lastSeen: { ...Object.fromEntries(lastSeen), [store]: { base: found, copy: found } } }
}

function isSuperseded(seen: Look): boolean {
  return seen.kind === 'unreadable' && seen.error instanceof KeeperError && seen.error.code === 'store-superseded'
}
