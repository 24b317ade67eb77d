import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { managedLogin } from '../support/codex-login.ts'
import { pullRequestEvent, pushEvent } from '../support/fake-runner/events.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { JobSpec } from '../support/fake-runner/job-spec.ts'
import { authFileOf, codexStep, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { inRefreshWorld } from '../support/refresh-world.ts'
import { endRotatingWorlds, rotatingWorld } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'
import { call } from '../support/store-world.ts'

afterEach(endRotatingWorlds)

/** Everything that a person is told is wrong, in the order of the job. */
function diagnoses(job: Job): string[] {
  return job.annotations.filter(({ step }) => step === 'keeper').map(({ stage, level, message }) => `${stage} ${level}: ${message}`)
}

interface Mistake {
  readonly name: string
  /** In the place of right inputs. */
  readonly inputs?: Readonly<Record<string, string>>
  /** What the store holds. */
  readonly stored?: string
  /** The value of the secret in auth-json. */
  readonly seed?: string
  readonly spec?: Omit<Partial<JobSpec>, 'steps'>
  readonly says: string
}

const login = managedLogin()
const identity = await someIdentity()

const mistakes: Mistake[] = [
  {
    name: 'no permission to write',
    inputs: { 'prove-command': 'echo "you may only read" >&2; exit 77' },
    says: 'main error: No store can be written, so a refreshed login would be lost. command: prove-command ended with exit code 77: you may only read.\nWay out: Give this run the right to it; see its own message.',
  },
  {
    name: 'a seed that was cut',
    seed: login.text.slice(0, 900),
    says: "main error: The seed in auth-json cannot be used: auth.json: the document is not complete JSON.\nWay out: The secret must hold the whole file, and a copy of it by hand is easily cut. Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME",
  },
  {
    name: 'a seed of which the first line alone was stored',
    seed: '{',
    says: "main error: The seed in auth-json is the first line of an auth.json alone.\nWay out: The secret must hold the whole file, and a copy of it by hand is easily cut. Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME",
  },
  {
    name: 'an API key as the seed',
    seed: 'sk-proj-0123456789abcdefghij',
    says: 'main error: The seed in auth-json is an OpenAI API key (sk-…), not an auth.json.\nWay out: An API key needs no keeper: leave this action out and give Codex the key as CODEX_API_KEY. To use a ChatGPT plan instead: Log in ("codex login --device-auth" in a separate CODEX_HOME; where device login is switched off, plain "codex login", which opens a browser) and put that whole auth.json into the secret that auth-json comes from.',
  },
  {
    name: 'a refresh token as the seed',
    seed: 'rt_0123456789abcdefghij',
    says: "main error: The seed in auth-json is a bare refresh token (rt_…), not an auth.json.\nWay out: The secret must hold the whole file, and a copy of it by hand is easily cut. Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME",
  },
  {
    name: 'an access token as the seed',
    seed: 'at-0123456789abcdefghij',
    says: 'main error: The seed in auth-json is a Codex access token (at-…), not an auth.json.\nWay out: An access token needs no keeper, because nobody has to refresh it: leave this action out and give Codex the token as CODEX_ACCESS_TOKEN.',
  },
  {
    name: 'a personal access token as the seed',
    seed: JSON.stringify({ auth_mode: 'personalAccessToken', personal_access_token: 'at-0123456789abcdefghij' }),
    says: 'main error: The seed in auth-json holds a personal access token, not a ChatGPT login.\nWay out: A personal access token needs no keeper, because nobody has to refresh it: leave this action out, and log Codex in with "codex login --with-access-token" or CODEX_ACCESS_TOKEN.',
  },
  {
    name: 'the path of a file as the seed',
    seed: '~/.codex/auth.json',
    says: "main error: The seed in auth-json is the path of an auth.json, not what the file holds.\nWay out: The secret must hold the whole file, and a copy of it by hand is easily cut. Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME",
  },
  {
    name: 'a key that is missing',
    inputs: { store: 'git' },
    says: 'main error: encryption-key is needed: others can read the stores git and cache, so the login is sealed. Make one with age-keygen; if there is one, see that the secret has this name and that the event is given secrets.\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a public key',
    inputs: { store: 'git', 'encryption-key': `age1${'q'.repeat(58)}` },
    says: 'main error: encryption-key, line 1: a public key (age1…), which cannot open anything. Give the AGE-SECRET-KEY-1… line.\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a key that is wrong',
    inputs: { store: 'git', 'encryption-key': 'hunter2' },
    says: 'main error: encryption-key, line 1: neither an age identity (AGE-SECRET-KEY-1…) nor a passphrase of at least 32 characters.\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a store that is misspelt',
    inputs: { store: 'gti' },
    says: 'main error: store: "gti" is not one of runner | runner: /path | git | git: ?ref=refs/heads/codex-auth/SLOT | git: https://host/owner/repo?ref=refs/… | cache | github-secret: NAME?environment=prod | ssh: user@host:port/path/auth.json | kubernetes: namespace/secret-name | vault: https://host/mount/path?role=NAME | s3: bucket/key?region=NAME&role=ARN | command.\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'no store',
    inputs: { store: '' },
    says: 'main error: store is required: it says where the refreshed login is kept. Give one or more, one per line:\n  runner                                     a directory of this machine that outlives jobs (self-hosted)\n  runner: /path                              the same, in a directory of your choice\n  git                                        a ref of this repository, sealed\n  git: ?ref=refs/heads/codex-auth/SLOT       a ref of your choice, sealed, where the server refuses others\n  git: https://host/owner/repo?ref=refs/…    a ref of another repository, sealed\n  cache                                      the Actions cache, sealed, default branch only\n  github-secret: NAME?environment=prod       an environment secret, or without the ? a repository secret\n  ssh: user@host:port/path/auth.json         a file on a host of yours\n  kubernetes: namespace/secret-name          a Secret of the cluster that the runner pod is in\n  vault: https://host/mount/path?role=NAME   a secret in HashiCorp Vault or OpenBao (KV v2)\n  s3: bucket/key?region=NAME&role=ARN        an object in AWS S3; with endpoint=URL on another S3 server\n  command                                    your own read-command and write-command.\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a ref in the place of an address',
    inputs: { store: 'git: refs/heads/login', 'encryption-key': identity },
    says: 'main error: store: git: a ref of this repository is named after a "?": git: ?ref=refs/heads/….\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a home that nothing expands',
    inputs: { 'codex-home': '~/.codex' },
    says: 'main error: codex-home must be an absolute path, such as ${{ runner.temp }}/codex-home (nothing expands ~ here).\nWay out: Correct the inputs of this step; the README lists each of them.',
  },
  {
    name: 'a public repository',
    spec: pushEvent({ open: true }),
    says: 'main error: This repository is public: anyone can read its logs, refs and caches, and open pull requests that run in it.\nWay out: Keep the login in a private repository, or set allow-public-repository: true if you accept the risk.',
  },
  {
    name: 'Codex installed later',
    inputs: { refresh: 'always' },
    says: 'main error: refresh: always needs the Codex CLI, and there is no codex in PATH.\nWay out: Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.',
  },
  {
    name: 'no concurrency for a matrix',
    stored: login.text,
    seed: login.text,
    spec: { jobTotal: 4 },
    says: 'main warning: This job is one of 4 in a matrix; they run side by side and share one login, whose refresh token works once. No store listed here holds a lease, so as soon as the login is due, two of them may spend it. Keep the login in git, ssh or runner, or set max-parallel: 1, or give each matrix job a login and a slot of its own.',
  },
  {
    name: 'a secret that a fork is not given',
    inputs: { store: 'git' },
    seed: '',
    spec: pullRequestEvent({ fromFork: true }),
    says: 'main error: The pull request of this run comes from a fork, and GitHub gives such a run no secrets.\nWay out: Skip the job for forks (if: github.event.pull_request.head.repo.full_name == github.repository).',
  },
  {
    name: 'a secret that Dependabot is not given',
    inputs: { store: 'git' },
    seed: '',
    spec: { actor: 'dependabot[bot]' },
    says: "main error: Dependabot started this run, and GitHub gives such a run the secrets of Dependabot alone, not those of Actions.\nWay out: Skip the job for Dependabot (if: github.actor != 'dependabot[bot]'), or keep the same secrets as Dependabot secrets too.",
  },
  {
    name: 'a secret of an environment that the job does not name',
    seed: '',
    says: 'main error: There is no credential: the store is empty, CODEX_HOME has no auth.json, and auth-json is empty: no secret has that name for this run.\nWay out: Log in ("codex login --device-auth" in a separate CODEX_HOME; where device login is switched off, plain "codex login", which opens a browser) and put that whole auth.json into the secret that auth-json comes from. If it is there already, see that this event is given secrets and that the job names the environment it is in.',
  },
]

describe('A usual mistake has one diagnosis with a way out:', () => {
  test.concurrent.each(mistakes)('$name', async ({ inputs, stored, seed, spec, says }) => {
    const world = rotatingWorld()
    if (stored !== undefined) writeFileSync(world.store.file, stored)
    const given = { ...world.inputs, ...inputs }
    const job = await runWorkflow(world.machine, [keeperStep(given)], {
      secrets: seed === undefined ? world.secrets : { SEED: seed },
      ...spec,
    })
    expect(diagnoses(job)).toEqual([says])
  })
})

describe('A login that OpenAI refuses has one diagnosis with a way out:', () => {
  const tenDays = 864_000
  const wayOut =
    'Log in again ("codex login --device-auth" in a separate CODEX_HOME; where device login is switched off, plain "codex login", which opens a browser) and replace the secret that auth-json comes from.'

  test.concurrent.each([
    [
      'it expired',
      'refresh_token_expired',
      `main error: OpenAI says that the refresh token has expired: the login was not used for too long. No store holds a newer login, and the stored copies stay as they were.\nWay out: ${wayOut} Then let a weekly job keep it fresh.`,
    ],
    [
      'it was used elsewhere',
      'refresh_token_reused',
      `main error: OpenAI says that the refresh token was already used: another copy of this login was refreshed, an earlier job was lost between the refresh and the save, or an old stored copy was put back. No store holds a newer login, and the stored copies stay as they were.\nWay out: ${wayOut} Then let no other machine use that login.`,
    ],
  ] as const)('due, and %s: main says it, and post nothing more', async (_, code, says) => {
    await inRefreshWorld({}, async ({ openai, run }) => {
      openai.exchangeFault({ kind: 'refuse', code })
      const job = await run({}, [codexStep])
      expect(diagnoses(job)).toEqual([says])
      expect(job.stage('keeper').summary).toMatch(/^<h3>❌ Log in again: OpenAI says that the refresh token /)
      expect(job.stage('keeper', 'post').summary).toBe('')
    })
  })

  test.concurrent.each([
    ['was already used', 'refresh_token_reused', 'Then let no other machine use that login.'],
    ['was revoked', 'refresh_token_invalidated', ''],
  ] as const)('not due by its own date: Codex says that it %s, and post says what to do', async (words, code, more) => {
    await inRefreshWorld({ login: { expiresIn: tenDays } }, async ({ openai, login, run, stored }) => {
      openai.modelFault({ kind: 'status', status: 401, body: { error: { message: 'Your session has ended.', code: 'token_expired' } } })
      openai.exchangeFault({ kind: 'refuse', code })
      const job = await run({}, [codexStep])
      expect(job.stage('codex').conclusion).toBe('failure')
      const said = diagnoses(job)
      expect(said).toEqual([expect.stringMatching(new RegExp(`^post warning: OpenAI says that the (refresh token|login) ${words}`))])
      expect(said[0]).toContain(
        `No store holds a newer login, and the stored copies stay as they were. ${wayOut}${more === '' ? '' : ` ${more}`}`,
      )
      expect(job.stage('keeper', 'post').summary).toMatch(
        new RegExp(`^<h3>❌ Log in again: OpenAI says that the (refresh token|login) ${words}</h3>`),
      )
      expect(await stored()).toBe(login.text)
    })
  })

  test('a seed on many lines works, and it is said what GitHub makes of it', async () => {
    const world = rotatingWorld()
    const job = await runWorkflow(world.machine, [keeperStep(world.inputs)], { secrets: { SEED: world.seed.text } })
    expect([job.conclusion, diagnoses(job)]).toEqual(['success', []])
    expect(job.log).toContain('The secret in auth-json has more than one line, and GitHub masks every one of them')
  })

  test('after a main that failed for another reason, post has no second one', async () => {
    await inRefreshWorld({ codex: 'none' }, async ({ run }) => {
      const job = await run({ refresh: 'always' })
      expect(diagnoses(job)).toEqual([expect.stringContaining('main error: refresh: always needs the Codex CLI')])
      expect(job.stage('keeper', 'post').summary).toBe('')
    })
  })
})

describe('a step that writes what was there before', () => {
  test('is told of, because what Codex brought in between is gone', () =>
    inRefreshWorld({ login: { expiresIn: 864_000 } }, async ({ openai, run, machine, login: stored, outcomes }) => {
      const on = machine()
      const ended = call('ended', () => {
        openai.expireAccessTokens()
      })
      const putsBack = call('puts-back', () => {
        writeFileSync(authFileOf(on), stored.text)
      })
      const job = await run({}, [ended, codexStep, putsBack], { machine: on })
      expect([job.conclusion, outcomes()]).toEqual(['success', [['rotated'], []]])
      expect(diagnoses(job)).toEqual([expect.stringMatching(/^post warning: auth\.json was written in the middle of the job/)])
    }))

  test('is not seen where Codex alone has written, in main or after it', () =>
    inRefreshWorld({ login: { expiresIn: 864_000 } }, async ({ run, outcomes }) => {
      const job = await run({ refresh: 'always', 'smoke-test': 'true' }, [codexStep])
      expect([job.conclusion, outcomes(), diagnoses(job)]).toEqual(['success', [['rotated'], []], []])
    }))
})
