import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { codexMachine, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { Login } from '../support/codex-login.ts'
import { findLeaks } from '../support/leak-search.ts'
import { startLoopbackGithub, type LoopbackGithub, type LoopbackRepository } from '../support/loopback-github.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'

let openai: LoopbackOpenAI
let github: LoopbackGithub
let repository: LoopbackRepository

beforeEach(async () => {
  openai = await startLoopbackOpenAI()
  github = await startLoopbackGithub()
  repository = github.repository('your-org/your-repo')
})
afterEach(async () => {
  await openai.close()
  await github.close()
})

async function run(machine: ReturnType<typeof codexMachine>, seed: Login, changes: Readonly<Record<string, string>> = {}): Promise<Job> {
  return runWorkflow(
    machine,
    [keeperStep({ store: 'runner', 'auth-json': '${{ secrets.SEED }}', refresh: 'always', 'reseed-issue': 'true', ...changes })],
    {
      secrets: { SEED: seed.text },
      apiUrl: github.url,
      githubToken: github.token({ permissions: { issues: 'write' }, login: 'github-actions[bot]' }),
    },
  )
}

test('a dead login opens an issue with the way out and no secret in it; the next run that works closes it', async () => {
  const machine = codexMachine({ openai, kind: 'self-hosted' })
  try {
    const dead = openai.login({ accountId: 'one-account', userId: 'one-user', issuedAt: Math.floor(Date.now() / 1000) - 1000 })
    openai.revoke(dead)
    const red = await run(machine, dead)
    expect(red.conclusion).toBe('failure')
    expect(red.stage('keeper', 'main').outputs['needs-reseed']).toBe('true')
    const [issue] = repository.issues.all()
    expect(issue).toMatchObject({ state: 'open', title: 'The Codex login "default" needs a person' })
    expect(issue?.body).toContain('codex login --device-auth')
    expect(issue?.body).toContain('gh secret set NAME_OF_THE_SECRET --repo your-org/your-repo')
    const { refresh_token: refresh, access_token: access, id_token: id } = dead.tokens
    expect(
      findLeaks(
        [refresh, access, id, dead.claims.email, dead.claims.accountId, dead.claims.userId],
        [{ name: 'issue', content: issue?.body ?? '' }],
      ),
    ).toEqual([])

    const again = await run(machine, dead)
    expect(again.conclusion).toBe('failure')
    expect(repository.issues.all()).toHaveLength(1)

    const anew = openai.login({ accountId: 'one-account', userId: 'one-user' })
    const green = await run(machine, anew)
    expect(green.conclusion).toBe('success')
    expect(repository.issues.all()).toMatchObject([
      { state: 'closed', comments: [{ body: expect.stringContaining('works again') as unknown }] },
    ])
  } finally {
    machine.destroy()
  }
}, 120_000)

test('a smoke test that passes closes it too, where nothing is refreshed', async () => {
  const machine = codexMachine({ openai, kind: 'self-hosted' })
  try {
    const dead = openai.login({ accountId: 'one-account', userId: 'one-user', issuedAt: Math.floor(Date.now() / 1000) - 1000 })
    openai.revoke(dead)
    await run(machine, dead)
    expect(repository.issues.all()).toMatchObject([{ state: 'open' }])
    const anew = openai.login({ accountId: 'one-account', userId: 'one-user', expiresIn: 864_000 })
    const green = await run(machine, anew, { refresh: 'never', 'smoke-test': 'true' })
    expect(green.conclusion).toBe('success')
    expect(green.stage('keeper', 'main').outputs['refreshed']).toBe('false')
    expect(repository.issues.all()).toMatchObject([{ state: 'closed' }])
  } finally {
    machine.destroy()
  }
}, 120_000)
