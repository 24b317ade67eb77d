import { afterEach, describe, expect, test } from '@jest/globals'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Login } from '../support/codex-login.ts'
import { workflowRunEvent } from '../support/fake-runner/events.ts'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { neighbours } from '../support/fake-runner/neighbours.ts'
import { authFileOf, authFileText, codexHomeOf, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { atJobStart, endRotatingWorlds, errorsOf, rotates, rotatingWorld, withCodex } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

const outputNames = [
  'account',
  'auth-file',
  'codex-home',
  'expires-at',
  'last-refresh',
  'needs-reseed',
  'plan',
  'refreshed',
  'source',
  'stored',
]

describe('pre', () => {
  test('restores where the job asks for it; main verifies and repeats the outputs; post writes back', async () => {
    const { machine, store, seed, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next)], { env: atJobStart, secrets })
    expect(job.conclusion).toBe('success')
    expect(job.stage('keeper', 'pre').log.join('\n')).toContain('Codex login restored from seed')
    const main = job.stage('keeper')
    expect(main.log).toContain('Codex login was restored at the start of the job.')
    expect(main.outputs).toEqual(job.stage('keeper', 'pre').outputs)
    expect(main.outputs).toEqual(documentedOutputs(machine, seed))
    expect(store.text()).toBe(next.text)
    expect(store.operations()).toEqual(['read', 'read', 'write'])
    expect(existsSync(authFileOf(machine))).toBe(false)
  })

  test('main says so when Codex has refreshed the login before it', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [rotates(machine, next), keeperStep(inputs)], { env: atJobStart, secrets })
    expect(job.stage('keeper').log).toContain('Codex login was restored at the start of the job, and Codex has refreshed it since.')
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
  })

  test('main is red when a step has taken the file away, and the store keeps what it has', async () => {
    const { machine, store, seed, next, inputs, secrets } = rotatingWorld()
    writeFileSync(store.file, next.text)
    const job = await runWorkflow(machine, [neighbours.deletes(authFileOf(machine)), keeperStep(inputs)], { env: atJobStart, secrets })
    expect(job.stage('keeper')).toMatchObject({ conclusion: 'failure' })
    expect(errorsOf(job, 'main')).toMatch(/auth\.json that was restored at the start of the job is no longer there.*\(missing\)/)
    expect(store.text()).toBe(next.text)
    expect(seed.text).not.toBe(next.text)
  })

  test.each([['false'], ['failure()']])('post writes back although main is skipped by if: %s', async (condition) => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs, { if: condition }), rotates(machine, next)], { env: atJobStart, secrets })
    expect(job.ran('keeper')).toBe(false)
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
  })

  test('does nothing without the opt-in, nor with another value of it', async () => {
    for (const env of [{}, { CODEX_AUTH_RESTORE_AT: 'step' }]) {
      const { machine, store, next, inputs, secrets } = rotatingWorld()
      const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next)], { env, secrets })
      expect(job.ran('keeper', 'pre')).toBe(false)
      expect(job.stage('keeper').log.join('\n')).toContain('Codex login restored from seed')
      expect([job.conclusion, store.text()]).toEqual(['success', next.text])
    }
  })

  test('with the opt-in in the environment of the step alone it restores as well', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs, { env: atJobStart }), rotates(machine, next)], { secrets })
    expect(job.ran('keeper', 'pre')).toBe(true)
    expect(store.text()).toBe(next.text)
  })

  test('a main and a post behind a pre that was refused do not restore behind its back', async () => {
    const { machine, store, inputs, secrets } = rotatingWorld()
    const refused = { ...inputs, 'expected-account': 'someone-else' }
    const job = await runWorkflow(machine, [keeperStep(refused)], { env: atJobStart, secrets })
    expect(job.stage('keeper', 'pre')).toMatchObject({ conclusion: 'failure' })
    expect(job.ran('keeper')).toBe(false)
    expect(job.stage('keeper', 'post')).toMatchObject({ conclusion: 'success' })
    expect([authFileText(machine), store.text()]).toEqual([undefined, undefined])
  })
})

