import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { leaksOf, runCli, type CliCall, type CliRun } from '../support/cli.ts'
import { managedLogin, type Login, type LoginOptions } from '../support/codex-login.ts'
import { recordProcesses } from '../support/fake-runner/processes/recorder.ts'
import { filesUnder } from '../support/fake-runner/found-files.ts'
import { findLeaks } from '../support/leak-search.ts'
import { startLoopbackGithub, type LoopbackGithub } from '../support/loopback-github.ts'
import { makeLoginWorld, type LoginWorld } from '../support/login-world.ts'

const repository = 'your-org/your-repo'

let world: LoginWorld
let github: LoopbackGithub
let token: string
let disk: string

beforeEach(async () => {
  world = await makeLoginWorld()
  github = await startLoopbackGithub()
  github.repository(repository, { environments: ['codex'] })
  token = github.token({ permissions: { secrets: 'write', environments: 'write' } })
  disk = join(world.home, 'disk')
  mkdirSync(disk)
})

afterEach(async () => {
  await world.close()
  await github.close()
})

function login(args: readonly string[], more: Partial<CliCall> = {}): Promise<CliRun> {
  const env = { ...world.env, GITHUB_API_URL: github.url, CODEX_AUTH_TOKEN: token, ...more.env }
  return runCli({ ...more, args: ['login', ...args], env })
}

const toDisk = (): string[] => ['--device', '--store', `runner: ${disk}`]
const toSecret = ['--secret', 'CODEX_AUTH_JSON', '--repo', repository]

/** What the store holds. */
function onDisk(): string | undefined {
  const slot = join(disk, 'default')
  const newest = existsSync(slot)
    ? readdirSync(slot)
        .filter((name) => name.startsWith('auth.'))
        .sort()
        .at(-1)
    : undefined
  return newest === undefined ? undefined : readFileSync(join(slot, newest), 'utf8')
}

function put(document: Login): void {
  mkdirSync(join(disk, 'default'), { mode: 0o700 })
  writeFileSync(join(disk, 'default', 'auth.0000000001'), document.bytes, { mode: 0o600 })
}

/** The files of logins that nobody has taken. */
function kept(): string[] {
  const folder = join(world.home, '.codex-auth-keeper')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

function made(): Login {
  const [first, ...others] = world.openai.loginsMade()
  expect(others).toEqual([])
  if (first === undefined) throw new Error('Nobody has logged in.')
  return first
}

/** Does something when Codex has said which code to enter; then the person agrees. */
const whenAsked =
  (act: () => void) =>
  (child: ChildProcess): void => {
    child.stderr?.on('data', (text: string) => {
      if (!text.includes('WXYZ-12345')) return
      act()
      world.openai.agree()
    })
  }

const secretsOf = ({ tokens, claims }: Login): string[] => [tokens.id_token, tokens.access_token, tokens.refresh_token, claims.email]

describe('a new login', () => {
  test('with a code goes to a secret and to a store as Codex wrote it, and nothing stays behind or is seen', async () => {
    world.openai.agree()
    const recorder = await recordProcesses('login-test')
    const run = await login([...toSecret, '--environment', 'codex', ...toDisk()], { env: { RUNNER_TRACKING_ID: 'login-test' } })
    const processes = await recorder.stop()
    expect(run).toMatchObject({ code: 0 })
    expect(run.stderr).toContain('WXYZ-12345')
    const stored = onDisk() ?? ''
    expect(JSON.parse(stored)).toMatchObject({ auth_mode: 'chatgpt', tokens: made().tokens })
    expect(stored).toBe(JSON.stringify(JSON.parse(stored), null, 2))
    expect(github.vault(repository, 'codex').secret('CODEX_AUTH_JSON')).toBe(JSON.stringify(JSON.parse(stored)))
    expect([world.leftInTemp(), kept(), existsSync(join(world.home, '.codex'))]).toEqual([[], [], false])
    const secrets = [...secretsOf(made()), token]
    expect(leaksOf(run, secrets)).toEqual([])
    const programs = processes.map(({ argv }) => argv[0] ?? '')
    expect(programs.some((name) => name.endsWith('/codex'))).toBe(true)
    const seen = processes.filter(({ argv }) => !argv.some((word) => word.endsWith('codex-auth-keeper')))
    expect(findLeaks(secrets, [{ name: 'children', content: JSON.stringify(seen) }])).toEqual([])
    const files = filesUnder(world.home).filter(({ path }) => !path.startsWith(disk))
    expect(
      findLeaks(
        secrets,
        files.map(({ path, bytes }) => ({ name: path, content: bytes })),
      ),
    ).toEqual([])
  })

  test('in a browser needs nothing but the visit', async () => {
    world.openai.agree()
    const run = await login(['--store', `runner: ${disk}`])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stderr).toContain('https://auth.openai.com/oauth/authorize')
    expect(JSON.parse(onDisk() ?? '')).toMatchObject({ tokens: made().tokens })
    expect([world.leftInTemp(), kept(), leaksOf(run, secretsOf(made()))]).toEqual([[], [], []])
  })

  test('touches neither the login of this machine nor its settings, and obeys none of them', async () => {
    world.openai.agree()
    const own = join(world.home, '.codex')
    mkdirSync(own)
    writeFileSync(join(own, 'config.toml'), 'cli_auth_credentials_store = "keyring"\n')
    writeFileSync(join(own, 'auth.json'), managedLogin().bytes)
    const before = readdirSync(own).map((name) => readFileSync(join(own, name), 'utf8'))
    expect(await login(toDisk(), { env: { CODEX_HOME: own } })).toMatchObject({ code: 0 })
    expect(readdirSync(own).map((name) => readFileSync(join(own, name), 'utf8'))).toEqual(before)
    expect(onDisk()).toContain(made().tokens.refresh_token)
  })
})

