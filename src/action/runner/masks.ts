import * as core from './runner-commands.ts'
import { knownSecrets } from '../../credential/known-secrets.ts'

/** Every secret this stage has met: masked in the job's log from then on, and removed from all that we write. */
export interface Masks {
  /** Masks values at once; those already masked are not printed again. */
  add(values: Iterable<string>): void
  /** The text without any of them, in no encoding. */
  readonly clean: (text: string) => string
}

export function createMasks(): Masks {
  const known = knownSecrets()
  return {
    add(values) {
      for (const value of known.add(values)) core.setSecret(value)
    },
    clean: known.clean,
  }
}
