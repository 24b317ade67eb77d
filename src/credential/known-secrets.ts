import { secretForms, withoutForms } from './secret-values.ts'

/** The secrets that this process has met, to be removed from all that it writes. */
export interface KnownSecrets {
  /** Takes these in. @returns those that were not known before, each one once */
  add(values: Iterable<string>): string[]
  /** The text without any of them, in no encoding. */
  readonly clean: (text: string) => string
}

export function knownSecrets(): KnownSecrets {
  const known = new Set<string>()
  let forms: readonly string[] | undefined
  return {
    add(values) {
      const added = [...new Set(values)].filter((value) => value !== '' && !known.has(value))
      for (const value of added) known.add(value)
      if (added.length > 0) forms = undefined
      return added
    },
    clean: (text) => {
      forms ??= secretForms(known)
      return withoutForms(text, forms)
    },
  }
}
