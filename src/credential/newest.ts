import type { ManagedCredential } from './auth-json.ts'
import { accountHash, compareAge, isSame, isSameAccount, type Fingerprint } from './fingerprint.ts'

/** Where a candidate was found: the store's name, the file already in `CODEX_HOME`, or the seed. */
export type Origin = { readonly kind: 'store'; readonly name: string } | { readonly kind: 'file' } | { readonly kind: 'seed' }

/** One of the credentials to choose from. */
export interface Candidate {
  readonly origin: Origin
  readonly credential: ManagedCredential
}

export interface NewestFacts {
  readonly candidates: readonly Candidate[]
  /** True when at least one store could not be read: what it holds may be newer than all the rest. */
  readonly unread: boolean
  /** Whether this job will spend the refresh token of that credential, because its access token ends soon or in any case. */
  readonly isDue: (fingerprint: Fingerprint) => boolean
  /** True for the account that the user named; undefined when none was named. */
  readonly isExpected: ((fingerprint: Fingerprint) => boolean) | undefined
}

export type NewestChoice =
  | {
      readonly kind: 'chosen'
      readonly candidate: Candidate
      /** Candidates of another account than the expected one. */
      readonly foreign: readonly Candidate[]
      /** Candidates of the same instant with other tokens, passed over. */
      readonly rivals: readonly Candidate[]
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'none-expected'; readonly found: readonly Candidate[] }
  | { readonly kind: 'two-accounts'; readonly found: readonly Candidate[] }
  | { readonly kind: 'only-seed-but-unread' }
  | { readonly kind: 'due-but-unread'; readonly candidate: Candidate }

/**
 * The newest usable credential among all places. A store that could not be read is not an empty one: the seed is then
 * out, because it may be spent, and another copy serves only while nothing will spend its refresh token. Of the same
 * instant, a stored copy goes before the file and the file before the seed.
 */
export function chooseNewest(facts: NewestFacts): NewestChoice {
  const { candidates, unread, isDue, isExpected } = facts
  if (candidates.length === 0) return { kind: 'none' }
  const ours = isExpected === undefined ? candidates : candidates.filter(({ credential }) => isExpected(credential.fingerprint))
  const foreign = candidates.filter((candidate) => !ours.includes(candidate))
  if (ours.length === 0) return { kind: 'none-expected', found: candidates }
  if (ours.some((a) => ours.some((b) => !isSameAccount(a.credential.fingerprint, b.credential.fingerprint)))) {
    return { kind: 'two-accounts', found: ours }
  }
  const allowed = unread ? ours.filter(({ origin }) => origin.kind !== 'seed') : ours
  const [first, ...rest] = [...allowed].sort((a, b) => rank[a.origin.kind] - rank[b.origin.kind])
  if (first === undefined) return { kind: 'only-seed-but-unread' }
  const newest = rest.reduce(
    (best, next) => (compareAge(next.credential.fingerprint, best.credential.fingerprint) === 'newer' ? next : best),
    first,
  )
  const { fingerprint } = newest.credential
  if (unread && isDue(fingerprint)) return { kind: 'due-but-unread', candidate: newest }
  const rivals = allowed.filter(
    ({ credential: other }) => compareAge(other.fingerprint, fingerprint) === 'same-instant' && !isSame(other.fingerprint, fingerprint),
  )
  return { kind: 'chosen', candidate: newest, foreign, rivals }
}

const rank = { store: 0, file: 1, seed: 2 } as const

/** The accounts of some candidates as a person may see them: origin and account hash. */
export function listAccounts(candidates: readonly Candidate[]): string {
  return candidates.map(({ origin, credential }) => `${originName(origin)}: ${accountHash(credential.fingerprint)}`).join(', ')
}

/** An origin as logs, summaries and the output `source` name it. */
export function originName(origin: Origin): string {
  return origin.kind === 'store' ? origin.name : origin.kind
}
