import { compareAge, isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { authFileChangedAt, installAuthFile } from '../codex/codex-home.ts'
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
export async function takeNewerCopy(request: LoginRequest): Promise<NewerCopy> {
  const { stores, standing, codexHome, clock, state } = request
  let unread: Extract<NewerCopy, { kind: 'unread' }> | undefined
  for (const pause of pauses) {
    await clock.sleep(pause)
    unread = undefined
    for (const store of stores) {
      const seen = await look(store, clock)
      if (isSuperseded(seen)) return { kind: 'superseded', store: store.name }
      if (seen.kind === 'unreadable') unread = { kind: 'unread', store: store.name, error: seen.error }
      if (seen.kind !== 'held') continue
      const { credential } = seen
      const found = credential.fingerprint
      if (!isSameAccount(found, standing.base) || compareAge(found, standing.base) !== 'newer') continue
      request.onCredential(credential)
      const next = standingFrom(standing, store.name, found)
      state.update({ standing: next })
      await installAuthFile(codexHome, credential.bytes)
      state.update({ ownChange: await authFileChangedAt(codexHome) })
      return { kind: 'overtaken', credential, standing: next, store: store.name }
    }
  }
  return unread ?? { kind: 'none' }
}

/** How the login stands once the job goes on with the copy of this store: every store is judged by it. */
function standingFrom(standing: Standing, store: string, found: Fingerprint): Standing {
  const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, { base: found, copy }] as const)
  return { ...standing, base: found, lastSeen: { ...Object.fromEntries(lastSeen), [store]: { base: found, copy: found } } }
}

function isSuperseded(seen: Look): boolean {
  return seen.kind === 'unreadable' && seen.error instanceof KeeperError && seen.error.code === 'store-superseded'
}
