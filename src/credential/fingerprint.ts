import { sha256 } from '../sha256.ts'
import { compareIssued, type Issued, type Order } from './issued.ts'

/** What may be remembered of a credential outside its file: one-way digests and times, no secret and no id. */
export interface Fingerprint {
  readonly refreshToken: string
  readonly accessToken: string
  readonly account: string
  readonly user?: string
  readonly issued: Issued
}

/** Which login a credential belongs to. Members of one workspace share the id, so the user counts where it is known. */
export interface Account {
  readonly id: string
  readonly user?: string
}

/** The parts of a credential that tell it from any other. */
export interface Fingerprinted {
  readonly refreshToken: string
  readonly accessToken: string
  readonly account: Account
  readonly issued: Issued
}

/** Made where a credential is parsed; each part has a prefix of its own, so that equal values never look equal elsewhere. */
export function fingerprintOf({ refreshToken, accessToken, account, issued }: Fingerprinted): Fingerprint {
  return {
    refreshToken: digest('refresh token', refreshToken),
    accessToken: digest('access token', accessToken),
    account: digest('account', account.id),
    ...(account.user !== undefined && { user: digest('user', account.user) }),
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
export function isAccountNamed(fingerprint: Fingerprint, name: string): boolean {
  return accountHash(fingerprint) === name.toLowerCase() || fingerprint.account === digest('account', name)
}

/** The twelve hex digits that stand for an account in outputs and summaries, and that `expected-account` takes. */
export function accountHash(fingerprint: Fingerprint): string {
  return fingerprint.account.slice(0, 12)
}

function digest(what: string, value: string): string {
  return sha256(`codex-auth-keeper ${what}\n${value}`)
}
