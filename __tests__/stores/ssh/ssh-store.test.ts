import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sshFailure } from '../../../src/stores/ssh/ssh-failure.ts'
import { sshStore, type SshStoreOptions } from '../../../src/stores/ssh/ssh-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, sized, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { scriptFile } from '../../support/host-script.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../../support/loopback-sshd.ts'
import { describeStore } from '../store-contract.ts'

let sshd: LoopbackSshd
beforeAll(async () => {
  sshd = await startLoopbackSshd()
})
afterAll(() => sshd.stop())

let root = ''
let file = ''
let opened: Store[] = []
beforeEach(async () => {
  root = await mkdtemp(join(sshd.directory, 'place-'))
  file = join(root, 'codex', 'auth.json')
})
afterEach(async () => {
  for (const store of opened) await store.close?.()
  opened = []
  await sshd.authorize('')
})

function open(options: Partial<SshStoreOptions> = {}, path = file): Store {
  const { user, host, port, key, knownHosts } = sshd
  const store = sshStore({
    name: 'ssh',
    address: { user, host, port, path },
    key,
    knownHosts,
    ssh: '/usr/bin/ssh',
    tempDir: root,
    ...options,
  })
  opened.push(store)
  return store
}

function withAgent(agentSocket: string): Store {
  const { user, host, port, knownHosts } = sshd
  return sshStore({ name: 'ssh', address: { user, host, port, path: file }, knownHosts, ssh: '/usr/bin/ssh', tempDir: root, agentSocket })
}

/** Options of authorized_keys: what is asked for runs inside this shell text, at its `ASKED`. */
function around(shell: string): string {
  return `command="${shell.replace('ASKED', 'sh -c "$SSH_ORIGINAL_COMMAND"').replaceAll('"', '\\"')}"`
}

test('a folder for the key that could not be made is made at the next try', async () => {
  const tempDir = join(root, 'later')
  const store = open({ tempDir })
  expect((await failure(store.read())).message).toContain('ENOENT')
  await mkdir(tempDir)
  expect(await store.read()).toBeUndefined()
})

test('a key that could only be written in part is not left behind', async () => {
  // What the known hosts hold is no text, so they are written and the key is not.
  const store = open({ tempDir: root, key: Symbol('key') as unknown as string })
  await expect(store.read()).rejects.toThrow()
  expect(await readdir(root)).toEqual([])
})

describe('who is let in, and whom we trust', () => {
  test('another host key than the pinned one: nothing is sent, and it is loud', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'other')])
    const knownHosts = `[127.0.0.1]:${sshd.port} ${await readFile(join(root, 'other.pub'), 'utf8')}`
    const accepted = sshd.log().split('Accepted').length
    const error = await failure(open({ knownHosts }).write(login('secret'), undefined))
    expect([error.code, error.message]).toEqual(['store-refused', expect.stringContaining('IS NOT THE PINNED ONE')])
    expect(error.remedy).toContain('ssh-keyscan alone proves nothing')
    expect(sshd.log().split('Accepted')).toHaveLength(accepted)
    expect(existsSync(file)).toBe(false)
  })

  test('a host that is not pinned is not trusted on first use, nor afterwards', async () => {
    const store = open({ knownHosts: 'elsewhere.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3O0kq7m1xq0G8Yl4m3m0m4n3Z0kH2T8o0lW8m1m0aQ' })
    for (const attempt of [1, 2]) {
      const error = await failure(store.read())
      expect([attempt, error.code, error.remedy]).toEqual([
        attempt,
        'store-refused',
        expect.stringContaining(`ssh-keyscan -p ${sshd.port} 127.0.0.1`),
      ])
    }
  })

  test('another key is told from an outage', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'other')])
    const store = open({ key: await readFile(join(root, 'other'), 'utf8') })
    expect((await failure(store.read())).code).toBe('store-unauthorized')
    expect((await failure(store.write(login('a'), undefined))).code).toBe('store-unauthorized')
  })

  test('what is not a key is not quoted', async () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nkeycanary\n-----END OPENSSH PRIVATE KEY-----'
    const error = await failure(open({ key }).read())
    expect([error.code, `${error.message}${error.remedy}`]).toEqual(['store-unauthorized', expect.not.stringContaining('keycanary')])
  })

  test('the key of the agent, when no key is given', async () => {
    const socket = join(root, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      await once(agent.stdout, 'data')
      expect((await failure(withAgent(socket).read())).code).toBe('store-unauthorized')
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      const store = withAgent(socket)
      expect(await store.read()).toBeUndefined()
      await store.close?.()
      expect((await failure(open({ key: '-----BEGIN PRIVATE KEY-----\nx', agentSocket: socket }).read())).code).toBe('store-unauthorized')
    } finally {
      agent.kill()
    }
  })
})

