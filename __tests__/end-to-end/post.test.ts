import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import { neighbours } from '../support/fake-runner/neighbours.ts'
import { writeAction } from '../support/fake-runner/write-action.ts'
import { authFileText, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { loopbackGit } from '../support/loopback-git.ts'
import { endRotatingWorlds, errorsOf, generations, rotates, rotatingWorld } from '../support/rotating-jobs.ts'
import { someIdentity } from '../support/sealing.ts'

afterEach(endRotatingWorlds)

describe('post', () => {
  test('run twice changes nothing the second time', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs, { repeatPost: true }), rotates(machine, next)], { secrets })
    expect(job.stages.filter(({ stage }) => stage === 'post').map(({ conclusion }) => conclusion)).toEqual(['success', 'success'])
    expect(store.text()).toBe(next.text)
    expect(store.operations()).toEqual(['read', 'read', 'write'])
  })

  test('run twice where the file stays finds the store up to date', async () => {
    const { machine, next, inputs, secrets } = rotatingWorld('self-hosted')
    const step = keeperStep({ ...inputs, store: 'runner' }, { repeatPost: true })
    const job = await runWorkflow(machine, [step, rotates(machine, next)], { secrets })
    const [first, second] = job.stages.filter(({ stage }) => stage === 'post')
    expect(first?.log.join('\n')).toContain('written: the refreshed login is stored')
    expect(second?.log.join('\n')).toContain('(unchanged)')
    expect([job.conclusion, authFileText(machine)]).toEqual(['success', next.text])
    expect(generations(machine)).toEqual(['auth.0000000001'])
  })

  test('runs after a job that failed, and after a step that timed out', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const hangs = { id: 'hangs', run: 'sleep 600', timeoutMs: 1_000 }
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next), hangs], { secrets, timeScale: 0.1 })
    expect(job.stage('hangs')).toMatchObject({ conclusion: 'failure', signalsSent: expect.arrayContaining(['SIGINT']) })
    expect([job.conclusion, store.text()]).toEqual(['failure', next.text])
  })

  test('goes on to its end when the job is cancelled during it', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next)], {
      secrets,
      interrupts: [{ kind: 'cancel', when: { step: 'keeper', stage: 'post', at: 'start' } }],
    })
    expect(job.conclusion).toBe('cancelled')
    expect(job.stage('keeper', 'post')).toMatchObject({ conclusion: 'success', signalsSent: [] })
    expect(store.text()).toBe(next.text)
  })

  test('goes by the store and the slot of the restore, and by no input that it has no use for, whatever a step made of them', async () => {
    const { machine, next, inputs, secrets } = rotatingWorld('self-hosted')
    const step = keeperStep({
      ...inputs,
      store: '${{ env.STORE }}',
      slot: '${{ env.SLOT }}',
      'refresh-window': '${{ env.WINDOW }}',
      'expected-account': '${{ env.WHO }}',
      'reseed-issue': '${{ env.ISSUE }}',
      'app-id': '${{ env.APP }}',
    })
    const changes = {
      id: 'changes',
      run: 'printf "STORE=command\nSLOT=../other\nWINDOW=soon\nWHO=nobody\nISSUE=maybe\nAPP=7\n" >> "$GITHUB_ENV"',
    }
    const job = await runWorkflow(machine, [step, rotates(machine, next), changes], {
      secrets,
      env: { STORE: 'runner', SLOT: 'default', WINDOW: '1h' },
    })
    expect([job.conclusion, generations(machine)]).toEqual(['success', ['auth.0000000001']])
  })

  test.each<[string, 'lost' | 'cancelled' | 'failure']>([
    ['the runner is shut down', 'cancelled'],
    ['everything is killed', 'lost'],
    ['a step deletes the workspace', 'failure'],
  ])('is lost when %s; on a machine that stays, the next job takes the file and stores it', async (how, conclusion) => {
    const { machine, next, inputs, secrets } = rotatingWorld('self-hosted')
    const runner = { ...inputs, store: 'runner' }
    const end = how === 'a step deletes the workspace' ? neighbours.deletesWorkspace() : { id: 'end', run: 'sleep 1' }
    const kind = how === 'everything is killed' ? 'kill' : 'shutdown'
    const lost = await runWorkflow(machine, [keeperStep(runner), rotates(machine, next), end], {
      secrets,
      ...(end.id === 'end' && { interrupts: [{ kind, when: { step: 'end', at: 'start' } }] }),
      timeScale: 0.1,
    })
    expect(lost.conclusion).toBe(conclusion)
    expect(generations(machine)).toEqual([])
    expect(authFileText(machine)).toBe(next.text)
    const job = await runWorkflow(machine, [keeperStep(runner)], { secrets })
    expect(job.stage('keeper').outputs).toMatchObject({ source: 'file' })
    expect([job.conclusion, generations(machine)]).toEqual(['success', ['auth.0000000001']])
  })

  test('brings one store up to date when the other fails, warns, and the job is green', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld('self-hosted')
    const slot = join(store.directory, 'slots')
    mkdirSync(slot)
    const breaks: CallStep = {
      id: 'breaks',
      call: () => {
        rmSync(slot, { recursive: true, force: true })
        writeFileSync(slot, 'no directory')
      },
    }
    const both = { ...inputs, store: `command\nrunner: ${slot}` }
    const job = await runWorkflow(machine, [keeperStep(both), rotates(machine, next), breaks], { secrets })
    expect(job.conclusion).toBe('success')
    expect(store.text()).toBe(next.text)
    const warnings = job.annotations.filter(({ stage }) => stage === 'post')
    expect(warnings).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining(`Store runner: ${slot} could not be brought up to date.`) as unknown,
      }),
    ])
    expect(warnings[0]?.message).toContain('Nothing is lost')
    expect(job.stage('keeper', 'post').summary).toMatch(/<td>command<\/td>.*written/)
    expect(authFileText(machine)).toBe(next.text)
  })

  test('is red when no store takes a login that was refreshed, says where the only copy is, and leaves it there', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const refusing = keeperStep({ ...inputs, 'write-command': 'exit 77', 'retry-for': '3s' })
    const job = await runWorkflow(machine, [refusing, rotates(machine, next)], { secrets })
    expect(job.conclusion).toBe('failure')
    expect(errorsOf(job, 'post')).toMatch(/no store could take it.*auth\.json is the only good copy/)
    expect(job.stage('keeper', 'post').log.filter((line) => line.includes('It is tried again in'))).toHaveLength(2)
    expect([store.text(), authFileText(machine)]).toEqual([undefined, next.text])
  })

  test.each([
    ['is busy', 75],
    ['refuses', 77],
  ])('stores the login where the store %s for ten seconds, and says so', async (_, code) => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const since = join(store.directory, 'since')
    const away = `[ -e '${since}' ] || date +%s > '${since}'; [ "$(date +%s)" -ge "$(($(cat '${since}') + 10))" ] || exit ${code}`
    const keeper = keeperStep({ ...inputs, 'write-command': `${away}\n${inputs['write-command'] ?? ''}` })
    const job = await runWorkflow(machine, [keeper, rotates(machine, next)], { secrets })
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
    expect(job.stage('keeper', 'post').log.join('\n')).toContain('No store holds the refreshed login yet. It is tried again in 2 s')
    expect(authFileText(machine)).toBeUndefined()
  })

  test('runs before that of an earlier step which revokes the token it needs', async () => {
    const git = await loopbackGit()
    const minter = await tokenServer({
      token: git.token,
      revoked: () => {
        git.fault({ kind: 'status', status: 401, side: 'both' })
      },
    })
    try {
      const { machine, next, secrets } = rotatingWorld()
      const uses = writeAction(join(machine.root, 'mints'), {
        main: `const token = await (await fetch('${minter.url}')).text()
          console.log('::add-mask::' + token); console.log('::set-output name=token::' + token)`,
        post: `console.log('revoked: ' + (await fetch('${minter.url}', { method: 'DELETE' })).status)`,
      })
      const keeper = keeperStep({
        store: 'git',
        'auth-json': '${{ secrets.SEED }}',
        'encryption-key': '${{ secrets.KEY }}',
        'github-token': '${{ steps.mints.outputs.token }}',
      })
      const job = await runWorkflow(machine, [{ id: 'mints', uses }, keeper, rotates(machine, next)], {
        secrets: { ...secrets, KEY: await someIdentity() },
        githubToken: 'ghs_aTokenThatMayNotPush',
        serverUrl: git.origin,
      })
      expect(job.stages.filter(({ stage }) => stage === 'post').map(({ step, conclusion }) => [step, conclusion])).toEqual([
        ['keeper', 'success'],
        ['mints', 'success'],
      ])
      expect(job.stage('mints', 'post').stdout).toEqual(['revoked: 204'])
      expect(await git.oidOf('refs/codex-auth/default')).toBeDefined()
      expect(job.conclusion).toBe('success')
    } finally {
      await minter.close()
      await git.close()
    }
  })
})

/** Gives its token to whoever asks, until somebody asks to revoke it. */
async function tokenServer({
  token,
  revoked,
}: {
  token: string
  revoked: () => void
}): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method === 'DELETE') revoked()
    response.writeHead(request.method === 'DELETE' ? 204 : 200).end(request.method === 'DELETE' ? undefined : token)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
