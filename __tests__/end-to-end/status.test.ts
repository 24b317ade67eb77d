import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { statusSchema, type StatusJson } from '../../src/cli/status/status-schema.ts'
import { bareRepository } from '../support/bare-repository.ts'
import { leaksOf, personsHome, runCli, type CliRun } from '../support/cli.ts'
import { managedLogin, unmanagedDocuments, type Login } from '../support/codex-login.ts'
import { gitStoreFor } from '../support/git-store-for.ts'
import { startLoopbackGithub } from '../support/loopback-github.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts'
import { sealing } from '../support/store-places/sealed.ts'

const now = Math.floor(Date.now() / 1000)
const current = managedLogin({ issuedAt: now - 3600, expiresIn: 9 * 86_400 })
const { accountId, userId, email, plan } = current.claims
const older = managedLogin({ accountId, userId, email, plan, issuedAt: now - 7200, expiresIn: 8 * 86_400 })
const secretsOf = ({ tokens: { id_token, access_token, refresh_token } }: Login): string[] => [id_token, access_token, refresh_token]
const secrets = [...secretsOf(current), ...secretsOf(older)]

let root: string
let hosts: LoopbackSshd[]
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'status-'))
  hosts = await Promise.all([startLoopbackSshd(), startLoopbackSshd()])
})
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.stop()))
  rmSync(root, { recursive: true, force: true })
})

/** A host that holds this document. */
function onHost(host: LoopbackSshd, { text }: Login): { line: string; env: Record<string, string> } {
  const file = join(host.directory, 'auth.json')
  writeFileSync(file, text, { mode: 0o600 })
  return {
    line: `ssh: ${host.user}@${host.host}:${host.port}${file}`,
    env: { CODEX_AUTH_SSH_KEY: host.key, CODEX_AUTH_KNOWN_HOSTS: host.knownHosts },
  }
}

async function json(call: Parameters<typeof runCli>[0]): Promise<{ run: CliRun; status: StatusJson }> {
  const run = await runCli({ ...call, args: ['status', '--json', ...call.args] })
  expect(leaksOf(run, secrets)).toEqual([])
  return { run, status: statusSchema.parse(JSON.parse(run.stdout)) }
}

