import type { ManagedCredential } from './auth-json.ts'
import { compareIssued, type Issued, type Order } from './issued.ts'

/** What may be remembered of a credential outside its file: one-way digests and times, no secret and no id. */
export interface Fingerprint {
  readonly refreshToken: string
  readonly accessToken: string
  readonly account: string
  readonly user?: string
  readonly issued: Issued
}

/** SHA-256 of UTF-8 text as lower-case hex; passed in because this folder imports nothing of Node. */
export type Digest = (text: string) => string

/** The fingerprint of a credential; each part has a prefix of its own, so that equal values never look equal elsewhere. */
export function fingerprintOf(credential: ManagedCredential, digest: Digest): Fingerprint {
  const part = (what: string, value: string): string => digestPart(digest, what, value)
  const { account, issued } = credential
  return {
    refreshToken: part('refresh token', credential.refreshToken),
    accessToken: part('access token', credential.accessToken),
    account: part('account', account.id),
    ...(account.user !== undefined && { user: part('user', account.user) }),
    issued,
  }
}

/** Same credential: both the refresh token and the access token are equal. */
export function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.refreshToken === b.refreshToken && a.accessToken === b.accessToken
}

/** Same login: the account, and the user where both name one. */
export function isSameAccount(a: Fingerprint, b: Fingerprint): boolean {
  return a.account === b.account && (a.user === undefined || b.user === undefined || a.user === b.user)
}

/** Order of two credentials of one account, by the server's clock where it can be. */
export function compareAge(a: Fingerprint, b: Fingerprint): Order {
  return compareIssued(a.issued, b.issued)
}

/** Whether the user's name for an account (its hash as accountHash shows it, or its id) means this one. */
export function isAccountNamed(fingerprint: Fingerprint, name: string, digest: Digest): boolean {
  return accountHash(fingerprint) === name.toLowerCase() || fingerprint.account === digestPart(digest, 'account', name)
}

function digestPart(digest: Digest, what: string, value: string): string {
  return digest(`codex-auth-keeper ${what}\n${value}`)
}

/** The twelve hex digits that stand for an account in outputs and summaries, and that `expected-account` takes. */
export function accountHash(fingerprint: Fingerprint): string {
  return fingerprint.account.slice(0, 12)
}
