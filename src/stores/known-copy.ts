import { KeeperError } from '../keeper-error.ts'
import type { Store } from './store.ts'

/** What a store is known to hold, as its last read or write showed it. */
export type KnownCopy = { readonly kind: 'none' } | { readonly kind: 'held'; readonly bytes: Uint8Array; readonly version: string }

export interface RememberingStore extends Store {
  /** undefined where the last answer told nothing certain. */
  known(): KnownCopy | undefined
}

/** The same store, which remembers what it was last seen to hold. */
export function remembering(store: Store): RememberingStore {
  let known: KnownCopy | undefined
  const more: Pick<RememberingStore, 'read' | 'write' | 'known'> = {
    read: async () => {
      known = undefined
      const copy = await store.read()
      known = copy === undefined ? { kind: 'none' } : { kind: 'held', ...copy }
      return copy
    },
    write: async (bytes, ifVersion) => {
      known = undefined
      const outcome = await store.write(bytes, ifVersion)
      if (outcome.kind === 'written') known = { kind: 'held', bytes, version: outcome.version }
      return outcome
    },
    known: () => known,
  }
  return over(store, more)
}

/**
 * The same store for somebody who cannot open what it holds: it is never read. What it was known to hold counts until a write
 * meets another version; from then on it is somebody else's, and `read` throws store-superseded.
 * @param store one that compares versions when it writes
 */
export function withoutReading(store: Store, known: KnownCopy): Store {
  let copy = known
  let isOvertaken = false
  return over(store, {
    read: () => {
      if (isOvertaken) return Promise.reject(overtaken(store.name))
      return Promise.resolve(copy.kind === 'held' ? { bytes: copy.bytes, version: copy.version } : undefined)
    },
    write: async (bytes: Uint8Array, ifVersion: string | undefined) => {
      const outcome = await store.write(bytes, ifVersion)
      if (outcome.kind === 'written') copy = { kind: 'held', bytes, version: outcome.version }
      else isOvertaken = true
      return outcome
    },
  })
}

/** All that the store has, with some of it replaced; optional members, and those computed anew each time, stay so. */
function over<More extends Partial<Store>>(store: Store, more: More): Store & More {
  return Object.assign(Object.create(store) as Store, more)
}

function overtaken(name: string): KeeperError {
  return new KeeperError(
    'store-superseded',
    `${name}: somebody else has written since it was read`,
    'The write-back at the end of the job decides again.',
  )
}
