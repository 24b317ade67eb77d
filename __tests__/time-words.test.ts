import { expect, test } from '@jest/globals'
import { distanceWords, durationSeconds, durationWords, momentWords, timelineWords } from '../src/time-words.ts'

test.each([
  [0, 'less than a minute'],
  [59, 'less than a minute'],
  [60, '1 min'],
  [3_599, '59 min'],
  [3_600, '1 h'],
  [3_660, '1 h 1 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 d'],
  [86_460, '1 d'],
  [90_000, '1 d 1 h'],
  [863_999, '9 d 23 h'],
  [8_640_000.5, '100 d'],
])('%d seconds are "%s"', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words)
})

test('a moment is shown to the minute, and with how far it is', () => {
  const moment = Date.parse('2026-11-20T21:14:59Z') / 1000
  expect(momentWords(moment)).toBe('2026-11-20 21:14 UTC')
  expect(distanceWords(moment, moment - 863_999)).toBe('2026-11-20 21:14 UTC (in 9 d 23 h)')
  expect(distanceWords(moment, moment + 7_200)).toBe('2026-11-20 21:14 UTC (2 h ago)')
  expect(distanceWords(moment, moment)).toBe('2026-11-20 21:14 UTC (in less than a minute)')
})

test('a line of time runs from issue to end, with now and the moment from which a refresh is due', () => {
  const issued = Date.parse('2026-11-10T12:00:00Z') / 1000
  const ends = issued + 864_000
  const at = (now: number): string => timelineWords({ issued, ends, due: ends - 43_200, now })
  expect(at(issued)).toBe('11-10 issued |>............................D..| 11-20 ends (D: refresh due from 2026-11-20 00:00 UTC)')
  expect(at(issued + 432_000)).toContain('|================>............D..|')
  for (const moment of [issued - 1e6, ends, ends + 1e6]) expect(/\|(.*)\|/.exec(at(moment))?.[1]).toHaveLength(32)
  expect(timelineWords({ issued, ends: issued, due: issued, now: issued })).toContain('>')
})

test.each([
  ['0', 0],
  ['90s', 90],
  ['30m', 1_800],
  ['12h', 43_200],
  ['12 H', 43_200],
  ['2d', 172_800],
  ['1.5h', undefined],
  ['-1h', undefined],
  ['12', undefined],
  ['h', undefined],
  ['1234567d', undefined],
])('the time %s is %s seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds)
})