describe('what ssh says with exit code 255', () => {
  const address = { user: 'u', host: 'host.example', port: 22, path: '/auth.json' }
  test.each([
    ['ssh: connect to host host.example port 22: Connection refused', 'store-unreachable', 'store-unreachable'],
    ['ssh: Could not resolve hostname host.example: Name or service not known', 'store-unreachable', 'store-unreachable'],
    ['kex_exchange_identification: Connection closed by remote host', 'store-unreachable', 'store-unreachable'],
    ['Connection timed out during banner exchange', 'store-unreachable', 'store-unreachable'],
    ['Connection to host.example closed by remote host.', 'store-unreachable', 'store-unknown-outcome'],
    ['Timeout, server host.example not responding.', 'store-unreachable', 'store-unknown-outcome'],
    ['', 'store-unreachable', 'store-unknown-outcome'],
    ['u@host.example: Permission denied (publickey).', 'store-unauthorized', 'store-unauthorized'],
    ['No ED25519 host key is known for host.example and you have requested strict checking.', 'store-refused', 'store-refused'],
    ['@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.', 'store-refused', 'store-refused'],
  ])('%s', (stderr, read, write) => {
    expect([sshFailure(stderr, 'read', address).code, sshFailure(stderr, 'write', address).code]).toEqual([read, write])
  })
})

describe('what is left on this machine', () => {
  test('the key is a file for us alone until close, in a folder of any name, and ssh takes it as people paste it', async () => {
    const tempDir = join(root, 'a b%h ~')
    await mkdir(tempDir)
    const store = open({ tempDir, key: sshd.key.trim().replaceAll('\n', '\r\n') })
    expect(await store.read()).toBeUndefined()
    const [folder = ''] = await readdir(tempDir)
    expect((await stat(join(tempDir, folder))).mode & 0o777).toBe(0o700)
    expect((await stat(join(tempDir, folder, 'key'))).mode & 0o777).toBe(0o600)
    await store.close?.()
    expect(await readdir(tempDir)).toEqual([])
  })

  test('no secret in arguments or environment, and no configuration of this machine', async () => {
    const ssh = join(root, 'ssh')
    await writeFile(ssh, `#!/bin/sh\nprintf '%s\\n' "$@" >${root}/argv\nenv >${root}/env\nexec /usr/bin/ssh "$@"\n`)
    await chmod(ssh, 0o755)
    await open({ ssh }).write(login('canary'), undefined)
    const seen = (await readFile(join(root, 'argv'), 'utf8')) + (await readFile(join(root, 'env'), 'utf8'))
    expect(seen).not.toMatch(/rt_contract|at_contract/)
    for (const line of sshd.key.split('\n').filter((each) => each.length > 20)) expect(seen).not.toContain(line)
    const variables = (await readFile(join(root, 'env'), 'utf8')).split('\n').map((line) => line.split('=')[0] ?? '')
    expect(variables.filter((name) => !['', 'PWD', '_', 'OLDPWD', 'SHLVL'].includes(name)).sort()).toEqual(['HOME', 'LC_ALL', 'PATH'])
    const options = (await readFile(join(root, 'argv'), 'utf8')).split('\n--\n')[0]?.split('\n')
    expect(options).toEqual([
      '-T',
      '-F',
      '/dev/null',
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      'UserKnownHostsFile=known_hosts',
      '-o',
      'GlobalKnownHostsFile=/dev/null',
      '-o',
      'UpdateHostKeys=no',
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'IdentityAgent=none',
      '-o',
      'IdentityFile=key',
      '-o',
      'ConnectTimeout=10',
      '-o',
      'ServerAliveInterval=5',
      '-o',
      'ServerAliveCountMax=2',
      '-p',
      String(sshd.port),
      '-l',
      sshd.user,
    ])
  })

  test('a machine without ssh is told', async () => {
    expect((await failure(open({ ssh: '/nonexistent/ssh' }).read())).code).toBe('store-refused')
  })
})

