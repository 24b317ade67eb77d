import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { personsHome } from '../support/cli.ts'
import { managedLogin, type Login } from '../support/codex-login.ts'
import { gitStoreFor, slotRef } from '../support/git-store-for.ts'
import { isGitOnTheNetwork } from '../support/leak-watch.ts'
import { loopbackGit, type LoopbackGit } from '../support/loopback-git.ts'
import { codexBinary } from '../support/real-codex.ts'
import { startSshHosts, type SshHost, type SshHosts } from '../support/ssh-hosts.ts'
import { sealing } from '../support/store-places/sealed.ts'
import { runWatched, type WatchedRun } from '../support/watched-cli.ts'

jest.setTimeout(180_000)

const now = Math.floor(Date.now() / 1000)
const account = { accountId: 'account-of-one-person', userId: 'user-of-one-person', email: 'me@example.com', plan: 'pro' }
/** From the newest to the oldest. */
const logins = [100, 2_000, 4_000, 6_000].map((age) => managedLogin({ ...account, issuedAt: now - age })) as [Login, Login, Login, Login]
const [newest, onHost, onDisk, inGit] = logins

let hosts: SshHosts
let host: SshHost
let git: LoopbackGit
let key: Awaited<ReturnType<typeof sealing>>
let root: string
let home: string
let authFile: string

beforeAll(async () => {
  ;[hosts, git, key] = await Promise.all([startSshHosts(1), loopbackGit(), sealing()])
  const [first] = hosts.hosts
  if (first === undefined) throw new Error('A host was asked for.')
  host = first
})
afterAll(() => Promise.all([hosts.stop(), git.close()]))

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'command-line-leaks-'))
  ;({ home, authFile } = personsHome(newest.text))
  for (const name of ['tmp', 'disk/default']) mkdirSync(join(root, name), { recursive: true, mode: 0o700 })
  writeFileSync(join(root, 'disk', 'default', 'auth.0000000001'), onDisk.text, { mode: 0o600 })
  const clone = join(root, 'clone')
  execFileSync('git', ['init', '--quiet', clone])
  execFileSync('git', ['-C', clone, 'remote', 'add', 'origin', git.url])
  mkdirSync(join(clone, '.github', 'workflows'), { recursive: true })
  const example = readFileSync(new URL('../../examples/git.yml', import.meta.url))
  writeFileSync(join(clone, '.github', 'workflows', 'codex.yml'), example)
  await host.put(onHost.bytes)
  const store = gitStoreFor(`${git.url}?ref=${slotRef}`, { token: git.token, serverUrl: git.origin })
  const copy = await store.read()
  await store.write(await key.seal(inGit.bytes), copy?.version)
  await store.close?.()
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

/** A command with this machine, a host, a disk and a git store, and with every secret that the environment can hold. */
function watched(...words: readonly string[]): Promise<WatchedRun> {
  const storeToken = 'canaryOfTheTokenForStores0123'
  const keyLines = hosts.env.CODEX_AUTH_SSH_KEY.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'))
  const basic = Buffer.from(`x-access-token:${git.token}`).toString('base64')
  return runWatched({
    args: [...words, '--store', `ssh: ${host.address}`, '--store', `runner: ${join(root, 'disk')}`, '--store', 'git'],
    cwd: join(root, 'clone'),
    env: {
      ...hosts.env,
      PATH: `${dirname(codexBinary())}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      TMPDIR: join(root, 'tmp'),
      GITHUB_SERVER_URL: git.origin,
      CODEX_AUTH_KEY: key.identity,
      CODEX_AUTH_TOKEN: git.token,
      CODEX_AUTH_STORE_TOKEN: storeToken,
      CODEX_AUTH_SEED: newest.text,
    },
    secrets: () => [
      ...logins.flatMap(({ tokens }) => [tokens.id_token, tokens.access_token, tokens.refresh_token]),
      ...keyLines,
      key.identity,
      git.token,
      basic,
      storeToken,
    ],
    folders: [home, root, host.home],
    // An ssh store keeps its last generations beside the file.
    mayHold: [authFile, host.authFile, join(dirname(host.authFile), '.auth.json.keeper'), join(root, 'disk', 'default')],
    needed: [git.token, basic].map((secret) => ({ secret, by: isGitOnTheNetwork })),
  })
}

describe('no secret is in the output, an argument, the environment of a child, or a file that stays', () => {
  test.each([
    ['status', [], 0],
    ['status', ['--json'], 0],
    ['doctor', [], 1],
    ['doctor', ['--fix', '--json'], 1],
    ['sync', ['--dry-run'], 0],
    ['sync', [], 0],
  ] as const)('of %s %j', async (command, words, code) => {
    const run = await watched(command, ...words)
    expect({ faults: run.faults, code: run.code, stderr: run.stderr }).toMatchObject({ faults: [], code })
    expect(run.programs).toEqual(expect.arrayContaining(['ssh', 'git', ...(command === 'doctor' ? ['codex'] : [])]))
  })
})
