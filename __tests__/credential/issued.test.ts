import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { accessEnds, canonicalTime, compareIssued, isDue, judgeTimes, type ClockName, type Issued } from '../../src/credential/issued.ts'

const early = '2026-11-20T00:00:00.000000000Z'
const late = '2026-11-20T00:00:00.000000001Z'

const instant = fc.date({ min: new Date('1970-01-02T00:00:00Z'), max: new Date('9998-12-30T00:00:00Z'), noInvalidDate: true })
const fraction = fc.integer({ min: 0, max: 999_999_999 }).map((nanoseconds) => String(nanoseconds).padStart(9, '0'))
const issued: fc.Arbitrary<Issued> = fc
  .record({
    iat: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    exp: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    lastRefresh: fc.constantFrom(early, late),
  })
  .map(({ iat, exp, lastRefresh }) => ({ ...(iat !== undefined && { iat }), ...(exp !== undefined && { exp }), lastRefresh }))

describe('which of two was issued later', () => {
  test.each<[string, Issued, Issued, string]>([
    ['iat counts before exp and last_refresh', { iat: 2, exp: 1, lastRefresh: early }, { iat: 1, exp: 2, lastRefresh: late }, 'newer'],
    ['exp counts before last_refresh when one has no iat', { exp: 2, lastRefresh: early }, { iat: 9, exp: 1, lastRefresh: late }, 'newer'],
    [
      'a spent seed without iat does not beat a rotated copy by its exp',
      { exp: 1_000, lastRefresh: early },
      { iat: 900, lastRefresh: late },
      'older',
    ],
    ['last_refresh counts when they share no claim', { iat: 1, lastRefresh: late }, { exp: 9, lastRefresh: early }, 'newer'],
    [
      'equal iat is the same instant, whatever the other clocks say',
      { iat: 1, exp: 2, lastRefresh: late },
      { iat: 1, exp: 1, lastRefresh: early },
      'same-instant',
    ],
    [
      'equal exp is the same instant, whatever last_refresh says',
      { exp: 1, lastRefresh: late },
      { exp: 1, lastRefresh: early },
      'same-instant',
    ],
    ['a nanosecond of last_refresh counts', { lastRefresh: late }, { lastRefresh: early }, 'newer'],
    ['equal last_refresh is the same instant', { lastRefresh: late }, { lastRefresh: late }, 'same-instant'],
    ['an iat of 0 is a clock', { iat: 0, lastRefresh: late }, { iat: 1, lastRefresh: early }, 'older'],
  ])('%s', (_, a, b, order) => {
    expect(compareIssued(a, b)).toBe(order)
  })

  const never = (issued: Issued, ...impossible: ClockName[]): Issued => ({ ...issued, impossible })
  test.each<[string, Issued, Issued, string]>([
    [
      'an iat that cannot be true is passed over for exp',
      never({ iat: 9, exp: 1, lastRefresh: late }, 'iat'),
      { iat: 1, exp: 2, lastRefresh: early },
      'older',
    ],
    [
      'an exp that cannot be true is passed over for last_refresh',
      never({ exp: 9, lastRefresh: early }, 'exp'),
      { exp: 1, lastRefresh: late },
      'older',
    ],
    [
      'a credential with no time left is older than any other',
      never({ iat: 9, exp: 9, lastRefresh: late }, 'iat', 'exp', 'lastRefresh'),
      { lastRefresh: early },
      'older',
    ],
    [
      'two with no time left are of one instant',
      never({ iat: 9, lastRefresh: late }, 'iat', 'lastRefresh'),
      never({ lastRefresh: early }, 'lastRefresh'),
      'same-instant',
    ],
    [
      'two that share no time that counts are of one instant',
      never({ iat: 1, lastRefresh: late }, 'lastRefresh'),
      never({ iat: 9, lastRefresh: early }, 'iat'),
      'same-instant',
    ],
  ])('%s', (_, a, b, order) => {
    expect(compareIssued(a, b)).toBe(order)
  })

  test('asked the other way round, the answer turns round', () => {
    const opposite = { newer: 'older', older: 'newer', 'same-instant': 'same-instant' }
    fc.assert(
      fc.property(issued, issued, (a, b) => {
        expect(compareIssued(b, a)).toBe(opposite[compareIssued(a, b)])
      }),
    )
    fc.assert(
      fc.property(issued, (a) => {
        expect(compareIssued(a, a)).toBe('same-instant')
      }),
    )
  })
})

