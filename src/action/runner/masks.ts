import * as core from './runner-commands.ts'
import { secretForms, withoutForms } from '../../credential/secret-values.ts'

/** Every secret this stage has met: masked in the job's log from then on, and removed from all that we write. */
export interface Masks {
  /** Masks values at once; those already masked are not printed again. */
  add(values: Iterable<string>): void
  /** The text without any of them, in no encoding. */
  readonly clean: (text: string) => string
}

export function createMasks(): Masks {
  const known = new Set<string>()
  let forms: readonly string[] | undefined
  return {
    add(values) {
      for (const value of values) {
        if (value === '' || known.has(value)) continue
        known.add(value)
        forms = undefined
        core.setSecret(value)
      }
    },
    clean: (text) => {
      forms ??= secretForms(known)
      return withoutForms(text, forms)
    },
  }
}
