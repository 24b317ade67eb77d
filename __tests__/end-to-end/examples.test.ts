import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { generateX25519Identity } from 'age-encryption'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepFreshWorkflow } from '../../src/cli/setup/workflow-texts.ts'
import type { Login } from '../support/codex-login.ts'
import { startEtagServer } from '../support/etag-server.ts'
import { exampleJob, jobOf, shownJob, type Example, type Replacements } from '../support/example-jobs.ts'
import { pullRequestEvent, scheduleEvent, workflowDispatchEvent } from '../support/fake-runner/events.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { JobSpec } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import type { MachineKind } from '../support/fake-runner/machine-places.ts'
import { actionFolder, authFileOf, codexHomeOf, codexMachine, replaceProgram } from '../support/keeper-workflow.ts'
import { startLoopbackCache } from '../support/loopback-cache.ts'
import { loopbackGit } from '../support/loopback-git.ts'
import { loopbackIdTokens } from '../support/loopback-id-tokens.ts'
import { baoPlace, sharedOpenBao, trustIdTokens } from '../support/loopback-openbao.ts'
import { startLoopbackGithub, type LoopbackGithub } from '../support/loopback-github.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'
import { sharedSeaweed } from '../support/loopback-seaweedfs.ts'
import { startLoopbackSshd } from '../support/loopback-sshd.ts'
import { codexBinary, type CodexRelease } from '../support/real-codex.ts'
import { kubernetesPlace } from '../support/store-places/kubernetes.ts'

const repository = 'your-org/your-repo'
const due = { expiresIn: -60 }

/** What a repository with an example has set up: its secrets and variables, and the server behind the store. */
interface SetUp {
  readonly spec: () => Partial<JobSpec>
  readonly replacements?: Replacements
  /** What the machines have in their own environment. */
  readonly machineEnv?: Readonly<Record<string, string>>
  readonly codex?: CodexRelease | 'none'
  readonly onDisk?: boolean
}

let openai: LoopbackOpenAI
let github: LoopbackGithub
let ends: (() => unknown)[] = []
beforeEach(async () => {
  ;[openai, github] = await Promise.all([startLoopbackOpenAI({ enforce: true }), startLoopbackGithub()])
  ends = [() => openai.close(), () => github.close()]
  github.repository(repository, { environments: ['codex'] })
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
})

function machine(kind: MachineKind = 'hosted', { machineEnv = {}, codex = 'pinned', onDisk = false }: Partial<SetUp> = {}): Machine {
  const made = codexMachine({ openai, kind, env: machineEnv, codex, onDisk })
  ends.push(() => {
    made.destroy()
  })
  return made
}

/** GITHUB_TOKEN of a job with the permissions that an example asks for. */
function jobToken(): string {
  return github.token({ permissions: { metadata: 'read', contents: 'write', issues: 'write' }, login: 'github-actions[bot]' })
}

