import { expect, test } from '@jest/globals'
import { refreshReport } from '../../../src/action/report/refresh-report.ts'
import { KeeperError } from '../../../src/keeper-error.ts'
import { managedLogin } from '../../support/codex-login.ts'
import { credentialOf, fingerprintOfLogin } from '../../support/keeper-world.ts'

const login = managedLogin()
const overtaken = {
  kind: 'overtaken',
  store: 'git',
  credential: credentialOf(login),
  standing: { base: fingerprintOfLogin(login), lastSeen: {} },
} as const

test.each([
  ['refused', /OpenAI refused our copy/],
  ['waiting', /while this one waited for its turn.*nothing was spent here/],
] as const)('the copy of another job that came after %s is told as such, without a warning', (after, words) => {
  const report = refreshReport({ ...overtaken, after }, true, { refreshWindow: 43_200, now: login.claims.issuedAt })
  expect(report?.title).toBe('Codex login refreshed by another job, taken from git')
  expect([report?.lines.join(' '), report?.annotations]).toEqual([expect.stringMatching(words), []])
  expect(JSON.stringify(report?.summary)).toContain('Access token ends: ')
})

test('a lease that cannot be had is a warning where the login is not due; where it is, the step says why it fails', () => {
  const error = new KeeperError('store-unreachable', 'No answer.', 'Try again.')
  const report = refreshReport({ kind: 'no-lease', store: 'git', error, due: false }, false, { refreshWindow: 0, now: 0 })
  expect(report?.annotations).toEqual([
    { level: 'warning', text: expect.stringContaining('nothing was spent. No answer. Try again. The job goes on') as unknown },
  ])
  expect(refreshReport({ kind: 'no-lease', store: 'git', error, due: true }, true, { refreshWindow: 0, now: 0 })).toBeUndefined()
})
