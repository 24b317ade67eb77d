import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { leaksOf, runCli, type CliCall, type CliRun } from '../support/cli.ts'
import { isGitOnTheNetwork } from '../support/leak-watch.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { startLoopbackGithub, type LoopbackGithub, type LoopbackRepository } from '../support/loopback-github.ts'
import type { WorkflowRuns } from '../support/loopback-github/workflow-runs.ts'
import { makeLoginWorld, type LoginWorld } from '../support/login-world.ts'
import { runWatched } from '../support/watched-cli.ts'

const repository = 'your-org/your-repo'
const action = 'your-org/codex-auth-keeper@1111111111111111111111111111111111111111'
const keepFresh = 'keep-codex-login-fresh.yml'

const permissions = {
  secrets: 'write',
  environments: 'write',
  actions_variables: 'write',
  pull_requests: 'write',
  actions: 'write',
} as const

let world: LoginWorld
let server: LoopbackGit
let github: LoopbackGithub
let token: string
let clone: string
let remote: LoopbackRepository
let runs: WorkflowRuns

beforeEach(async () => {
  world = await makeLoginWorld()
  server = await loopbackGit({ repository })
  github = await startLoopbackGithub()
  remote = github.repository(repository)
  runs = remote.runs
  token = github.token({ permissions })
  clone = join(world.home, 'clone')
  await server.plant('refs/heads/main', 'README.md', Buffer.from('A repository.\n'))
  await server.git(['symbolic-ref', 'HEAD', 'refs/heads/main'])
  const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${server.token}`).toString('base64')}`
  await promisify(execFile)('git', ['clone', '--quiet', '-c', header, server.url, clone])
  for (const [name, value] of [
    ['user.name', 'A person'],
    ['user.email', 'person@example.com'],
  ] as const) {
    execFileSync('git', ['-C', clone, 'config', name, value])
  }
})

afterEach(async () => {
  await world.close()
  await server.close()
  await github.close()
})

function call(args: readonly string[], more: Partial<CliCall> = {}): CliCall {
  const env = { ...world.env, GITHUB_API_URL: github.url, GITHUB_SERVER_URL: server.origin, CODEX_AUTH_TOKEN: token, ...more.env }
  return { cwd: clone, ...more, args: ['setup', '--action', action, ...args], env }
}

const setup = (...words: Parameters<typeof call>): Promise<CliRun> => runCli(call(...words))

const git = (...args: string[]): string => execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8' })
const workflow = (name: string): string => join(clone, '.github', 'workflows', name)
const secret = (name: string): string | undefined => github.vault(repository).secret(name)

