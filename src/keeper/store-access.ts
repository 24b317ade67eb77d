import { AuthJsonError, parseAuthJson, unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import type { CopyState } from '../credential/write-back-decision.ts'
import { KeeperError } from '../keeper-error.ts'
import { isTransient, type Store, type StoredCopy } from '../stores/store.ts'
import type { Clock } from '../clock.ts'

/** What one read of one store showed. */
export type Look =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly credential: ManagedCredential; readonly version: string }
  | { readonly kind: 'unreadable'; readonly error: unknown }

/** Tries of one store operation, and the pauses between them in milliseconds. */
const pauses = [1_000, 3_000]

/** Reads a store; an outage is tried again, and what is not a managed credential counts as unreadable, never as empty. */
export function look(store: Store, clock: Clock): Promise<Look> {
  return seen(() => retried(() => store.read(), clock))
}

/** The same for who waits for the answer and can ask again himself: an outage is told at once. */
export function lookOnce(store: Store): Promise<Look> {
  return seen(() => store.read())
}

async function seen(read: () => Promise<StoredCopy | undefined>): Promise<Look> {
  try {
    const copy = await read()
    if (copy === undefined) return { kind: 'none' }
    return { kind: 'held', credential: managedCopy(copy.bytes), version: copy.version }
  } catch (error) {
    return { kind: 'unreadable', error }
  }
}

function managedCopy(bytes: Uint8Array): ManagedCredential {
  const remedy = 'Empty the slot by hand or name another one, then reseed.'
  try {
    const credential = parseAuthJson(bytes)
    if (credential.kind === 'managed') return credential
    throw new KeeperError('store-damaged', `The stored copy ${unmanagedReasons[credential.why]}.`, remedy)
  } catch (error) {
    if (error instanceof AuthJsonError)
      throw new KeeperError('store-damaged', `The stored copy is not an auth.json: ${error.message}.`, remedy)
    throw error
  }
}

/** The look as the write-back decision wants it. */
export function copyState(seen: Look): CopyState {
  return seen.kind === 'held' ? seen.credential.fingerprint : seen.kind
}

/** Runs an operation again while it fails in a way that may pass; at most three times in all. */
export async function retried<T>(operation: () => Promise<T>, clock: Clock): Promise<T> {
  for (const pause of pauses) {
    try {
      return await operation()
    } catch (error) {
      if (!isTransient(error)) throw error
      await clock.sleep(pause)
    }
  }
  return operation()
}
