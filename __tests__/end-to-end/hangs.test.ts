import { afterEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import { codexHomeOf, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

/** Nothing that a stage has to wait for; the runner would end it. */
const timeoutMs = 30_000

function pipe(path: string): void {
  rmSync(path, { force: true })
  execFileSync('mkfifo', [path])
}

test('a pipe in the place of config.toml', async () => {
  const { machine, store, next, inputs, secrets } = rotatingWorld()
  mkdirSync(codexHomeOf(machine))
  pipe(join(codexHomeOf(machine), 'config.toml'))
  const job = await runWorkflow(machine, [keeperStep(inputs, { timeoutMs }), rotates(machine, next)], { secrets })
  expect([job.conclusion, store.text()]).toEqual(['success', next.text])
  expect(job.annotations.map(({ message }) => message)).toEqual([expect.stringContaining('config.toml is not a regular file')])
})

test('a pipe in the place of the event file, before restore and before post', async () => {
  const { machine, store, next, inputs, secrets } = rotatingWorld()
  const replaces = (id: string): CallStep => ({
    id,
    call: ({ GITHUB_EVENT_PATH = '' }) => {
      pipe(GITHUB_EVENT_PATH)
    },
  })
  const steps = [replaces('early'), keeperStep(inputs, { timeoutMs }), rotates(machine, next)]
  const job = await runWorkflow(machine, [...steps, replaces('late')], { secrets })
  expect([job.conclusion, store.text()]).toEqual(['success', next.text])
})

test('a read-command that prints without end', async () => {
  const { machine, inputs, secrets } = rotatingWorld()

  const job = await runWorkflow(machine, [keeperStep({ ...inputs, 'read-command': "echo '{'; head -c 300000000 /dev/zero" })], {
    secrets,
  })
  expect(job.conclusion).toBe('failure')
  expect(errorsOf(job, 'main')).toMatch(/read-command printed more than 1 MiB/)
})
