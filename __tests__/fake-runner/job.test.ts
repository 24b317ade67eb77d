import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../support/fake-runner/job-result.ts'
import { createMachine } from '../support/fake-runner/machine.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { writeAction } from '../support/fake-runner/write-action.ts'
import type { SmallAction } from '../support/fake-runner/write-action.ts'

let machine: Machine

beforeEach(() => {
  machine = createMachine()
})
afterEach(() => {
  machine.destroy()
})

const all: SmallAction = { pre: '', main: '', post: '' }
const fails = 'process.exitCode = 3'
const action = (name: string, source: SmallAction): string => writeAction(join(machine.root, 'actions', name), source)
const order = (job: Job): string[] =>
  job.stages.filter(({ conclusion }) => conclusion !== 'skipped').map(({ step, stage }) => `${stage} ${step}`)

describe('the order of stages', () => {
  test('all pres, all mains, then the posts, last registered first', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', uses: action('b', all) },
        { id: 'c', uses: action('c', { main: '', post: '' }) },
      ],
    })
    expect(order(job)).toEqual(['pre b', 'main a', 'main b', 'main c', 'post c', 'post a', 'post b'])
    expect(job.conclusion).toBe('success')
  })

  test('a main that never starts registers no post, unless its pre ran', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }), if: 'false' },
        { id: 'b', uses: action('b', all), if: 'false' },
      ],
    })
    expect(order(job)).toEqual(['pre b', 'post b'])
    expect(job.stage('a').conclusion).toBe('skipped')
  })

  test('a failed main: later mains are skipped but for always() and failure(), posts run', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { main: fails, post: '' }) },
        { id: 'b', run: 'true' },
        { id: 'c', run: 'true', if: 'always()' },
        { id: 'd', run: 'true', if: "failure() && steps.a.outcome == 'failure'" },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main c', 'main d', 'post a'])
    expect(job.stage('a').exitCode).toBe(3)
    expect(job.conclusion).toBe('failure')
  })

  test('a failed pre: no main runs, its post does', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { ...all, pre: fails }) },
        { id: 'b', run: 'true' },
      ],
    })
    expect(order(job)).toEqual(['pre a', 'post a'])
    expect(job.conclusion).toBe('failure')
  })

  test('a failed post makes the job red, and the other posts run', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', uses: action('b', { main: '', post: fails }) },
      ],
    })
    expect(order(job)).toEqual(['main a', 'main b', 'post b', 'post a'])
    expect(job.conclusion).toBe('failure')
  })

  test('continue-on-error covers main and post', async () => {
    const uses = action('a', { main: fails, post: fails })
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses, continueOnError: true },
        { id: 'b', run: 'true' },
      ],
    })
    expect(job.stages.map(({ outcome, conclusion }) => [outcome, conclusion])).toEqual([
      ['failure', 'success'],
      ['success', 'success'],
      ['failure', 'success'],
    ])
    expect(job.conclusion).toBe('success')
  })

  test('a missing action fails the set-up: nothing runs', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', run: 'true' },
        { id: 'b', uses: join(machine.root, 'actions', 'none') },
      ],
    })
    expect(job.stages).toEqual([])
    expect(job.conclusion).toBe('failure')
    expect(job.log).toContain("Can't find 'action.yml'")
  })

  test('post twice', async () => {
    const uses = action('a', { main: '', post: "console.log('STATE', process.env.STATE_x)" })
    writeFileSync(join(uses, 'main.mjs'), "import fs from 'node:fs'; fs.appendFileSync(process.env.GITHUB_STATE, 'x=1')")
    const job = await machine.runJob({ steps: [{ id: 'a', uses, repeatPost: true }] })
    expect(job.stages.filter(({ stage }) => stage === 'post').map(({ stdout }) => stdout)).toEqual([['STATE 1'], ['STATE 1']])
  })
})

