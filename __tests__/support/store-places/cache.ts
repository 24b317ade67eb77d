import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { startLoopbackCache } from '../loopback-cache.ts'
import type { StorePlace, Times } from '../store-places.ts'
import { sealing } from './sealed.ts'
import { seeded } from './seeded.ts'

const run = promisify(execFile)
const path = 'codex-auth/default/auth.age'
const prefix = 'codex-auth-default-'
/** An entry's identity besides its key: path, compression and format of the archive. */
const version = createHash('sha256').update(`${path}|gzip|1.0`).digest('hex')

/** The Actions cache, looked at with its own protocol, tar and age. */
export async function cachePlace(): Promise<StorePlace> {
  const server = await startLoopbackCache()
  const { ACTIONS_RESULTS_URL: url = '', ACTIONS_RUNTIME_TOKEN: token = '' } = server.env
  const key = await sealing()
  let puts = 0
  const call = async (method: string, body: object): Promise<Record<string, string>> => {
    const answer = await fetch(`${url}twirp/github.actions.results.api.v1.CacheService/${method}`, {
      method: 'POST',
      body: JSON.stringify({ version, ...body }),
      headers: { authorization: `Bearer ${token}` },
    })
    if (!answer.ok) throw new Error(`${method}: ${answer.status}`)
    return (await answer.json()) as Record<string, string>
  }
  const inject = (on: 'lookup' | 'reserve', times: Times): Promise<void> => {
    server.inject(on, { kind: 'status', status: on === 'lookup' ? 503 : 429 }, times === 'always' ? Infinity : times)
    return Promise.resolve()
  }
  return {
    ...seeded(
      'cache',
      { 'encryption-key': '${{ secrets.KEY }}' },
      {
        secrets: { KEY: key.identity },
        services: { resultsUrl: url, runtimeToken: token, cacheServiceV2: true },
      },
    ),
    name: 'cache',
    line: 'cache',
    machineKind: 'hosted',
    machineEnv: {},
    contents: async () => {
      const found = await call('GetCacheEntryDownloadURL', { key: prefix, restore_keys: [prefix] })
      if (!found['signed_download_url']) return undefined
      const archive = Buffer.from(await (await fetch(found['signed_download_url'])).arrayBuffer())
      return inFolder(async (folder) => {
        await writeFile(join(folder, 'archive'), archive)
        await run('tar', ['-xzf', 'archive'], { cwd: folder })
        return key.open(await readFile(join(folder, path)))
      })
    },
    empty: () => {
      puts = 0
      server.evict()
      return Promise.resolve()
    },
    put: async (bytes) => {
      puts += 1
      const archive = await inFolder(async (folder) => {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), await key.seal(bytes))
        await run('tar', ['-czf', 'archive', path], { cwd: folder })
        return readFile(join(folder, 'archive'))
      })
      const next = { key: prefix + String(server.keys().length + 1).padStart(10, '0') }
      const { signed_upload_url: upload = '' } = await call('CreateCacheEntry', next)
      await fetch(upload, { method: 'PUT', body: archive })
      await call('FinalizeCacheEntryUpload', { ...next, size_bytes: String(archive.length) })
    },
    failReads: (times) => inject('lookup', times),
    failWrites: (times) => inject('reserve', times),
    loseAnswers: (times) => {
      server.inject('finalize', { kind: 'hang-up', done: true }, times === 'always' ? Infinity : times)
      return Promise.resolve()
    },
    heal: () => {
      server.heal()
      return Promise.resolve()
    },
    writes: () => Promise.resolve(server.keys().length - puts),
    close: () => server.close(),
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cache-place-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
