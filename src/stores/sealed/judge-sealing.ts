import type { Judged, StoreLine } from '../store-line.ts'
import type { SealingKeys } from './sealing-keys.ts'

/** The keys of a store that others can read. */
export function judgeSealing({ given: { encryptionKey } }: StoreLine): Judged<SealingKeys> {
  if (encryptionKey === undefined) {
    return {
      kind: 'problems',
      problems: [
        'encryption-key is needed: others can read the stores git and cache, so the login is sealed. ' +
          'Make one with age-keygen; if there is one, see that the secret has this name and that the event is given secrets.',
      ],
    }
  }
  return encryptionKey.kind === 'keys' ? { kind: 'settings', settings: encryptionKey.keys } : encryptionKey
}
