import { describe, expect, test } from '@jest/globals'
import { answersWell, standIn, withoutAppServer } from '../support/codex-stand-ins.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import { codexStep } from '../support/keeper-workflow.ts'
import { modelDown, quotaExceeded, usageLimit, type ExchangeFault } from '../support/loopback-openai/faults.ts'
import type { LoopbackOpenAI } from '../support/loopback-openai.ts'
import type { CodexRelease } from '../support/real-codex.ts'
import { inRefreshWorld, shownBy } from '../support/refresh-world.ts'

const next: CallStep = { id: 'next', call: () => undefined }
const inAnHour = { expiresIn: 3600 }
const logInAnew =
  'Log in again ("codex login --device-auth" in a separate CODEX_HOME; where device login is switched off, plain "codex login", which opens a browser) and replace the secret that auth-json comes from.'

// Most of each test is the wait for a newer copy of another job, so they wait together.
describe('A refresh that OpenAI refuses makes main red before the job goes on, and says that a person is needed', () => {
  const refuse = (code: Extract<ExchangeFault, { kind: 'refuse' }>['code']): ExchangeFault => ({ kind: 'refuse', code })
  const cases: { name: string; fault: ExchangeFault; cause: string; codex?: CodexRelease; expiresIn?: number }[] = [
    {
      name: 'reused',
      fault: refuse('refresh_token_reused'),
      cause: 'the refresh token was already used: another copy of this login was refreshed',
    },
    {
      name: 'expired',
      fault: refuse('refresh_token_expired'),
      cause: 'the refresh token has expired: the login was not used for too long',
    },
    { name: 'revoked', fault: refuse('refresh_token_invalidated'), cause: 'the login was revoked: someone logged out' },
    { name: 'session ended', fault: refuse('app_session_terminated'), cause: 'OpenAI refused the refresh token' },
    { name: 'invalid_grant', fault: { kind: 'oauth-error', error: 'invalid_grant' }, cause: 'OpenAI refused the refresh token' },
    {
      name: 'asked for a refresh, Codex 0.169 does not say why',
      fault: refuse('refresh_token_expired'),
      expiresIn: 3600,
      cause: 'OpenAI refused the refresh token',
    },
    {
      name: 'asked for a refresh, the older Codex does',
      fault: refuse('refresh_token_expired'),
      expiresIn: 3600,
      codex: 'older',
      cause: 'the refresh token has expired',
    },
  ]
  test.concurrent.each(cases)('$name', async ({ fault, cause, codex = 'pinned', expiresIn = -60 }) => {
    await inRefreshWorld({ codex, login: { expiresIn } }, async ({ openai, run, stored, login }) => {
      openai.exchangeFault(fault)
      const job = await run({}, [next])
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'failure', next: false })
      expect(job.stage('keeper').outputs).toMatchObject({ 'needs-reseed': 'true', refreshed: 'false' })
      const shown = errorOf(job)
      expect(shown).toContain(cause)
      expect(shown).toContain('No store holds a newer login, and the stored copies stay as they were.')
      expect(shown).toContain(`Way out: ${logInAnew}`)
      expect(job.stage('keeper').summary).toContain(cause)
      expect(await stored()).toBe(login.text)
    })
  })

  test.concurrent('a seed that is older than the dead stored copy is named', async () => {
    await inRefreshWorld({}, async ({ place, openai, login, run }) => {
      const { accountId, userId, email, plan, issuedAt } = login.claims
      const stored = openai.login({ accountId, userId, email, plan, issuedAt: issuedAt + 60, expiresIn: -1 })
      await place.put(stored.bytes)
      openai.revoke(stored)
      const job = await run({}, [next])
      expect(job.conclusion).toBe('failure')
      expect(errorOf(job)).toContain('The seed in auth-json is older than this copy, so it is spent too.')
      expect(openai.ledger().tokens[0]).toMatchObject({ refreshToken: login.tokens.refresh_token, presented: 0 })
    })
  })
})

describe('A refresh that fails and may work later is a warning, and the job goes on', () => {
  test.concurrent.each<{ name: string; fault: ExchangeFault; expiresIn: number; words: string }>([
    { name: 'no connection', fault: { kind: 'cut' }, expiresIn: -60, words: 'Codex could not reach OpenAI.' },
    {
      name: 'no connection, and Codex says nothing',
      fault: { kind: 'cut' },
      expiresIn: 3600,
      words: 'It gave no reason, as when it cannot reach OpenAI.',
    },
    { name: 'a server error', fault: { kind: 'status', status: 500 }, expiresIn: -60, words: "OpenAI's server failed." },
    { name: 'a server error when asked', fault: { kind: 'status', status: 503 }, expiresIn: 3600, words: "OpenAI's server failed." },
    { name: 'too many requests', fault: { kind: 'status', status: 429 }, expiresIn: 3600, words: "OpenAI's server failed." },
  ])('$name', async ({ fault, expiresIn, words }) => {
    await inRefreshWorld({ login: { expiresIn } }, async ({ openai, run, stored, login }) => {
      openai.exchangeFault(fault)
      const job = await run({}, [next])
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'success', next: true })
      expect(warningsOf(job)).toContain(`Codex was asked to refresh the login and left it as it was. ${words}`)
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'false', 'needs-reseed': 'false' })
      expect(await stored()).toBe(login.text)
    })
  })
})

