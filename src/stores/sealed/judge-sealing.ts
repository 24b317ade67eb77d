import type { Judged, StoreLine } from '../store-line.ts'
import { withFirstKey } from './first-key.ts'
import type { SealingKeys } from './sealing-keys.ts'

/** How a store that others can read is sealed. */
export interface Sealing {
  /** undefined: a step has changed encryption-key since restore, and nothing may be sealed for another key. */
  readonly keys: SealingKeys | undefined
  /** What a copy is for, in words without blanks: the store, the slot and the place in it, e.g. `git slot=default ref=refs/…`. */
  readonly place: string
}

/**
 * Judges the keys of a store that others can read; those of a later stage by the key that restore seals with.
 * @param place as in `Sealing`, of that store alone
 */
export function judgeSealing({ given: { encryptionKey }, run: { sealedFor } }: StoreLine, place: string): Judged<Sealing> {
  if (sealedFor !== undefined) {
    const keys = encryptionKey?.kind === 'keys' ? withFirstKey(encryptionKey.keys, sealedFor) : undefined
    return { kind: 'settings', settings: { keys, place } }
  }
  if (encryptionKey === undefined) {
    return {
      kind: 'problems',
      problems: [
        'encryption-key is needed: others can read the stores git and cache, so the login is sealed. ' +
          'Make one with age-keygen; if there is one, see that the secret has this name and that the event is given secrets.',
      ],
    }
  }
  return encryptionKey.kind === 'keys' ? { kind: 'settings', settings: { keys: encryptionKey.keys, place } } : encryptionKey
}