describe('what a store holds already', () => {
  const earlier = (account: LoginOptions): Login => managedLogin({ ...account, issuedAt: Math.floor(Date.now() / 1000) - 86_400 })

  test('an older login of the same account is replaced', async () => {
    const old = earlier({})
    put(old)
    world.openai.agree({ accountId: old.claims.accountId, userId: old.claims.userId })
    expect(await login(toDisk())).toMatchObject({ code: 0 })
    expect(onDisk()).toContain(made().tokens.refresh_token)
  })

  test('the login of another account stays, and the new one is kept', async () => {
    const other = earlier({})
    put(other)
    world.openai.agree()
    const run = await login(toDisk())
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('another account')
    expect(onDisk()).toBe(other.text)
    expect(kept()).toHaveLength(1)
  })

  test('a later login of the same account stays, and the new one is kept', async () => {
    const later = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) + 3_600 })
    put(later)
    world.openai.agree({ accountId: later.claims.accountId, userId: later.claims.userId })
    const run = await login(toDisk())
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('issued later')
    expect(onDisk()).toBe(later.text)
    expect(kept()).toHaveLength(1)
  })
})

describe('a login that could not be handed over', () => {
  const refuseFromNowOn = (): void => {
    github.inject('put-secret', { kind: 'status', status: 403, message: 'Resource not accessible by personal access token' })
  }

  test('is kept in a file that is named, and another run hands it over and removes the file', async () => {
    const run = await login([...toSecret, ...toDisk()], { started: whenAsked(refuseFromNowOn) })
    expect(run.code).toBe(1)
    const [file = '', ...others] = kept()
    expect(others).toEqual([])
    expect(run.stderr).toContain(file)
    expect(run.stdout).toMatch(/CODEX_AUTH_JSON.*failed/)
    expect(readFileSync(file, 'utf8')).toBe(onDisk())
    expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777, world.leftInTemp()]).toEqual([0o600, 0o700, []])
    expect(leaksOf(run, [...secretsOf(made()), token])).toEqual([])

    github.heal()
    const again = await login([...toSecret, '--store', `runner: ${disk}`, '--from', file])
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain('has this login already')
    expect(github.vault(repository).secret('CODEX_AUTH_JSON')).toContain(made().tokens.refresh_token)
    expect([kept(), leaksOf(again, secretsOf(made()))]).toEqual([[], []])
  })

  test('is kept when Ctrl-C comes in the middle', async () => {
    const slow = (): void => {
      github.inject('put-secret', { kind: 'slow', milliseconds: 8_000 })
    }
    const run = await login([...toSecret, '--device'], {
      started: (child) => {
        whenAsked(slow)(child)
        child.stdout?.on('data', (text: string) => {
          if (text.includes('Logged in')) child.kill('SIGINT')
        })
      },
    })
    expect(run.code).toBe(130)
    const [file = ''] = kept()
    expect(run.stderr).toContain(file)
    expect(readFileSync(file, 'utf8')).toContain(made().tokens.refresh_token)
    expect([world.leftInTemp(), leaksOf(run, secretsOf(made()))]).toEqual([[], []])
  })

  test('no other file is handed over', async () => {
    const own = join(world.home, 'auth.json')
    writeFileSync(own, managedLogin().bytes)
    const run = await login(['--store', `runner: ${disk}`, '--from', own])
    expect(run.code).toBe(2)
    expect([onDisk(), existsSync(own)]).toEqual([undefined, true])
  })
})

describe('no login is made in vain', () => {
  test.each([
    ['a token that may not write the secret', () => toSecret, { CODEX_AUTH_TOKEN: 'read' }, /may not write the repository secret/],
    ['no token', () => toSecret, { CODEX_AUTH_TOKEN: '' }, /no token/],
    ['an environment that is not there', () => [...toSecret, '--environment', 'prod'], {}, /prod/],
    ['a store that cannot be read', () => ['--store', `runner: ${disk}`], { damage: 'yes' }, /not an auth\.json/],
    ['no place', () => [], {}, /where the new login goes/],
    ['no Codex', toDisk, { PATH: '/usr/bin:/bin' }, /no codex in PATH/],
  ])('%s', async (_, args, env, said) => {
    world.openai.agree()
    const { damage, ...rest } = env as Record<string, string>
    if (damage) put({ ...managedLogin(), bytes: Buffer.from('{}x') })
    const given = rest['CODEX_AUTH_TOKEN'] === 'read' ? { CODEX_AUTH_TOKEN: github.token({ permissions: { secrets: 'read' } }) } : rest
    const run = await login(args(), {
      env: { ...(rest['PATH'] ? { PATH: `${process.execPath.replace(/\/node$/, '')}:/usr/bin:/bin` } : {}), ...given },
    })
    expect(run.stderr).toMatch(said)
    expect([1, 2]).toContain(run.code)
    expect(world.openai.ledger().requests).toEqual([])
    expect([world.leftInTemp(), kept()]).toEqual([[], []])
  })
})

describe('Ctrl-C', () => {
  test('while the person has not agreed leaves nothing, and ends Codex', async () => {
    const run = await login(toDisk(), {
      started: (child) => {
        child.stderr?.on('data', (text: string) => {
          if (text.includes('WXYZ-12345')) child.kill('SIGINT')
        })
      },
    })
    expect(run.code).toBe(130)
    expect([world.leftInTemp(), kept(), onDisk()]).toEqual([[], [], undefined])
  })
})
