import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { leaseBytes, type LeaseDocument } from '../../src/keeper/lease-document.ts'
import { annotations } from '../support/fault-scene.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import { authFileOf } from '../support/keeper-workflow.ts'
import { inRefreshWorld, untilExists, type RefreshWorld } from '../support/refresh-world.ts'
import { storesWithLease } from '../support/store-places.ts'
import { call } from '../support/store-world.ts'

const tenDays = 864_000
const elsewhere: LeaseDocument = {
  state: 'held',
  holder: { run: 'https://github.com/your-org/your-repo/actions/runs/4711', attempt: 1, job: 'elsewhere' },
  nonce: 'elsewhere',
  turn: 1,
  lasts: 600,
}

describe.each(storesWithLease)('Many jobs at once on one login in the store %s', (store) => {
  test('20 of them, and it is due: one exchange, no refused token, all green, all have what it brought', async () => {
    await inRefreshWorld({ store, login: { expiresIn: 3_600 } }, async (world) => {
      const { jobs, files } = await allAtOnce(world, 20, {})
      expect(jobs.map((job) => [job.conclusion, ...annotations(job)])).toEqual(jobs.map(() => ['success']))
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
