import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { doctorSchema, type DoctorJson } from '../../src/cli/doctor/doctor-schema.ts'
import { leaseBytes, refusedToken } from '../../src/keeper/lease-document.ts'
import { sshStore } from '../../src/stores/ssh/ssh-store.ts'
import { parseAuthJson } from '../../src/credential/auth-json.ts'
import { leaksOf, personsHome, runCli, type CliRun } from '../support/cli.ts'
import { managedLogin, type Login } from '../support/codex-login.ts'
import { gitStoreFor, slotRef } from '../support/git-store-for.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { startLoopbackGithub } from '../support/loopback-github.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts'
import { codexBinary, codexVersions } from '../support/real-codex.ts'
import { sealing } from '../support/store-places/sealed.ts'

const now = Math.floor(Date.now() / 1000)
const account = { accountId: 'e0a4a4cc-9b6f-4be5-8a3a-3b8f1ad6c0de', userId: 'user-doctor-test-1' }
const mine = managedLogin({ issuedAt: now - 3_600 })
const stored = managedLogin({ ...account, issuedAt: now - 7_200 })
const later = managedLogin({ ...account, issuedAt: now - 3_600 })
const path = `${dirname(codexBinary())}:${process.env['PATH'] ?? ''}`
const examples = new URL('../../examples/', import.meta.url)

let root: string
let host: LoopbackSshd
let git: LoopbackGit
let outside: Server
let reached = 0
let key: Awaited<ReturnType<typeof sealing>>
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'doctor-'))
  ;[host, git, key] = await Promise.all([startLoopbackSshd(), loopbackGit(), sealing()])
  // Whoever asks anybody beside the stores meets this.
  outside = createServer((socket) => {
    reached += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  outside.close()
  await Promise.all([host.stop(), git.close()])
  rmSync(root, { recursive: true, force: true })
})

/** A clone with these workflows; an example's name stands for its text. */
function clone(workflows: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'clone-'))
  execFileSync('git', ['init', '--quiet', folder])
  execFileSync('git', ['-C', folder, 'remote', 'add', 'origin', git.url])
  mkdirSync(join(folder, '.github', 'workflows'), { recursive: true })
  for (const [name, text] of Object.entries(workflows)) writeFileSync(join(folder, '.github', 'workflows', name), text)
  return folder
}

function example(name: string): string {
  return readFileSync(new URL(name, examples), 'utf8')
}

