import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  issueCommentEvent,
  namedEvent,
  pullRequestEvent,
  pullRequestTargetEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
  workflowRunEvent,
  type EventSpec,
} from '../support/fake-runner/events.ts'
import type { Login } from '../support/codex-login.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { CallStep, JobSpec } from '../support/fake-runner/job-spec.ts'
import { authFileText, codexHomeOf, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { startLoopbackGithub, type LoopbackGithub } from '../support/loopback-github.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'
import { endRotatingWorlds, errorsOf, rotatingWorld, withCodex, type RotatingWorld } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

/** A job whose keeper would refresh and test the login at once, were it let. */
function eagerJob(
  { machine, inputs, secrets }: RotatingWorld,
  more: Readonly<Record<string, string>>,
  spec: Omit<Partial<JobSpec>, 'steps'>,
): Promise<Job> {
  withCodex(machine, `echo called >> '${machine.root}/codex-calls'; exit 1`)
  return runWorkflow(machine, [keeperStep({ ...inputs, refresh: 'always', 'smoke-test': 'true', ...more })], { secrets, ...spec })
}

/** Main is red with this message and way out; nothing was installed, read, written or asked of Codex. */
function expectRefused(job: Job, { machine, store }: RotatingWorld, message: RegExp, wayOut: RegExp): void {
  expect(errorsOf(job, 'main')).toMatch(message)
  expect(errorsOf(job, 'main')).toMatch(new RegExp(`Way out: [\\s\\S]*${wayOut.source}`))
  expect(job.stage('keeper').summary.replaceAll('&quot;', '"')).toMatch(message)
  expect(job.stage('keeper').conclusion).toBe('failure')
  expect(job.stage('keeper').outputs).toEqual({})
  expect(job.stage('keeper', 'post')).toMatchObject({ conclusion: 'success', summary: '' })
  expect(authFileText(machine)).toBeUndefined()
  expect(machine.files().map(({ name }) => name)).not.toContain('codex-calls')
  expect(store.text()).toBeUndefined()
}

describe('a run that outsiders can steer or read', () => {
  const fork = /comes from a fork, and whoever steers Codex in this run can read the login/
  const untrusted = /push, schedule or workflow_dispatch.*allow-untrusted-event: true/
  const publicWayOut = /private repository, or set allow-public-repository: true/

  test.each<[string, EventSpec, RegExp, RegExp]>([
    ['a pull request of a fork', pullRequestEvent({ fromFork: true }), fork, untrusted],
    ['pull_request_target of a fork', pullRequestTargetEvent({ fromFork: true }), fork, untrusted],
    ['issue_comment', issueCommentEvent(), /Anyone who can comment can start an issue_comment event/, untrusted],
    ['workflow_run of a fork', workflowRunEvent({ fromFork: true }), /workflow_run event was started by a run of a fork/, untrusted],
    ['a push to a public repository', pushEvent({ open: true }), /This repository is public/, publicWayOut],
    ['a pull request in a public repository', pullRequestEvent({ open: true }), /This repository is public/, publicWayOut],
  ])('%s is refused', async (_, event, message, wayOut) => {
    const world = rotatingWorld()
    const job = await eagerJob(world, {}, event)
    expectRefused(job, world, message, wayOut)
    expect(world.store.operations()).toEqual([])
  })

  test.each<[string, EventSpec]>([
    ['a push', pushEvent()],
    ['workflow_dispatch', workflowDispatchEvent()],
    ['a pull request of the repository itself', pullRequestEvent()],
    ['pull_request_target of the repository itself', pullRequestTargetEvent()],
    ['workflow_run of the repository itself', workflowRunEvent()],
  ])('%s of a private repository is trusted', async (_, event) => {
    const { machine, inputs, secrets, seed } = rotatingWorld()
    await runAndSee(machine, inputs, { secrets, ...event }, seed)
  })

  test.each<[string, EventSpec, Record<string, string>]>([
    ['allow-untrusted-event', pullRequestTargetEvent({ fromFork: true }), { 'allow-untrusted-event': 'true' }],
    ['allow-untrusted-event', issueCommentEvent(), { 'allow-untrusted-event': 'true' }],
    ['allow-public-repository', pushEvent({ open: true }), { 'allow-public-repository': 'true' }],
  ])('%s lets it through', async (_, event, allowed) => {
    const { machine, inputs, secrets, seed } = rotatingWorld()
    await runAndSee(machine, { ...inputs, ...allowed }, { secrets, ...event }, seed)
  })

  const allowed = { 'allow-public-repository': 'true' }
  const byAnyone = (name: string): RegExp => new RegExp(`Anyone can start ${name} in a public repository`)
  const byMembers = (name: string): RegExp => new RegExp(`Any member of the enterprise can start ${name} in an internal repository`)
  test.each<[string, EventSpec, Readonly<Record<string, string>>, RegExp]>([
    ...['pull_request_review', 'pull_request_review_comment', 'gollum', 'issues'].flatMap(
      (name): [string, EventSpec, Readonly<Record<string, string>>, RegExp][] => [
        [`${name} in a public repository`, namedEvent(name, { open: true }), allowed, byAnyone(name)],
        [
          `workflow_run after ${name} in a public repository`,
          workflowRunEvent({ open: true, after: name }),
          allowed,
          new RegExp(`was started by ${name}, which outsiders can start`),
        ],
      ],
    ),
    ['issues in an internal repository', namedEvent('issues', { internal: true }), {}, byMembers('issues')],
    ['a discussion in an internal repository', namedEvent('discussion', { internal: true }), {}, byMembers('discussion')],
    ['an event that nobody knows', namedEvent('something_new'), {}, /It is not known who can start something_new/],
  ])('%s is refused, for what is not known to be harmless is not let in', async (_, event, inputs, message) => {
    const world = rotatingWorld()
    expectRefused(await eagerJob(world, inputs, event), world, message, untrusted)
  })

  test.each<[string, EventSpec, RegExp, RegExp]>([
    ['that the repository is private', pushEvent({ open: true }), /This repository is public/, publicWayOut],
    ['that the pull request is not from a fork', pullRequestEvent({ fromFork: true }), fork, untrusted],
  ])('a step that rewrites the event file to say %s changes nothing', async (_, event, message, wayOut) => {
    const world = rotatingWorld()
    const { machine, inputs, secrets } = world
    const lies: CallStep = {
      id: 'lies',
      call: ({ GITHUB_EVENT_PATH = '', GITHUB_ENV = '' }) => {
        writeFileSync(GITHUB_EVENT_PATH, JSON.stringify(pullRequestEvent().event.payload))
        writeFileSync(GITHUB_ENV, 'GITHUB_EVENT_NAME=push\nINPUT_RUN-FACTS=private=true\nGITHUB_REPOSITORY=your-org/closed\n')
      },
    }
    const job = await runWorkflow(machine, [lies, keeperStep(inputs)], { secrets, ...event })
    expectRefused(job, world, message, wayOut)
  })

  test('each allow- input speaks for its own danger alone', async () => {
    const world = rotatingWorld()
    const publicFork = pullRequestTargetEvent({ open: true, fromFork: true })
    expectRefused(await eagerJob(world, { 'allow-public-repository': 'true' }, publicFork), world, fork, untrusted)
    expectRefused(await eagerJob(world, { 'allow-untrusted-event': 'true' }, publicFork), world, /This repository is public/, publicWayOut)
  })

  async function runAndSee(
    machine: RotatingWorld['machine'],
    inputs: Readonly<Record<string, string>>,
    spec: Omit<Partial<JobSpec>, 'steps'>,
    { tokens }: Login,
  ): Promise<void> {
    const seen: unknown[] = []
    const job = await runWorkflow(
      machine,
      [
        keeperStep(inputs),
        {
          id: 'looks',
          call: () => {
            seen.push(authFileText(machine)?.includes(tokens.refresh_token))
          },
        },
      ],
      spec,
    )
    expect([job.conclusion, seen]).toEqual(['success', [true]])
  }
})

describe('a schedule, whose event does not name the repository', () => {
  let github: LoopbackGithub
  beforeAll(async () => {
    github = await startLoopbackGithub()
    github.repository('your-org/your-repo')
    github.repository('your-org/open', { private: false })
  })
  afterAll(() => github.close())

  const scheduled = (
    repository = 'your-org/your-repo',
    githubToken = github.token({ permissions: { metadata: 'read' } }),
  ): Omit<Partial<JobSpec>, 'steps'> => ({ ...scheduleEvent({ repository }), apiUrl: github.url, githubToken })

  test('is trusted when the API says that the repository is private', async () => {
    const { machine, inputs, secrets } = rotatingWorld()
    const before = github.paths.length
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets, ...scheduled() })
    expect(job.conclusion).toBe('success')
    expect(github.paths.slice(before)).toEqual(['GET /repos/your-org/your-repo'])
  })

  test('is refused when the API says that it is public', async () => {
    const world = rotatingWorld()
    expectRefused(
      await eagerJob(world, {}, scheduled('your-org/open')),
      world,
      /This repository is public/,
      /allow-public-repository: true/,
    )
  })

  test.each<[string, () => Omit<Partial<JobSpec>, 'steps'>]>([
    ['does not know the token', () => scheduled('your-org/your-repo', 'ghs_nobodyKnowsThisOne')],
    ['does not know the repository', () => scheduled('your-org/elsewhere')],
  ])('is refused as unknown when the API %s', async (_, spec) => {
    const world = rotatingWorld()
    expectRefused(
      await eagerJob(world, {}, spec()),
      world,
      /It is unknown whether this repository is public/,
      /allow-public-repository: true/,
    )
  })

  test('is refused as unknown when an answer that is no 200 says that it is private', async () => {
    const world = rotatingWorld()
    github.inject('any', { kind: 'status', status: 404, body: { private: true, visibility: 'private', default_branch: 'main' } })
    const job = await eagerJob(world, {}, scheduled())
    github.heal()
    expectRefused(job, world, /It is unknown whether this repository is public/, /allow-public-repository: true/)
  })

  test('is refused as unknown without a token, and nobody is asked', async () => {
    const world = rotatingWorld()
    const before = github.paths.length
    expectRefused(await eagerJob(world, { 'github-token': '' }, scheduled()), world, /It is unknown whether/, /metadata/)
    expect(github.paths.length).toBe(before)
  })

  test('is refused when the API is away', async () => {
    const world = rotatingWorld()
    github.inject('any', { kind: 'hang-up', done: false })
    const job = await eagerJob(world, {}, scheduled())
    github.heal()
    expectRefused(job, world, /GitHub|repository/, /\S/)
  })
})

