import { expect, test } from '@jest/globals'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { codexStep, replaceProgram } from '../support/keeper-workflow.ts'
import { inRefreshWorld, untilExists, type RefreshWorld } from '../support/refresh-world.ts'
import { storesWithLease } from '../support/store-places.ts'
import { withLeapingStopwatch } from '../support/stopwatches.ts'

// All at once: most of what they do is to wait.

test.concurrent.each(storesWithLease)(
  '%s: a job that is killed before the exchange is overtaken, and nothing is lost',
  async (store) => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { openai, run, machine, outcomes, newest, stored } = world
      const dying = machine()
      const asked = join(dying.root, 'asked')
      replaceProgram(dying, 'codex', `#!/bin/sh\ntouch '${asked}'\nwhile :; do sleep 1; done\n`)
      const killed = run({}, [], { machine: dying, runId: '666', interrupts: [{ kind: 'kill', when: { step: 'keeper', file: asked } }] })
      await untilExists(asked)
      const others = await waitedFor(world)
      expect((await killed).conclusion).toBe('lost')
      expect(others.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success'])
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
      expect(others.filter((job) => job.log.includes('actions/runs/666'))).toHaveLength(3)
      expect(openai.ledger().modelRefusals).toBe(0)
    })
  },
  300_000,
)

test.concurrent.each(storesWithLease)(
  '%s: a job that is killed after the exchange and before the write: the others are red, each with one diagnosis, and the token is presented once more',
  async (store) => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { openai, run, outcomes, login, stored } = world
      const exchange = openai.holdNextExchange('after rotating')
      const killed = run({}, [], { runId: '666', interrupts: [{ kind: 'kill', when: { after: exchange.begun } }] })
      await exchange.begun
      expect((await killed).conclusion).toBe('lost')
      exchange.release()
      const others = await waitedFor(world)
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
  },
  300_000,
)

/** Three jobs that meet the lease of job 666, which is dead. Once all have said so, it has run out by the stopwatch of each. */
function waitedFor({ run, machine }: RefreshWorld): Promise<readonly Job[]> {
  const machines = [machine(), machine(), machine()]
  const leap = join(machines[0]?.root ?? '', 'leap')
  const waiting = new Set<Machine>()
  return Promise.all(
    machines.map((on) =>
      run({}, [codexStep], {
        machine: withLeapingStopwatch(on, leap),
        onLine: (line) => {
          if (/^Waiting for .*\/runs\/666 /.test(line)) waiting.add(on)
          if (waiting.size === machines.length) writeFileSync(leap, '')
        },
      }),
    ),
  )
}

function errorsOf(job: Job): string[] {
  return job.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
}
