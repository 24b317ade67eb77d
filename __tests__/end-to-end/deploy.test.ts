import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { leaksOf, personsHome, runCli, type CliCall, type CliRun } from '../support/cli.ts'
import { managedLogin, unmanagedDocuments, type Login, type LoginOptions } from '../support/codex-login.ts'
import { processesThatKnow } from '../support/fake-runner/processes/process-table.ts'
import { findLeaks } from '../support/leak-search.ts'
import { modelDown } from '../support/loopback-openai/faults.ts'
import { makeLoginWorld, type LoginWorld } from '../support/login-world.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'
import { codexBinary, loopbackConfig, loopbackEnv } from '../support/real-codex.ts'
import { startSshHosts, type SshHost, type SshHosts } from '../support/ssh-hosts.ts'

jest.setTimeout(180_000)

const secrets: string[] = []
const runs: CliRun[] = []
let openai: LoopbackOpenAI
let world: SshHosts
let host: SshHost
/** Where this machine keeps what its ssh was started with. */
let bin: string

beforeAll(async () => {
  world = await startSshHosts(1, (home) => `SHELL=/bin/bash PATH=/usr/bin:/bin TMPDIR=${home}/tmp`)
  const [only] = world.hosts
  if (only === undefined) throw new Error('A host was asked for.')
  host = only
  bin = join(host.sshd.directory, 'bin')
  mkdirSync(bin)
  mkdirSync(here())
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done >>${bin}/log\nenv >>${bin}/log\nexec /usr/bin/ssh "$@"\n`,
  )
  chmodSync(join(bin, 'ssh'), 0o755)
})

beforeEach(async () => {
  openai = await startLoopbackOpenAI({ enforce: true })
  secrets.length = 0
  installCodex()
})

afterEach(async () => {
  for (const { pid } of processesThatKnow(host.home)) process.kill(pid, 'SIGKILL')
  await openai.close()
  await host.sshd.listen(true)
  const shown = runs.splice(0).flatMap((run) => leaksOf(run, secrets))
  const sinks = ['log'].flatMap((name) => (existsSync(join(bin, name)) ? [{ name, content: readFileSync(join(bin, name)) }] : []))
  const codexLog = join(host.home, 'codex.log')
  if (existsSync(codexLog)) sinks.push({ name: 'codex', content: readFileSync(codexLog) })
  const asked = { name: 'asked', content: await host.asked().catch(() => '') }
  expect([...shown, ...findLeaks(secrets, [...sinks, asked])]).toEqual([])
  expect([...temporaries(here()), ...temporaries(there())]).toEqual([])
  for (const name of readdirSync(host.home)) rmSync(join(host.home, name), { recursive: true, force: true })
})

afterAll(() => world.stop())

/** Folders for temporary files: of this machine, and of the host. */
const here = (): string => join(host.sshd.directory, 'tmp')
const there = (): string => join(host.home, 'tmp')
const temporaries = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('codex-auth'))

/** Codex is in a folder that only the profile of a login shell knows. */
function installCodex(profile = '.bash_profile'): void {
  const folder = join(host.home, "of the person's own")
  mkdirSync(folder, { recursive: true })
  mkdirSync(there(), { recursive: true })
  symlinkSync(codexBinary(), join(folder, 'real-codex'))
  writeFileSync(
    join(folder, 'codex'),
    `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >>"$HOME/codex.log"\nexec "$HOME/of the person's own/real-codex" "$@"\n`,
    { mode: 0o755 },
  )
  const variables = Object.entries({ ...loopbackEnv(openai), HTTPS_PROXY: openai.origin }).map(
    ([name, value]) => `export ${name}='${value}'`,
  )
  writeFileSync(
    join(host.home, profile),
    ['echo Welcome', ...variables, 'PATH="$HOME/of the person\'s own:$PATH"', 'export PATH OPENAI_API_KEY=sk-of-another-purpose', ''].join(
      '\n',
    ),
  )
  mkdirSync(join(host.home, '.codex'), { mode: 0o755 })
  writeFileSync(join(host.home, '.codex', 'config.toml'), loopbackConfig(openai))
}

function login(options: LoginOptions = {}): Login {
  const made = openai.login(options)
  secrets.push(made.tokens.access_token, made.tokens.refresh_token, made.tokens.id_token)
  return made
}

async function deploy(home: string, words: readonly string[], call: Partial<CliCall> = {}): Promise<CliRun> {
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`
  const run = await runCli({
    args: ['deploy', host.address, ...words],
    ...call,
    env: { HOME: home, TMPDIR: here(), ...world.env, PATH, ...call.env },
  })
  runs.push(run)
  return run
}

const textOf = (authFile: string): string | undefined => (existsSync(authFile) ? readFileSync(authFile, 'utf8') : undefined)
const mode = (path: string): number => statSync(path).mode & 0o777
const older = ({ claims }: Login): Login => managedLogin({ ...claims, issuedAt: claims.issuedAt - 5_000 })
const newer = ({ claims }: Login): Login => managedLogin({ ...claims, issuedAt: claims.issuedAt + 30 })

describe('a host without a login', () => {
  test('--move: it works there, with the modes that it needs, and is gone here', async () => {
    const mine = login()
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--move'])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout).toContain('has answered with it')
    expect([await host.text(), textOf(authFile)]).toEqual([mine.text, undefined])
    expect([mode(dirname(host.authFile)), mode(host.authFile)]).toEqual([0o700, 0o600])
    expect(openai.ledger()).toMatchObject({ modelRequests: 1, modelRefusals: 0, strangers: 0, revocations: 0 })
    expect(readdirSync(dirname(authFile))).toEqual([])
  })

  test('--copy: it works there and stays here; that the two spend one token is said', async () => {
    const mine = login()
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--copy'])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stderr).toContain('a refresh token works once')
    expect([await host.text(), textOf(authFile)]).toEqual([mine.text, mine.text])

    // Again, and again after somebody has removed the file there.
    expect(await deploy(home, ['--copy'])).toMatchObject({ code: 0 })
    rmSync(host.authFile)
    expect(await deploy(home, ['--copy'])).toMatchObject({ code: 0 })
    expect([await host.text(), textOf(authFile)]).toEqual([mine.text, mine.text])
  })

  test.each(['--copy', '--move'])('%s of a login that is due: what the proof has refreshed is the one that stays', async (way) => {
    const mine = login({ expiresIn: 60 })
    const { home, authFile } = personsHome(mine.text)
    expect(await deploy(home, [way])).toMatchObject({ code: 0 })
    const there = await host.text()
    expect(there).not.toBe(mine.text)
    expect(textOf(authFile)).toBe(way === '--copy' ? there : undefined)
    expect(openai.ledger().tokens.map(({ outcomes }) => outcomes)).toEqual([['rotated'], []])
  })

  test('whose Codex is in the PATH of interactive shells alone', async () => {
    rmSync(host.home, { recursive: true })
    mkdirSync(host.home)
    installCodex('.bashrc')
    expect(await deploy(personsHome(login().text).home, ['--copy'])).toMatchObject({ code: 0 })
  })
})

test('a host with an older login: the newer one takes its place', async () => {
  const mine = login()
  await host.put(older(mine).bytes)
  const { home, authFile } = personsHome(mine.text)
  expect(await deploy(home, ['--move'])).toMatchObject({ code: 0 })
  expect([await host.text(), textOf(authFile)]).toEqual([mine.text, undefined])
})

describe('nothing is written', () => {
  test('where the host has a newer login', async () => {
    const mine = login()
    const theirs = newer(mine)
    await host.put(theirs.bytes)
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--move'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('newer. Nothing was written')
    expect([await host.text(), textOf(authFile)]).toEqual([theirs.text, mine.text])
    expect(openai.ledger().modelRequests).toBe(0)
  })

  test('where the host has the login of another account', async () => {
    const [mine, theirs] = [login(), login()]
    await host.put(theirs.bytes)
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--copy'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('another account')
    expect([await host.text(), textOf(authFile)]).toEqual([theirs.text, mine.text])
  })

  test('where the host has no Codex', async () => {
    rmSync(join(host.home, '.bash_profile'))
    const mine = login()
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--move'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('has no Codex')
    expect([await host.text(), textOf(authFile)]).toEqual([undefined, mine.text])
    expect(readdirSync(join(host.home, '.codex'))).toEqual(['config.toml'])
  })

  test('where the host is down', async () => {
    const mine = login()
    await host.sshd.listen(false)
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--move'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('Connection refused')
    expect(textOf(authFile)).toBe(mine.text)
  })

  test('where the key of the host is unknown: the command that adds it is said', async () => {
    const mine = login()
    const { home, authFile } = personsHome(mine.text)
    const key = readFileSync(`${host.sshd.keyFile}.pub`, 'utf8')
    const run = await deploy(home, ['--move'], { env: { CODEX_AUTH_KNOWN_HOSTS: `other.example.com ${key}` } })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain(`ssh-keyscan -p ${host.sshd.port} 127.0.0.1 >> ~/.ssh/known_hosts`)
    expect([await host.text(), textOf(authFile)]).toEqual([undefined, mine.text])
  })

  test('without a login here, or with an API key', async () => {
    expect(await deploy(personsHome().home, ['--move'])).toMatchObject({ code: 3 })
    const key = unmanagedDocuments()['api-key']
    secrets.push((JSON.parse(key.text) as { OPENAI_API_KEY: string }).OPENAI_API_KEY)
    const run = await deploy(personsHome(key.text).home, ['--move'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('API key')
    expect(await host.text()).toBeUndefined()
  })

  test.each([[[]], [['--move', '--copy']]])('without one way: %j', async (words) => {
    const run = await deploy(personsHome(login().text).home, words)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('--move')
  })
})

describe('a login that OpenAI refuses', () => {
  test.each(['--move', '--copy'])('%s: a person must log in; this machine keeps its copy, and the host is as it was', async (way) => {
    const mine = login({ expiresIn: -10 })
    openai.revoke(mine)
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, [way])
    expect(run.code).toBe(3)
    expect(run.stderr).toContain('OpenAI says')
    expect([await host.text(), textOf(authFile)]).toEqual([undefined, mine.text])
    expect(readdirSync(dirname(host.authFile)).filter((name) => name.includes('auth'))).toEqual([])
  })

  test('a proof that fails after a refresh leaves the refreshed login there, and says so', async () => {
    const mine = login({ expiresIn: 60 })
    openai.modelFault(modelDown)
    const { home, authFile } = personsHome(mine.text)
    const run = await deploy(home, ['--move'])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('has refreshed the login meanwhile')
    const there = await host.text()
    expect(there).not.toBe(mine.text)
    expect([there === undefined, textOf(authFile)]).toEqual([false, mine.text])
  })
})

test('Ctrl-C in the middle of the proof: both hold a whole login, and Codex there may go on', async () => {
  const mine = login()
  const { home, authFile } = personsHome(mine.text)
  const held = openai.holdNextModelRequest()
  const run = await deploy(home, ['--move'], {
    started: (child) => {
      void held.begun.then(() => child.kill('SIGINT'))
    },
  })
  expect(run.code).toBe(130)
  expect(run.stdout).toContain('was at work with it')
  expect([await host.text(), textOf(authFile)]).toEqual([mine.text, mine.text])
  held.release()
  while (temporaries(there()).length > 0) await systemClock.sleep(50)
})

describe('--login: a new login of its own for that host', () => {
  let person: LoginWorld
  beforeEach(async () => {
    person = await makeLoginWorld()
    await openai.close()
    ;({ openai } = person)
    for (const name of readdirSync(host.home)) rmSync(join(host.home, name), { recursive: true, force: true })
    installCodex()
  })
  afterEach(() => person.close())

  /** The secrets of a login are known once it is made. */
  const deployNew = async (): Promise<CliRun> => {
    openai.agree()
    const run = await deploy(person.home, ['--login', '--device'], { env: { ...person.env, PATH: `${bin}:${person.env['PATH'] ?? ''}` } })
    secrets.push(...openai.loginsMade().flatMap(({ tokens }) => [tokens.access_token, tokens.refresh_token]))
    return run
  }
  const kept = (): string[] =>
    existsSync(join(person.home, '.codex-auth-keeper')) ? readdirSync(join(person.home, '.codex-auth-keeper')) : []

  test('is there alone, and works there', async () => {
    const run = await deployNew()
    expect(run).toMatchObject({ code: 0 })
    expect(JSON.parse((await host.text()) ?? '')).toMatchObject({ tokens: { refresh_token: openai.loginsMade()[0]?.tokens.refresh_token } })
    expect([kept(), person.leftInTemp(), existsSync(join(person.home, '.codex'))]).toEqual([[], [], false])
  })

  test('is kept in a file where the host turns out to have the login of another account', async () => {
    const theirs = login()
    await host.put(theirs.bytes)
    const run = await deployNew()
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('is kept in')
    expect([await host.text(), kept().length, person.leftInTemp()]).toEqual([theirs.text, 1, []])
    expect(mode(join(person.home, '.codex-auth-keeper', kept()[0] ?? ''))).toBe(0o600)
  })

  test('is not made where the host has no Codex', async () => {
    rmSync(join(host.home, '.bash_profile'))
    expect(await deployNew()).toMatchObject({ code: 1 })
    expect(openai.loginsMade()).toEqual([])
  })
})