describe('the host', () => {
  test('costs one connection for each call', async () => {
    const before = sshd.connections()
    const store = open()
    await store.read()
    await store.proveWritable()
    await store.write(login('a'), undefined)
    expect(sshd.connections() - before).toBe(3)
    expect(await readFile(file, 'utf8')).toBe(text(login('a')))
  })

  test('a folder that we may not look into is not an empty place', async () => {
    await open().write(login('a'), undefined)
    await chmod(join(root, 'codex'), 0o000)
    try {
      expect((await failure(open().read())).code).toBe('store-unauthorized')
      await chmod(join(root, 'codex'), 0o300)
      await chmod(join(root, 'codex', '.auth.json.keeper'), 0o300)
      expect((await failure(open().read())).code).toBe('store-unauthorized')
    } finally {
      await chmod(join(root, 'codex'), 0o700)
      await chmod(join(root, 'codex', '.auth.json.keeper'), 0o700)
    }
  })

  test('a file that we may not read or replace is told', async () => {
    await open().write(login('a'), undefined)
    await chmod(file, 0o400)
    expect((await failure(open().proveWritable())).code).toBe('store-unauthorized')
    expect((await failure(open().write(login('b'), (await open().read())?.version))).code).toBe('store-unauthorized')
    await chmod(file, 0o200)
    expect((await failure(open().read())).code).toBe('store-unauthorized')
  })

  test('a login shell that talks is told, and an answer of nothing is not an empty place', async () => {
    await open().write(login('first'), undefined)
    await sshd.authorize(around('echo Welcome; ASKED'))
    expect((await failure(open().read())).code).toBe('store-damaged')
    expect((await failure(open().proveWritable())).remedy).toContain('.bashrc')
    await sshd.authorize('command="true"')
    expect((await failure(open().read())).code).toBe('store-damaged')
    expect((await failure(open().proveWritable())).code).toBe('store-damaged')
    expect((await failure(open().write(login('a'), undefined))).code).toBe('store-unknown-outcome')
  })

  test('a document that does not arrive whole is not a document', async () => {
    await open().write(sized(4_000), undefined)
    await sshd.authorize(around('ASKED | head -c 3000'))
    expect((await failure(open().read())).code).toBe('store-damaged')
  })

  test('a connection that dies in the middle of a write leaves the old copy', async () => {
    await open().write(login('first'), undefined)
    const version = (await open().read())?.version
    execFileSync('mkfifo', [join(root, 'go')])
    await sshd.authorize(around(`(head -c 5000; touch ${root}/half; cat ${root}/go) | ASKED`))
    const outcome = failure(open().write(sized(30_000), version))
    while (!existsSync(join(root, 'half'))) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sshd.sessions()).toHaveLength(1)
    for (const pid of sshd.sessions()) process.kill(pid, 'SIGKILL')
    expect((await outcome).code).toBe('store-unknown-outcome')
    await writeFile(join(root, 'go'), '')
    await sshd.authorize('')
    expect(await readFile(file, 'utf8')).toBe(text(login('first')))
    expect(await open().write(login('second'), version)).toMatchObject({ kind: 'written' })
    expect(await readFile(file, 'utf8')).toBe(text(login('second')))
  })
})

describe('a key with the script as its forced command', () => {
  const forced = () => sshd.authorize(`restrict,command="${scriptFile} ${file}"`)

  test('serves its one file', async () => {
    await forced()
    const store = open()
    expect(await store.read()).toBeUndefined()
    expect(await store.proveWritable()).toBe('proved')
    const outcome = await store.write(sized(64 * 1024), undefined)
    expect(outcome.kind).toBe('written')
    expect(text((await store.read())?.bytes)).toBe(text(sized(64 * 1024)))
    expect(await store.write(login('late'), undefined)).toEqual({ kind: 'conflict' })
  })

  test('and nothing else', async () => {
    await forced()
    const error = await failure(open({}, join(root, 'other.json')).read())
    expect([error.code, error.message]).toEqual(['store-refused', expect.stringContaining('this key serves another file')])
    const { user, host, port, keyFile } = sshd
    const ssh = [
      '-F',
      '/dev/null',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'IdentityAgent=none',
      '-i',
      keyFile,
    ]
    const asked = spawn('ssh', [...ssh, '-p', String(port), `${user}@${host}`, `touch ${root}/evil`], { stdio: 'ignore' })
    expect(await once(asked, 'exit')).toEqual([64, null])
    expect(existsSync(join(root, 'evil'))).toBe(false)
  })
})

describe('a race of 20 connections', () => {
  test('has one winner in each of 3 rounds', async () => {
    let version: string | undefined
    const writers = Array.from({ length: 20 }, () => open())
    for (let round = 1; round <= 3; round += 1) {
      const outcomes = await Promise.all(
        writers.map(async (store, number) => ({ number, ...(await store.write(login(`${round}-${number}`), version)) })),
      )
      const winners = outcomes.filter(({ kind }) => kind === 'written')
      expect(winners).toHaveLength(1)
      const copy = await open().read()
      expect(text(copy?.bytes)).toBe(text(login(`${round}-${winners[0]?.number ?? ''}`)))
      expect(await readFile(file, 'utf8')).toBe(text(copy?.bytes))
      version = copy?.version
    }
  }, 300_000)
})

describeStore('ssh', {
  guarantee: 'compare-and-set',
  proof: 'proved',
  garbage: 'returned-as-it-is',
  cannot: { foreignKey: 'a copy is not sealed' },
  harness: () => {
    const places = (): string[] =>
      [root, join(root, 'codex'), join(root, 'codex', '.auth.json.keeper')].filter((place) => existsSync(place))
    const allow = async (mode: number): Promise<void> => {
      for (const place of places()) await chmod(place, mode)
    }
    const temp = mkdtemp(join(sshd.directory, 'temp-'))
    const heal = async (): Promise<void> => {
      await sshd.listen(true)
      await sshd.authorize('')
      await allow(0o700)
    }
    return {
      open: async () => open({ tempDir: await temp }),
      faults: {
        unreachable: () => sshd.listen(false),
        readDenied: () => sshd.authorize(undefined),
        writeDenied: () => allow(0o500),
        garbage: (bytes) => writeFile(file, bytes),
        answerLost: () => sshd.authorize(around('ASKED >/dev/null; kill -9 $PPID')),
        writeInterrupted: () => sshd.authorize(around('(head -c 5000; kill -9 $PPID) | ASKED')),
        emptied: () => rm(join(root, 'codex'), { recursive: true }),
      },
      heal,
      cleanup: heal,
    }
  },
})
