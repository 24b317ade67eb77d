import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { unpacked, upload } from '../../../src/stores/cache/cache-archive.ts'
import { cacheAccess, cacheVersion, lookUp } from '../../../src/stores/cache/cache-service.ts'
import { cacheStore, idleNote } from '../../../src/stores/cache/cache-store.ts'
import { sealedStore } from '../../../src/stores/sealed/sealed-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { processesThatKnow } from '../../support/fake-runner/processes/process-table.ts'
import { startLoopbackCache, type CacheScope, type LoopbackCache } from '../../support/loopback-cache.ts'
import { sealingKeysOf, someIdentity } from '../../support/sealing.ts'
import { describeStore } from '../store-contract.ts'

const place = 'cache slot=default'
const sealedForUs = { keys: sealingKeysOf(await someIdentity()), place }
const sealedForOthers = { keys: sealingKeysOf(await someIdentity()), place }
const main = 'refs/heads/main'

interface Change {
  readonly slot?: string
  readonly tempDir?: string
  readonly env?: Record<string, string>
  readonly patience?: number
}

let temp: string

function opened(cache: LoopbackCache, { slot = 'default', tempDir = temp, env = {}, patience = 15_000 }: Change = {}): Store {
  return cacheStore({
    name: 'cache',
    slot,
    tempDir,
    env: { ...cache.env, ...env },
    ref: main,
    defaultBranch: 'main',
    pauses: [1, 1],
    patience,
  })
}

beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'codex-auth-cache-test-'))
})
afterEach(() => {
  const left = readdirSync(temp)
  rmSync(temp, { recursive: true })
  expect(left).toEqual([])
})

describeStore('cache, sealed', {
  guarantee: 'detects-conflicts',
  proof: 'proved',
  harness: async () => {
    const cache = await startLoopbackCache()
    const readOnly = cache.token([{ Scope: main, Permission: 1 }])
    const writeOnly = cache.token([{ Scope: main, Permission: 2 }])
    let token = cache.env['ACTIONS_RUNTIME_TOKEN'] ?? ''
    const env = {
      ...cache.env,
      get ACTIONS_RUNTIME_TOKEN() {
        return token
      },
    }
    const plain = (): Store => cacheStore({ name: 'cache', slot: 'default', tempDir: temp, env, ref: main, defaultBranch: 'main' })
    return {
      open: () => Promise.resolve(sealedStore(plain(), sealedForUs)),
      faults: {
        unreachable: () => {
          cache.inject('any', { kind: 'hang-up', done: false })
        },
        readDenied: () => {
          token = writeOnly
        },
        writeDenied: () => {
          token = readOnly
        },
        garbage: (bytes) => {
          cache.replaceNewest(bytes)
        },
        foreignKey: async () => {
          const theirs = sealedStore(plain(), sealedForOthers)
          await theirs.write(login('theirs'), (await plain().read())?.version)
        },
        answerLost: () => {
          cache.inject('finalize', { kind: 'hang-up', done: true }, 1)
        },
        writeInterrupted: () => {
          cache.inject('upload', { kind: 'status', status: 403 }, 1)
        },
        emptied: () => {
          cache.evict()
        },
      },
      heal: () => {
        cache.heal()
        token = cache.env['ACTIONS_RUNTIME_TOKEN'] ?? ''
      },
      cleanup: () => cache.close(),
    }
  },
})