describe('pre-if and post-if', () => {
  const gated: SmallAction = { ...all, preIf: "env.WHEN == 'job-start'", postIf: "env.SKIP_POST != 'true'" }

  test.each([
    ['job env', { env: { WHEN: 'job-start' } }, {}],
    ['step env', {}, { env: { WHEN: 'job-start' } }],
  ])('pre runs when %s says so', async (_, jobPart, stepPart) => {
    const job = await machine.runJob({ ...jobPart, steps: [{ id: 'a', uses: action('a', gated), ...stepPart }] })
    expect(order(job)).toEqual(['pre a', 'main a', 'post a'])
  })

  test('GITHUB_ENV comes too late for pre, and in time for post', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 's', run: 'echo WHEN=job-start >> $GITHUB_ENV; echo SKIP_POST=true >> $GITHUB_ENV' },
        { id: 'a', uses: action('a', gated) },
      ],
    })
    expect(order(job)).toEqual(['main s', 'main a'])
    expect(job.stage('a', 'pre').conclusion).toBe('skipped')
  })

  test('secrets are not there for a condition', async () => {
    const job = await machine.runJob({
      secrets: { X: 'yes-it-is' },
      steps: [{ id: 'a', uses: action('a', { ...all, preIf: "secrets.X != ''" }) }],
    })
    expect(job.log).toContain("Unrecognized named-value: 'secrets'")
    expect(job.stage('a', 'pre').conclusion).toBe('failure')
    expect(order(job)).toEqual(['pre a'])
  })
})

describe('a local action', () => {
  test('has no pre, is read when its main runs and again for its post', async () => {
    const source = { main: '', post: '' }
    const job = await machine.runJob({
      steps: [
        {
          id: 'checkout',
          call: (env) => {
            writeAction(join(env['GITHUB_WORKSPACE'] ?? '', 'own'), { ...source, pre: '' })
          },
        },
        { id: 'a', uses: './own' },
        { id: 'changes', run: 'echo "console.log(\'changed\')" > own/post.mjs' },
      ],
    })
    expect(order(job)).toEqual(['main checkout', 'main a', 'main changes', 'post a'])
    expect(job.stage('a', 'post').stdout).toEqual(['changed'])
  })
})

describe('the machine', () => {
  test('RUNNER_TEMP is empty when a job starts and after it; HOME and workspace stay', async () => {
    const leave = 'for d in "$HOME" "$RUNNER_TEMP" "$GITHUB_WORKSPACE"; do echo x > "$d/left"; done'
    writeFileSync(join(machine.temp, 'old'), '')
    const first = await machine.runJob({ steps: [{ id: 'a', run: `test ! -e $RUNNER_TEMP/old; ${leave}` }] })
    expect(first.tempFiles.map(({ name }) => name)).toEqual(['left'])
    expect(first.conclusion).toBe('success')
    const second = await machine.runJob({ steps: [{ id: 'a', run: 'test -e $HOME/left -a -e left -a ! -e $RUNNER_TEMP/left' }] })
    expect(second.conclusion).toBe('success')
    expect(machine.files().map(({ name }) => name)).toEqual(['home/runner/left', 'home/runner/work/your-repo/your-repo/left'])
  })

  test('a deleted workspace: no process starts there any more', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses: action('a', { main: '', post: '' }) },
        { id: 'b', run: 'cd / && rm -r "$GITHUB_WORKSPACE"' },
      ],
    })
    expect(job.stage('a', 'post').conclusion).toBe('failure')
    expect(job.log).toContain('An error occurred trying to start process')
  })

  test.each([
    ['hosted', 'github-hosted', /\/home\/runner$/],
    ['self-hosted', 'self-hosted', /\/home\/ci$/],
    ['container', 'github-hosted', /^\/github\/home$/],
  ] as const)('the marks of a %s one', async (kind, environment, home) => {
    const other = createMachine({ kind })
    try {
      const { env } = (await other.runJob({ steps: [{ id: 'a', run: 'true' }] })).stage('a')
      expect(env['RUNNER_ENVIRONMENT']).toBe(environment)
      expect(env['HOME']).toMatch(home)
      if (kind === 'container') expect(env['GITHUB_WORKSPACE']).toBe('/__w/your-repo/your-repo')
      else expect(existsSync(env['GITHUB_WORKSPACE'] ?? '')).toBe(true)
    } finally {
      other.destroy()
    }
    expect(existsSync(other.root)).toBe(false)
  })

  test('the event is in its file', async () => {
    const event = { name: 'push', payload: { repository: { private: false } } }
    const job = await machine.runJob({ event, steps: [{ id: 'a', run: 'cp $GITHUB_EVENT_PATH event.json; echo $GITHUB_EVENT_NAME' }] })
    expect(JSON.parse(readFileSync(join(machine.workspace, 'event.json'), 'utf8'))).toEqual(event.payload)
    expect(job.stage('a').stdout).toEqual(['push'])
  })
})