describe('setup', () => {
  test('goes from nothing to a pull request, and after the merge to a green run; and does nothing twice', async () => {
    world.openai.agree()
    const key = join(world.home, '.codex-auth-keeper', 'key-your-org-your-repo.txt')
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
    const first = await runWatched({
      ...call(['--yes', '--device', '--pull-request']),
      secrets: () => {
        const tokens = world.openai.loginsMade().flatMap(({ tokens }) => [tokens.refresh_token, tokens.access_token, tokens.id_token])
        return [...tokens, secret('CODEX_AUTH_KEY') ?? '', token, basic].filter((one) => one !== '')
      },
      folders: [world.home],
      // The person's own way to the server is in the configuration of the clone.
      mayHold: [key, join(clone, '.git', 'config')],
      needed: [token, basic].map((one) => ({ secret: one, by: isGitOnTheNetwork })),
    })
    expect(first).toMatchObject({ code: 0, faults: [], programs: expect.arrayContaining(['git', 'codex']) as unknown })
    const [login] = world.openai.loginsMade()
    expect(JSON.parse(secret('CODEX_AUTH_SEED') ?? '')).toMatchObject({ tokens: login?.tokens })
    const identity = secret('CODEX_AUTH_KEY') ?? ''
    expect(identity).toMatch(/^AGE-SECRET-KEY-1/)
    expect([readFileSync(key, 'utf8').trim(), statSync(key).mode & 0o777]).toEqual([identity, 0o600])
    expect(first.stdout).toContain(key)
    for (const [name, example] of [
      ['codex.yml', 'git.yml'],
      [keepFresh, 'keep-fresh.yml'],
    ] as const) {
      const text = readFileSync(workflow(name), 'utf8')
      const given = readFileSync(new URL(`../../examples/${example}`, import.meta.url), 'utf8')
      expect(text).toBe(given.replace('your-org/codex-auth-keeper@0000000000000000000000000000000000000000 # v1.0.0', action))
      expect(await server.git(['show', `codex-auth-keeper-setup:.github/workflows/${name}`])).toBe(text.trimEnd())
      expect(first.stdout).toContain(text.split('\n').find((line) => line.includes('name: Restore')) ?? 'Refresh the login')
    }
    expect(await server.git(['show', 'codex-auth-keeper-setup:README.md'])).toBe('A repository.')
    expect([git('branch', '--show-current').trim(), git('diff', '--cached').trim()]).toEqual(['main', ''])
    expect(world.leftInTemp()).toEqual([])

    const before = github.paths.length
    const second = await setup(['--yes', '--pull-request'])
    expect(second).toMatchObject({ code: 0 })
    expect(second.stdout).not.toContain('to do')
    // Each PUT is the probe, which lacks the key: nothing was written.
    expect(github.paths.slice(before).filter((path) => !path.startsWith('GET ') && !path.endsWith('_PROBE'))).toEqual([])
    expect(world.openai.loginsMade()).toHaveLength(1)

    runs.merge(keepFresh, 'success')
    const third = await setup(['--yes'])
    expect(third).toMatchObject({ code: 0 })
    expect(third.stdout).toContain('The first run is green')
    expect(github.count('dispatch-workflow')).toBe(1)
    expect(await setup(['--yes'])).toMatchObject({ code: 0 })
    expect(github.count('dispatch-workflow')).toBe(1)
  })

  test('--dry-run says what there is to do, and changes nothing', async () => {
    const run = await setup(['--dry-run', '--pull-request'])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout.match(/^to do/gm)).toHaveLength(5)
    expect([secret('CODEX_AUTH_SEED'), secret('CODEX_AUTH_KEY'), existsSync(join(clone, '.github'))]).toEqual([undefined, undefined, false])
    expect([world.leftInTemp(), existsSync(join(world.home, '.codex-auth-keeper')), world.openai.ledger().requests]).toEqual([
      [],
      false,
      [],
    ])
    expect(await server.oidOf('refs/heads/codex-auth-keeper-setup')).toBeUndefined()
  })

  test.each([
    ['vault: https://vault.example.com/kv/codex?role=ci', ['to do Environment', 'later Login', 'to do File', 'to do File']],
    ['s3: b-1/a?region=eu-west-1', ['to do Environment', 'to do Age key', 'to do Login', 'to do File', 'to do File']],
    ['kubernetes: ci/codex', ['to do Login', 'to do File', 'to do File']],
    ['runner', ['to do Login', 'to do File', 'to do File']],
  ])('--dry-run for the store %s', async (line, steps) => {
    const run = await setup(['--dry-run', '--store', line])
    expect(run).toMatchObject({ code: 0 })
    const found = [...run.stdout.matchAll(/^(done|to do|later) +(Age key|[A-Z]\w+)/gm)].map(([, state, name]) => `${state} ${name}`)
    expect(found).toEqual(['done Repository', ...steps, 'later First'])
    expect(github.paths.filter((path) => !path.startsWith('GET ') && !path.endsWith('_PROBE'))).toEqual([])
  })

  test('a self-hosted runner needs no key, and keeps the login on its disk', async () => {
    world.openai.agree()
    expect(await setup(['--yes', '--device', '--runner', 'self-hosted'])).toMatchObject({ code: 0 })
    expect(secret('CODEX_AUTH_KEY')).toBeUndefined()
    expect(readFileSync(workflow('codex.yml'), 'utf8')).toContain('store: runner')
  })

  test('an SSH host: its key and its known hosts go where the workflows look for them, and stay when they are there', async () => {
    world.openai.agree()
    const line = 'ssh: ci@logins.example.com:2222/srv/ci/auth.json'
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjE'.repeat(4)}\n-----END OPENSSH PRIVATE KEY-----`
    const hosts = '[logins.example.com]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'
    const without = await setup(['--dry-run', '--store', line])
    expect(without).toMatchObject({ code: 0 })
    expect(without.stdout).toMatch(/later +SSH key .*CODEX_AUTH_SSH_KEY[^]*later +Known hosts .*CODEX_AUTH_KNOWN_HOSTS/)
    const env = { CODEX_AUTH_SSH_KEY: key, CODEX_AUTH_KNOWN_HOSTS: hosts }
    const run = await setup(['--yes', '--device', '--store', line], { env })
    expect(run).toMatchObject({ code: 0 })
    expect([secret('CODEX_AUTH_SSH_KEY'), github.vault(repository).variable('CODEX_AUTH_KNOWN_HOSTS')]).toEqual([`${key}\n`, hosts])
    expect([secret('CODEX_AUTH_KEY'), secret('CODEX_AUTH_SEED') === undefined]).toEqual([undefined, false])
    for (const name of ['codex.yml', keepFresh]) {
      const text = readFileSync(workflow(name), 'utf8')
      for (const said of [`store: '${line}'`, 'ssh-key: ${{ secrets.CODEX_AUTH_SSH_KEY }}']) expect(text).toContain(said)
    }
    expect(leaksOf(run, [key, key.split('\n')[1] ?? '', token])).toEqual([])
    const before = github.paths.length
    const again = await setup(['--yes', '--store', line], { env: { CODEX_AUTH_SSH_KEY: key.replace('b3', 'c4') } })
    expect(again.stdout).not.toContain('to do')
    expect(github.paths.slice(before).filter((path) => !path.startsWith('GET ') && !path.endsWith('_PROBE'))).toEqual([])
  })

  test('a secret of an environment: the environment is made for the default branch, and the login in it is the store', async () => {
    world.openai.agree()
    const more = { env: { CODEX_AUTH_TOKEN: github.token({ permissions: { ...permissions, administration: 'write' } }) } }
    const run = await setup(['--yes', '--device', '--store', 'github-secret', '--environment', 'our logins'], more)
    expect(run).toMatchObject({ code: 0 })
    expect(remote.environmentBranches.get('our logins')).toEqual(['main'])
    const [login] = world.openai.loginsMade()
    expect(JSON.parse(github.vault(repository, 'our logins').secret('CODEX_AUTH') ?? '')).toMatchObject({ tokens: login?.tokens })
    for (const name of ['codex.yml', keepFresh]) {
      const text = readFileSync(workflow(name), 'utf8')
      expect(text).toContain("    environment: 'our logins'\n")
      expect(text).toContain("store: 'github-secret: CODEX_AUTH?environment=our%20logins'\n")
      expect(text).toContain('\nconcurrency:\n')
    }
    expect(run.stdout).toMatch(/later +Writer token/)
    runs.merge(keepFresh, 'success')
    const waits = await setup(['--yes', '--store', 'github-secret', '--environment', 'our logins'], more)
    expect(waits.stdout).toMatch(/later +First run/)
    github.vault(repository, 'our logins').putSecret('CODEX_AUTH_WRITER', 'made by the person')
    const last = await setup(['--yes', '--store', 'github-secret', '--environment', 'our logins'], more)
    expect(last.stdout).toContain('The first run is green')
    expect([github.count('put-environment'), github.count('dispatch-workflow')]).toEqual([1, 1])
  })

  test('an environment that the token may not make ends it before anybody logs in', async () => {
    const run = await setup(['--yes', '--environment', 'codex'])
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/Environment: .*make the environment "codex"[^]*Settings > Environments/)
    expect([
      world.openai.ledger().requests,
      existsSync(join(clone, '.github')),
      existsSync(join(world.home, '.codex-auth-keeper')),
    ]).toEqual([[], false, false])
  })

  test('an environment that is there takes key and seed of any store', async () => {
    world.openai.agree()
    remote.makeEnvironment('codex')
    expect(await setup(['--yes', '--device', '--store', 'cache', '--environment', 'codex'])).toMatchObject({ code: 0 })
    expect(Object.keys(github.vault(repository, 'codex').secrets()).sort()).toEqual(['CODEX_AUTH_KEY', 'CODEX_AUTH_SEED'])
    expect(github.vault(repository).secrets()).toEqual({})
    const text = readFileSync(workflow(keepFresh), 'utf8')
    for (const said of ["cron: '17 4 * * 1,4'", 'store: cache', "environment: 'codex'", 'group: codex-auth']) expect(text).toContain(said)
  })

  test('a workflow of the person with another text stays as it is', async () => {
    world.openai.agree()
    mkdirSync(join(clone, '.github', 'workflows'), { recursive: true })
    writeFileSync(workflow('codex.yml'), 'name: mine\n')
    const run = await setup(['--yes', '--device'])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout).toContain('another text')
    expect(readFileSync(workflow('codex.yml'), 'utf8')).toBe('name: mine\n')
  })

  test('a first run that fails is told, with its address', async () => {
    world.openai.agree()
    expect(await setup(['--yes', '--device'])).toMatchObject({ code: 0 })
    runs.merge(keepFresh, 'failure')
    const run = await setup(['--yes'])
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/ended with failure: https:\/\/github\.com\/your-org\/your-repo\/actions\/runs\/\d+/)
  })
})

