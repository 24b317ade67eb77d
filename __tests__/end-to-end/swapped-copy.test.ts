import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { managedLogin, type Login } from '../support/codex-login.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import { createMachine, type Machine } from '../support/fake-runner/machine.ts'
import { authFileText, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { refreshed } from '../support/keeper-world.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { errorsOf, rotates } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'

const key = await someIdentity()
let git: LoopbackGit
const machines: Machine[] = []
beforeEach(async () => {
  git = await loopbackGit()
})
afterEach(async () => {
  for (const machine of machines.splice(0)) machine.destroy()
  await git.close()
})

/** A job on a new machine that keeps a login in a slot, and there refreshes it. */
async function jobOf(slot: string, seed: Login, next?: Login): Promise<{ job: Job; machine: Machine }> {
  const machine = createMachine()
  machines.push(machine)
  const keeper = keeperStep({ store: 'git', slot, 'auth-json': '${{ secrets.SEED }}', 'encryption-key': '${{ secrets.KEY }}' })
  const job = await runWorkflow(machine, [keeper, ...(next ? [rotates(machine, next)] : [])], {
    serverUrl: git.origin,
    githubToken: git.token,
    secrets: { SEED: JSON.stringify(JSON.parse(seed.text)), KEY: key },
  })
  return { job, machine }
}

test("slot b's copy in slot a is refused with the way out, and the stock age opens either as it is", async () => {
  const seed = managedLogin()
  const [ofA, ofB] = [refreshed(seed), refreshed(refreshed(seed))]
  expect((await jobOf('a', seed, ofA)).job.conclusion).toBe('success')
  expect((await jobOf('b', seed, ofB)).job.conclusion).toBe('success')
  const own = (await git.oidOf('refs/codex-auth/a')) ?? ''
  await git.git(['update-ref', 'refs/codex-auth/a', 'refs/codex-auth/b'])

  const swapped = await jobOf('a', seed)
  expect([swapped.job.conclusion, authFileText(swapped.machine)]).toEqual(['failure', undefined])
  expect(errorsOf(swapped.job, 'main')).toMatch(
    /sealed for another place \(git slot=b ref=refs\/codex-auth\/b; this is git slot=a ref=refs\/codex-auth\/a\).*\n.*put its own copy back/,
  )

  await git.git(['update-ref', 'refs/codex-auth/a', own])
  const mended = await jobOf('a', seed)
  expect([mended.job.conclusion, mended.job.stage('keeper').outputs['source']]).toEqual(['success', 'git'])
  writeFileSync(join(mended.machine.root, 'key.txt'), `${key}\n`, { mode: 0o600 })
  for (const [slot, login] of [
    ['a', ofA],
    ['b', ofB],
  ] as const) {
    const sealed = execFileSync('git', ['--git-dir', git.directory, 'cat-file', 'blob', `refs/codex-auth/${slot}:auth.age`])
    const opened = execFileSync('age', ['-d', '-i', join(mended.machine.root, 'key.txt')], { input: sealed, encoding: 'utf8' })
    expect(opened).toBe(login.text)
  }
})
