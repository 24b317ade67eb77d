import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../support/fake-runner/job-result.ts'
import { createMachine } from '../support/fake-runner/machine.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { neighbours } from '../support/fake-runner/neighbours.ts'
import { statOf } from '../support/fake-runner/processes/process-table.ts'
import { writeAction } from '../support/fake-runner/write-action.ts'
import type { SmallAction } from '../support/fake-runner/write-action.ts'

let machine: Machine

beforeEach(() => {
  machine = createMachine()
})
afterEach(() => {
  machine.destroy()
})

const action = (name: string, source: SmallAction): string => writeAction(join(machine.root, 'actions', name), source)
const order = (job: Job): string[] =>
  job.stages.filter(({ conclusion }) => conclusion !== 'skipped').map(({ step, stage }) => `${stage} ${step}`)
const timeScale = 0.1
const hangs = "console.log('ready'); setInterval(() => {}, 1000);"
const deaf = `for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => console.log(s)); ${hangs}`
const ready = /^ready$/
const alive = (pid: number): boolean => statOf(pid) !== undefined

describe('cancel', () => {
  const cancel = (step: string, stage: 'main' | 'post' = 'main') => [{ kind: 'cancel' as const, when: { step, stage, line: ready } }]

  test('the running step gets SIGINT; later ones are skipped but for always(); posts run', async () => {
    const job = await machine.runJob({
      interrupts: cancel('b'),
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', uses: action('b', { main: hangs, post: '' }) },
        { id: 'c', run: 'true' },
        { id: 'd', run: 'true', if: 'failure()' },
        { id: 'e', run: 'true', if: 'cancelled()' },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main b', 'main e', 'post b', 'post a'])
    expect(job.stage('b')).toMatchObject({ conclusion: 'cancelled', signal: 'SIGINT', signalsSent: ['SIGINT'] })
    expect(job.conclusion).toBe('cancelled')
  })

  test('the ladder ends with SIGKILL', async () => {
    const job = await machine.runJob({ timeScale, interrupts: cancel('a'), steps: [{ id: 'a', uses: action('a', { main: deaf }) }] })
    expect(job.stage('a')).toMatchObject({ signal: 'SIGKILL', signalsSent: ['SIGINT', 'SIGTERM', 'SIGKILL'] })
    expect(job.stage('a').stdout).toContain('SIGINT')
  })

  test('a step that ends by itself after the signal is cancelled all the same', async () => {
    const main = "process.on('SIGINT', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000)"
    const job = await machine.runJob({ interrupts: cancel('a'), steps: [{ id: 'a', uses: action('a', { main }) }] })
    expect(job.stage('a')).toMatchObject({ exitCode: 0, conclusion: 'cancelled' })
  })

  test('an always() post that runs is left alone, and says so in job.status', async () => {
    const post = "console.log('ready'); setTimeout(() => console.log('done'), 300)"
    const job = await machine.runJob({
      interrupts: cancel('b', 'post'),
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '', postIf: "job.status == 'cancelled'" }) },
        { id: 'b', uses: action('b', { main: '', post }) },
      ],
    })
    expect(job.stage('b', 'post')).toMatchObject({ conclusion: 'success', stdout: ['ready', 'done'], signalsSent: [] })
    expect(order(job)).toContain('post a')
    expect(job.conclusion).toBe('cancelled')
  })

  test('the child of a script is not told, and lives on while posts run; the sweep ends it', async () => {
    const child = [
      '(trap "" INT; echo $BASHPID > pid; exec sleep 600 > /dev/null 2>&1) &',
      'while ! test -s pid; do sleep 0.01; done; echo ready; wait',
    ].join('\n')
    const post = "import fs from 'node:fs'; process.kill(Number(fs.readFileSync('pid')), 0); console.log('alive')"
    const job = await machine.runJob({
      interrupts: cancel('b'),
      steps: [
        { id: 'a', uses: action('a', { main: '', post }) },
        { id: 'b', run: child },
      ],
    })
    expect(job.stage('a', 'post').stdout).toEqual(['alive'])
    const pid = Number(readFileSync(join(machine.workspace, 'pid'), 'utf8'))
    expect(job.orphans.map((orphan) => orphan.pid)).toEqual([pid])
    expect(job.orphans[0]?.argv).toEqual(['sleep', '600'])
  })

  test('after 285 s the worker itself is ended: nothing more runs', async () => {
    const job = await machine.runJob({
      timeScale: 0.005,
      interrupts: cancel('b'),
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', run: 'echo ready; sleep 600' },
        { id: 'c', uses: action('c', { main: hangs }), if: 'always()' },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main b', 'main c'])
    expect(job.conclusion).toBe('lost')
  })

  test('a cancel at a moment the test decides, before the next step', async () => {
    let now = (): void => undefined
    const after = new Promise<void>((resolve) => {
      now = resolve
    })
    const job = await machine.runJob({
      interrupts: [{ kind: 'cancel', when: { after } }],
      steps: [
        {
          id: 'a',
          call: async () => {
            now()
            await after
          },
        },
        { id: 'b', run: 'true' },
      ],
    })
    expect(order(job)).toEqual(['main a'])
    expect(job.conclusion).toBe('cancelled')
  })
})

