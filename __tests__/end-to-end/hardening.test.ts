import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { managedLogin } from '../support/codex-login.ts'
import type { CallStep, JobSpec } from '../support/fake-runner/job-spec.ts'
import type { Job, StageRecord } from '../support/fake-runner/job-result.ts'
import { createMachine } from '../support/fake-runner/machine.ts'
import type { ProcessRecord } from '../support/fake-runner/processes/process-table.ts'
import { keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { refreshed } from '../support/keeper-world.ts'
import { endRotatingWorlds, errorsOf, generations, rotates, rotatingWorld } from '../support/rotating-jobs.ts'
import { storeNames, storePlaces, type StoreName } from '../support/store-places.ts'
import { tampering, type Tampering } from '../support/tampering.ts'

let traps: Tampering
beforeAll(async () => {
  traps = await tampering()
})
afterAll(() => traps.close())
afterEach(endRotatingWorlds)

interface Tampered {
  readonly job: Job
  readonly stored: string | undefined
  readonly expected: string
  readonly sprung: readonly string[]
}

/** A job that refreshes its login, with a hostile step between that and post. */
async function tamperedJob(
  name: StoreName,
  more: Omit<Partial<JobSpec>, 'steps'> = {},
  chosen?: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Tampered> {
  const place = await storePlaces[name]()
  const machine = createMachine({ kind: place.machineKind, env: place.machineEnv })
  try {
    const seed = managedLogin()
    const next = refreshed(seed)
    place.seed(seed.text)
    if (more.recordProcesses === true) await place.slow?.(300) // a process of some milliseconds can be missed
    const { inputs: ofPlace, spec } = place.job()
    const forgets: CallStep = {
      id: 'forgets',
      call: () => {
        traps.sprung()
      },
    }
    const steps = [keeperStep({ ...ofPlace, ...inputs }), rotates(machine, next), traps.step(chosen), traps.victim, forgets]
    const job = await runWorkflow(machine, steps, { ...spec, ...more })
    const sprung = traps.sprung()
    const [stored, expected] = [await place.contents(), place.held(next.bytes)]
    return { job, sprung, stored: stored && Buffer.from(stored).toString('utf8'), expected: Buffer.from(expected).toString('utf8') }
  } finally {
    machine.destroy()
    await place.close()
  }
}

describe('post is unmoved by what a step put into GITHUB_ENV and GITHUB_PATH', () => {
  test('which does move a step that is not protected', async () => {
    const machine = createMachine()
    const job = await runWorkflow(machine, [traps.step(), traps.victim])
    machine.destroy()
    expect(job.stage('victim').env).toMatchObject({ GIT_SSH_COMMAND: traps.variables['GIT_SSH_COMMAND'] })
    const sprung = traps.sprung()
    for (const trap of ['git', 'ssh', 'a function', 'a start-up file', 'a program of a variable', 'proxy']) expect(sprung).toContain(trap)
  })

  test.each(storeNames)('%s', async (name) => {
    const { job, stored, expected, sprung } = await tamperedJob(name, { recordProcesses: true })
    expect(sprung).toEqual([])
    expect([job.conclusion, stored]).toEqual(['success', expected])
    const post = job.stage('keeper', 'post')
    expect(post.env).toMatchObject({ HTTPS_PROXY: traps.variables['HTTPS_PROXY'] })
    const planted = Object.entries(traps.variables)
      .filter(([variable, value]) => value !== '' && post.env[variable] === value)
      .map(([variable, value]) => `${variable}=${value}`)
    const below = descendants(job, post)
    expect(below.length).toBeGreaterThan(0)
    for (const { argv, environ } of below) {
      expect({ argv, planted: environ.filter((line) => planted.includes(line)) }).toEqual({ argv, planted: [] })
    }
  })

  test.each<StoreName>(['git', 'github-secret', 'cache'])(
    '%s, in one process: nothing of it is read at the start of Node',
    async (name) => {
      const later = Object.fromEntries(Object.entries(traps.variables).filter(([variable]) => !/^(NODE|LD|SSL_CERT)_/.test(variable)))
      const { job, stored, expected, sprung } = await tamperedJob(name, { recordProcesses: true }, later)
      expect([job.conclusion, stored, sprung]).toEqual(['success', expected, []])
      const programs = descendants(job, job.stage('keeper', 'post'))
        .filter(isNode)
        .map(({ argv }) => argv[1]?.replace(/^.*\/dist\//, ''))
      expect([...new Set(programs)]).toEqual(name === 'cache' ? ['cache-upload.js'] : [])
    },
  )

  test.each<StoreName>(['github-secret', 'cache'])(
    '%s, in a job that tells Node to use its proxies: a step names another one',
    async (name) => {
      const later = Object.fromEntries(Object.entries(traps.variables).filter(([variable]) => /_proxy$/i.test(variable)))
      const { job, stored, expected, sprung } = await tamperedJob(name, { env: { NODE_USE_ENV_PROXY: '1' } }, later)
      expect([job.conclusion, stored, sprung]).toEqual(['success', expected, []])
    },
  )

  test('cache: a step says that the job has no access to it', async () => {
    const { job, stored, expected } = await tamperedJob('cache', {}, { ACTIONS_CACHE_MODE: 'none' })
    expect([job.conclusion, stored]).toEqual(['success', expected])
  })

  test('LD_PRELOAD is in the process that the runner starts, whose loader reads it before us, and in no process after it', async () => {
    const { job, stored, expected } = await tamperedJob('command', { recordProcesses: true }, { LD_PRELOAD: '/usr/lib/nothing.so' })
    expect([job.conclusion, stored]).toEqual(['success', expected])
    const post = job.stage('keeper', 'post')
    const below = descendants(job, post)
    expect(post.env['LD_PRELOAD']).toBe('/usr/lib/nothing.so')
    expect(below.map(({ argv }) => argv[0]).join()).toMatch(/\bsh\b|bash/)
    expect(below.filter(({ environ }) => environ.some((line) => line.startsWith('LD_PRELOAD')))).toEqual([])
  })

  test('kubernetes: the API is where it was when the login was restored', async () => {
    const elsewhere = { KUBERNETES_SERVICE_HOST: '127.0.0.9', KUBERNETES_SERVICE_PORT: '9' }
    const { job, stored, expected } = await tamperedJob('kubernetes', {}, elsewhere)
    expect(job.stage('keeper', 'post').env).toMatchObject(elsewhere)
    expect([job.conclusion, stored]).toEqual(['success', expected])
  })

  test('a HOME and a CODEX_HOME of its own: the runner store and auth.json are where restore saw them', async () => {
    const { machine, next, inputs, secrets } = rotatingWorld('self-hosted')
    const steps = [keeperStep({ ...inputs, store: 'runner' }), rotates(machine, next), traps.step()]
    const job = await runWorkflow(machine, steps, { secrets })
    expect([job.conclusion, generations(machine)]).toEqual(['success', ['auth.0000000001']])
    expect(traps.sprung()).toEqual([])
  })

  test('a generation that would be the last of the runner store is damage: no login is spent or stored', async () => {
    const { machine, next, inputs, secrets } = rotatingWorld('self-hosted')
    const slot = join(machine.home, '.codex-auth-keeper', 'default')
    mkdirSync(slot, { recursive: true })
    writeFileSync(join(slot, 'auth.9999999999'), next.bytes)
    const job = await runWorkflow(machine, [keeperStep({ ...inputs, store: 'runner' }), rotates(machine, refreshed(next))], { secrets })
    expect([job.conclusion, generations(machine)]).toEqual(['failure', ['auth.9999999999']])
    expect(errorsOf(job, 'main')).toMatch(/Generation 9999999999 .* was not made by the keeper[\s\S]*Way out: Delete/)
  })

  test('without such variables post does its work in the process that the runner has started', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next)], { secrets, recordProcesses: true })
    expect(store.text()).toBe(next.text)
    expect(descendants(job, job.stage('keeper', 'post')).filter(isNode)).toEqual([])
  })

  test('when the process after it fails, so does the step', async () => {
    const { job, stored } = await tamperedJob(
      'command',
      {},
      { NODE_EXTRA_CA_CERTS: '/nothing' },
      { 'write-command': 'exit 77', 'retry-for': '0' },
    )
    expect([job.conclusion, stored]).toEqual(['failure', undefined])
    expect(errorsOf(job, 'post')).toMatch(/no store could take it/)
  })
})

function isNode({ argv }: ProcessRecord): boolean {
  return argv[0]?.endsWith('/node') === true
}

/** The processes below a stage's own, as they were after their exec: between fork and exec a child looks like its parent. */
function descendants({ processes }: Job, { pid }: StageRecord): ProcessRecord[] {
  const below = new Set([pid])
  for (let size = 0; size !== below.size;) {
    size = below.size
    for (const found of processes) if (below.has(found.parent)) below.add(found.pid)
  }
  const isCopy = ({ parent, image }: ProcessRecord): boolean => processes.some((other) => other.pid === parent && other.image === image)
  return processes.filter((found) => found.pid !== pid && below.has(found.pid) && !isCopy(found))
}
