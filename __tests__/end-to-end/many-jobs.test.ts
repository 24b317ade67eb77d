import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { leaseBytes, type LeaseDocument } from '../../src/keeper/lease-document.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import { authFileOf, codexStep, replaceProgram } from '../support/keeper-workflow.ts'
import { inRefreshWorld, type RefreshWorld } from '../support/refresh-world.ts'
import type { StoreName } from '../support/store-places.ts'
import { call } from '../support/store-world.ts'
import { withFastStopwatch } from '../support/with-fast-stopwatch.ts'

const withLease = ['runner', 'git', 'ssh', 'vault', 's3', 'kubernetes'] as const satisfies readonly StoreName[]
const tenDays = 864_000
const elsewhere: LeaseDocument = {
  state: 'held',
  holder: { run: 'https://github.com/your-org/your-repo/actions/runs/4711', attempt: 1, job: 'elsewhere' },
  nonce: 'elsewhere',
  turn: 1,
  lasts: 600,
}

describe.each(withLease)('Many jobs at once on one login in the store %s', (store) => {
  test('20 of them, and it is due: one exchange, no refused token, all green, all have what it brought', async () => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { jobs, files } = await allAtOnce(world, 20, {})
      expect(jobs.map(({ conclusion }) => conclusion)).toEqual(jobs.map(() => 'success'))
      expect(world.outcomes()).toEqual([['rotated'], []])
      expect(files.filter((file) => file.includes(world.newest()))).toHaveLength(20)
      expect(await world.stored()).toContain(world.newest())
      const outputs = jobs.map((job) => job.stage('keeper').outputs)
      expect(outputs.map(({ refreshed }) => refreshed)).toEqual(jobs.map(() => 'true'))
      expect(outputs.filter(({ stored }) => stored === 'true')).toHaveLength(1)
      expect(
        jobs.some((job) => /Waiting for https:\/\/github\.com\/your-org\/your-repo\/actions\/runs\/4711 \(elsewhere\)/.test(job.log)),
      ).toBe(true)
      expect(jobs.flatMap(({ annotations }) => annotations)).toEqual([])
    })
  }, 600_000)

  test('a job that is killed before the exchange is overtaken, and nothing is lost', async () => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { openai, run, machine, outcomes, newest, stored } = world
      const dying = machine()
      const asked = join(dying.root, 'asked')
      replaceProgram(dying, 'codex', `#!/bin/sh\ntouch '${asked}'\nwhile :; do sleep 1; done\n`)
      const killed = run({}, [], { machine: dying, runId: '666', interrupts: [{ kind: 'kill', when: { step: 'keeper', file: asked } }] })
      await untilExists(asked)
      const others = await Promise.all([1, 2, 3].map(() => run({}, [codexStep], { machine: withFastStopwatch(machine()) })))
      expect((await killed).conclusion).toBe('lost')
      expect(others.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success'])
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
      expect(others.filter((job) => job.log.includes('actions/runs/666'))).toHaveLength(3)
      expect(openai.ledger().modelRefusals).toBe(0)
    })
  }, 300_000)

  test('a job that is killed after the exchange and before the write: the others are red, each with one diagnosis, and the token is presented once more', async () => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { openai, run, machine, outcomes, login, stored } = world
      const exchange = openai.holdNextExchange('after rotating')
      const killed = run({}, [], { runId: '666', interrupts: [{ kind: 'kill', when: { after: exchange.begun } }] })
      await exchange.begun
      expect((await killed).conclusion).toBe('lost')
      exchange.release()
      const others = await Promise.all([1, 2, 3].map(() => run({}, [codexStep], { machine: withFastStopwatch(machine()) })))
      expect(others.map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure', 'failure'])
      expect(await stored()).toBe(login.text)
      const errors = others.map(errorsOf)
      expect(errors.map((texts) => texts.length)).toEqual([1, 1, 1])
      const presenting = errors.filter(([text]) =>
        /The job .*runs\/666 \(job\) had begun to refresh this login and did not come back/.test(text ?? ''),
      )
      const told = errors.filter(([text]) => /It was the job .* that presented the token/.test(text ?? ''))
      expect([presenting.length, told.length]).toEqual([1, 2])
      for (const [text] of errors) expect(text).toMatch(/already used[\s\S]*Way out: Log in again/)
      expect(outcomes()[0]).toEqual(['rotated', 'refused: refresh_token_reused'])
      expect(others.map((job) => job.stage('keeper').outputs['needs-reseed'])).toEqual(['true', 'true', 'true'])
    })
  }, 300_000)
})

test('refresh: always in four jobs at once is one exchange', async () => {
  await inRefreshWorld({ store: 'git', login: { expiresIn: tenDays } }, async (world) => {
    const { jobs } = await allAtOnce(world, 4, { refresh: 'always' })
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(jobs.map(() => 'success'))
    expect(world.outcomes()).toEqual([['rotated'], []])
    expect(jobs.map((job) => job.stage('keeper').outputs['refreshed'])).toEqual(jobs.map(() => 'true'))
  })
}, 300_000)

/**
 * Runs so many jobs, each on a machine of its own. A job elsewhere holds the lease until all of them have the old login, so
 * that they ask for it at the same moment. Gives each machine's login as the step after the keeper finds it, too.
 */
async function allAtOnce(
  { place, run, machine }: RefreshWorld,
  count: number,
  inputs: Readonly<Record<string, string>>,
): Promise<{ jobs: readonly Job[]; files: readonly string[] }> {
  const machines = Array.from({ length: count }, () => machine())
  const files: string[] = []
  await place.putLease?.(leaseBytes(elsewhere))
  const running = machines.map((on) =>
    run(
      inputs,
      [
        call('look', () => {
          files.push(readFileSync(authFileOf(on), 'utf8'))
        }),
      ],
      { machine: on, jobTotal: count, matrix: { index: 'x' } },
    ),
  )
  await Promise.race([Promise.all(machines.map((on) => untilExists(authFileOf(on)))), Promise.all(running)])
  await sleep(1_000)
  await place.putLease?.(leaseBytes({ state: 'free' }))
  return { jobs: await Promise.all(running), files }
}

function errorsOf(job: Job): string[] {
  return job.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
}

async function untilExists(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(20)
}
