import { describe, expect, test } from '@jest/globals'
import { parseAuthJson, type ManagedCredential } from '../../src/credential/auth-json.ts'
import { accountHash, fingerprintOf, isAccountNamed, isSame, isSameAccount } from '../../src/credential/fingerprint.ts'
import { sha256 } from '../../src/sha256.ts'
import { loginDocument, managedLogin, type LoginOptions } from '../support/codex-login.ts'
import { print } from '../support/fingerprints.ts'

function credential(options?: LoginOptions): ManagedCredential {
  const parsed = parseAuthJson(managedLogin(options).bytes)
  if (parsed.kind !== 'managed') throw new Error(parsed.why)
  return parsed
}

describe('a fingerprint', () => {
  test('holds digests and times alone', () => {
    const login = credential({ email: 'someone@example.com' })
    const text = JSON.stringify(login.fingerprint)
    for (const secret of [login.refreshToken, login.accessToken, login.account.id, login.account.user ?? '-', 'someone']) {
      expect(text).not.toContain(secret)
    }
    expect(login.fingerprint.issued).toEqual(login.issued)
  })

  test('gives equal values in different places different digests', () => {
    const { tokens } = managedLogin()
    const same = 'the-same-value'
    const parsed = parseAuthJson(
      loginDocument({ ...tokens, access_token: same, refresh_token: same, account_id: same }, '2026-11-20T00:00:00Z').bytes,
    )
    if (parsed.kind !== 'managed') throw new Error(parsed.why)
    const { refreshToken, accessToken, account } = fingerprintOf({ ...parsed, account: { id: same, user: same } })
    expect(new Set([refreshToken, accessToken, account, sha256(same)]).size).toBe(4)
  })
})

describe('the same credential', () => {
  test('means both tokens, not one of them', () => {
    const base = print('a')
    expect(isSame(base, print('a', { iat: 5 }))).toBe(true)
    expect(isSame(base, { ...base, refreshToken: 'other' })).toBe(false)
    expect(isSame(base, { ...base, accessToken: 'other' })).toBe(false)
  })

  test.each([
    ['one account, no users', {}, {}, true],
    ['one account, one user', { user: 'one' }, { user: 'one' }, true],
    ['one account, two users of a workspace', { user: 'one' }, { user: 'two' }, false],
    ['one account, one of them names no user', { user: 'one' }, {}, true],
    ['two accounts', {}, { account: 'other' }, false],
    ['two accounts, one user', { user: 'one' }, { account: 'other', user: 'one' }, false],
  ])('same account: %s', (_, a, b, same) => {
    expect([isSameAccount(print('a', a), print('b', b)), isSameAccount(print('b', b), print('a', a))]).toEqual([same, same])
  })
})

test('an account can be named by its hash, in either case, or by its id, and by nothing else', () => {
  const login = credential({ accountId: 'acc-1', userId: 'user-1' })
  const { fingerprint } = login
  const hash = accountHash(fingerprint)
  expect(hash).toMatch(/^[0-9a-f]{12}$/)
  const named = (name: string): boolean => isAccountNamed(fingerprint, name)
  expect([named(hash), named(hash.toUpperCase()), named('acc-1')]).toEqual([true, true, true])
  expect([named('ACC-1'), named('user-1'), named(hash.slice(0, 11)), named('')]).toEqual([false, false, false, false])
})