describe('main', () => {
  test('sets every documented output', async () => {
    const { machine, seed, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets })
    const { outputs } = job.stage('keeper')
    expect(Object.keys(outputs).sort()).toEqual(outputNames)
    expect(outputs).toEqual(documentedOutputs(machine, seed))
  })

  test('lists all that is wrong, also what this machine does not have for a store, in one error', async () => {
    const { machine, inputs, secrets } = rotatingWorld()
    const store = 'runner\ngit\nssh: ci@host.example:22/srv/auth.json'
    const job = await runWorkflow(
      machine,
      [keeperStep({ ...inputs, store, slot: 'a/b', 'ssh-known-hosts': 'host.example ssh-ed25519 AAAA' })],
      {
        secrets,
      },
    )
    const errors = errorsOf(job, 'main')
    expect(errors).toContain('4 inputs need attention')
    for (const problem of [
      'store: "runner" cannot keep anything here: a GitHub-hosted runner is deleted after the job',
      'encryption-key is needed',
      'Neither ssh-key nor an ssh agent',
      'slot must be',
    ]) {
      expect(errors).toContain(problem)
    }
    expect([job.conclusion, authFileText(machine)]).toEqual(['failure', undefined])
  })

  test('names the store as the source, and a login of another day by its own times', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    writeFileSync(store.file, next.text)
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets })
    expect(job.stage('keeper').outputs).toEqual({ ...documentedOutputs(machine, next), source: 'command' })
  })

  test('exports CODEX_HOME when codex-home is set, and post looks there', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const home = join(machine.temp, 'codex-home')
    const job = await runWorkflow(
      machine,
      [
        keeperStep({ ...inputs, 'codex-home': '${{ runner.temp }}/codex-home' }),
        { id: 'sees', run: 'echo "home is $CODEX_HOME"' },
        rotates(machine, next, join(home, 'auth.json')),
      ],
      { secrets },
    )
    expect(job.stage('sees').stdout).toEqual([`home is ${home}`])
    expect(job.stage('keeper').outputs).toMatchObject({ 'codex-home': home, 'auth-file': join(home, 'auth.json') })
    expect(store.text()).toBe(next.text)
  })

  test('leaves CODEX_HOME of later steps alone when codex-home is not set', async () => {
    const { machine, inputs, secrets } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs), { id: 'sees', run: 'echo "home is $CODEX_HOME"' }], { secrets })
    expect(job.stage('sees').stdout).toEqual(['home is '])
  })

  test('that was refused before it installed anything leaves post with nothing to do, and post says so quietly', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const always = { ...rotates(machine, next), if: 'always()' }
    const job = await runWorkflow(machine, [keeperStep(inputs), always], { secrets, ...workflowRunEvent({ fromFork: true }) })
    expect(job.stage('keeper').conclusion).toBe('failure')
    const post = job.stage('keeper', 'post')
    expect(post).toMatchObject({ conclusion: 'success', stderr: [], summary: '' })
    expect(post.stdout.filter((line) => !line.startsWith('::add-mask::'))).toEqual([
      'Nothing was restored in this job, so there is nothing to write back.',
    ])
    expect(job.annotations.filter(({ stage }) => stage === 'post')).toEqual([])
    expect([store.text(), store.operations()]).toEqual([undefined, []])
  })

  test('that was refused cannot be helped by a state that a later step makes up', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const real = await runWorkflow(machine, [keeperStep(inputs)], { secrets })
    const state = real.stage('keeper').state['restored'] ?? ''
    expect(JSON.parse(state)).toMatchObject({ codexHome: codexHomeOf(machine) })
    const forges: CallStep = {
      id: 'forges',
      if: 'always()',
      call: ({ GITHUB_ENV = '' }) => {
        writeFileSync(GITHUB_ENV, `STATE_restored=${state}\n`)
      },
    }
    const job = await runWorkflow(machine, [keeperStep(inputs), forges, { ...rotates(machine, next), if: 'always()' }], {
      secrets,
      ...workflowRunEvent({ fromFork: true }),
    })
    expect(job.stage('keeper', 'post').env['STATE_restored']).toBe('')
    expect(job.stage('keeper', 'post').log).toContain('Nothing was restored in this job, so there is nothing to write back.')
    expect(store.operations().filter((operation) => operation === 'write')).toEqual([])
  })

  test('is not taken in by a state of pre that a step before it makes up', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const first = await runWorkflow(machine, [keeperStep(inputs)], { secrets })
    const state = first.stage('keeper').state['restored'] ?? ''
    expect(state).toContain(codexHomeOf(machine))
    const signature = createHmac('sha256', '').update(state).digest('hex')
    const forges: CallStep = {
      id: 'forges',
      call: ({ GITHUB_ENV = '' }) => {
        writeFileSync(GITHUB_ENV, `STATE_restored=${state}\nSTATE_restored-signature=${signature}\n`)
      },
    }
    const job = await runWorkflow(machine, [forges, keeperStep(inputs), rotates(machine, next)], {
      secrets,
      services: { runtimeToken: 'of-the-runner' },
    })
    expect(job.stage('keeper').log.join('\n')).toContain('Codex login restored from file')
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
  })

  test('that fails after it has installed the file (no GITHUB_OUTPUT) still has its post write back', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const always = { ...rotates(machine, next), if: 'always()' }
    const { step: removes, end } = removesNextOutputFile()
    const job = await runWorkflow(machine, [removes, keeperStep(inputs), always], { secrets }).finally(end)
    expect(job.stage('keeper').conclusion).toBe('failure')
    expect(errorsOf(job, 'main')).toMatch(/Missing file at path/)
    expect([job.conclusion, store.text()]).toEqual(['failure', next.text])
    expect(job.stage('keeper', 'post').conclusion).toBe('success')
  })

  test('whose smoke test fails still has its post write back', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const always = { ...rotates(machine, next), if: 'always()' }
    withCodex(machine, 'exit 1')
    const job = await runWorkflow(machine, [keeperStep({ ...inputs, 'smoke-test': 'true' }), always], { secrets })
    expect(errorsOf(job, 'main')).toMatch(/The smoke test failed/)
    expect([job.conclusion, store.text()]).toEqual(['failure', next.text])
  })

  test('whose smoke test refreshes and then fails stores the refreshed login at once', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const [from, seen]: [string, string[]] = [join(machine.root, 'next.json'), []]
    writeFileSync(from, next.text)
    withCodex(machine, `cp '${from}' "$CODEX_HOME/auth.json"; exit 1`)
    const looks: CallStep = {
      id: 'looks',
      if: 'always()',
      call: () => {
        seen.push(store.text() ?? '')
      },
    }
    const job = await runWorkflow(machine, [keeperStep({ ...inputs, 'smoke-test': 'true' }), looks], { secrets })
    expect(seen).toEqual([next.text])
    expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
    expect([job.conclusion, store.operations()]).toEqual(['failure', ['read', 'read', 'write']])
  })
})

function documentedOutputs(machine: Machine, login: Login): Record<string, unknown> {
  const { last_refresh: lastRefresh } = JSON.parse(login.text) as { last_refresh: string }
  return {
    'auth-file': authFileOf(machine),
    'codex-home': codexHomeOf(machine),
    source: 'seed',
    account: expect.stringMatching(/^[0-9a-z]{6,16}$/),
    plan: 'pro',
    'last-refresh': lastRefresh,
    'expires-at': new Date(login.claims.expiresAt * 1000).toISOString(),
    refreshed: 'false',
    stored: 'false',
    'needs-reseed': 'false',
  }
}

/** As if the disk failed: the file through which the next stage sets its outputs is gone as soon as it is there. `end` after the job. */
function removesNextOutputFile(): { readonly step: CallStep; readonly end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    clearInterval(timer)
  }
  const call: CallStep['call'] = ({ GITHUB_OUTPUT: own = '' }) => {
    const folder = join(own, '..')
    timer = setInterval(() => {
      const name = readdirSync(folder).find((file) => file.startsWith('set_output_') && join(folder, file) !== own)
      if (name === undefined) return
      rmSync(join(folder, name))
      end()
    }, 1)
  }
  return { step: { id: 'removes', call }, end }
}
