import { compareAge, isSame, isSameAccount, type Fingerprint } from './fingerprint.ts'

/** What is in `CODEX_HOME`: the fingerprint of a managed credential, or what it is instead. */
export type FileState = Fingerprint | 'missing' | 'damaged' | 'unmanaged'

/** What a store holds: the fingerprint of its copy, certainly nothing, or something that could not be read. */
export type CopyState = Fingerprint | 'none' | 'unreadable'

/** Why a stored copy stays as it is. */
export type KeepReason =
  'file-missing' | 'damaged' | 'not-managed' | 'different-account' | 'is-seed' | 'unchanged' | 'older-than-base' | 'superseded'

export type WriteBackDecision =
  { readonly kind: 'write' } | { readonly kind: 'keep'; readonly reason: KeepReason } | { readonly kind: 'copy-unreadable' }

export interface WriteBackFacts {
  /** The seed of this run, if one was given. */
  readonly seed: Fingerprint | undefined
  /** What restore installed, or what was written since. */
  readonly base: Fingerprint
  readonly file: FileState
  readonly copy: CopyState
}

/**
 * The three-way decision for one store: may the file that Codex left replace the stored copy? First match wins; each line
 * is one row of the table in docs/how-it-works.md.
 */
export function decideWriteBack({ seed, base, file, copy }: WriteBackFacts): WriteBackDecision {
  switch (file) {
    case 'missing':
      return keep('file-missing')
    case 'damaged':
      return keep('damaged')
    case 'unmanaged':
      return keep('not-managed')
  }
  if (!isSameAccount(file, base)) return keep('different-account')
  // The seed where restore had installed something later was put there by a step, and what Codex made since may be lost by it.
  if (seed !== undefined && isSame(file, seed)) return keep(compareAge(file, base) === 'older' ? 'older-than-base' : 'is-seed')
  if (typeof copy === 'object' && isSame(file, copy)) return keep('unchanged')
  if (compareAge(file, base) === 'older') return keep('older-than-base')
  switch (copy) {
    case 'none':
      return { kind: 'write' }
    case 'unreadable':
      return { kind: 'copy-unreadable' }
  }
  if (!isSameAccount(copy, base)) return keep('different-account')
  // A copy that is neither our base nor older came from another job or from a reseed, and that one counts. The file is
  // asked too: it may share another clock with the copy than the base does.
  const behind = isSame(copy, base) || (compareAge(copy, base) === 'older' && compareAge(file, copy) !== 'older')
  return behind ? { kind: 'write' } : keep('superseded')
}

function keep(reason: KeepReason): WriteBackDecision {
  return { kind: 'keep', reason }
}

/** Whether Codex has replaced the base by something that exists nowhere else until a store holds it. */
export function isRotated({ seed, base, file }: Omit<WriteBackFacts, 'copy'>): boolean {
  return (
    typeof file === 'object' &&
    isSameAccount(file, base) &&
    !isSame(file, base) &&
    !(seed !== undefined && isSame(file, seed)) &&
    compareAge(file, base) !== 'older'
  )
}
