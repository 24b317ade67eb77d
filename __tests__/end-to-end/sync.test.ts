import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { leaksOf, personsHome, runCli, type CliRun } from '../support/cli.ts'
import { managedLogin, unmanagedDocuments, type Login, type LoginOptions } from '../support/codex-login.ts'
import { startSshHosts, type SshHost, type SshHosts } from '../support/ssh-hosts.ts'

jest.setTimeout(120_000)

const now = Math.floor(Date.now() / 1000)
const secrets: string[] = []
const runs: CliRun[] = []
let world: SshHosts
let hostA: SshHost
let hostB: SshHost

beforeAll(async () => {
  world = await startSshHosts(2)
  const [a, b] = world.hosts
  if (a === undefined || b === undefined) throw new Error('Two hosts were asked for.')
  hostA = a
  hostB = b
})

afterEach(async () => {
  for (const { home, sshd } of world.hosts) {
    rmSync(join(home, '.codex'), { recursive: true, force: true })
    await sshd.listen(true)
  }
  const given = Object.values(world.env).flatMap((text) => text.split('\n').filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line)))
  expect(runs.splice(0).flatMap((run) => leaksOf(run, [...secrets, ...given]))).toEqual([])
})

afterAll(() => world.stop())

/** Logins of one account, from the newest to the oldest. */
function history(options: LoginOptions = {}): [Login, Login, Login] {
  const account = {
    accountId: `account-${Math.random().toString(36).slice(2)}`,
    userId: 'user-of-one-account',
    email: 'me@example.com',
    plan: 'pro',
  }
  const logins = [100, 2_000, 4_000].map((age) => managedLogin({ ...account, issuedAt: now - age, ...options }))
  secrets.push(...logins.flatMap(({ tokens }) => [tokens.access_token, tokens.refresh_token, tokens.id_token]))
  return logins as [Login, Login, Login]
}

const storeFlags = (): string[] => world.hosts.flatMap(({ address }) => ['--store', `ssh: ${address}`])

async function sync(home: string, more: readonly string[] = [], stores = storeFlags()): Promise<CliRun> {
  const run = await runCli({ args: ['sync', ...stores, ...more], env: { HOME: home, ...world.env } })
  runs.push(run)
  return run
}

const texts = async (authFile: string): Promise<(string | undefined)[]> => [
  existsSync(authFile) ? readFileSync(authFile, 'utf8') : undefined,
  await hostA.text(),
  await hostB.text(),
]

const mode = (path: string): number => statSync(path).mode & 0o777

describe('the newest login wins, wherever it is', () => {
  test.each(['this machine', 'host A', 'host B'])('on %s', async (where) => {
    const [newest, middle, oldest] = history()
    const [mine, a, b] =
      where === 'this machine' ? [newest, middle, oldest] : where === 'host A' ? [oldest, newest, middle] : [middle, oldest, newest]
    const { home, authFile } = personsHome(mine.text)
    await hostA.put(a.bytes)
    await hostB.put(b.bytes)

    const run = await sync(home)
    expect(run).toMatchObject({ code: 0 })
    expect(await texts(authFile)).toEqual([newest.text, newest.text, newest.text])
    expect(run.stdout.match(/brought up to date/g)).toHaveLength(2)
    expect(run.stdout.match(/ {2}up to date/g)).toHaveLength(1)
    for (const path of [authFile, hostA.authFile, hostB.authFile]) expect([mode(dirname(path)), mode(path)]).toEqual([0o700, 0o600])
    expect(readdirSync(dirname(authFile))).toEqual(['auth.json'])

    // A second time nothing is behind.
    const again = await sync(home)
    expect(again.code).toBe(0)
    expect(again.stdout).not.toContain('brought')
    expect(await texts(authFile)).toEqual([newest.text, newest.text, newest.text])
  })

  test('after Codex has rotated it on a host that was brought up to date before', async () => {
    const [newest, middle, oldest] = history()
    const { home, authFile } = personsHome(middle.text)
    await hostA.put(oldest.bytes)
    expect(await sync(home)).toMatchObject({ code: 0 })
    await hostB.put(newest.bytes)
    expect(await sync(home)).toMatchObject({ code: 0 })
    expect(await texts(authFile)).toEqual([newest.text, newest.text, newest.text])
  })

  test('to a host whose file somebody has removed since it was brought up to date', async () => {
    const [newest] = history()
    const { home, authFile } = personsHome(newest.text)
    expect(await sync(home)).toMatchObject({ code: 0 })
    rmSync(hostB.authFile)
    expect(await sync(home)).toMatchObject({ code: 0 })
    expect(await texts(authFile)).toEqual([newest.text, newest.text, newest.text])
  })

  test('to a machine and a host that have none', async () => {
    const [newest] = history()
    const { home, authFile } = personsHome()
    await hostB.put(newest.bytes)
    expect(await sync(home)).toMatchObject({ code: 0 })
    expect(await texts(authFile)).toEqual([newest.text, newest.text, newest.text])
    expect([mode(dirname(authFile)), mode(authFile)]).toEqual([0o700, 0o600])
  })

  test('beside hosts in a folder that no Codex reads, which is no second machine', async () => {
    const [newest, middle] = history()
    const { home, authFile } = personsHome(middle.text)
    const file = join(hostA.home, 'kept', 'auth.json')
    const run = await sync(home, [], ['--store', `ssh: ${hostA.address}${file}`])
    expect([run.code, readFileSync(file, 'utf8')]).toEqual([0, middle.text])
    expect(run.stderr).not.toContain('works once')
    writeFileSync(file, newest.text)
    expect(await sync(home, [], ['--store', `ssh: ${hostA.address}${file}`])).toMatchObject({ code: 0 })
    expect(readFileSync(authFile, 'utf8')).toBe(newest.text)
  })
})

