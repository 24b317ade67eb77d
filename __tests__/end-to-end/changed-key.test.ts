import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../support/fake-runner/job-result.ts'
import { authFileText, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld, type RotatingWorld } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'

const ref = 'refs/codex-auth/default'
const [first, second] = [await someIdentity(), await someIdentity()]

let git: LoopbackGit
beforeEach(async () => {
  git = await loopbackGit()
})
afterEach(async () => {
  endRotatingWorlds()
  await git.close()
})

/** A job whose encryption-key comes from `env`, where a step changes it; Codex refreshes the login unless said otherwise. */
async function jobWith(world: RotatingWorld, changed: string, refreshes = true): Promise<Job> {
  const { machine, next, secrets } = world
  const keeper = keeperStep({
    store: 'git',
    'auth-json': '${{ secrets.SEED }}',
    'encryption-key': '${{ env.KEY }}',
  })
  const change = { id: 'changes', shell: 'bash', run: `printf 'KEY<<end\\n%s\\nend\\n' '${changed}' >> "$GITHUB_ENV"` } as const
  return runWorkflow(machine, [keeper, ...(refreshes ? [rotates(machine, next)] : []), change], {
    env: { KEY: first },
    serverUrl: git.origin,
    githubToken: git.token,
    secrets,
  })
}

/** What the stock age opens with this identity. */
function openedWith(identity: string, { machine }: RotatingWorld): string {
  const key = join(machine.root, 'key.txt')
  writeFileSync(key, `${identity}\n`, { mode: 0o600 })
  const sealed = execFileSync('git', ['--git-dir', git.directory, 'cat-file', 'blob', `${ref}:auth.age`])
  return execFileSync('age', ['-d', '-i', key], { input: sealed, encoding: 'utf8' })
}

describe('a step that changes encryption-key after the restore', () => {
  test.each([
    ['to another key', second],
    ['to nothing', ''],
    ['to what is not a key', 'short'],
  ])('%s: nothing is sealed for it, the job is red with the way out, and the plaintext stays', async (_, changed) => {
    const world = rotatingWorld()
    const job = await jobWith(world, changed)
    expect([job.conclusion, await git.oidOf(ref)]).toEqual(['failure', undefined])
    expect(errorsOf(job, 'post')).toMatch(/no store could take it.*auth\.json is the only good copy/)
    expect(job.annotations.map(({ message }) => message).join('\n')).toMatch(/a step has changed encryption-key.*straight from a secret/)
    // Nothing is waited for: the key stays as it is for the rest of the job.
    expect(job.log).not.toContain('It is tried again')
    expect(authFileText(world.machine)).toBe(world.next.text)
  })

  test('to another key in front of the first: the first one seals', async () => {
    const world = rotatingWorld()
    const job = await jobWith(world, `${second}\n${first}`)
    expect(job.conclusion).toBe('success')
    expect(openedWith(first, world)).toBe(world.next.text)
    expect(authFileText(world.machine)).toBeUndefined()
  })

  test('is not in the way of a login that has not changed', async () => {
    const world = rotatingWorld()
    expect((await jobWith(world, first)).conclusion).toBe('success')
    expect((await jobWith(world, second, false)).conclusion).toBe('success')
    expect(openedWith(first, world)).toBe(world.next.text)
  })
})