interface Call {
  readonly args?: readonly string[]
  readonly login?: Login | string
  readonly home?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs it in a world in which nothing but the stores can be reached, and looks for leaks and for what is left behind. */
async function doctor({ args = [], login, home, cwd = root, env = {} }: Call = {}): Promise<CliRun> {
  const temporary = mkdtempSync(join(root, 'tmp-'))
  const proxy = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
  const run = await runCli({
    args: ['doctor', ...args],
    cwd,
    env: {
      PATH: path,
      HOME: home ?? personsHome(typeof login === 'string' ? login : login?.text).home,
      TMPDIR: temporary,
      HTTPS_PROXY: proxy,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${proxy}/oauth/token`,
      GITHUB_SERVER_URL: git.origin,
      CODEX_AUTH_KEY: key.identity,
      CODEX_AUTH_TOKEN: git.token,
      CODEX_AUTH_SSH_KEY: host.key,
      CODEX_AUTH_KNOWN_HOSTS: host.knownHosts,
      ...env,
    },
  })
  const tokens = [mine, stored, later].flatMap((one) => [one.tokens.id_token, one.tokens.access_token, one.tokens.refresh_token])
  const secrets = [...tokens, key.identity, git.token, host.key]
  expect(leaksOf(run, secrets)).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
  expect(reached).toBe(0)
  expect(run.stdout).not.toContain('\u001b')
  return run
}

async function json(call: Call = {}): Promise<{ code: number | null; report: DoctorJson; troubles: string[] }> {
  const run = await doctor({ ...call, args: ['--json', ...(call.args ?? [])] })
  expect(run.stderr).toBe('')
  const report = doctorSchema.parse(JSON.parse(run.stdout))
  const troubles = report.findings.flatMap(({ level, check, what }) => (level === 'ok' ? [] : [`${level} ${check}: ${what}`]))
  return { code: run.code, report, troubles }
}

/** An ssh store that holds this login; each call is a place of its own. */
function onHost(login: Login): { file: string; line: string } {
  const file = join(mkdtempSync(join(host.directory, 'store-')), 'auth.json')
  writeFileSync(file, login.text, { mode: 0o600 })
  return { file, line: `ssh: ${host.user}@${host.host}:${host.port}${file}` }
}

async function inGit(login: Login): Promise<void> {
  const store = gitStoreFor(`${git.url}?ref=${slotRef}`, { token: git.token, serverUrl: git.origin })
  const copy = await store.read()
  await store.write(await key.seal(login.bytes), copy?.version)
  await store.close?.()
}

describe('a machine, its stores and its workflows', () => {
  test('all is well, says the real Codex which version it is, and nothing has changed', async () => {
    await inGit(stored)
    const { file, line } = onHost(stored)
    const [before, ref] = [statSync(file), await git.oidOf(slotRef)]
    const cwd = clone({ 'codex.yml': example('git.yml'), 'keep-fresh.yml': example('keep-fresh.yml') })
    const run = await doctor({ login: mine, cwd, args: ['--workflow', '.github/workflows/codex.yml'] })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain(`ok       Codex: Codex ${codexVersions.pinned} (`)
    expect(run.stdout).toContain('ok       git: It can be read, and holds a login of the account ')
    expect(run.stdout).toContain('it can be written.')
    expect(run.stdout).toMatch(/No problem, 2 warnings\.\n$/)

    const both = await json({ login: mine, args: ['--store', line, '--store', 'git'], cwd: clone({}) })
    expect(both).toMatchObject({ code: 0, troubles: [], report: { result: 'well' } })
    expect(statSync(file)).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino })
    // The folder for later generations is there, and nothing in it.
    expect(readdirSync(dirname(file), { recursive: true }).sort()).toEqual(['.auth.json.keeper', 'auth.json'])
    expect(await git.oidOf(slotRef)).toBe(ref)
    expect((await git.git(['for-each-ref', '--format=%(refname)'])).split('\n')).toEqual([slotRef])
  })

  test('one login in two places, and copies that have gone apart', async () => {
    const { line } = onHost(stored)
    expect(await json({ login: stored, args: ['--store', line] })).toMatchObject({
      code: 0,
      troubles: [expect.stringContaining('warning one-place: This machine and ssh: ')],
    })
    expect(await json({ login: later, args: ['--store', line] })).toMatchObject({
      code: 1,
      troubles: [expect.stringContaining('problem one-place: This machine has a later copy of the login')],
    })
  })

  test('a login that OpenAI has refused needs a person', async () => {
    const { file, line } = onHost(stored)
    const credential = parseAuthJson(stored.bytes)
    const nonce = 'nonce-of-a-test'
    const token = credential.kind === 'managed' ? refusedToken(credential.fingerprint.refreshToken, nonce) : ''
    const holder = { run: 'https://github.com/your-org/your-repo/actions/runs/7', attempt: 1, job: 'codex' }
    await leaseOnHost(file, leaseBytes({ state: 'refused', holder, nonce, turn: 1, token, failure: 'revoked' }))
    const { code, troubles, report } = await json({ args: ['--store', line] })
    expect({ code, troubles }).toEqual({
      code: 3,
      troubles: [expect.stringContaining('problem alive: OpenAI has refused the login in ssh: ')],
    })
    expect(report.findings.find(({ needsLogin }) => needsLogin)?.why).toContain(holder.run)
  })

  test('no login anywhere needs a person', async () => {
    expect(await json()).toMatchObject({
      code: 3,
      troubles: ['problem alive: There is no ChatGPT login on this machine.'],
      report: { result: 'login-needed' },
    })
  })

  test('a store that does not answer and one that may not be written, each with its reason', async () => {
    const gone = `ssh: ${host.user}@${host.host}:1/srv/auth.json`
    const { code, troubles } = await json({ login: mine, args: ['--store', gone] })
    expect({ code, troubles }).toEqual({ code: 1, troubles: ['problem store: It cannot be read.'] })
    git.fault({ kind: 'status', status: 403, side: 'write' })
    const refused = await json({ login: mine, args: ['--store', 'git'], cwd: clone({}) })
    git.fault(undefined)
    expect(refused).toMatchObject({ code: 1, troubles: ['problem store: It cannot be written: a refreshed login would be lost.'] })
  })

  test('a secret of GitHub is not read, and shown to be writable', async () => {
    const github = await startLoopbackGithub()
    github.repository('your-org/your-repo')
    const token = github.token({ permissions: { secrets: 'write', actions_variables: 'write', metadata: 'read' } })
    const env = { GITHUB_API_URL: github.url, CODEX_AUTH_TOKEN: token }
    const args = ['--store', 'github-secret: CODEX_AUTH', '--repo', 'your-org/your-repo']
    const empty = await doctor({ login: mine, args, env })
    github.vault('your-org/your-repo').putSecret('CODEX_AUTH', stored.text)
    const run = await doctor({ login: mine, args, env })
    await github.close()
    expect(run.stdout).toContain(
      'ok       github-secret: CODEX_AUTH: GitHub shows no secret to anybody, so it was not read; it can be written.',
    )
    expect(empty.stdout).toContain('ok       github-secret: CODEX_AUTH: It can be read, and holds no login yet; it can be written.')
    expect([...leaksOf(run, [token]), ...leaksOf(empty, [token])]).toEqual([])
    expect([run.code, empty.code]).toEqual([0, 0])
  })
})

describe('what keeps Codex from the login', () => {
  test('the configuration, variables, and a file that is none', async () => {
    const { home } = personsHome('{"OPENAI_API_KEY": "sk-something-else"}')
    writeFileSync(join(home, '.codex', 'config.toml'), 'cli_auth_credentials_store = "keyring"\n')
    const env = { OPENAI_API_KEY: 'a key', CODEX_API_KEY: 'a key', CODEX_ACCESS_TOKEN: 'a token' }
    const { code, troubles } = await json({ home, env })
    expect(code).toBe(3)
    expect(troubles.map((what) => what.replace(home, '~'))).toEqual([
      'problem shadows: CODEX_ACCESS_TOKEN is set.',
      'problem shadows: ~/.codex/config.toml sets cli_auth_credentials_store = "keyring".',
      'warning shadows: CODEX_API_KEY is set.',
      'warning shadows: OPENAI_API_KEY is set, and there is no ChatGPT login.',
      'warning auth-file: The file holds an API key, not a ChatGPT login.',
      'problem alive: There is no ChatGPT login on this machine.',
    ])
  })

  test('no Codex', async () => {
    const tools = dirname(process.execPath)
    expect(await json({ login: mine, env: { PATH: `${tools}:/usr/bin:/bin` } })).toMatchObject({
      code: 1,
      troubles: ['problem codex: There is no codex in PATH.'],
    })
  })
})

describe('--fix', () => {
  test('mends modes without a question, and leaves the configuration where nobody can be asked', async () => {
    const { home, authFile } = personsHome(mine.text)
    const config = join(home, '.codex', 'config.toml')
    writeFileSync(config, 'cli_auth_credentials_store = "keyring"\n')
    chmodSync(authFile, 0o644)
    chmodSync(dirname(authFile), 0o755)
    expect((await json({ home })).troubles.map((what) => what.replace(/:.*/, ''))).toEqual([
      'problem shadows',
      'warning modes',
      'problem modes',
    ])
    expect(statSync(authFile).mode & 0o777).toBe(0o644)

    const { code, report, troubles } = await json({ home, args: ['--fix'] })
    expect({ code, troubles }).toEqual({ code: 1, troubles: [expect.stringContaining('problem shadows')] })
    expect(report.mended.map(({ outcome }) => outcome)).toEqual(['left', 'mended', 'mended'])
    expect([authFile, dirname(authFile)].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o700])
    expect(readFileSync(config, 'utf8')).toContain('keyring')
    expect(readFileSync(authFile, 'utf8')).toBe(mine.text)

    rmSync(config)
    const run = await doctor({ home, args: ['--fix'] })
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/All is well\.\n$/)
  })
})

describe('workflows of the clone', () => {
  test.each(readdirSync(examples).filter((name) => name.endsWith('.yml')))('%s is well', async (name) => {
    const sha = 'b'.repeat(40)
    const pinned = (file: string): string => example(file).replaceAll(`codex-auth-keeper@${'0'.repeat(40)}`, `codex-auth-keeper@${sha}`)
    const beside = name === 'review.yml' ? { 'keep-fresh.yml': pinned('keep-fresh.yml') } : {}
    const cwd = clone({ [name]: pinned(name), ...beside })
    // From a folder below, too.
    const run = await doctor({ login: mine, cwd: join(cwd, '.github') })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain(`.github/workflows/${name}`)
    expect(run.stdout).toMatch(/All is well\.\n$/)
  })

  test('that are not as they should be, and one that is none', async () => {
    const broken = example('cache.yml')
      .replace('queue: max', 'cancel-in-progress: true')
      .replace("'17 4 * * 1,4'", "'17 4 * * 1'")
      .replace('run: npm install --global @openai/codex@0.169.0', 'run: echo none')
    const cwd = clone({
      'codex.yml': broken,
      'git.yml': example('git.yml').replace('contents: write', 'contents: read'),
      'none.yml': 'a: [',
    })
    const { code, troubles } = await json({ login: mine, cwd })
    expect(code).toBe(1)
    expect(troubles.map((what) => what.replace(/:.*/, '')).sort()).toEqual([
      'problem cancel-in-progress',
      'problem permissions',
      'problem same-stores',
      'warning codex-first',
      'warning concurrency',
      'warning keep-fresh',
      'warning pinned',
      'warning pinned',
    ])
  })

  test('are not followed: what only they name is neither run nor asked', async () => {
    const mark = join(root, 'it-ran')
    const text = example('git.yml').replace(
      'store: git',
      `store: |\n            command\n            ${onHost(stored).line}\n          read-command: touch ${mark}\n          write-command: touch ${mark}`,
    )
    const before = host.connections()
    const run = await doctor({ login: mine, cwd: clone({ 'codex.yml': text }) })
    expect(run.stdout).toContain('Those of the workflows were not looked at: name one of them with --workflow.')
    expect(host.connections()).toBe(before)
    expect(readdirSync(root)).not.toContain('it-ran')
  })
})

test('a store that only a job can log in to is not looked at', async () => {
  const run = await doctor({ login: mine, args: ['--store', 'vault: https://vault.example.com/secret/ci/codex?role=codex-auth'] })
  expect(run.stdout).toContain('Not looked at: role= logs in with the id token of a job of GitHub Actions.')
  expect(run.code).toBe(0)
})

test('words that mean nothing: exit code 2', async () => {
  for (const args of [['--frobnicate'], ['--store', 'frobnicate'], ['--workflow', 'none.yml']]) {
    expect((await doctor({ args })).code).toBe(2)
  }
})

/** Puts a lease beside this file, as a job would. */
async function leaseOnHost(file: string, bytes: Uint8Array): Promise<void> {
  const { user, port, key: ssh, knownHosts } = host
  const address = { user, host: host.host, port, path: file }
  const store = sshStore({ name: 'ssh', address, key: ssh, knownHosts, ssh: '/usr/bin/ssh', tempDir: root })
  await store.leasePlace?.write(bytes, undefined)
  await store.close?.()
}
