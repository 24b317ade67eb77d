import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accountHash, compareAge, isSame, isSameAccount, type Fingerprint } from '../../credential/fingerprint.ts'
import { accessEnds, isDue } from '../../credential/issued.ts'
import type { CopyFacts } from '../../stores/store.ts'

/** What one place was seen to hold. */
export type Sight =
  | { readonly kind: 'login'; readonly credential: ManagedCredential }
  /** There is a copy, and the place cannot show it; `facts` tell what it says of it. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'none' }
  /** Something is there that is no ChatGPT login; `why` is a sentence. */
  | { readonly kind: 'no-login'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string; readonly wayOut: string }
  /** Nobody can look from here. */
  | { readonly kind: 'out-of-reach'; readonly why: string }

export interface SeenPlace {
  readonly name: string
  readonly where: 'machine' | 'store'
  readonly sight: Sight
  readonly facts?: CopyFacts | undefined
}

/** How the login of a place stands beside the others: of one account the newest ones, and those that are behind. */
export type Rank = 'newest' | 'behind'

/** Times are seconds since 1970. */
export interface Login {
  readonly account: string
  readonly plan: string | undefined
  readonly issued: number
  readonly ends: number
  /** From when on a refresh is due. */
  readonly dueFrom: number
  readonly isDue: boolean
  readonly rank: Rank
}

export interface PlaceStatus extends SeenPlace {
  readonly login: Login | undefined
}

/** When a person must act. */
export type PersonNeeded =
  /** No place holds a login. */
  | { readonly kind: 'login' }
  /** The newest copy has ended, and nothing has refreshed it; seconds since 1970. */
  | { readonly kind: 'overdue'; readonly since: number }
  | { readonly kind: 'not-now' }
  /** Not every place could be looked at, and the others hold no login. */
  | { readonly kind: 'unknown' }

export interface Status {
  readonly places: readonly PlaceStatus[]
  /** Account hashes, each one once. */
  readonly accounts: readonly string[]
  readonly person: PersonNeeded
}

/**
 * Lays what was seen side by side.
 * @param now seconds since 1970
 * @param window seconds before its end from which on a login is due
 */
export function judgeStatus(seen: readonly SeenPlace[], now: number, window: number): Status {
  const fingerprints = seen.flatMap(({ sight }) => (sight.kind === 'login' ? [sight.credential.fingerprint] : []))
  const places = seen.map((place) => ({ ...place, login: loginOf(place, fingerprints, now, window) }))
  const logins = places.flatMap(({ login }) => login ?? [])
  return { places, accounts: [...new Set(logins.map(({ account }) => account))], person: personNeeded(places, now) }
}

function loginOf({ sight }: SeenPlace, all: readonly Fingerprint[], now: number, window: number): Login | undefined {
  if (sight.kind !== 'login') return undefined
  const { fingerprint, issued, plan } = sight.credential
  const ends = accessEnds(issued)
  return {
    account: accountHash(fingerprint),
    plan,
    issued: issued.iat ?? Date.parse(issued.lastRefresh) / 1000,
    ends,
    dueFrom: ends - window,
    isDue: isDue(issued, now, window),
    rank: all.some((other) => isSameAccount(other, fingerprint) && isAhead(other, fingerprint)) ? 'behind' : 'newest',
  }
}

function isAhead(other: Fingerprint, one: Fingerprint): boolean {
  return !isSame(other, one) && compareAge(other, one) === 'newer'
}

function personNeeded(places: readonly PlaceStatus[], now: number): PersonNeeded {
  const newest = places.flatMap(({ login }) => (login?.rank === 'newest' ? [login] : []))
  if (newest.length === 0) {
    const mayHold = places.some(({ sight: { kind } }) => ['hidden', 'unreadable', 'out-of-reach'].includes(kind))
    return { kind: mayHold ? 'unknown' : 'login' }
  }
  const since = Math.min(...newest.map(({ ends }) => ends))
  return since < now ? { kind: 'overdue', since } : { kind: 'not-now' }
}