describe('cache store', () => {
  let cache: LoopbackCache
  beforeEach(async () => {
    cache = await startLoopbackCache()
  })
  afterEach(async () => {
    await cache.close()
  })

  /** A store that holds one document. */
  const holding = async (document: string, change?: Change): Promise<Store> => {
    const store = opened(cache, change)
    await store.write(Buffer.from(document), undefined)
    return store
  }

  test('each write is a new entry with the slot and the next generation in its key', async () => {
    const store = await holding('one')
    expect(await store.write(Buffer.from('two'), '0000000001')).toEqual({ kind: 'written', version: '0000000002' })
    expect(cache.keys()).toEqual(['codex-auth-default-0000000001', 'codex-auth-default-0000000002'])
  })

  test('slots stay apart, also when the name of one begins like the other', async () => {
    await holding('long', { slot: 'a-0' })
    const short = opened(cache, { slot: 'a' })
    expect(await short.read()).toBeUndefined()
    await short.write(Buffer.from('short'), undefined)
    expect(text((await opened(cache, { slot: 'a-0' }).read())?.bytes)).toBe('long')
    expect(text((await short.read())?.bytes)).toBe('short')
  })

  test('an empty place costs one request; reading three; a write three, and one more where no read came right before', async () => {
    const store = opened(cache)
    await store.read()
    expect(cache.count).toMatchObject({ lookup: 1, download: 0 })
    await store.write(Buffer.from('one'), undefined)
    expect(cache.count).toEqual({ lookup: 1, reserve: 1, upload: 1, finalize: 1, download: 0 })
    await store.write(Buffer.from('two'), '0000000001')
    expect(cache.count).toEqual({ lookup: 2, reserve: 2, upload: 2, finalize: 2, download: 0 })
    await store.read()
    expect(cache.count).toEqual({ lookup: 4, reserve: 2, upload: 2, finalize: 2, download: 1 })
  })

  test('what a read has shown is believed by the write right after it alone', async () => {
    const store = await holding('one')
    const version = (await store.read())?.version
    cache.inject('reserve', { kind: 'overtaken' }, 1)
    expect(await store.write(Buffer.from('mine'), version)).toEqual({ kind: 'conflict' })
    await opened(cache).write(Buffer.from('theirs'), '0000000002')
    cache.evict('0000000002')
    expect(await store.write(Buffer.from('mine'), version)).toEqual({ kind: 'conflict' })
    expect(cache.keys().at(-1)).toBe('codex-auth-default-0000000003')
  })

  test('a job that stores a moment before us is a conflict, and its copy stays', async () => {
    const store = await holding('one')
    cache.inject('reserve', { kind: 'overtaken' }, 1)
    expect(await store.write(Buffer.from('mine'), '0000000001')).toEqual({ kind: 'conflict' })
    expect(await store.read()).toEqual({ bytes: Buffer.from('one'), version: '0000000002' })
  })

  test('a key that another job announced and never finished is passed over', async () => {
    const store = await holding('one')
    cache.inject('reserve', { kind: 'reserved-elsewhere' }, 1)
    expect(await store.write(Buffer.from('mine'), '0000000001')).toEqual({ kind: 'written', version: '0000000003' })
    expect(text((await opened(cache).read())?.bytes)).toBe('mine')
  })

  test('the highest generation counts, also when a passed-over key is finished later', async () => {
    const store = await holding('one')
    cache.inject('reserve', { kind: 'reserved-elsewhere' }, 1)
    await store.write(Buffer.from('mine'), '0000000001')
    cache.finishReservations()
    expect(cache.keys().at(-1)).toBe('codex-auth-default-0000000002')
    expect(await opened(cache).read()).toEqual({ bytes: Buffer.from('mine'), version: '0000000003' })
  })

  test('when every next key is blocked it says so and writes nothing', async () => {
    const store = await holding('one')
    cache.inject('reserve', { kind: 'reserved-elsewhere' })
    await expect(store.write(Buffer.from('mine'), '0000000001')).rejects.toMatchObject({ code: 'store-refused' })
    expect(cache.keys()).toHaveLength(1)
  })

  test('after a failed upload the same handle goes on with a fresh key and without waiting', async () => {
    const store = await holding('one')
    cache.inject('upload', { kind: 'status', status: 403 }, 1)
    await expect(store.write(Buffer.from('mine'), '0000000001')).rejects.toMatchObject({ code: 'store-unreachable' })
    expect(await store.write(Buffer.from('mine'), '0000000001')).toEqual({ kind: 'written', version: '0000000003' })
    expect(cache.log.filter((line) => line.startsWith('reserve')).map((line) => Number(line.slice(-10)))).toEqual([1, 2, 3])
  })

  test('a lost answer after which the service stays silent is an unknown outcome', async () => {
    const store = await holding('one')
    cache.inject('finalize', { kind: 'hang-up', done: true }, 1)
    const writing = store.write(Buffer.from('mine'), '0000000001')
    await until(() => cache.count.reserve === 2)
    cache.inject('lookup', { kind: 'hang-up', done: false })
    await expect(writing).rejects.toMatchObject({ code: 'store-unknown-outcome' })
  })

  test('an upload whose process dies has not come about, and the next one does not wait for it', async () => {
    const store = await holding('one')
    cache.inject('upload', { kind: 'stall' }, 1)
    const writing = expect(store.write(Buffer.from('mine'), '0000000001')).rejects.toMatchObject({ code: 'store-unreachable' })
    await until(() => cache.count.upload === 2)
    for (const { pid, argv } of processesThatKnow(temp)) if (argv[1]?.includes('cache-upload') === true) process.kill(pid, 'SIGKILL')
    await writing
    expect(await store.write(Buffer.from('mine'), '0000000001')).toEqual({ kind: 'written', version: '0000000003' })
  })

  test.each(['9999999999', '9999999990', '10000000000', '7', '000000000x', ''])(
    'an entry whose key ends with %j is not ours, and is damage that stays',
    async (end) => {
      const store = await holding('one')
      const place = { tempDir: temp, env: cache.env, path: 'codex-auth/default/auth.age' }
      expect(await upload(place, `codex-auth-default-${end}`, Buffer.from('planted'))).toEqual({ kind: 'saved' })
      const damage = { code: 'store-damaged', message: expect.stringContaining(`codex-auth-default-${end},`) as unknown }
      await expect(opened(cache).read()).rejects.toMatchObject(damage)
      for (const version of ['0000000001', end, undefined]) {
        await expect(opened(cache).write(Buffer.from('next'), version)).rejects.toMatchObject(damage)
      }
      expect(cache.keys()).toHaveLength(2)
      cache.evict(`default-${end}`)
      expect(text((await store.read())?.bytes)).toBe('one')
    },
  )

  test('old generations may be evicted; a job that once found the place empty is still told', async () => {
    const store = await holding('one')
    await store.write(Buffer.from('two'), '0000000001')
    cache.evict('0000000001')
    expect(await store.write(Buffer.from('late'), undefined)).toEqual({ kind: 'conflict' })
    expect(cache.keys()).toEqual(['codex-auth-default-0000000002'])
  })

  test.each([
    ['lookup', 429, 'store-unreachable'],
    ['lookup', 500, 'store-unreachable'],
    ['lookup', 503, 'store-unreachable'],
    ['lookup', 401, 'store-unauthorized'],
    ['lookup', 403, 'store-unauthorized'],
    ['lookup', 404, 'store-refused'],
    ['reserve', 429, 'store-unreachable'],
    ['reserve', 403, 'store-unauthorized'],
    ['finalize', 400, 'store-unreachable'],
  ] as const)('%s answered with %i is %s for a write, and the old copy stays', async (operation, status, code) => {
    const store = await holding('one')
    cache.inject(operation, { kind: 'status', status }, 1)
    await expect(store.write(Buffer.from('mine'), '0000000001')).rejects.toMatchObject({ code })
    expect(text((await opened(cache).read())?.bytes)).toBe('one')
  })

  test('a read that the service answered with an error once succeeds when it is repeated', async () => {
    const store = await holding('one')
    cache.inject('lookup', { kind: 'status', status: 500 }, 1)
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
    expect(text((await store.read())?.bytes)).toBe('one')
  })

  test('an entry that the storage does not deliver is an outage, not an empty place', async () => {
    const store = await holding('one')
    cache.inject('download', { kind: 'status', status: 500 })
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
  })

  test('an archive without our file, or with a link in its place, is damage', async () => {
    const store = await holding('one')
    const made = join(temp, 'archive')
    mkdirSync(join(made, 'codex-auth/default'), { recursive: true })
    cache.replaceNewest(execFileSync('tar', ['-czf', '-', '-C', made, '.']))
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
    symlinkSync('/etc/hostname', join(made, 'codex-auth/default/auth.age'))
    cache.replaceNewest(execFileSync('tar', ['-czf', '-', '-C', made, 'codex-auth/default/auth.age']))
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
    rmSync(made, { recursive: true })
  })

  test('what is not an archive, or unpacks to more than any credential, is damage', async () => {
    const store = await holding('one')
    for (const archive of [Buffer.from('no gzip'), gzipSync(Buffer.from('no tar')), gzipSync(Buffer.alloc(64 * 1024 * 1024))]) {
      cache.replaceNewest(archive)
      await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
    }
  })

  test.each(['stall', 'drip'] as const)('an answer that comes in part (%s) is an outage, and nobody waits for the rest', async (kind) => {
    await holding('one')
    for (const operation of ['lookup', 'download'] as const) {
      cache.inject(operation, { kind }, 1)
      await expect(opened(cache, { patience: 200 }).read()).rejects.toMatchObject({ code: 'store-unreachable' })
      cache.heal() // on a busy machine the patience may end before the request has met the fault
    }
    expect(text((await opened(cache).read())?.bytes)).toBe('one')
  })

  test.each([
    '',
    'null',
    '17',
    '[]',
    '"ok"',
    '{"code":"unavailable","msg":"try later"}',
    '{"ok":false,"code":"internal"}',
    '{"ok":false,"message":"cache read denied: x"}',
    '{"ok":"false"}',
    '{"ok":null}',
    '{"error":"x"}',
    '{"ok":true}',
    '{"ok":true,"matched_key":"k"}',
    '{"ok":true,"signed_download_url":7,"matched_key":"k"}',
  ])('the answer %s is an outage, never an empty place', async (body) => {
    const store = await holding('one')
    cache.inject('lookup', { kind: 'body', body: Buffer.from(body) })
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
    await expect(store.write(Buffer.from('two'), undefined)).rejects.toMatchObject({ code: 'store-unreachable' })
    expect(cache.keys()).toHaveLength(1)
  })

  test.each(['{"ok":false}', '{"ok":false,"signed_download_url":"","matched_key":""}', '{}'])('the answer %s is a miss', async (body) => {
    cache.inject('lookup', { kind: 'body', body: Buffer.from(body) })
    expect(await opened(cache).read()).toBeUndefined()
  })

  test('the other spelling of the names is understood', async () => {
    await holding('one')
    const service = { name: 'cache', env: cache.env, patience: 15_000 }
    const entry = await lookUp(service, ['codex-auth-default-'], cacheVersion('codex-auth/default/auth.age'))
    cache.inject(
      'lookup',
      { kind: 'body', body: Buffer.from(JSON.stringify({ ok: true, matchedKey: entry?.key, signedDownloadUrl: entry?.url })) },
      1,
    )
    expect(text((await opened(cache).read())?.bytes)).toBe('one')
  })

  test('a tar that is killed says nothing about the entry', async () => {
    const programs = join(temp, 'programs')
    mkdirSync(programs)
    writeFileSync(join(programs, 'tar'), '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 })
    const place = { tempDir: temp, path: 'codex-auth/default/auth.age' }
    await expect(unpacked(place, gzipSync('x'), join(programs, 'tar'))).rejects.toMatchObject({ code: 'store-unreachable' })
    rmSync(programs, { recursive: true })
  })

  test('an answer without end is given up', async () => {
    const store = await holding('one')
    cache.inject('download', { kind: 'body', body: Buffer.alloc(8 * 1024 * 1024) })
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
  })

  test('a service that nobody listens at is an outage', async () => {
    const store = await holding('one')
    const gone = await startLoopbackCache()
    await gone.close()
    await expect(opened(gone).read()).rejects.toMatchObject({ code: 'store-unreachable' })
    expect(text((await store.read())?.bytes)).toBe('one')
  })

  test('a read-only token without claims is found at the write and named a denial', async () => {
    const token = cache.token([{ Scope: main, Permission: 1 }], { claim: false })
    const store = opened(cache, { env: { ACTIONS_RUNTIME_TOKEN: token } })
    expect(await store.proveWritable()).toBe('unprovable')
    await expect(store.write(Buffer.from('mine'), undefined)).rejects.toMatchObject({ code: 'store-unauthorized' })
  })

  test('a temporary directory with a blank in its name works and stays clean', async () => {
    const tempDir = join(temp, 'with blank')
    mkdirSync(tempDir)
    expect(text((await (await holding('one', { tempDir })).read())?.bytes)).toBe('one')
    expect(readdirSync(tempDir)).toEqual([])
    rmSync(tempDir, { recursive: true })
  })

  test('the process is as before afterwards', async () => {
    const now = (): unknown[] => [process.env, process.cwd(), Object.getOwnPropertyDescriptor(process.stdout, 'write')]
    const [env, ...rest] = now()
    await holding('one')
    expect(now()[0]).toBe(env)
    expect(now().slice(1)).toEqual(rest)
  })

  describe('in processes of their own', () => {
    const script = fileURLToPath(new URL('../../support/cache-writer.ts', import.meta.url))
    const run = async (
      document: string,
      version: string,
      cwd: string,
      env: Record<string, string> = {},
    ): Promise<{ outcome: string; said: string[] }> => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, document, version, temp], {
        cwd,
        env: { ...env, TEST_CACHE: JSON.stringify(cache.env) },
      })
      const out: Buffer[] = []
      child.stdout.on('data', (data: Buffer) => out.push(data))
      child.stderr.on('data', (data: Buffer) => out.push(data))
      await new Promise((resolve) => child.on('close', resolve))
      const said = Buffer.concat(out).toString('utf8').trim().split('\n')
      return { outcome: said.pop() ?? '', said }
    }

    test('of four jobs at once one wins in each round', async () => {
      for (const round of [1, 2]) {
        const version = round === 1 ? '' : '0000000001'
        const jobs = await Promise.all([1, 2, 3, 4].map((job) => run(`round ${round} job ${job}`, version, temp)))
        expect(jobs.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'conflict', 'conflict', 'written'])
        const winner = jobs.findIndex(({ outcome }) => outcome === 'written') + 1
        expect(text((await opened(cache).read())?.bytes)).toBe(`round ${round} job ${winner}`)
      }
    })

    test('the log gets nothing, and the workspace and what a step set in the environment are not touched', async () => {
      const workspace = mkdtempSync(join(tmpdir(), 'codex-auth-cache-workspace-'))
      for (const program of ['tar', 'gzip', 'zstd']) {
        writeFileSync(join(workspace, program), '#!/bin/sh\necho "$0 was run" >&2\nexit 1\n')
        chmodSync(join(workspace, program), 0o755)
      }
      const { outcome, said } = await run('mine', '', workspace, {
        PATH: workspace,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: workspace,
        TAR_OPTIONS: '--verbose',
        RUNNER_DEBUG: '1',
        HTTP_PROXY: 'http://127.0.0.1:9',
        ACTIONS_RUNTIME_TOKEN: 'wrong',
        ACTIONS_CACHE_MODE: 'none',
      })
      const left = readdirSync(workspace).sort()
      rmSync(workspace, { recursive: true })
      expect(outcome).toBe('written')
      expect(said).toEqual([])
      expect(left).toEqual(['gzip', 'tar', 'zstd'])
    })
  })
})

