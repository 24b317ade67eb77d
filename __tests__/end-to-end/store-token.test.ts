import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Job } from '../support/fake-runner/job-result.ts'
import { scheduleEvent } from '../support/fake-runner/events.ts'
import { keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { startLoopbackGithub, type LoopbackGithub } from '../support/loopback-github.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'

let [github, own, other]: [LoopbackGithub?, LoopbackGit?, LoopbackGit?] = []
beforeEach(async () => {
  github = await startLoopbackGithub()
  github.repository('your-org/your-repo')
})
afterEach(async () => {
  endRotatingWorlds()
  await github?.close()
  await own?.close()
  await other?.close()
})

const ref = 'refs/codex-auth/default'
const basic = (token: string): string => Buffer.from(`x-access-token:${token}`).toString('base64')

/** A job that refreshes its login, with a git store on its own server and one on another. */
async function jobWith(line: (other: string) => string, inputs: Readonly<Record<string, string>>): Promise<Job> {
  const api = github?.token({ permissions: { metadata: 'read', contents: 'write' } }) ?? ''
  own = await loopbackGit({ token: api })
  other = await loopbackGit({ token: 'glpat-aTokenOfTheOtherServer' })
  const { machine, next, secrets } = rotatingWorld()
  const keeper = keeperStep({
    store: `git\n${line(other.url)}`,
    'auth-json': '${{ secrets.SEED }}',
    'encryption-key': '${{ secrets.KEY }}',
    ...inputs,
  })
  return runWorkflow(machine, [keeper, rotates(machine, next)], {
    // A schedule says nothing of the repository, so the API is asked.
    ...scheduleEvent(),
    apiUrl: github?.url ?? '',
    serverUrl: own.origin,
    githubToken: api,
    secrets: { ...secrets, KEY: await someIdentity(), OTHER: other.token },
  })
}

/** Every token that a server was sent, once. */
function sentTo(server: LoopbackGit | undefined): unknown[] {
  return [...new Set(server?.requests.map(({ authorization }) => authorization))]
}

test("each server gets its own token and no other's, and the API the job's alone", async () => {
  const job = await jobWith((url) => `git: ${url}`, { 'store-token': '${{ secrets.OTHER }}' })
  expect(errorsOf(job, 'main') + errorsOf(job, 'post')).toBe('')
  expect([await own?.oidOf(ref), await other?.oidOf(ref)]).toEqual([expect.any(String), expect.any(String)])
  expect(sentTo(own)).toEqual([`Basic ${basic(own?.token ?? '')}`])
  expect(sentTo(other)).toEqual([`Basic ${basic(other?.token ?? '')}`])
  expect(job.stage('keeper').stdout).toContain(`::add-mask::${other?.token ?? ''}`)
  expect(new Set(github?.authorizations)).toEqual(new Set([`token ${own?.token ?? ''}`]))
})

test("without store-token the other server gets nothing, the job's token least of all, and the warning names the way out", async () => {
  const job = await jobWith((url) => `git: ${url}`, {})
  expect(sentTo(other)).toEqual([undefined])
  expect(job.annotations.map(({ message }) => message).join('\n')).toMatch(/into store-token that may read and write/)
})

test('another server over https without store-token is an error, and nobody is asked', async () => {
  const job = await jobWith(() => 'git: https://git.example/your-org/logins', {})
  expect(errorsOf(job, 'main')).toMatch(/Give a token of https:\/\/git\.example as store-token/)
  expect([own?.requests, github?.paths]).toEqual([[], []])
})
