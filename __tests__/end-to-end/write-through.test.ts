import { describe, expect, jest, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { processesThatKnow, type ProcessRecord } from '../support/fake-runner/processes/process-table.ts'
import { inScene, laterLogin, shownByPost, spent, untilStored } from '../support/fault-scene.ts'
import { authFileText, codexStep } from '../support/keeper-workflow.ts'
import { inLeakScene } from '../support/leak-scene.ts'
import { storePlaces, type StoreName } from '../support/store-places.ts'
import { call, writeAuthFile } from '../support/store-world.ts'

jest.setTimeout(180_000)

const on = { 'write-through': 'auto' }

describe.each<StoreName>(['runner', 'git'])('write-through on %s', (name) => {
  test.concurrent('stores what Codex writes while the job goes on, and has ended when post has', () =>
    inScene(name, async (scene) => {
      const seen: ProcessRecord[] = []
      const job = await scene.job([codexStep, scene.look, call('until-stored', () => untilStored(scene)), notes(scene.first, seen)], {
        inputs: on,
      })
      expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'unchanged'])
      expect(await scene.stored()).toBe(scene.held({ bytes: Buffer.from(scene.rotated()) }))
      expect(spent(scene)).toEqual([['rotated'], []])
      expect(seen).toHaveLength(1)
      expect([job.orphans, writersOn(scene.first), beside(job)]).toEqual([[], [], []])
      expect(logOf(job, 'main')).toContain('Write-through is on')
      expect(logOf(job, 'post')).toContain('Write-through has ended: one refreshed login seen during the job.')
    }),
  )

  test.concurrent('killed after one refreshed login: post stores the next one all the same', () =>
    inScene(name, async (scene) => {
      const next = laterLogin(scene, 10 * 86_400 + 3_600)
      const kill = call('kill', () => {
        for (const { pid } of writersOn(scene.first)) process.kill(pid, 'SIGKILL')
      })
      const job = await scene.job(
        [codexStep, scene.look, call('until-stored', () => untilStored(scene)), kill, writeAuthFile(scene.first, next.bytes)],
        { inputs: on },
      )
      expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'written'])
      expect([await scene.stored(), beside(job)]).toEqual([scene.held(next), []])
      expect(logOf(job, 'post')).toContain('Write-through had already ended: one refreshed login seen during the job.')
    }),
  )

  test.concurrent('leaves a reseed of the middle of the job alone', () =>
    inScene(name, async (scene) => {
      const reseed = laterLogin(scene, 15 * 86_400)
      const person = call('person', () => scene.place.put(reseed.bytes))
      const aWhile = call('waits', () => sleep(2_000))
      const job = await scene.job([person, codexStep, aWhile], { inputs: on })
      expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'superseded'])
      expect([await scene.stored(), spent(scene)]).toEqual([scene.held(reseed), [['rotated'], []]])
      expect(logOf(job, 'post')).toContain('Write-through has ended: one refreshed login seen')
    }),
  )
})

test.concurrent('goes on after a cancel', () =>
  inScene('runner', async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    const job = await scene.job([codexStep], { inputs: on, interrupts: [{ kind: 'cancel', when: { after: working.begun } }] })
    working.release()
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['cancelled', 'success', 'unchanged'])
    expect([await scene.stored(), job.orphans.filter(isWriter)]).toEqual([authFileText(scene.first), []])
    expect(logOf(job, 'post')).toContain('Write-through has ended: one refreshed login seen')
  }),
)

test.concurrent('is not there for a login that is not due, and always there when asked for', () =>
  inScene('runner', async (scene) => {
    await scene.place.put(laterLogin(scene, 60).bytes)
    const seen: ProcessRecord[] = []
    const auto = await scene.job([notes(scene.first, seen)], { inputs: on })
    expect([auto.conclusion, seen, logOf(auto, 'main')]).toEqual(['success', [], expect.not.stringContaining('Write-through')])
    const always = await scene.job([notes(scene.first, seen)], { inputs: { 'write-through': 'always' } })
    expect([always.conclusion, seen.length, always.orphans]).toEqual(['success', 1, []])
  }),
)

test.concurrent('leaves a store to post that only a passphrase seals', () =>
  inLeakScene(storePlaces.git, async ({ run }) => {
    const { job, faults } = await run({ inputs: on, secrets: { KEY: 'a passphrase of more than 32 characters, for git' } })
    expect(faults).toEqual([])
    expect(logOf(job, 'main')).toContain('Write-through is off: no store can be written without a read or a key that opens it.')
  }),
)

test.concurrent.each<StoreName>(['git', 'github-secret', 'ssh', 'vault', 's3'])(
  'no secret is in its arguments, its environment or left by it: %s',
  (name) =>
    inLeakScene(storePlaces[name], async ({ run }) => {
      const waits = call('waits', () => sleep(1_500))
      const { job, faults } = await run({ inputs: on, steps: () => [codexStep, waits], spec: { recordProcesses: true } })
      expect([faults, job.conclusion]).toEqual([[], 'success'])
      const own = job.processes.filter(isWriter)
      const names = own.flatMap(({ environ }) => environ.map((entry) => entry.split('=', 1)[0] ?? ''))
      expect(names).toContain('RUNNER_TRACKING_ID')
      expect(names.filter((entry) => /^(INPUT|STATE|ACTIONS|GITHUB|CODEX|NODE_OPTIONS)/.test(entry))).toEqual([])
      expect(new Set(own.map(({ argv }) => argv.slice(1, -1).join(' ')))).toEqual(
        new Set(['--max-semi-space-size=1 --no-opt --no-maglev --no-sparkplug']),
      )
    }),
)

function isWriter({ argv }: ProcessRecord): boolean {
  return argv.some((argument) => argument.endsWith('/dist/write-through.js'))
}

/** The processes that write through in jobs of this machine. */
function writersOn({ home }: Machine): ProcessRecord[] {
  return processesThatKnow(home).filter(isWriter)
}

function notes(machine: Machine, seen: ProcessRecord[]): CallStep {
  return call('notes', () => {
    seen.push(...writersOn(machine))
  })
}

/** What a job has left of the place where the process is met. */
function beside({ tempFiles }: Job): string[] {
  return tempFiles.map(({ path }) => path).filter((path) => path.includes('codex-auth-beside'))
}

function logOf(job: Job, stage: 'main' | 'post'): string {
  return job.stage('keeper', stage).log.join('\n')
}