const setUps: Readonly<Record<string, (login: Login) => Promise<SetUp>>> = {
  git: sealedGit,
  matrix: sealedGit,
  cache: async (login) => {
    const [cache, key] = await Promise.all([startLoopbackCache(), generateX25519Identity()])
    ends.push(() => cache.close())
    const { ACTIONS_RESULTS_URL: resultsUrl = '', ACTIONS_RUNTIME_TOKEN: runtimeToken = '' } = cache.env
    return {
      spec: () => ({
        secrets: { CODEX_AUTH_SEED: login.text, CODEX_AUTH_KEY: key },
        services: { resultsUrl, runtimeToken, cacheServiceV2: true },
      }),
    }
  },
  'github-secret': (login) => {
    const vault = github.vault(repository, 'codex')
    vault.putSecret('CODEX_AUTH', login.text)
    const writer = github.token({ permissions: { secrets: 'write', environments: 'write', actions_variables: 'write' } })
    vault.putSecret('CODEX_AUTH_WRITER', writer)
    return Promise.resolve({ spec: () => ({ secrets: github.snapshotAtQueue(repository).snapshotAtStart('codex') }) })
  },
  ssh: async (login) => {
    const sshd = await startLoopbackSshd()
    ends.push(() => sshd.stop())
    return {
      spec: () => ({
        secrets: { CODEX_AUTH_SEED: login.text, CODEX_AUTH_SSH_KEY: sshd.key },
        vars: { CODEX_AUTH_KNOWN_HOSTS: sshd.knownHosts },
      }),
      replacements: {
        'codex@logins.example.com:22/srv/codex/auth.json': `${sshd.user}@${sshd.host}:${sshd.port}${join(sshd.directory, 'srv', 'auth.json')}`,
      },
    }
  },
  command: async (login) => {
    const server = await startEtagServer()
    ends.push(() => server.close())
    return {
      spec: () => ({
        secrets: { CODEX_AUTH_SEED: login.text, CODEX_AUTH_STORE_TOKEN: server.token },
        vars: { CODEX_AUTH_STORE_URL: server.url },
      }),
    }
  },
  kubernetes: async (login) => {
    const place = await kubernetesPlace()
    ends.push(() => place.close())
    return { spec: () => ({ secrets: { CODEX_AUTH_SEED: login.text } }), machineEnv: place.machineEnv }
  },
  vault: async (login) => {
    const { server: bao, release } = await sharedOpenBao()
    const [idTokens, place] = await Promise.all([loopbackIdTokens(), baoPlace(bao)])
    ends.push(release, () => idTokens.close())
    const { auth, role } = await trustIdTokens(bao, {
      issuer: idTokens.issuer,
      policy: place.policy,
      audience: 'https://vault.example.com',
    })
    await place.put({ 'auth.json': login.text })
    return {
      spec: () => ({ services: { idTokenUrl: idTokens.requestUrl, idToken: idTokens.requestToken } }),
      replacements: {
        'https://vault.example.com/secret/ci/codex?role=codex-auth': `${bao.origin}/secret/${place.path}?role=${role}&auth=${auth}`,
      },
    }
  },
  s3: async (login) => {
    const { server: seaweed, release } = await sharedSeaweed()
    const [idTokens, key] = await Promise.all([loopbackIdTokens(seaweed.issuer.issuer), generateX25519Identity()])
    ends.push(release, () => idTokens.close())
    return {
      spec: () => ({
        secrets: { CODEX_AUTH_SEED: login.text, CODEX_AUTH_KEY: key },
        services: { idTokenUrl: idTokens.requestUrl, idToken: idTokens.requestToken },
      }),
      replacements: {
        'your-bucket/codex/auth.json?region=eu-central-1': `${seaweed.bucket}/${randomUUID()}/auth.json?endpoint=${seaweed.origin}`,
        'arn:aws:iam::123456789012:role/codex-auth': seaweed.role,
      },
    }
  },
  organisation: (login) => {
    const secrets = github.vault(repository, 'codex')
    const app = github.app({ secrets: 'write', environments: 'write', actions_variables: 'write' }, [repository])
    secrets.putSecret('CODEX_AUTH', login.text)
    secrets.putSecret('CODEX_AUTH_APP_KEY', app.privateKey)
    return Promise.resolve({
      spec: () => ({ secrets: github.snapshotAtQueue(repository).snapshotAtStart('codex'), vars: { CODEX_AUTH_APP_ID: app.id } }),
    })
  },
  review: sealedGit,
  'scheduled-task': sealedGit,
  runner: seedAlone,
  'keep-fresh': sealedGit,
  'keep-fresh-self-hosted': seedAlone,
  'restore-at-job-start': sealedGit,
}

async function sealedGit(login: Login): Promise<SetUp> {
  const githubToken = jobToken()
  const [git, key] = await Promise.all([loopbackGit({ token: githubToken }), generateX25519Identity()])
  ends.push(() => git.close())
  return { spec: () => ({ githubToken, serverUrl: git.origin, secrets: { CODEX_AUTH_SEED: login.text, CODEX_AUTH_KEY: key } }) }
}

function seedAlone(login: Login): Promise<SetUp> {
  return Promise.resolve({ spec: () => ({ secrets: { CODEX_AUTH_SEED: login.text } }) })
}

function run(name: string, on: Machine, setUp: SetUp, event = workflowDispatchEvent(), job?: string): Promise<Job> {
  return runJob(exampleJob(name, setUp.replacements, job), on, setUp, event)
}

function runJob({ steps, env }: Example, on: Machine, { spec }: SetUp, event = workflowDispatchEvent()): Promise<Job> {
  return on.runJob({ ...event, apiUrl: github.url, githubToken: jobToken(), ...spec(), steps, env })
}

describe('The workflows that README.md and docs/codex-action.md show', () => {
  test('keep one login alive between them, and the answer of Codex becomes an output', async () => {
    const setUp = await sealedGit(openai.login({ expiresIn: 3 * 86_400 }))
    const read = await runJob(shownJob('README.md', 'Codex'), machine(), setUp)
    expect(read.conclusion).toBe('success')
    const kept = await runJob(shownJob('README.md', 'Keep the Codex login fresh'), machine(), setUp, scheduleEvent())
    expect(kept.conclusion).toBe('success')
    openai.expireAccessTokens()
    const answered = await runJob(shownJob('docs/codex-action.md', 'Codex'), machine(), setUp)
    expect(answered.conclusion).toBe('success')
    expect(answered.stage('codex').outputs['final-message']?.trim()).toBe('OK')
    expect(answered.stages.at(-2)?.summary).toBe('OK\n')
    expect(outcomes()).toEqual([['rotated'], ['rotated'], []])
  })
})

