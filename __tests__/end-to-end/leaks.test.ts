import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { JobSpec, Step } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { actionFolder, authFileOf, codexMachine, codexStep, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { leakWatch, type LeakWatch } from '../support/leak-watch.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'
import type { Login } from '../support/codex-login.ts'
import { installedText } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'
import { storeNames, storePlaces, type StoreName, type StorePlace } from '../support/store-places.ts'

interface Scene {
  readonly place: StorePlace
  readonly watch: LeakWatch
  readonly seed: Login
  /** A job on a machine of its own with everything on that could show a secret; the faults found. */
  run(options?: SceneJob): Promise<{ job: Job; faults: string[] }>
}

interface SceneJob {
  readonly inputs?: Readonly<Record<string, string>>
  readonly steps?: (machine: Machine) => readonly Step[]
  readonly secrets?: Readonly<Record<string, string>>
  readonly spec?: Omit<Partial<JobSpec>, 'steps' | 'secrets'>
  readonly action?: string
}

let openai: LoopbackOpenAI
let ends: (() => Promise<void> | void)[] = []
beforeAll(async () => { openai = await startLoopbackOpenAI({ enforce: true }) })
afterAll(() => openai.close())
beforeEach(() => { openai.exchangeFault(undefined) })
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

async function scene(name: StoreName): Promise<Scene> {
  const place = await storePlaces[name]()
  ends.push(() => place.close())
  const watch = leakWatch()
  const seed = openai.login({ expiresIn: -10 })
  watch.addDocument(seed.text)
  place.seed(seed.text)
  return {
    place, watch, seed,
    run: async ({ inputs = {}, steps = () => [codexStep], secrets = {}, spec = {}, action = actionFolder } = {}) => {
      const machine = codexMachine({ openai, kind: place.machineKind, env: place.machineEnv })
      ends.push(() => { machine.destroy() })
      const given = place.job()
      const all = { ...given.spec.secrets, ...secrets }
      const { SEED: _seed, CODEX_AUTH: _copy, ...keys } = all
      watch.add(...Object.values(keys), ...Object.values(given.spec.services ?? {}).filter((value): value is string => typeof value === 'string' && value.split('.').length === 3))
      const githubToken = given.spec.githubToken ?? 'ghs_canaryOfTheGithubTokenForLeaks01'
      watch.githubToken(githubToken)
      const looks: Step = { id: 'looks', if: 'always()', call: () => { remember(installedText(machine)) } }
      const remember = (text: string | undefined): void => { try { watch.addDocument(text) } catch { /* damaged by a step */ } }
      const job = await runWorkflow(machine, [{ ...keeperStep({ ...given.inputs, refresh: 'always', ...inputs }), uses: action }, ...steps(machine), looks], {
        ...given.spec, githubToken, ...spec, secrets: all, stepDebug: true, recordProcesses: true,
      })
      const stored = await place.contents()
      remember(stored && Buffer.from(stored).toString('utf8'))
      return { job, faults: watch.faults(job, machine) }
    },
  }
}

describe('no secret is shown or left', () => {
  test.each(storeNames)('%s: from the seed, refreshed early, tested, used, stored; then the same from the store', async (name) => {
    const { run, place } = await scene(name)
    for (const source of [name === 'github-secret' ? place.line : 'seed', place.line]) {
      const { job, faults } = await run({ inputs: { 'smoke-test': 'true' } })
      expect(faults).toEqual([])
      expect([job.conclusion, job.stage('keeper').outputs]).toEqual(['success', expect.objectContaining({ source, refreshed: 'true', stored: 'true' })])
    }
  })

  test.each(storeNames)('%s: the store is down', async (name) => {
    const { run, place } = await scene(name)
    await place.put(Buffer.from(openai.login().text))
    await place.failReads('always')
    const { job, faults } = await run()
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })

  test.each(storeNames)('%s: what Codex refreshed is not taken', async (name) => {
    const { run, place } = await scene(name)
    const breaks: Step = { id: 'breaks', call: () => place.failWrites('always') }
    const { job, faults } = await run({ inputs: { refresh: 'never' }, steps: () => [breaks, codexStep] })
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })

  test.each(storeNames.filter((name) => name !== 'github-secret'))('%s: there is half a login in the store', async (name) => {
    const { run, place, watch } = await scene(name)
    const other = openai.login().text
    watch.addDocument(other)
    await place.put(Buffer.from(other.slice(0, -200)))
    const { job, faults } = await run()
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })

  test.each<StoreName>(['git', 'cache'])('%s: the copy is sealed for another key', async (name) => {
    const { run, place } = await scene(name)
    await place.put(Buffer.from(openai.login().text))
    const { job, faults } = await run({ secrets: { KEY: await someIdentity() } })
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })

  test.each<[StoreName, string]>([['github-secret', 'WRITER'], ['git', 'GITHUB'], ['ssh', 'SSH_KEY']])('%s: the server does not take the key', async (name, which) => {
    const { run, place, watch } = await scene(name)
    const wrong = which === 'SSH_KEY' ? (place.job().spec.secrets?.['SSH_KEY'] ?? '').replace(/(.{60}\n-----END)/, '$1').replace('b3BlbnNzaC1rZXktdjE', 'b3BlbnNzaC1rZXktdjF')
      : 'github_pat_canaryThatGithubDoesNotKnow0123456789'
    watch.add(wrong)
    const { job, faults } = await run(which === 'GITHUB' ? { spec: { githubToken: wrong } } : { secrets: { [which]: wrong } })
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })

  test.each<[string, (text: string) => string]>([
    ['cut short', (text) => text.slice(0, -200)],
    ['cut short, as base64', (text) => Buffer.from(text.slice(0, -200)).toString('base64')],
    ['with a broken token', (text) => text.replace('"id_token": "', '"id_token": "no')],
    ['of another kind', (text) => text.replace('"chatgpt"', '"agentIdentity"')],
  ])('the seed is %s', async (_, damage) => {
    const { run, seed } = await scene('command')
    const { job, faults } = await run({ secrets: { SEED: damage(seed.text) } })
    expect(faults).toEqual([])
    expect(job.stage('keeper').conclusion).toBe('failure')
  })

  test('OpenAI refuses the refresh', async () => {
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
    const { run } = await scene('command')
    const { job, faults } = await run()
    expect(faults).toEqual([])
    expect(job.stage('keeper').outputs).toMatchObject({ 'needs-reseed': 'true' })
  }, 120_000)

  test('a step leaves half a file in CODEX_HOME', async () => {
    const { run } = await scene('command')
    const { job, faults } = await run({
      inputs: { refresh: 'never' },
      steps: (machine) => [codexStep, { id: 'cuts', call: () => { writeFileSync(authFileOf(machine), readFileSync(authFileOf(machine), 'utf8').slice(0, -200)) } }],
    })
    expect(faults).toEqual([])
    expect(job.annotations.map(({ message }) => message).join()).toMatch(/\(damaged\)/)
  })

  test('a read-command fails and prints the document on its stderr', async () => {
    const { run, place, watch } = await scene('command')
    const other = openai.login().text
    watch.addDocument(other)
    await place.put(Buffer.from(other))
    const { job, faults } = await run({ inputs: { 'read-command': `${place.job().inputs['read-command'] ?? ''} >&2; exit 1` } })
    expect(faults).toEqual([])
    expect(job.conclusion).toBe('failure')
  })
})

describe('this suite goes red', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leaky-action-'))
    for (const part of ['action.yml', 'dist']) cpSync(join(actionFolder, part), join(folder, part), { recursive: true })
  })
  afterAll(() => { rmSync(folder, { recursive: true }) })

  const refreshToken = "JSON.parse(process.env['INPUT_AUTH-JSON']).tokens.refresh_token"
  test.each<[string, 'main' | 'post', string, RegExp]>([
    ['prints a token', 'main', `console.log('the login is ' + ${refreshToken})`, /\(raw\) in stdout of main keeper/],
    ['prints a part of a token in base64', 'post', `console.log(Buffer.from('it: ' + ${refreshToken}.slice(0, 40)).toString('base64'))`, /\(base64\) in stdout of post keeper/],
    ['hands a token to a child', 'main', `(await import('node:child_process')).spawnSync('/bin/sh', ['-c', 'sleep 0.5; true', ${refreshToken}])`, /in arguments of process/],
    ['gives its inputs to a child', 'main', "(await import('node:child_process')).spawnSync('/bin/sh', ['-c', 'sleep 0.5; true'], { env: process.env })", /in the environment of \/bin\/sh/],
    ['leaves a token in RUNNER_TEMP', 'post', `(await import('node:fs')).writeFileSync(process.env.RUNNER_TEMP + '/left', ${refreshToken})`, /left in RUNNER_TEMP: left/],
    ['saves a token as state', 'main', `console.log('::save-state name=a::' + ${refreshToken})`, /in state of main keeper/],
    ['prints before it masks', 'main', '', /the first line of main is no mask/],
    ['masks a brace', 'post', "console.log('::add-mask::{')", /post masks "\{"/],
    ['masks a whole file', 'post', `console.log('::add-mask::' + process.env['INPUT_AUTH-JSON'] + '%0A')`, /several lines as one/],
    ['shows whose login it is', 'post', "console.log(JSON.parse(process.env['INPUT_AUTH-JSON']).tokens.account_id)", /^person/m],
  ])('for an action that %s', async (_, stage, line, fault) => {
    const stageFile = join(folder, 'dist', `${stage}.js`)
    const whole = readFileSync(stageFile, 'utf8')
    writeFileSync(stageFile, line === '' ? `console.log('hello')\n${whole}` : `${whole}${line}\n`)
    try {
      const { run } = await scene('command')
      const { faults } = await run({ action: folder, inputs: { refresh: 'never' }, steps: () => [] })
      expect(faults.join('\n')).toMatch(fault)
    } finally {
      writeFileSync(stageFile, whole)
    }
  })
})