describe('before anything is done', () => {
  test.each([
    ['a public repository', 'public', 1, /public/],
    ['a token that may not write secrets', 'read', 1, /may not write the repository secret/],
    ['no terminal and no --yes', 'unasked', 2, /--yes/],
    ['no clone', 'elsewhere', 2, /clone/],
  ])('%s ends it', async (_, what, code, said) => {
    if (what === 'public') github.repository(repository, { private: false })
    const env = what === 'read' ? { CODEX_AUTH_TOKEN: github.token({ permissions: { actions: 'read', secrets: 'read' } }) } : {}
    const run = await setup(what === 'unasked' ? [] : ['--yes'], { env, ...(what === 'elsewhere' && { cwd: world.home }) })
    expect(run.code).toBe(code)
    expect(run.stderr).toMatch(said)
    expect([secret('CODEX_AUTH_KEY'), existsSync(join(clone, '.github')), world.openai.ledger().requests]).toEqual([undefined, false, []])
  })
})

describe('a choice that cannot be', () => {
  test.each([
    ['an unknown store', ['--store', 'usb: /dev/sdb'], /Setup brings no store "usb: \/dev\/sdb"/],
    ['a store without its address', ['--store', 'ssh'], /--store 'ssh: user@host:22\/path\/auth.json'/],
    ['an address that is none', ['--store', 'ssh: nowhere'], /must look like user@host/],
    ['a store on other runners', ['--store', 'git', '--runner', 'self-hosted'], /on runners that are github-hosted/],
    ['another repository', ['--store', 'git: https://github.com/your-org/other'], /this repository alone/],
    ['a secret of no environment', ['--store', 'github-secret: CODEX_AUTH'], /environment of the secret/],
    ['two environments', ['--store', 'github-secret: A?environment=b', '--environment', 'c'], /--environment names c/],
    ['no name of an environment', ['--environment', ' '], /--environment must be the name of an environment/],
    ['no version of the action', ['--action', 'latest'], /--action must be owner/],
  ])('%s is told before GitHub is asked', async (_, args, said) => {
    const run = await setup(['--yes', ...args])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(said)
    expect(github.paths).toEqual([])
  })
})

describe('a login that GitHub does not take', () => {
  test('is kept in a file that is named', async () => {
    const run = await setup(['--yes', '--device', '--runner', 'self-hosted'], {
      started: (child) => {
        child.stderr?.on('data', (text: string) => {
          if (!text.includes('WXYZ-12345')) return
          github.inject('put-secret', { kind: 'status', status: 403 })
          world.openai.agree()
        })
      },
    })
    expect(run.code).toBe(1)
    const [name = ''] = readdirSync(join(world.home, '.codex-auth-keeper'))
    expect(run.stderr).toContain(name)
    expect(run.stderr).toContain('Login:')
    rmSync(join(world.home, '.codex-auth-keeper'), { recursive: true })
  })
})