test('a proxy that takes a request and never answers is an outage, and its connection is given up', async () => {
  const proxy = createServer()
  const closed = new Promise((resolve) => {
    proxy.on('connect', (_, socket: Socket) => {
      socket.resume().on('error', resolve).on('end', resolve)
    })
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const own = process.env
  process.env = { ...own, HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  try {
    const env = { ACTIONS_CACHE_SERVICE_V2: 'True', ACTIONS_RESULTS_URL: 'https://cache.invalid/', ACTIONS_RUNTIME_TOKEN: 't' }
    const store = cacheStore({ name: 'cache', slot: 'default', tempDir: temp, ref: main, defaultBranch: 'main', env, patience: 200 })
    await expect(store.read()).rejects.toMatchObject({ code: 'store-unreachable' })
    await closed
  } finally {
    process.env = own
    proxy.close()
  }
})

describe('where the cache store cannot be used', () => {
  const env = { ACTIONS_CACHE_SERVICE_V2: 'True', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/', ACTIONS_RUNTIME_TOKEN: 't' }
  const open =
    (change: { ref?: string; env?: Record<string, string | undefined> }): (() => Store) =>
    () =>
      cacheStore({ name: 'cache', slot: 'default', tempDir: '/', env, ref: main, defaultBranch: 'main', ...change })

  test.each(['refs/heads/topic', 'refs/tags/main', 'refs/pull/1/merge', 'main', ''])('refuses the ref "%s"', (ref) => {
    expect(open({ ref })).toThrow(
      expect.objectContaining({ code: 'store-refused', message: expect.stringContaining('main only') as unknown }),
    )
  })

  test.each(['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_SERVICE_V2'])('refuses a runner without %s', (variable) => {
    expect(open({ env: { ...env, [variable]: undefined } })).toThrow(
      expect.objectContaining({ code: 'store-refused', message: expect.stringContaining(variable) as unknown }),
    )
  })

  test('refuses an Enterprise Server and takes github.com and its data residency hosts', () => {
    expect(open({ env: { ...env, GITHUB_SERVER_URL: 'https://github.your-org.example' } })).toThrow('Enterprise Server')
    expect(open({ env: { ...env, GITHUB_SERVER_URL: 'https://your-org.ghe.com' } })().name).toBe('cache')
    expect(open({ env: { ...env, GITHUB_SERVER_URL: 'https://github.com' } })().name).toBe('cache')
  })

  test('tells the seven idle days in a sentence', () => {
    expect(idleNote).toContain('7 days')
  })
})

describe('what the runner says about access', () => {
  const token = (ac: unknown): string => `e30.${Buffer.from(JSON.stringify({ ac })).toString('base64url')}.c2ln`
  const claim = (...scopes: CacheScope[]): string => token(JSON.stringify(scopes))
  const both = claim({ Scope: main, Permission: 3 })

  test.each([
    ['no mode, both rights', '', both, 'open', 'granted'],
    ['mode write, both rights', 'write', both, 'open', 'granted'],
    ['mode in capitals', ' READ ', both, 'open', 'denied'],
    ['mode read', 'read', both, 'open', 'denied'],
    ['mode none', 'none', both, 'denied', 'denied'],
    ['mode write-only', 'write-only', both, 'denied', 'granted'],
    ['a mode nobody knows', 'later', both, 'open', 'granted'],
    ['read-only token', '', claim({ Scope: main, Permission: 1 }), 'open', 'denied'],
    ['read-only token in mode write', 'write', claim({ Scope: main, Permission: 1 }), 'open', 'denied'],
    ['a token without scopes', '', claim(), 'open', 'denied'],
    ['rights on another ref', '', claim({ Scope: 'refs/heads/other', Permission: 3 }), 'open', 'unknown'],
    ['an unencoded claim', '', token([{ Scope: main, Permission: 3 }]), 'open', 'granted'],
    ['no claim', '', token(undefined), 'open', 'unknown'],
    ['a claim of another form', '', token('[{"scope":1}]'), 'open', 'unknown'],
    ['a token that is not a JWT', '', 'opaque', 'open', 'unknown'],
    ['no claim in mode read', 'read', 'opaque', 'open', 'denied'],
  ])('%s', (_, mode, runtimeToken, read, write) => {
    expect(cacheAccess({ ACTIONS_CACHE_MODE: mode, ACTIONS_RUNTIME_TOKEN: runtimeToken }, main)).toEqual({ read, write })
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition())
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
}
