import { accessEnds, type Issued } from '../../credential/issued.ts'
import { durationWords } from '../../time-words.ts'

/** The marks that a verdict begins with. */
export const marks = { well: '✅', look: '⚠️', failed: '❌' } as const

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A day as a verdict names it: "1 Dec 2026". @param seconds since 1970 */
export function dayWords(seconds: number): string {
  const date = new Date(seconds * 1000)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`
}

/** Until when the login needs nothing, as a part of a sentence. @param now seconds since 1970 */
export function healthWords(issued: Issued, now: number): string {
  const ends = accessEnds(issued)
  if (ends <= now) return `its access token ended on ${dayWords(ends)}`
  return `healthy until ${dayWords(ends)} (in ${durationWords(ends - now)})`
}

/** "a", "a and b" or "a, b and c". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** The first clause of a message, short enough for a heading; undefined when it has none. */
export function headline(message: string): string | undefined {
  return /^[^\n]{20,160}?(?=[.:;](\s|$)|\n|$)/.exec(message)?.[0]
}