describe('times that cannot be true', () => {
  const now = Date.parse('2026-11-20T00:00:00Z') / 1000
  const day = 86_400
  const at = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.000000000Z`
  const judged = (iat: number, exp: number, refreshed: number): readonly ClockName[] | undefined =>
    judgeTimes({ iat, exp, lastRefresh: at(refreshed) }, now).impossible

  test('are more than a day ahead, an end more than a year', () => {
    expect(judged(now + day, now + 366 * day, now + day)).toBeUndefined()
    expect(judged(now + day + 1, now, now)).toEqual(['iat'])
    expect(judged(now, now + 366 * day + 1, now)).toEqual(['exp'])
    expect(judged(now, now, now + day + 1)).toEqual(['lastRefresh'])
    expect(judged(253_402_300_799, 253_402_300_799, 253_402_300_799)).toEqual(['iat', 'exp', 'lastRefresh'])
  })

  test('stay readable, and what is absent is not judged', () => {
    const times = { lastRefresh: at(now + 2 * day) }
    expect(judgeTimes(times, now)).toEqual({ ...times, impossible: ['lastRefresh'] })
  })
})

describe('last_refresh in canonical form', () => {
  test.each([
    ['nine digits, as Codex writes it', '2026-11-20T20:58:18.713319079Z', '2026-11-20T20:58:18.713319079Z'],
    ['no fraction', '2026-11-20T20:58:18Z', '2026-11-20T20:58:18.000000000Z'],
    ['three digits', '2026-11-20T20:58:18.5Z', '2026-11-20T20:58:18.500000000Z'],
    ['more than nine digits', '2026-11-20T20:58:18.1234567891Z', '2026-11-20T20:58:18.123456789Z'],
    ['another zone, over midnight', '2026-11-20T23:58:18.1-02:30', '2026-11-21T02:28:18.100000000Z'],
    ['small letters', '2026-11-20t20:58:18z', '2026-11-20T20:58:18.000000000Z'],
    ['a blank instead of the T', '2026-11-20 20:58:18+00:00', '2026-11-20T20:58:18.000000000Z'],
  ])('%s', (_, text, canonical) => {
    expect(canonicalTime(text)).toBe(canonical)
  })

  test.each([
    '',
    'yesterday',
    '2026-11-20',
    '2026-11-20T20:58:18',
    '2026-11-20T20:58Z',
    '2026-11-20T20:58:18.Z',
    '2026-13-20T20:58:18Z',
    '2026-11-20T25:58:18Z',
    '2026-11-20T20:58:18+0200',
    ' 2026-11-20T20:58:18Z',
    '2026-11-20T20:58:18Z\n',
    '12026-11-20T20:58:18Z',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+01:00',
  ])('%j is not such a time', (text) => {
    expect(canonicalTime(text)).toBeUndefined()
  })

  test('text order is time order, in any zone and to the nanosecond', () => {
    const zone = fc.integer({ min: -12 * 60, max: 14 * 60 })
    const written = fc.tuple(instant, fraction, zone).map(([date, digits, offset]) => {
      const seconds = Math.floor(date.getTime() / 1000)
      const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19)
      const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')
      const minutes = String(Math.abs(offset) % 60).padStart(2, '0')
      return {
        text: `${local}.${digits}${offset < 0 ? '-' : '+'}${hours}:${minutes}`,
        nanoseconds: BigInt(seconds) * 1_000_000_000n + BigInt(digits),
      }
    })
    fc.assert(
      fc.property(written, written, (a, b) => {
        const [one, two] = [canonicalTime(a.text) ?? '', canonicalTime(b.text) ?? '']
        expect(one < two).toBe(a.nanoseconds < b.nanoseconds)
        expect(one === two).toBe(a.nanoseconds === b.nanoseconds)
      }),
    )
  })
})

describe('due', () => {
  test('means that the access token ends within the window, its last second included', () => {
    const token = { exp: 1_000, lastRefresh: late }
    expect([isDue(token, 900, 99), isDue(token, 900, 100), isDue(token, 1_000, 0), isDue(token, 2_000, 0)]).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  test('without exp it counts from last_refresh, eight days later', () => {
    const ends = Date.parse('2026-11-28T20:58:18Z') / 1000
    const token = { iat: 5, lastRefresh: '2026-11-20T20:58:18.000000000Z' }
    expect(accessEnds(token)).toBe(ends)
    expect([isDue(token, ends - 11, 10), isDue(token, ends - 10, 10)]).toEqual([false, true])
    expect(accessEnds({ exp: 0, lastRefresh: late })).toBe(0)
    expect(accessEnds({ lastRefresh: '2026-11-20T20:58:18.713319079Z' })).toBeCloseTo(ends + 0.713, 2)
  })
})
