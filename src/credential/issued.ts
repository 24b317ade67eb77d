/** When a credential was issued, by up to three clocks in the order in which they count. */
export interface Issued {
  /** `iat` of the access token, seconds since 1970, the server's clock. */
  readonly iat?: number
  /** `exp` of the access token, seconds since 1970, the server's clock. */
  readonly exp?: number
  /** `last_refresh` in canonical form (see canonicalTime), the clock of the machine that ran Codex. */
  readonly lastRefresh: string
  /** Those of them that cannot be true, and so do not count when ages are compared. */
  readonly impossible?: readonly ClockName[]
}

export type ClockName = 'iat' | 'exp' | 'lastRefresh'

const day = 86_400

/** How far ahead of the reader's clock each may lie. Access tokens live ten days (sleep2agi/agent-network#1920). Seconds. */
const furthestAhead: Readonly<Record<ClockName, number>> = { iat: day, exp: 366 * day, lastRefresh: day }

/**
 * Marks the times that cannot be true: whoever can write one file for one moment must not make every later login look old.
 * @param times as the document has them
 * @param now seconds since 1970, when the document was read
 */
export function judgeTimes(times: Omit<Issued, 'impossible'>, now: number): Issued {
  const { iat, exp, lastRefresh } = times
  const seconds = { iat, exp, lastRefresh: Date.parse(lastRefresh) / 1000 }
  const impossible = clockNames.filter((name) => isTooFarAhead(name, seconds[name], now))
  return { ...times, ...(impossible.length > 0 && { impossible }) }
}

/** Whether a time lies further ahead than this clock could be. @param now seconds since 1970 */
export function isTooFarAhead(name: ClockName, seconds: number | undefined, now: number): boolean {
  return seconds !== undefined && seconds > now + furthestAhead[name]
}

const clockNames: readonly ClockName[] = ['iat', 'exp', 'lastRefresh']

export type Order = 'newer' | 'older' | 'same-instant'

/**
 * Which of two credentials of one account was issued later: decided by the first clock that both have, never by two
 * different ones (a spent seed without `iat` must not beat a rotated copy by its `exp`). A time that cannot be true does not
 * count, and a credential with no time left is older than any other.
 */
export function compareIssued(a: Issued, b: Issued): Order {
  const [one, other] = [countingTimes(a), countingTimes(b)]
  if (one.iat !== undefined && other.iat !== undefined) return order(one.iat, other.iat)
  if (one.exp !== undefined && other.exp !== undefined) return order(one.exp, other.exp)
  if (one.lastRefresh !== undefined && other.lastRefresh !== undefined) return order(one.lastRefresh, other.lastRefresh)
  return order(Number(hasTime(one)), Number(hasTime(other)))
}

type CountingTimes = { readonly [Name in ClockName]?: Issued[Name] | undefined }

function countingTimes(issued: Issued): CountingTimes {
  return Object.fromEntries(clockNames.filter((name) => !issued.impossible?.includes(name)).map((name) => [name, issued[name]]))
}

function hasTime(times: CountingTimes): boolean {
  return Object.values(times).some((time) => time !== undefined)
}

function order<T extends number | string>(a: T, b: T): Order {
  if (a === b) return 'same-instant'
  return a > b ? 'newer' : 'older'
}

/**
 * An RFC 3339 time as UTC with nine fraction digits, so that text order is time order. Codex writes up to nine digits,
 * of which a JavaScript Date would drop six.
 * @returns undefined when the text is not such a time or has no zone
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

/** Codex by itself refreshes a token that ends within this many seconds (measured on 0.169.0). */
const codexWindow = 300

/**
 * Seconds since 1970 from which on Codex refreshes by itself: shortly before an access token ends, or, where it names no
 * end, once it is eight days old.
 */
export function codexRefreshesFrom(issued: Issued): number {
  return issued.exp === undefined ? accessEnds(issued) : issued.exp - codexWindow
}

/** Seconds since 1970 at which Codex will treat the access token as run out. */
export function accessEnds(issued: Issued): number {
  return issued.exp ?? Date.parse(issued.lastRefresh) / 1000 + 8 * day
}