describe('A Codex that behaves in another way', () => {
  test('ends well without a refresh: a warning, and the job goes on', async () => {
    await inRefreshWorld({ login: inAnHour }, async ({ run, machine, stored, login }) => {
      const on = machine()
      standIn(on, { onAccountRead: answersWell })
      const job = await run({}, [next], { machine: on })
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'success', next: true })
      expect(warningsOf(job)).toContain('Codex was asked to refresh the login and left it as it was.')
      expect(await stored()).toBe(login.text)
    })
  })

  test.each([
    { name: 'fails after it has written the file', does: 'cp "$refreshed" "$CODEX_HOME/auth.json"; exit 1' },
    {
      name: 'answers with a refusal after it has written the file',
      does: `cp "$refreshed" "$CODEX_HOME/auth.json"; echo '{"id":1,"result":{"account":null}}'`,
    },
    {
      name: 'has written half of the file when it answers',
      does: `head -c 900 "$refreshed" > "$CODEX_HOME/auth.json"; ${answersWell}; (sleep 0.2; tail -c +901 "$refreshed" >> "$CODEX_HOME/auth.json") &`,
    },
  ])('$name: what is in the file counts, and is stored', async ({ does }) => {
    await inRefreshWorld({ login: inAnHour }, async ({ openai, login, run, machine, stored }) => {
      const { accountId, userId, email, plan } = login.claims
      const refreshed = openai.login({ accountId, userId, email, plan })
      const on = machine()
      standIn(on, { onAccountRead: does, refreshed })
      const job = await run({}, [next], { machine: on })
      expect(job.conclusion).toBe('success')
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
      expect(await stored()).toBe(refreshed.text)
    })
  })

  test('has no app-server: a short codex exec refreshes what runs out', async () => {
    await inRefreshWorld({ codex: { script: withoutAppServer } }, async ({ openai, run, outcomes, stored, newest }) => {
      const job = await run({}, [codexStep])
      expect(job.conclusion).toBe('success')
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
      expect(openai.modelInputs()[0]).toContain('Reply exactly: OK')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
    })
  })

  test('cannot be started: red, with the way out', async () => {
    await inRefreshWorld({ codex: { script: '#!/nonexistent/interpreter\n' } }, async ({ run }) => {
      const job = await run({}, [next])
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'failure', next: false })
      expect(errorOf(job)).toMatch(/Codex could not be started[\s\S]*Way out: Install a Codex CLI that runs on this machine/)
    })
  })
})

describe('A smoke test that fails makes main red', () => {
  const model =
    (fault: typeof modelDown) =>
    (openai: LoopbackOpenAI): void => {
      openai.modelFault(fault)
    }
  test.concurrent.each<{
    name: string
    breaks: (openai: LoopbackOpenAI) => void
    words: string
    needsReseed: boolean
    codex?: CodexRelease
  }>([
    { name: 'usage limit', breaks: model(usageLimit), words: 'The login works, but its usage limit is reached.', needsReseed: false },
    {
      name: 'usage limit, the older Codex',
      breaks: model(usageLimit),
      codex: 'older',
      words: 'its usage limit is reached.',
      needsReseed: false,
    },
    { name: 'quota', breaks: model(quotaExceeded), words: 'The login works, but its usage limit is reached.', needsReseed: false },
    { name: 'server error', breaks: model(modelDown), words: "OpenAI's server failed.", needsReseed: false },
    {
      name: 'logged out elsewhere',
      breaks: (openai) => {
        openai.expireAccessTokens()
        openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_invalidated' })
      },
      words: 'the login was revoked: someone logged out',
      needsReseed: true,
    },
    {
      name: 'not accepted although it could be refreshed',
      breaks: model({ kind: 'status', status: 401, body: { error: { message: 'No.' } } }),
      words: 'OpenAI does not accept this login',
      needsReseed: true,
    },
  ])('$name', async ({ breaks, words, needsReseed, codex = 'pinned' }) => {
    await inRefreshWorld({ login: {}, codex }, async ({ openai, run, stored, newest }) => {
      breaks(openai)
      const job = await run({ 'smoke-test': 'true' }, [next])
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'failure', next: false })
      expect(errorOf(job)).toContain(`The smoke test failed. `)
      expect(errorOf(job)).toContain(words)
      expect(job.stage('keeper').outputs['needs-reseed']).toBe(String(needsReseed))
      // Whatever it rotated before it failed is there.
      expect(await stored()).toContain(newest())
    })
  })

  test('without a Codex CLI it says how to get one', async () => {
    await inRefreshWorld({ login: {}, codex: 'none' }, async ({ run }) => {
      const job = await run({ 'smoke-test': 'true' })
      expect(job.conclusion).toBe('failure')
      expect(errorOf(job)).toMatch(/smoke-test needs the Codex CLI[\s\S]*Way out: Install it before this step/)
    })
  })
})

/** The error that made main red, as a person sees it in log and summary. */
function errorOf(job: Job): string {
  const errors = job.annotations.filter(({ level, stage }) => level === 'error' && stage === 'main')
  expect(errors).toHaveLength(1)
  expect(shownBy(job)).not.toContain('This is not expected')
  return errors[0]?.message ?? ''
}

function warningsOf(job: Job): string {
  return job.annotations
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => message)
    .join('\n')
}