test('says once that two machines would spend one token, and the way out of it', async () => {
  const [newest] = history()
  const { stderr } = await sync(personsHome(newest.text).home)
  expect(stderr.match(/a refresh token works once/g)).toHaveLength(1)
  expect(stderr).toContain('deploy HOST --login')
})

test('a dry run tells the same and writes nothing', async () => {
  const [newest, middle, oldest] = history()
  const { home, authFile } = personsHome(middle.text)
  await hostA.put(newest.bytes)
  await hostB.put(oldest.bytes)
  const run = await sync(home, ['--dry-run'])
  expect(run.code).toBe(0)
  expect(run.stdout.match(/would be brought up to date/g)).toHaveLength(2)
  expect(await texts(authFile)).toEqual([middle.text, newest.text, oldest.text])
  expect(readdirSync(dirname(hostB.authFile))).toEqual(['auth.json'])
})

describe('what is not written', () => {
  test('two accounts: nothing at all, and both are named by their hash', async () => {
    const [mine] = history()
    const [, theirs] = history()
    const { home, authFile } = personsHome(mine.text)
    await hostA.put(theirs.bytes)
    const run = await sync(home)
    expect([run.code, run.stdout]).toEqual([1, ''])
    expect(run.stderr).toMatch(/this machine: [0-9a-f]{12}/)
    expect(await texts(authFile)).toEqual([mine.text, theirs.text, undefined])
  })

  test('a host that is down is said, exit code 1; the others are brought up to date', async () => {
    const [newest, middle] = history()
    const { home, authFile } = personsHome(middle.text)
    await hostA.put(newest.bytes)
    await hostB.put(middle.bytes)
    await hostB.sshd.listen(false)
    const run = await sync(home)
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/left alone: ssh to 127\.0\.0\.1/)
    expect(await texts(authFile)).toEqual([newest.text, newest.text, middle.text])
  })

  test('a copy that is damaged is left as it is, exit code 1', async () => {
    const [newest] = history()
    const { home, authFile } = personsHome(newest.text)
    await hostA.put('{"auth_mode": "chatg')
    const run = await sync(home)
    expect(run.code).toBe(1)
    expect(await texts(authFile)).toEqual([newest.text, '{"auth_mode": "chatg', newest.text])
  })

  test('an API key on this machine or on a host is said and left as it is, exit code 1', async () => {
    const [newest] = history()
    const key = unmanagedDocuments()['api-key']
    secrets.push((JSON.parse(key.text) as { OPENAI_API_KEY: string }).OPENAI_API_KEY)
    const { home, authFile } = personsHome(key.text)
    await hostA.put(newest.bytes)
    await hostB.put(key.bytes)
    const run = await sync(home)
    expect(run.code).toBe(1)
    expect(run.stdout.match(/left alone: .*API key/g)).toHaveLength(2)
    expect(await texts(authFile)).toEqual([key.text, newest.text, key.text])
  })

  test('two logins of one moment: neither replaces the other, exit code 1', async () => {
    const account = { accountId: 'account-of-rivals', userId: 'user-of-rivals', issuedAt: now - 50, expiresIn: 1_000 }
    const [one, other] = [managedLogin(account), managedLogin(account)]
    const { home, authFile } = personsHome(one.text)
    await hostA.put(other.bytes)
    const run = await sync(home, [], ['--store', `ssh: ${hostA.address}`])
    expect(run.code).toBe(1)
    expect(await texts(authFile)).toEqual([one.text, other.text, undefined])
  })
})

test('no login anywhere: a person must log in', async () => {
  expect(await sync(personsHome().home)).toMatchObject({ code: 3, stdout: '' })
})

test('no place to sync with is wrong usage', async () => {
  expect(await sync(personsHome().home, [], [])).toMatchObject({ code: 2, stdout: '' })
})
