import { describe, expect, test } from '@jest/globals'
import { loginDocument } from '../../support/codex-login.ts'
import { quotaExceeded, usageLimit, type ExchangeFault } from '../../support/loopback-openai/faults.ts'
import { codexExec, type CodexRelease } from '../../support/real-codex.ts'
import { due, machines } from './machines.ts'

const machine = machines()
const releases: CodexRelease[] = ['pinned', 'older']
const events = (stdout: string): { type: string; message?: string; error?: { message: string } }[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string })

const refusals: { name: string; fault: ExchangeFault; because: string }[] = [
  {
    name: 'refresh_token_expired',
    fault: { kind: 'refuse', code: 'refresh_token_expired' },
    because: ' because your refresh token has expired.',
  },
  {
    name: 'refresh_token_reused',
    fault: { kind: 'refuse', code: 'refresh_token_reused' },
    because: ' because your refresh token was already used.',
  },
  {
    name: 'refresh_token_invalidated',
    fault: { kind: 'refuse', code: 'refresh_token_invalidated' },
    because: ' because your refresh token was revoked.',
  },
  { name: 'another 401', fault: { kind: 'refuse', code: 'app_session_terminated' }, because: '.' },
  { name: 'a 400 invalid_grant', fault: { kind: 'oauth-error', error: 'invalid_grant' }, because: '.' },
]

describe('How Codex fails', () => {
  test.each(refusals)('$name: its own message, exit code 1, the file untouched', async ({ fault, because }) => {
    const { openai, seed, home } = await machine({ login: due, enforce: true })
    openai.exchangeFault(fault)
    const end = await codexExec(home)
    expect(end.stderr).toContain(`ERROR: Your access token could not be refreshed${because} Please log out and sign in again.\n`)
    expect({ code: end.code, file: await home.authJson() }).toEqual({ code: 1, file: seed.text })
  })

  test.each(releases)('%s: with --json the message comes as error and turn.failed', async (release) => {
    const { openai, home } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_expired' })
    const end = await codexExec(home, { release, flags: ['--json', '--sandbox', 'read-only'] })
    const message = expect.stringContaining('because your refresh token has expired.') as unknown
    expect(events(end.stdout)).toEqual(
      expect.arrayContaining([
        { type: 'error', message },
        { type: 'turn.failed', error: { message } },
      ]),
    )
  })

  test('a refused refresh ends with exit code 0 while the old access token is still accepted', async () => {
    const { openai, seed, home } = await machine({ login: due })
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
    const end = await codexExec(home)
    expect({ code: end.code, stdout: end.stdout, file: await home.authJson() }).toEqual({ code: 0, stdout: 'OK\n', file: seed.text })
  })

  test('a dead refresh token is posted more than once in one run', async () => {
    const { openai, home, seedToken } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_invalidated' })
    await codexExec(home)
    expect(seedToken()?.presented).toBeGreaterThan(1)
  })

  test('a token endpoint that answers 500: exit code 1, its message, the file untouched', async () => {
    const { openai, seed, home, seedToken } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'status', status: 500 })
    const end = await codexExec(home)
    expect(end.stderr).toContain('Failed to refresh token: 500 Internal Server Error')
    expect({ code: end.code, file: await home.authJson() }).toEqual({ code: 1, file: seed.text })
    expect(new Set(seedToken()?.outcomes)).toEqual(new Set(['failed: 500']))
  })

  test.each([
    { name: 'usage limit', fault: usageLimit, says: 'You’ve hit your usage limit.' },
    { name: 'quota', fault: quotaExceeded, says: 'Quota exceeded. Check your plan and billing details.' },
  ])('a run that fails by $name has refreshed and saved before', async ({ fault, says }) => {
    const { openai, home } = await machine({ login: due })
    openai.modelFault(fault)
    const end = await codexExec(home)
    expect(end.stderr).toContain(says)
    expect(end.code).toBe(1)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('an answer that is lost after the server rotated leaves the old file, and the login is gone', async () => {
    const { openai, seed, home, seedToken } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'answer-lost' })
    expect((await codexExec(home)).code).toBe(1)
    expect(await home.authJson()).toBe(seed.text)
    expect(seedToken()?.outcomes.slice(0, 2)).toEqual(['rotated, answer lost', 'refused: refresh_token_reused'])
  })

  test('without last_refresh a good access token is not sent', async () => {
    const { openai, home } = await machine({ enforce: true, document: ({ tokens }) => loginDocument(tokens, null) })
    await codexExec(home)
    expect(openai.ledger().modelRefusals).toBeGreaterThan(0)
  })
})
