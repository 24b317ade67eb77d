import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Step } from '../support/fake-runner/job-spec.ts'
import { actionFolder, authFileOf, codexStep, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { inLeakScene, type ScenePlace } from '../support/leak-scene.ts'
import { startLoopbackGithub } from '../support/loopback-github.ts'
import { managedLogin } from '../support/codex-login.ts'
import { someIdentity } from '../support/sealing.ts'
import { endRotatingWorlds, rotatingWorld } from '../support/rotating-jobs.ts'
import { storeNames, storePlaces, type StoreName } from '../support/store-places.ts'

const withoutSecret = storeNames.filter((name) => name !== 'github-secret')
const repository = 'your-org/your-repo'

describe('no secret is shown, handed to a child or left', () => {
  test.each(storeNames)('%s: from the seed, refreshed by the job, stored; from the store, refreshed early, tested, stored', (name) =>
    inLeakScene(storePlaces[name], async ({ place, openai, run }) => {
      const first = await run()
      expect(first.faults).toEqual([])
      expect([first.job.conclusion, first.job.stage('keeper', 'post').summary]).toEqual([
        'success',
        expect.stringContaining('the refreshed login is stored'),
      ])
      const second = await run({ inputs: { refresh: 'always', 'smoke-test': 'true' }, spec: { recordProcesses: true } })
      expect(second.faults).toEqual([])
      expect(second.job.stage('keeper').outputs).toMatchObject({ source: place.line, refreshed: 'true', stored: 'true' })
      expect(openai.ledger().tokens).toHaveLength(3)
    }),
  )

  test('kubernetes: what the pod holds is masked in each stage', () =>
    inLeakScene(storePlaces.kubernetes, async ({ place: { machineSecrets = [] }, run }) => {
      const { job } = await run()
      const masks = machineSecrets.flatMap((secret) => [secret, ...secret.split('.')]).map((secret) => `::add-mask::${secret}`)
      expect(masks).toHaveLength(4)
      expect(job.stage('keeper').stdout).toEqual(expect.arrayContaining(masks))
      expect(job.stage('keeper', 'post').stdout).toEqual(expect.arrayContaining(masks))
    }))

  test('github-secret, written by an App', () =>
    inLeakScene(appPlace, async ({ run }) => {
      const { job, faults } = await run({ spec: { recordProcesses: true } })
      expect(faults).toEqual([])
      expect(job.conclusion).toBe('success')
      const printed = job.stages
        .flatMap(({ stdout, stderr }) => [...stdout, ...stderr])
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n')
      expect([printed, job.log].join('\n')).not.toMatch(/ghs_[0-9a-f]{40}/)
    }))
})

describe('no secret is shown or left when', () => {
  test.concurrent.each(storeNames)('the store is down: %s', (name) =>
    inLeakScene(storePlaces[name], async ({ place, run }) => {
      await place.put(managedLogin().bytes)
      await place.failReads('always')
      const { job, faults } = await run({ steps: () => [] })
      expect([faults, job.conclusion]).toEqual([[], 'failure'])
    }),
  )

  test.concurrent.each(storeNames)(
    'the store takes no refreshed login: %s',
    (name) =>
      inLeakScene(storePlaces[name], async ({ place, run }) => {
        const breaks: Step = { id: 'breaks', call: () => place.failWrites('always') }
        const { job, faults } = await run({ inputs: { 'retry-for': '2s' }, steps: () => [breaks, codexStep] })
        expect([faults, job.conclusion]).toEqual([[], 'failure'])
      }),
    // The store is tried three times over, twice.
    120_000,
  )

  test.concurrent.each(withoutSecret)('the store holds half a login: %s', (name) =>
    inLeakScene(storePlaces[name], async ({ place, watch, run }) => {
      const other = managedLogin().text
      watch.addDocument(other)
      await place.put(Buffer.from(other.slice(0, -200)))
      const { job, faults } = await run({ steps: () => [] })
      expect([faults, job.conclusion]).toEqual([[], 'failure'])
    }),
  )

  test.concurrent.each<StoreName>(['git', 'cache'])('the copy is sealed for another key: %s', (name) =>
    inLeakScene(storePlaces[name], async ({ place, watch, run }) => {
      watch.add(place.job().spec.secrets?.['KEY'] ?? '')
      await place.put(managedLogin().bytes)
      const { job, faults } = await run({ secrets: { KEY: await someIdentity() }, steps: () => [] })
      expect([faults, job.conclusion]).toEqual([[], 'failure'])
      expect(job.annotations.map(({ message }) => message).join()).toMatch(/key/)
    }),
  )

  const wrong = 'github_pat_canaryThatNobodyKnows0123456789'
  test.concurrent.each<[StoreName, object]>([
    ['github-secret', { secrets: { WRITER: wrong } }],
    ['git', { githubToken: wrong }],
    [
      'ssh',
      {
        secrets: {
          SSH_KEY: `-----BEGIN OPENSSH PRIVATE KEY-----\n${'c2F5c05vdGhpbmdUb0FueWJvZHk1'.repeat(2)}\n-----END OPENSSH PRIVATE KEY-----\n`,
        },
      },
    ],
  ])('the server refuses the key: %s', (name, more) =>
    inLeakScene(storePlaces[name], async ({ run }) => {
      const { job, faults } = await run({ ...more, steps: () => [], spec: { recordProcesses: true } })
      expect([faults, job.conclusion]).toEqual([[], 'failure'])
    }),
  )

  test.concurrent.each<[string, (text: string) => string]>([
    ['cut short', (text) => text.slice(0, -200)],
    ['cut short, as base64', (text) => Buffer.from(text.slice(0, -200)).toString('base64')],
    ['with an id_token of two parts', (text) => text.replace(/("id_token": "[^.]*)\./, '$1')],
    ['of another kind', (text) => text.replace('"chatgpt"', '"agentIdentity"')],
  ])('the seed is %s', (_, damage) =>
    inLeakScene(storePlaces.command, async ({ seed, run }) => {
      const { job, faults } = await run({ secrets: { SEED: damage(seed.text) }, steps: () => [] })
      expect([faults, job.stage('keeper').conclusion]).toEqual([[], 'failure'])
    }),
  )

  test.concurrent('OpenAI refuses the refresh, and an issue asks a person to log in', () =>
    inLeakScene(storePlaces.command, async ({ openai, run }) => {
      const github = await startLoopbackGithub()
      const { issues } = github.repository(repository)
      openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
      const { job, faults } = await run({
        inputs: { refresh: 'always', 'reseed-issue': 'true' },
        spec: { apiUrl: github.url },
        githubToken: github.token({ permissions: { issues: 'write' } }),
        steps: () => [],
        sinks: () => issues.all().map(({ title, body }) => ({ name: 'the issue', content: `${title}\n${body}` })),
      })
      await github.close()
      expect(faults).toEqual([])
      expect([job.stage('keeper').outputs['needs-reseed'], issues.all()]).toEqual(['true', [expect.objectContaining({ state: 'open' })]])
    }),
  )

  test.concurrent('a step leaves half a file in CODEX_HOME', () =>
    inLeakScene(storePlaces.command, async ({ run }) => {
      const { job, faults } = await run({
        steps: (machine) => [
          codexStep,
          {
            id: 'cuts',
            call: () => {
              writeFileSync(authFileOf(machine), readFileSync(authFileOf(machine), 'utf8').slice(0, -200))
            },
          },
        ],
      })
      expect(faults).toEqual([])
      expect(job.annotations.map(({ message }) => message).join()).toMatch(/\(damaged\)/)
    }),
  )

  test.concurrent.each([
    ['pretty', ''],
    ['compact', "| tr -d '\\n '"],
    ['in base64', '| tail -n +2 | base64'],
    ['in base64 of one line', '| tail -n +2 | base64 -w0'],
    ['token by token', `| sed 's/[",]/\\n/g' | grep -E '^(rt_|eyJ)' | cut -c1-250`],
    ['in hex', "| od -An -v -tx1 | tr -d ' '"],
    ['in hex of one line', "| od -An -v -tx1 | tr -d ' \\n' | cut -c300-560"],
    ['as od shows bytes', '| od -v -tx1z'],
    ['as od shows letters', '| od -v -c'],
    ['folded', '| fold -w 36'],
    ['folded, in narrow lines', '| fold -w 12'],
    ['in pieces', "| grep -oE '(rt_|eyJ)[A-Za-z0-9_-]{27}'"],
    ['in pieces with words', "| grep -oE '(rt_|eyJ)[A-Za-z0-9_-]{20}' | sed 's/^/bad value: /'"],
  ])('a read-command fails and prints the document on its stderr, %s', (_, filter) =>
    inLeakScene(storePlaces.command, async ({ place, watch, run }) => {
      const other = managedLogin().text
      watch.addDocument(other)
      await place.put(Buffer.from(other))
      const { job, faults } = await run({
        inputs: { 'read-command': `${place.job().inputs['read-command'] ?? ''} ${filter} >&2; exit 1` },
        steps: () => [],
      })
      expect([faults, job.conclusion]).toEqual([[], 'failure'])
      expect(job.annotations.map(({ message }) => message).join()).toMatch(/read-command ended with exit code 1/)
    }),
  )
})

test('what the saved state knows of the environment is worth nothing to who reads the log', async () => {
  const { machine, inputs, secrets } = rotatingWorld()
  const spec = { secrets, env: { WEAK: 'four' }, stepDebug: true }
  const job = await runWorkflow(machine, [keeperStep(inputs)], spec)
  endRotatingWorlds()
  const { environment } = JSON.parse(job.stage('keeper').state['restored'] ?? '') as { environment: { salt: string; hashes: object } }
  expect(environment.hashes).toHaveProperty('WEAK')
  // Without the salt no value can be tried.
  expect(job.log).toContain('Save intra-action state restored = ')
  expect(job.log).not.toContain(environment.salt)
})

describe('this suite goes red', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leaky-action-'))
    for (const part of ['action.yml', 'dist']) cpSync(join(actionFolder, part), join(folder, part), { recursive: true })
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const token = "JSON.parse(process.env['INPUT_AUTH-JSON']).tokens.refresh_token"
  const child = "(await import('node:child_process')).spawnSync('/bin/sh', ['-c', 'sleep 0.5; true'"
  test.each<[string, 'main' | 'post', string, RegExp]>([
    ['prints a token', 'main', `console.log('the login is ' + ${token})`, /\(raw\) in stdout of main keeper/],
    [
      'prints a part of a token in base64',
      'post',
      `console.log(Buffer.from('it: ' + ${token}.slice(0, 40)).toString('base64'))`,
      /\(base64\) in stdout of post keeper/,
    ],
    ['hands a token to a child', 'main', `${child}, ${token}])`, /in arguments of process/],
    ['gives its inputs to a child', 'main', `${child}], { env: process.env })`, /in the environment of \/bin\/sh/],
    [
      'leaves a token in RUNNER_TEMP',
      'post',
      `(await import('node:fs')).writeFileSync(process.env.RUNNER_TEMP + '/left', ${token})`,
      /left in RUNNER_TEMP: left/,
    ],
    ['saves a token as state', 'main', `console.log('::save-state name=a::' + ${token})`, /in state of main keeper/],
    ['prints before it masks', 'main', '', /the first line of main is not a mask/],
    ['masks a brace', 'post', "console.log('::add-mask::{')", /post masks "\{"/],
    ['masks a whole file', 'post', "console.log('::add-mask::a%0Ab')", /several lines as one/],
    ['shows whose login it is', 'post', "console.log(JSON.parse(process.env['INPUT_AUTH-JSON']).tokens.account_id)", /^person/m],
  ])('for an action that %s', async (_, stage, line, fault) => {
    const file = join(folder, 'dist', `${stage}.js`)
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, line === '' ? `console.log('hello')\n${whole}` : `${whole};${line}\n`)
    try {
      await inLeakScene(storePlaces.command, async ({ run }) => {
        const { faults } = await run({ action: folder, steps: () => [], spec: { recordProcesses: line.includes('spawnSync') } })
        expect(faults.join('\n')).toMatch(fault)
      })
    } finally {
      writeFileSync(file, whole)
    }
  })
})

/** A repository secret that an App writes. */
async function appPlace(): Promise<ScenePlace> {
  const github = await startLoopbackGithub()
  const { vault } = github.repository(repository)
  const app = github.app({ secrets: 'write', actions_variables: 'write' }, [repository])
  return {
    line: 'github-secret: CODEX_AUTH',
    machineKind: 'hosted',
    machineEnv: {},
    seed: (text) => {
      vault.putSecret('CODEX_AUTH', JSON.stringify(JSON.parse(text)))
    },
    job: () => ({
      inputs: {
        store: 'github-secret: CODEX_AUTH',
        'auth-json': '${{ secrets.CODEX_AUTH }}',
        'app-id': app.id,
        'app-private-key': '${{ secrets.APP_KEY }}',
      },
      spec: { apiUrl: github.url, secrets: { ...vault.secrets(), APP_KEY: app.privateKey } },
    }),
    contents: () => Promise.resolve(Buffer.from(vault.secret('CODEX_AUTH') ?? '')),
    close: () => github.close(),
  }
}
