import { accountHash, compareAge, isSame, isSameAccount, type Fingerprint } from './fingerprint.ts'

/** Where a candidate was found: the store's name, the file already in `CODEX_HOME`, or the seed. */
export type Origin = { readonly kind: 'store'; readonly name: string } | { readonly kind: 'file' } | { readonly kind: 'seed' }

export interface Candidate {
  readonly origin: Origin
  readonly fingerprint: Fingerprint
}

export interface NewestFacts<C extends Candidate> {
  readonly candidates: readonly C[]
  /** True when at least one store could not be read: what it holds may be newer than all the rest. */
  readonly unread: boolean
  /** Whether this job will spend the refresh token of that credential, because its access token ends soon or in any case. */
  readonly isDue: (fingerprint: Fingerprint) => boolean
  /** True for the account that the user named; undefined when none was named. */
  readonly isExpected: ((fingerprint: Fingerprint) => boolean) | undefined
}

export type NewestChoice<C extends Candidate> =
  | {
      readonly kind: 'chosen'
      readonly candidate: C
      /** Candidates of another account than the expected one. */
      readonly foreign: readonly C[]
      /** Candidates of the same instant with other tokens, passed over. */
      readonly rivals: readonly C[]
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'none-expected'; readonly found: readonly C[] }
  | { readonly kind: 'two-accounts'; readonly found: readonly C[] }
  | { readonly kind: 'only-seed-but-unread' }
  | { readonly kind: 'due-but-unread'; readonly candidate: C }

/**
 * The newest usable credential among all places. A store that could not be read is not an empty one: the seed is then
 * out, because it may be spent, and another copy serves only while nothing will spend its refresh token. Of the same
 * instant, a stored copy goes before the file and the file before the seed.
 */
export function chooseNewest<C extends Candidate>(facts: NewestFacts<C>): NewestChoice<C> {
  const { candidates, unread, isDue, isExpected } = facts
  if (candidates.length === 0) return { kind: 'none' }
  const ours = isExpected === undefined ? candidates : candidates.filter(({ fingerprint }) => isExpected(fingerprint))
  const foreign = candidates.filter((candidate) => !ours.includes(candidate))
  if (ours.length === 0) return { kind: 'none-expected', found: candidates }
  if (ours.some((a) => ours.some((b) => !isSameAccount(a.fingerprint, b.fingerprint)))) {
    return { kind: 'two-accounts', found: ours }
  }
  const allowed = unread ? ours.filter(({ origin }) => origin.kind !== 'seed') : ours
  const [first, ...rest] = [...allowed].sort((a, b) => rank[a.origin.kind] - rank[b.origin.kind])
  if (first === undefined) return { kind: 'only-seed-but-unread' }
  const newest = rest.reduce((best, next) => (compareAge(next.fingerprint, best.fingerprint) === 'newer' ? next : best), first)
  if (unread && isDue(newest.fingerprint)) return { kind: 'due-but-unread', candidate: newest }
  const rivals = allowed.filter(
    ({ fingerprint }) => compareAge(fingerprint, newest.fingerprint) === 'same-instant' && !isSame(fingerprint, newest.fingerprint),
  )
  return { kind: 'chosen', candidate: newest, foreign, rivals }
}

const rank = { store: 0, file: 1, seed: 2 } as const

/** The accounts of some candidates as a person may see them: origin and account hash. */
export function listAccounts(candidates: readonly Candidate[]): string {
  return candidates.map(({ origin, fingerprint }) => `${originName(origin)}: ${accountHash(fingerprint)}`).join(', ')
}

/** An origin as logs, summaries and the output `source` name it. */
export function originName(origin: Origin): string {
  return origin.kind === 'store' ? origin.name : origin.kind
}
