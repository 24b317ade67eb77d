import { expect, test } from '@jest/globals'
import { headline, healthWords, listed } from '../../../src/action/report/verdict.ts'

const now = Date.parse('2026-11-21T12:00:00Z') / 1000
const lastRefresh = '2026-11-21T12:00:00.000000000Z'

test.each([
  ['ends in ten days', { exp: now + 10 * 86_400, lastRefresh }, 'healthy until 1 Dec 2026 (in 10 d)'],
  ['names no end', { lastRefresh }, 'healthy until 29 Nov 2026 (in 8 d)'],
  ['ends now', { exp: now, lastRefresh }, 'its access token ended on 21 Nov 2026'],
  ['ended last year', { exp: Date.parse('2025-01-02T00:00:00Z') / 1000, lastRefresh }, 'its access token ended on 2 Jan 2025'],
])('of a login whose access token %s it is said until when it needs nothing', (_, issued, words) => {
  expect(healthWords(issued, now)).toBe(words)
})

test('names are listed as in a sentence', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c'])
})

test.each([
  ['The store could not be read. It may be away.', 'The store could not be read'],
  ['The server answered 4.5 seconds too late\nand more', 'The server answered 4.5 seconds too late'],
  ['The disk is full', undefined],
  ['x'.repeat(161), undefined],
])('a heading is the first clause of a message: %j', (message, heading) => {
  expect(headline(message)).toBe(heading)
})
