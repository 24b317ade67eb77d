/** A moment as logs and summaries show it. @param seconds since 1970 */
export function momentWords(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** A length of time in its two largest units. @param seconds not negative */
export function durationWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const units: [number, string][] = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ]
  const from = units.findIndex(([count]) => count > 0)
  if (from === -1) return 'less than a minute'
  return units
    .slice(from, from + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** A moment and how far it is from now: "2026-11-20 21:14 UTC (in 9 d 23 h)". @param seconds, now since 1970 */
export function distanceWords(seconds: number, now: number): string {
  const away = durationWords(Math.abs(seconds - now))
  return `${momentWords(seconds)} (${seconds >= now ? `in ${away}` : `${away} ago`})`
}

const width = 32

/**
 * A line of text from issue to end, with now (`>`) and the moment from which a refresh is due (`D`); all in seconds since
 * 1970: `11-10 issued |=====>..................D.....| 11-20 ends`.
 */
export function timelineWords({ issued, due, ends, now }: Readonly<Record<'issued' | 'due' | 'ends' | 'now', number>>): string {
  const at = (moment: number): number => Math.round(Math.min(1, Math.max(0, (moment - issued) / Math.max(1, ends - issued))) * (width - 1))
  const line = Array.from({ length: width }, (_, index): string => (index < at(now) ? '=' : '.'))
  line[at(due)] = 'D'
  line[at(now)] = '>'
  const day = (moment: number): string => new Date(moment * 1000).toISOString().slice(5, 10)
  return `${day(issued)} issued |${line.join('')}| ${day(ends)} ends (D: refresh due from ${momentWords(due)})`
}

/** What a length of time must be, as the end of a sentence about it. */
export const durationRule = 'must be a time such as 30m, 12h or 2d'

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Seconds in "30m", "12h", "2d" or "0"; undefined when the text is not such a time. */
export function durationSeconds(text: string): number | undefined {
  if (text === '0') return 0
  const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.toLowerCase()) ?? []
  return count === undefined || unit === undefined ? undefined : Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
}
