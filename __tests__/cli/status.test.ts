import { describe, expect, test } from '@jest/globals'
import { judgeStatus, type SeenPlace } from '../../src/cli/status/status.ts'
import { statusJson } from '../../src/cli/status/status-json.ts'
import { statusSchema } from '../../src/cli/status/status-schema.ts'
import { statusLines } from '../../src/cli/status/status-words.ts'
import { piecesOf } from '../../src/cli/terminal/line.ts'
import { parseAuthJson } from '../../src/credential/auth-json.ts'
import { managedLogin, type LoginOptions } from '../support/codex-login.ts'

const now = Math.floor(Date.now() / 1000)
const person = { accountId: 'account-1', userId: 'user-1' }

function holding(name: string, options: LoginOptions): SeenPlace {
  const credential = parseAuthJson(managedLogin({ ...person, ...options }).bytes)
  if (credential.kind !== 'managed') throw new Error('no login')
  return { name, where: 'store', sight: { kind: 'login', credential } }
}
const empty: SeenPlace = { name: 'empty', where: 'machine', sight: { kind: 'none' } }
const down: SeenPlace = { name: 'down', where: 'store', sight: { kind: 'unreadable', why: 'Refused.', wayOut: 'Start it.' } }
const shown = (seen: readonly SeenPlace[]): string =>
  statusLines(judgeStatus(seen, now, 3600), now)
    .map((line) =>
      piecesOf(line)
        .map(({ text }) => text)
        .join(''),
    )
    .join('\n')

describe('of several places', () => {
  test('the newest of an account is told, and the others are behind; another account has a newest of its own', () => {
    const other = holding('c', { accountId: 'account-2', userId: 'user-2', issuedAt: now - 900 })
    const { places, accounts } = judgeStatus(
      [holding('a', { issuedAt: now - 200 }), holding('b', { issuedAt: now - 100 }), other],
      now,
      3600,
    )
    expect(places.map(({ login }) => login?.rank)).toEqual(['behind', 'newest', 'newest'])
    expect(accounts).toHaveLength(2)
  })

  test('equal copies are all the newest', () => {
    const one = holding('a', {})
    expect(judgeStatus([one, { ...one, name: 'b' }], now, 3600).places.map(({ login }) => login?.rank)).toEqual(['newest', 'newest'])
  })

  test('a login is due from the window before its end on', () => {
    const { places } = judgeStatus([holding('a', { expiresIn: 3500 }), holding('b', { expiresIn: 3700 })], now, 3600)
    expect(places.map(({ login }) => login?.isDue)).toEqual([true, false])
  })
})

describe('a person', () => {
  test.each([
    ['must log in where no place holds a login', [empty], 'login'],
    ['may have to, where not every place could be read', [empty, down], 'unknown'],
    ['should see that the newest copy has ended', [holding('a', { expiresIn: -60 })], 'overdue'],
    ['has nothing to do where one place holds a login', [empty, down, holding('a', {})], 'not-now'],
  ])('%s', (_, seen, kind) => {
    expect(judgeStatus(seen, now, 3600).person.kind).toBe(kind)
  })
})

test('what could not be read stands below the table, with the way out', () => {
  expect(shown([holding('a', {}), down])).toContain('down could not be read: Refused.\n  Way out: Start it.')
})

test('what programs read is what the schema says, for every kind of place', () => {
  const kinds: SeenPlace[] = [
    holding('a', {}),
    empty,
    down,
    {
      name: 'hidden',
      where: 'store',
      sight: { kind: 'hidden' },
      facts: { writtenAt: '2026-01-02T03:04:05Z', issued: { iat: now, exp: now, lastRefresh: '' } },
    },
    { name: 'key', where: 'machine', sight: { kind: 'no-login', why: 'It is a key.' } },
    { name: 'cache', where: 'store', sight: { kind: 'out-of-reach', why: 'only a job' } },
  ]
  const json = statusJson(judgeStatus(kinds, now, 3600), now)
  expect(statusSchema.parse(json)).toEqual(json)
})
