import type { UnmanagedReason } from './auth-json.ts'
import { compareAge, isSame, isSameAccount, type Fingerprint } from './fingerprint.ts'

/** What is in `CODEX_HOME` when the job ends. */
export type FileState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unmanaged'; readonly why: UnmanagedReason }
  | { readonly kind: 'managed'; readonly fingerprint: Fingerprint }

/** What one store holds at the moment of deciding. */
export type CopyState =
  { readonly kind: 'none' } | { readonly kind: 'unreadable' } | { readonly kind: 'held'; readonly fingerprint: Fingerprint }

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
  switch (file.kind) {
    case 'missing':
      return keep('file-missing')
    case 'damaged':
      return keep('damaged')
    case 'unmanaged':
      return keep('not-managed')
    case 'managed':
      break
  }
  const found = file.fingerprint
  if (!isSameAccount(found, base)) return keep('different-account')
  if (seed !== undefined && isSame(found, seed)) return keep('is-seed')
  if (copy.kind === 'held' && isSame(found, copy.fingerprint)) return keep('unchanged')
  if (compareAge(found, base) === 'older') return keep('older-than-base')
  switch (copy.kind) {
    case 'none':
      return { kind: 'write' }
    case 'unreadable':
      return { kind: 'copy-unreadable' }
    case 'held':
      break
  }
  const held = copy.fingerprint
  if (!isSameAccount(held, base)) return keep('different-account')
  // A copy that is neither our base nor older came from another job or from a reseed, and that one counts. The file is
  // asked too: it may share another clock with the copy than the base does.
  const behind = isSame(held, base) || (compareAge(held, base) === 'older' && compareAge(found, held) !== 'older')
  return behind ? { kind: 'write' } : keep('superseded')
}

function keep(reason: KeepReason): WriteBackDecision {
  return { kind: 'keep', reason }
}

/** Whether Codex has replaced the base by something that exists nowhere else until a store holds it. */
export function isRotated({ seed, base, file }: Omit<WriteBackFacts, 'copy'>): boolean {
  return (
    file.kind === 'managed' &&
    isSameAccount(file.fingerprint, base) &&
    !isSame(file.fingerprint, base) &&
    !(seed !== undefined && isSame(file.fingerprint, seed)) &&
    compareAge(file.fingerprint, base) !== 'older'
  )
}
