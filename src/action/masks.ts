import * as core from '@actions/core'
import { redacted } from '../credential/secret-values.ts'

/** Every secret this stage has met: masked in the job's log from then on, and removed from all that we write. */
export interface Masks {
  /** Masks values at once; those already masked are not printed again. */
  add(values: Iterable<string>): void
  /** The text without any of them, in no encoding. */
  clean(text: string): string
}

export function createMasks(): Masks {
  const known = new Set<string>()
  return {
    add(values) {
      for (const value of values) {
        if (value === '' || known.has(value)) continue
        known.add(value)
        core.setSecret(value)
      }
    },
    clean: (text) => redacted(text, known),
  }
}
