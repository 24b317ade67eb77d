/** When a credential was issued, by up to three clocks in the order in which they count. */
export interface Issued {
  /** `iat` of the access token, seconds since 1970, the server's clock. */
  readonly iat?: number
  /** `exp` of the access token, seconds since 1970, the server's clock. */
  readonly exp?: number
  /** `last_refresh` in canonical form (see canonicalTime), the clock of the machine that ran Codex. */
  readonly lastRefresh: string
}

export type Order = 'newer' | 'older' | 'same-instant'

/**
 * Which of two credentials of one account was issued later: decided by the first clock that both have, never by two
 * different ones (a spent seed without `iat` must not beat a rotated copy by its `exp`).
 */
export function compareIssued(a: Issued, b: Issued): Order {
  if (a.iat !== undefined && b.iat !== undefined) return order(a.iat, b.iat)
  if (a.exp !== undefined && b.exp !== undefined) return order(a.exp, b.exp)
  return order(a.lastRefresh, b.lastRefresh)
}

function order<T extends number | string>(a: T, b: T): Order {
  if (a === b) return 'same-instant'
  return a > b ? 'newer' : 'older'
}

/**
 * An RFC 3339 time as UTC with nine fraction digits, so that text order is time order. Codex writes up to nine digits,
 * of which a JavaScript Date would drop six.
 * @returns undefined when the text is no such time or has no zone
 */
export function canonicalTime(text: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,18}))?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null) return undefined
  const [, day, time, fraction = '', zone] = match
  const milliseconds = Date.parse(`${String(day)}T${String(time)}${String(zone).toUpperCase()}`)
  if (Number.isNaN(milliseconds)) return undefined
  const utc = new Date(milliseconds).toISOString()
  if (!/^\d{4}-/.test(utc)) return undefined
  return `${utc.slice(0, 19)}.${fraction.slice(0, 9).padEnd(9, '0')}Z`
}

/**
 * Whether a refresh is to be expected within the window.
 * @param now seconds since 1970
 * @param window seconds
 * An access token without `exp` is refreshed by Codex once `last_refresh` is eight days old (measured on 0.169.0).
 */
export function isDue(issued: Issued, now: number, window: number): boolean {
  return accessEnds(issued) <= now + window
}

/** Codex refreshes by itself a token that ends within so many seconds (measured on 0.169.0). */
const codexWindow = 300

/**
 * Seconds since 1970 from which on Codex refreshes by itself: shortly before an access token ends, and where it says no end
 * once it is eight days old.
 */
export function codexRefreshesFrom(issued: Issued): number {
  return issued.exp === undefined ? accessEnds(issued) : issued.exp - codexWindow
}

/** Seconds since 1970 at which Codex will treat the access token as run out. */
export function accessEnds(issued: Issued): number {
  return issued.exp ?? Date.parse(issued.lastRefresh) / 1000 + 8 * 86_400
}