describe('status', () => {
  test('shows this machine and every store side by side, and shows no token', async () => {
    const { home, authFile } = personsHome(older.text)
    const [hostA, hostB] = hosts as [LoopbackSshd, LoopbackSshd]
    const a = onHost(hostA, current)
    const b = onHost(hostB, older)
    // Each lets a key of its own in; one person has one key.
    copyFileSync(join(hostA.directory, 'user.pub'), join(hostB.directory, 'authorized_keys'))
    const env = { HOME: home, ...a.env, CODEX_AUTH_KNOWN_HOSTS: `${hostA.knownHosts}\n${hostB.knownHosts}` }
    const run = await runCli({ args: ['status', '--store', a.line, '--store', b.line], env })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(leaksOf(run, secrets)).toEqual([])
    const row = (name: string): string | undefined => run.stdout.split('\n').find((line) => line.includes(name))
    expect(row(authFile)).toMatch(/ {2}pro {2}.*UTC.* {2}behind$/)
    expect(row(a.line)).toMatch(/ {2}newest$/)
    expect(row(b.line)).toMatch(/ {2}behind$/)
    expect(run.stdout).toContain('2 of these places are behind')
    expect(run.stdout).not.toContain('\u001b')
  })

  test('names the run that wrote the copy of a git store', async () => {
    const repository = await bareRepository(join(root, 'store.git'))
    const key = await sealing()
    const ref = 'refs/codex-auth/default'
    const store = gitStoreFor(`file://${repository.directory}?ref=${ref}`)
    await store.write(await key.seal(current.bytes), undefined)
    await store.close?.()
    const { run, status } = await json({
      args: ['--store', `git: file://${repository.directory}?ref=${ref}`],
      env: { CODEX_AUTH_KEY: key.identity },
    })
    expect(run.code).toBe(0)
    expect(status.places).toMatchObject([
      { where: 'machine', state: 'none', account: null },
      {
        where: 'store',
        state: 'login',
        newest: true,
        due: false,
        lastWriter: 'https://github.com/your-org/your-repo/actions/runs/1',
        writtenAt: '2026-01-02T03:04:05.000Z',
      },
    ])
  })

  test('of a GitHub secret, which nobody can read, shows when it was written', async () => {
    const github = await startLoopbackGithub()
    try {
      github.repository('your-org/your-repo', { environments: ['prod'] })
      github.vault('your-org/your-repo', 'prod').putSecret('CODEX_AUTH', current.text)
      const token = github.token({ permissions: { secrets: 'write', environments: 'write', actions_variables: 'write' } })
      const { run, status } = await json({
        args: ['--repo', 'your-org/your-repo', '--store', 'github-secret: CODEX_AUTH?environment=prod'],
        env: { GITHUB_API_URL: github.url, CODEX_AUTH_TOKEN: token },
      })
      expect(run.code).toBe(0)
      expect(status.places[1]).toMatchObject({ state: 'hidden', writtenAt: expect.stringMatching(/^\d{4}-/) as unknown })
      expect(leaksOf(run, [token])).toEqual([])
    } finally {
      await github.close()
    }
  })

  test('takes the stores of a workflow', async () => {
    const workflow = join(root, 'codex.yml')
    const disk = join(root, 'disk')
    mkdirSync(join(disk, 'nightly'), { recursive: true })
    writeFileSync(join(disk, 'nightly', 'auth.0000000001'), current.text)
    writeFileSync(
      workflow,
      `jobs:\n  work:\n    steps:\n      - uses: your-org/codex-auth-keeper@v1\n        with:\n          slot: nightly\n          store: |\n            runner: ${disk}\n            cache\n`,
    )
    const { run, status } = await json({ args: ['--workflow', workflow] })
    expect(run.code).toBe(0)
    expect(status.places.map(({ name, state }) => [name, state]).slice(1)).toEqual([
      [`runner: ${disk}`, 'login'],
      ['cache', 'out-of-reach'],
    ])
  })
})

describe('exit code', () => {
  test('3 where there is no login anywhere', async () => {
    const run = await runCli({ args: ['status'] })
    expect(run.code).toBe(3)
    expect(run.stdout).toContain('a person must log in')
  })

  test('1 where a host is down: its row says so, and the others are shown', async () => {
    const { home } = personsHome(current.text)
    const { line, env } = onHost(hosts[0] as LoopbackSshd, current)
    const down = line.replace(/:(\d+)\//, ':1/')
    const { run, status } = await json({
      args: ['--store', down],
      env: { ...env, HOME: home, CODEX_AUTH_KNOWN_HOSTS: '[127.0.0.1]:1 ssh-ed25519 AAAA' },
    })
    expect(run.code).toBe(1)
    expect(status.places).toMatchObject([
      { state: 'login' },
      { state: 'unreadable', problem: expect.stringContaining('refused') as unknown },
    ])
  })

  test.each([
    ['an API key', unmanagedDocuments()['api-key'].text],
    ['half a file', current.text.slice(0, 300)],
  ])('1 where the file of this machine is %s', async (_, text) => {
    const { home } = personsHome(text)
    const { run, status } = await json({ args: [], env: { HOME: home } })
    expect(run.code).toBe(1)
    expect(status.places).toMatchObject([{ state: 'no-login' }])
  })
})

test('Ctrl-C ends it, and nothing stays behind', async () => {
  const temporary = join(root, 'tmp')
  mkdirSync(temporary)
  const host = hosts[0] as LoopbackSshd
  const { line, env } = onHost(host, current)
  const run = await runCli({
    args: ['status', '--watch', '--store', line],
    env: { ...env, TMPDIR: temporary },
    started: (child) => {
      child.stdout?.once('data', () => {
        expect(readdirSync(temporary)).not.toEqual([])
        child.kill('SIGINT')
      })
    },
  })
  expect(run).toMatchObject({ code: 130, signal: null })
  expect(readdirSync(temporary)).toEqual([])
  expect(existsSync(join(host.directory, 'auth.json'))).toBe(true)
})