describe('surroundings that would ignore, delete or give away the login', () => {
  let openai: LoopbackOpenAI
  beforeAll(async () => {
    openai = await startLoopbackOpenAI()
  })
  afterAll(() => openai.close())

  test.each<[string, Partial<Pick<JobSpec, 'env'>>, RegExp, RegExp]>([
    ['CODEX_ACCESS_TOKEN', { env: { CODEX_ACCESS_TOKEN: 'an-access-token' } }, /CODEX_ACCESS_TOKEN is set/, /Remove CODEX_ACCESS_TOKEN/],
    [
      'CODEX_REFRESH_TOKEN_URL_OVERRIDE of another machine',
      { env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'https://auth.example.com/oauth/token' } },
      /CODEX_REFRESH_TOKEN_URL_OVERRIDE is set: Codex would send the refresh token to a server other than OpenAI/,
      /Remove CODEX_REFRESH_TOKEN_URL_OVERRIDE/,
    ],
    [
      'a host that only looks like loopback',
      { env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1.example.com/oauth/token' } },
      /CODEX_REFRESH_TOKEN_URL_OVERRIDE is set/,
      /Remove/,
    ],
  ])('%s is refused', async (_, spec, message, wayOut) => {
    const world = rotatingWorld()
    expectRefused(await eagerJob(world, {}, spec), world, message, wayOut)
  })

  test.each([['${{ github.workspace }}'], ['${{ github.workspace }}/.codex'], ['${{ runner.temp }}/../your-repo/your-repo/home']])(
    'a CODEX_HOME in the workspace (%s) is refused',
    async (codexHome) => {
      const world = rotatingWorld()
      const job = await eagerJob(world, { 'codex-home': codexHome }, {})
      expectRefused(job, world, /CODEX_HOME \(.*\) is inside the workspace/, /codex-home to a directory outside the workspace/)
      expect(world.machine.files().filter(({ name }) => name.endsWith('auth.json'))).toEqual([])
      expect(job.stage('keeper').files.env).toBe('')
    },
  )

  test.each([
    [
      'cli_auth_credentials_store = "keyring"',
      /cli_auth_credentials_store = "keyring": Codex then ignores auth\.json or deletes it/,
      /cli_auth_credentials_store = "file"/,
    ],
    ['cli_auth_credentials_store = "auto"', /cli_auth_credentials_store = "auto"/, /"file"/],
    ['forced_login_method = "api"', /forced_login_method = "api": codex exec deletes a ChatGPT auth\.json/, /Remove forced_login_method/],
    ['forced_chatgpt_workspace_id = "another"', /forced_chatgpt_workspace_id to another workspace/, /reseed, or remove/],
  ])('config.toml with %s is refused', async (line, message, wayOut) => {
    const world = rotatingWorld()
    mkdirSync(codexHomeOf(world.machine), { recursive: true })
    writeFileSync(join(codexHomeOf(world.machine), 'config.toml'), `model = "gpt-5"\n${line}\n`)
    expectRefused(await eagerJob(world, {}, {}), world, message, wayOut)
  })

  test.each<[string, Omit<Partial<JobSpec>, 'steps'>, RegExp]>([
    ['CODEX_API_KEY', { env: { CODEX_API_KEY: 'an-api-key' } }, /CODEX_API_KEY is set: codex exec bills its model calls to that key/],
  ])('%s is warned of, and the job goes on', async (_, spec, message) => {
    const { machine, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets, ...spec })
    expect(job.conclusion).toBe('success')
    expect(job.annotations.filter(({ level }) => level === 'warning').map(({ message: text }) => text)).toEqual([
      expect.stringMatching(message),
    ])
  })

  test('a loopback token endpoint is not a hazard', async () => {
    const { machine, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets, env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: openai.tokenUrl } })
    expect([job.conclusion, job.annotations]).toEqual(['success', []])
    expect(openai.ledger().requests).toEqual([])
  })
})
