const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Four years have every date, and every weekday on it that matters for gaps. */
const firstDay = Date.UTC(2024, 0, 1)
const days = 4 * 366

/**
 * The longest time between two runs of schedules, in days.
 * @param crons lines of five fields, in UTC; GitHub runs at least once on each day that one of them names
 * @returns Infinity where they never run; undefined where none of them can be read
 */
export function longestGap(crons: readonly string[]): number | undefined {
  const readable = crons.flatMap((line) => dayRule(line) ?? [])
  if (readable.length === 0) return undefined
  const runs = Array.from({ length: days }, (_, day) => day).filter((day) => {
    const date = new Date(firstDay + day * 86_400_000)
    return readable.some((isDay) => isDay(date))
  })
  if (runs.length < 2) return Infinity
  return Math.max(...runs.slice(1).map((day, index) => day - (runs[index] ?? day)))
}

/** Whether a day is one of those that a line names; of day and weekday one is enough where both are given. */
function dayRule(line: string): ((date: Date) => boolean) | undefined {
  const fields = line.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute, hour, dayOfMonth, month, weekday] = fields as [string, string, string, string, string]
  const [ofMonth, ofYear, ofWeek] = [numbers(dayOfMonth, 1, 31), numbers(month, 1, 12, months), numbers(weekday, 0, 7, weekdays)]
  if (ofMonth === undefined || ofYear === undefined || ofWeek === undefined) return undefined
  if (numbers(minute, 0, 59) === undefined || numbers(hour, 0, 23) === undefined) return undefined
  const isEither = !dayOfMonth.startsWith('*') && !weekday.startsWith('*')
  return (date) => {
    const isWeekday = ofWeek.has(date.getUTCDay()) || (date.getUTCDay() === 0 && ofWeek.has(7))
    const isDate = ofMonth.has(date.getUTCDate())
    return ofYear.has(date.getUTCMonth() + 1) && (isEither ? isDate || isWeekday : isDate && isWeekday)
  }
}

/** What one field names; undefined where it cannot be read. @param names words for its numbers, the first one for `least` or for 1 */
function numbers(field: string, least: number, most: number, names: readonly string[] = []): Set<number> | undefined {
  const found = new Set<number>()
  for (const part of field.toLowerCase().split(',')) {
    const [, range = '', every = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
    const numberOf = (text: string): number =>
      names.includes(text) ? names.indexOf(text) + least : /^\d+$/.test(text) ? Number(text) : NaN
    const [start = '', end] = range.split('-')
    const from = range === '*' ? least : numberOf(start)
    const to = range === '*' || (end === undefined && part.includes('/')) ? most : numberOf(end ?? start)
    const step = Number(every)
    if (!(from >= least && to <= most && from <= to && step > 0)) return undefined
    for (let number = from; number <= to; number += step) found.add(number)
  }
  return found
}
