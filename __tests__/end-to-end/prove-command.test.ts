import { afterEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../support/fake-runner/job-result.ts'
import { keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld, type RotatingWorld } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

/** A job that refreshes its login, with this proof in front. */
async function provedBy(command: string): Promise<RotatingWorld & { readonly job: Job }> {
  const world = rotatingWorld()
  const inputs = { ...world.inputs, 'prove-command': `echo prove >> '${world.store.directory}/operations'; ${command}` }
  const job = await runWorkflow(world.machine, [keeperStep(inputs), rotates(world.machine, world.next)], { secrets: world.secrets })
  return { ...world, job }
}

describe('prove-command', () => {
  test('is run once, when the login is restored', async () => {
    const { job, store, next } = await provedBy('true')
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
    expect(job.stage('keeper').log.join('\n')).toContain('write access proved')
    // Read and proof are at work at the same time.
    expect(store.operations().toSorted()).toEqual(['prove', 'read', 'read', 'write'])
    expect(store.operations().slice(2)).toEqual(['read', 'write'])
  })

  test('that says no ends the job before the login is there', async () => {
    const { job, store } = await provedBy('echo "no role for you" >&2; exit 77')
    expect([job.conclusion, job.ran('rotates'), store.text()]).toEqual(['failure', false, undefined])
    expect(errorsOf(job, 'main')).toMatch(
      /No store can be written, so a refreshed login would be lost.*prove-command ended with exit code 77: no role for you/,
    )
  })

  test('that fails otherwise proves nothing, which the log says with its reason', async () => {
    const { job, store, next } = await provedBy('echo "no answer" >&2; exit 6')
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
    const log = job.stage('keeper').log.join('\n')
    expect(log).toContain('write access cannot be proved beforehand')
    expect(log).toContain('prove-command ended with exit code 6: no answer. Whether write-command may store is not known.')
  })
})