/** Puts a `gh` on the machine that does nothing but note its arguments and the file that it was to send; answers with the note. */
function standInForGh(on: Machine): () => string {
  const note = join(on.root, 'gh.txt')
  replaceProgram(on, 'gh', `#!/bin/bash\n{ echo "$*"; cat "\${@: -1}"; } >>'${note}'\n`)
  return () => (existsSync(note) ? readFileSync(note, 'utf8').trim() : '')
}

function outcomes(): readonly (readonly string[])[] {
  return openai.ledger().tokens.map((token) => token.outcomes)
}

test('each example is run here', () => {
  const files = readdirSync(join(actionFolder, 'examples')).flatMap((file) =>
    file.endsWith('.yml') ? [file.slice(0, -'.yml'.length)] : [],
  )
  expect(Object.keys(setUps).sort()).toEqual(files.sort())
})

describe('examples/', () => {
  test.each(['git', 'cache', 'github-secret', 'ssh', 'command', 'kubernetes', 'vault', 's3'])(
    '%s.yml: each run on a new machine finds what the last one stored',
    async (name) => {
      const setUp = (await setUps[name]?.(openai.login(due))) as SetUp
      const first = machine('hosted', setUp)
      expect((await run(name, first, setUp)).conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(existsSync(authFileOf(first))).toBe(false)
      openai.expireAccessTokens()
      // Codex refreshes in the middle of its work, and post stores that.
      expect((await run(name, machine('hosted', setUp), setUp, scheduleEvent())).conclusion).toBe('success')
      expect((await run(name, machine('hosted', setUp), setUp)).conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], ['rotated'], []])
    },
  )

  test('runner.yml: one machine, and a copy beside CODEX_HOME', async () => {
    const setUp = await seedAlone(openai.login(due))
    const on = machine('self-hosted')
    expect((await run('runner', on, setUp)).conclusion).toBe('success')
    expect(readdirSync(join(on.home, '.codex-auth-keeper', 'default'))).not.toEqual([])
    expect((await run('runner', on, setUp)).conclusion).toBe('success')
    expect(outcomes()).toEqual([['rotated'], []])
  })

  test.each([
    { codex: 'pinned' as const, installs: [] },
    { codex: 'none' as const, installs: ['install --global --prefix HOME/.local @openai/codex@0.169.0'] },
  ])('runner.yml leaves the Codex of the machine as it is ($codex), and puts one into the home where there is none', async (found) => {
    const setUp = await seedAlone(openai.login(due))
    const on = machine('self-hosted', { codex: found.codex })
    const log = join(on.root, 'npm.log')
    const link = `ln -s '${codexBinary()}' "$HOME/.local/bin/codex"`
    replaceProgram(on, 'npm', `#!/bin/sh\necho "$*" >>'${log}'\nmkdir -p "$HOME/.local/bin" && ${link}\n`)
    expect((await run('runner', on, setUp)).conclusion).toBe('success')
    expect((await run('runner', on, setUp)).conclusion).toBe('success')
    const installs = existsSync(log) ? readFileSync(log, 'utf8').replaceAll(on.home, 'HOME').trim().split('\n') : []
    expect(installs).toEqual(found.installs)
    expect(outcomes()).toEqual([['rotated'], []])
  })

  test('organisation.yml: the App writes what Codex refreshed, in the week and in the work', async () => {
    const setUp = (await setUps['organisation']?.(openai.login({ expiresIn: 3 * 86_400 }))) as SetUp
    expect((await run('organisation', machine(), setUp, scheduleEvent(), 'keep-fresh')).conclusion).toBe('success')
    openai.expireAccessTokens()
    expect((await run('organisation', machine(), setUp, workflowDispatchEvent(), 'codex')).conclusion).toBe('success')
    expect((await run('organisation', machine(), setUp, workflowDispatchEvent(), 'codex')).conclusion).toBe('success')
    expect(outcomes()).toEqual([['rotated'], ['rotated'], []])
  })

  test('review.yml: the model sees the change and not the login, and what it says becomes the comment', async () => {
    const setUp = await sealedGit(openai.login(due))
    const on = machine('hosted', { onDisk: true })
    const gh = standInForGh(on)
    openai.modelTurns({ kind: 'command', cmd: `git diff HEAD^1 HEAD; cat ${codexHomeOf(on)}/auth.json` })
    const job = await run('review', on, setUp, pullRequestEvent())
    expect(job.conclusion).toBe('success')
    const seen = openai.modelInputs().at(-1) ?? ''
    expect(seen).toContain('+Twelve jobs at once.')
    expect(seen).toContain('Permission denied')
    expect(gh()).toMatch(/^pr comment 7 --edit-last --create-if-none --body-file \S+\nOK$/)
    expect(outcomes()).toEqual([['rotated'], []])
  })

  test.each([
    {
      says: 'README.md, line 1: there are ten jobs.',
      reported: /^issue create --title .* --body-file \S+\nREADME.md, line 1: there are ten jobs.$/,
    },
    { says: 'NOTHING', reported: /^$/ },
  ])('scheduled-task.yml: "$says" of the model becomes an issue, or none', async ({ says, reported }) => {
    const setUp = await sealedGit(openai.login({ expiresIn: 3 * 86_400 }))
    const on = machine()
    const gh = standInForGh(on)
    openai.modelTurns({ kind: 'text', text: says })
    expect((await run('scheduled-task', on, setUp, scheduleEvent())).conclusion).toBe('success')
    expect(gh()).toMatch(reported)
    expect(outcomes()).toEqual([['rotated'], []])
  })

  test('restore-at-job-start.yml: the login is there before the first step, and refreshed', async () => {
    const setUp = await sealedGit(openai.login(due))
    const job = await run('restore-at-job-start', machine('self-hosted'), setUp)
    expect(job.conclusion).toBe('success')
    expect(job.stages.map(({ step, stage }) => `${stage} ${step}`)).toEqual(['pre keeper', 'main keeper', 'main step-1', 'post keeper'])
    expect(job.stage('keeper', 'pre').log.join('\n')).toContain('Codex login refreshed before the job goes on')
    expect(job.stage('step-1').stdout).toContain('OK')
    expect(outcomes()).toEqual([['rotated'], []])
  })

  test('matrix.yml: jobs at once on a due login are one exchange, and the job beside them keeps it fresh', async () => {
    const setUp = await sealedGit(openai.login({ expiresIn: 3_600 }))
    const jobOf = (name: string, event = workflowDispatchEvent(), part = '1'): Promise<Job> => {
      const { steps, env } = exampleJob('matrix', setUp.replacements, name)
      return machine().runJob({
        ...event,
        apiUrl: github.url,
        githubToken: jobToken(),
        ...setUp.spec(),
        steps,
        env,
        jobTotal: 10,
        matrix: { part },
      })
    }
    const jobs = await Promise.all(['1', '2', '3'].map((part) => jobOf('codex', undefined, part)))
    expect(jobs.map(({ conclusion, annotations }) => [conclusion, annotations])).toEqual(jobs.map(() => ['success', []]))
    expect(outcomes()).toEqual([['rotated'], []])
    expect((await jobOf('keep-fresh', scheduleEvent())).conclusion).toBe('success')
    expect(outcomes()).toEqual([['rotated'], ['rotated'], []])
  }, 120_000)

  test.each(['keep-fresh', 'keep-fresh-self-hosted'])(
    '%s.yml refreshes on day 7, although Codex alone would not, and proves the login',
    async (name) => {
      const day7 = { expiresIn: 3 * 86_400 }
      const setUp = (await setUps[name]?.(openai.login(day7))) as SetUp
      const job = await run(name, machine(name === 'keep-fresh' ? 'hosted' : 'self-hosted'), setUp, scheduleEvent())
      expect(job.conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(openai.ledger().tokens[0]?.reasons).toEqual(['forced'])
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true', 'needs-reseed': 'false' })
      expect(job.log).toContain('Codex login proved by a smoke test')
      expect(job.stage('keeper').summary).toMatch(/Codex login refreshed before the job goes on[\s\S]*proved by a smoke test/)
    },
  )

  test.each(['cache', 'github-secret', 'ssh', 'kubernetes', 'vault', 's3'])(
    'keep-fresh.yml, as setup makes it for %s.yml, refreshes on day 7 what that one uses',
    async (name) => {
      const text = (file: string): string => readFileSync(join(actionFolder, 'examples', `${file}.yml`), 'utf8')
      const setUp = (await setUps[name]?.(openai.login({ expiresIn: 3 * 86_400 }))) as SetUp
      const keepFresh = jobOf(name, keepFreshWorkflow(text('keep-fresh'), text(name)), setUp.replacements ?? {}, undefined)
      const kept = await runJob(keepFresh, machine('hosted', setUp), setUp, scheduleEvent())
      expect([kept.conclusion, kept.stage('keeper').outputs['stored']]).toEqual(['success', 'true'])
      expect((await run(name, machine('hosted', setUp), setUp)).conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
    },
  )
})
