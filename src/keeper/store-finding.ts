import { isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import type { Clock } from '../clock.ts'
import type { Guarantee, Store } from '../stores/store.ts'
import { look, retried, type Look } from './store-access.ts'

/** What restore found out about one store. */
export interface StoreFinding {
  readonly name: string
  readonly guarantee: Guarantee
  readonly look: Look
  readonly proof: Proof
}

export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'unprovable' }
  | { readonly kind: 'refused'; readonly error: unknown }
  /** The store could not be read, so whether it can be written does not count. */
  | { readonly kind: 'not-counted' }

/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. Never throws. */
export async function examine(store: Store, clock: Clock): Promise<StoreFinding> {
  const [seen, proof] = await Promise.all([look(store, clock), proofOf(store, clock)])
  return {
    name: store.name,
    guarantee: store.guarantee,
    look: seen,
    proof: seen.kind === 'unreadable' ? { kind: 'not-counted' } : proof,
  }
}

async function proofOf(store: Store, clock: Clock): Promise<Proof> {
  try {
    return { kind: await retried(() => store.proveWritable(), clock) }
  } catch (error) {
    return { kind: 'refused', error }
  }
}

/** Whether a store would take a refreshed copy of this credential; it never gives up what it holds of another account. */
export function canTake(finding: StoreFinding, base: Fingerprint): boolean {
  const { proof } = finding
  return (proof.kind === 'proved' || proof.kind === 'unprovable') && !holdsForeign(finding, base)
}

/** Whether a store holds a login that is not the one to be restored. */
export function holdsForeign({ look: seen }: StoreFinding, base: Fingerprint): boolean {
  return seen.kind === 'held' && !isSameAccount(seen.credential.fingerprint, base)
}