describe('other ends', () => {
  test('shutdown: the running step is ended, posts and always() are skipped', async () => {
    const job = await machine.runJob({
      interrupts: [{ kind: 'shutdown', when: { step: 'b', line: ready } }],
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', run: 'echo ready; exec sleep 600' },
        { id: 'c', run: 'true', if: 'always()' },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main b'])
    expect(job.stage('b').signal).toBe('SIGINT')
    expect(job.conclusion).toBe('cancelled')
  })

  test('kill -9: every process dies, no post runs, RUNNER_TEMP stays until the next job', async () => {
    const file = join(machine.workspace, 'pid')
    const job = await machine.runJob({
      interrupts: [{ kind: 'kill', when: { step: 'b', file } }],
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', run: 'echo x > $RUNNER_TEMP/left; setsid sleep 600 & echo $! > half; mv half pid; wait' },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main b'])
    expect(job.conclusion).toBe('lost')
    expect(job.stage('b').signal).toBe('SIGKILL')
    expect(alive(Number(readFileSync(file, 'utf8')))).toBe(false)
    expect(existsSync(join(machine.temp, 'left'))).toBe(true)
    await machine.runJob({ steps: [] })
    expect(existsSync(join(machine.temp, 'left'))).toBe(false)
  })

  test.each(['start', 'end'] as const)('kill at the %s of a stage', async (at) => {
    const job = await machine.runJob({
      interrupts: [{ kind: 'kill', when: { step: 'a', at } }],
      steps: [{ id: 'a', uses: action('a', { main: at === 'start' ? hangs : '', post: '' }) }],
    })
    expect(order(job)).toEqual(['main a'])
    expect(job.conclusion).toBe('lost')
  })

  test('a step that takes too long has failed, its post runs, and has the same limit', async () => {
    const job = await machine.runJob({ steps: [{ id: 'a', uses: action('a', { main: hangs, post: hangs }), timeoutMs: 600 }] })
    expect(job.stages.map(({ stage, conclusion, signal }) => [stage, conclusion, signal])).toEqual([
      ['main', 'failure', 'SIGINT'],
      ['post', 'failure', 'SIGINT'],
    ])
    expect(job.log).toContain("The action 'a' has timed out after 0.01 minutes.")
  })

  test('pipes that a child keeps open hold the step for five seconds', async () => {
    const job = await machine.runJob({
      timeScale,
      steps: [
        { id: 'a', run: 'sleep 600 & echo started' },
        { id: 'b', run: 'true' },
      ],
    })
    expect(job.stage('a')).toMatchObject({ conclusion: 'success', pipesHeld: true, stdout: ['started'] })
    expect(job.stage('b').pipesHeld).toBe(false)
    expect(job.orphans).toHaveLength(1)
  })

  test('a process left behind is swept after the posts', async () => {
    const job = await machine.runJob({ steps: [neighbours.leavesProcess(), { id: 'b', run: 'true' }] })
    expect(job.orphans.map(({ argv }) => argv)).toEqual([['sleep', '600']])
    expect(alive(job.orphans[0]?.pid ?? 0)).toBe(false)
    expect((await machine.runJob({ steps: [{ id: 'b', run: 'true' }] })).orphans).toEqual([])
  })
})

describe('the recorder of processes', () => {
  test('sees every argv and environment, also of a child that cleared its own', async () => {
    const job = await machine.runJob({
      recordProcesses: true,
      steps: [{ id: 'a', run: `env -i ONLY=this /bin/bash -c '/bin/sleep 1; true'; setsid sleep 1.1` }],
    })
    const argv = job.processes.map((found) => found.argv.join(' '))
    expect(argv).toEqual(expect.arrayContaining(['/bin/sleep 1', 'sleep 1.1']))
    expect(job.processes.find((found) => found.argv.join(' ') === '/bin/sleep 1')?.environ).toContain('ONLY=this')
  })

  test('does not see what is not of the job', async () => {
    const job = await machine.runJob({ recordProcesses: true, steps: [{ id: 'a', run: 'sleep 1' }] })
    for (const found of job.processes) expect(found.argv[0]).toMatch(/bash|sleep|node/)
    expect(job.processes.some(({ pid }) => pid === process.pid)).toBe(false)
  })
})
