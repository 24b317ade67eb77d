import { createHash } from 'node:crypto'
import type { HttpClient, HttpClientResponse } from '@actions/http-client'
import { KeeperError } from '../../keeper-error.ts'
import { endedBy } from '../../request-limit.ts'

/** Variables of a job, as they were before any later step could change them. */
export type Env = Readonly<Record<string, string | undefined>>

/** What a request to the service needs. */
export interface CacheService {
  /** Of the store, for errors. */
  readonly name: string
  /** The runner's variables. A proxy is taken from this process's own. */
  readonly env: Env
  /** Milliseconds in which an answer must be there in full. */
  readonly patience: number
}

/** A sealed credential is a few kilobytes; more is not ours. */
const largestAnswer = 1024 * 1024

/** Refuses a machine whose cache service is missing or is the old one, which cannot tell a miss from an outage. */
export function requireCacheService(name: string, env: Env): void {
  if (!isGitHubCloud(env['GITHUB_SERVER_URL'])) {
    throw new KeeperError(
      'store-refused',
      `${name}: GitHub Enterprise Server has no Actions cache that this store can use`,
      'Use the store git or another one.',
    )
  }
  for (const variable of ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_SERVICE_V2']) {
    if ((env[variable] ?? '') === '') {
      throw new KeeperError(
        'store-refused',
        `${name}: this runner offers no Actions cache (${variable} is not set)`,
        'Update the runner (2.327.0 or later), or use another store; a local runner emulator needs its cache server switched on.',
      )
    }
  }
}

/** The same three kinds of host as @actions/cache 6.3.0 (config.js, isGhes). */
function isGitHubCloud(server = ''): boolean {
  const host = new URL(server === '' ? 'https://github.com' : server).hostname.toLowerCase()
  return host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost')
}

/**
 * What the runner says about this run's access, before anything is asked of the service.
 * Sources: ACTIONS_CACHE_MODE (none, read, write, write-only; the effective `cache-mode` of the job) and the `ac` claim of
 * the runtime token, a JSON string of `{Scope, Permission}` with bit 1 for reading and bit 2 for writing.
 * @param ref the ref whose entries this run would write
 */
export function cacheAccess(env: Env, ref: string): { read: 'denied' | 'open'; write: 'denied' | 'granted' | 'unknown' } {
  const mode = (env['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase()
  const scopes = scopesOf(env['ACTIONS_RUNTIME_TOKEN'] ?? '')
  const writable = scopes?.filter(({ permission }) => (permission & 2) !== 0)
  const read = mode === 'none' || mode === 'write-only' ? 'denied' : 'open'
  if (mode === 'none' || mode === 'read' || writable?.length === 0) return { read, write: 'denied' }
  return { read, write: writable?.some(({ scope }) => scope === ref) ? 'granted' : 'unknown' }
}

function scopesOf(token: string): { scope: string; permission: number }[] | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { ac?: unknown }
    const scopes = (typeof claims.ac === 'string' ? JSON.parse(claims.ac) : claims.ac) as unknown
    return Array.isArray(scopes) ? scopes.map(scopeOf) : undefined
  } catch {
    return undefined
  }
}

function scopeOf(entry: unknown): { scope: string; permission: number } {
  const { Scope, Permission } = entry as { Scope?: unknown; Permission?: unknown }
  if (typeof Scope !== 'string' || typeof Permission !== 'number') throw new TypeError('not a cache scope')
  return { scope: Scope, permission: Permission }
}

/** The identity of an entry besides its key and scope, as @actions/cache 6.3.0 computes it (cacheUtils.js, getCacheVersion). */
export function cacheVersion(path: string): string {
  return createHash('sha256').update(`${path}|gzip|1.0`).digest('hex')
}

/** An entry as the service names it, with a signed address of its archive. */
export interface Located {
  readonly key: string
  readonly url: string
}

/**
 * Asks the service itself, because the library reports a miss, a denial and an outage as the same value.
 * @param keys tried in this order
 * @returns the newest entry whose key is the first of these or begins with it, else with the next; undefined when there
 * certainly is none
 * @throws KeeperError store-unreachable, store-unauthorized or store-refused
 */
export async function lookUp(service: CacheService, keys: readonly [string, ...string[]], version: string): Promise<Located | undefined> {
  const { name, env } = service
  const url = new URL('/twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL', env['ACTIONS_RESULTS_URL'])
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${env['ACTIONS_RUNTIME_TOKEN'] ?? ''}` }
  const body = JSON.stringify({ key: keys[0], restore_keys: keys, version })
  const { status, bytes } = await asked(service, (client) => client.post(url.href, body, headers))
  const answer = parsed(bytes.toString('utf8'))
  if (status === 401 || status === 403) throw denied(name, 'read')
  if (status === 429) throw unreachable(name, 'limits the rate of requests')
  if (status >= 500 || answer === undefined) throw unreachable(name, `answered with status ${status}`)
  if (status !== 200) {
    throw new KeeperError('store-refused', `${name}: the cache service refused the request with status ${status}`, 'Use another store.')
  }
  if (isMiss(answer)) return undefined
  // Protobuf's JSON has two spellings of a name, and a reader takes both.
  const key = answer['matched_key'] ?? answer['matchedKey']
  const address = answer['signed_download_url'] ?? answer['signedDownloadUrl']
  if (answer['ok'] === true && typeof key === 'string' && typeof address === 'string') return { key, url: address }
  throw unreachable(name, 'gave an answer that is not one of its API')
}

/** `{"ok": false}`, or nothing at all where a server leaves out what is false; anything else is not a certain miss. */
function isMiss({ ok, code, msg, message = '', ...more }: Record<string, unknown>): boolean {
  return code === undefined && msg === undefined && message === '' && (ok === false || (ok === undefined && Object.keys(more).length === 0))
}

/**
 * Fetches the archive of an entry from the storage behind the service.
 * @throws KeeperError store-unreachable
 */
export async function fetchArchive(service: CacheService, { url }: Located): Promise<Buffer> {
  const { status, bytes } = await asked(service, (client) => client.get(url), { allowRedirects: true })
  // Also when it says no: the address is valid for some minutes, and a new lookup gives a new one.
  if (status !== 200) throw unreachable(service.name, `did not deliver the entry (status ${status})`)
  return bytes
}

type Ask = (client: HttpClient) => Promise<HttpClientResponse>
interface Answer {
  readonly status: number
  readonly bytes: Buffer
}

/** One request, whatever its status. */
async function asked({ name, patience }: CacheService, ask: Ask, { allowRedirects = false } = {}): Promise<Answer> {
  const http = await import('@actions/http-client')
  const client = new http.HttpClient('codex-auth-keeper', [endedBy(AbortSignal.timeout(patience))], { allowRedirects })
  return exchange(client, ask).catch(() => {
    throw unreachable(name, 'gave no answer')
  })
}

async function exchange(client: HttpClient, ask: Ask): Promise<Answer> {
  const { message } = await ask(client)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestAnswer) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  return { status: message.statusCode ?? 0, bytes: Buffer.concat(chunks) }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function unreachable(name: string, what: string): KeeperError {
  return new KeeperError('store-unreachable', `${name}: the cache service ${what}`, 'Run the job again when the service is back.')
}

export function denied(name: string, what: 'read' | 'write'): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    `${name}: this run may not ${what} the Actions cache`,
    'GitHub gives such tokens to pull_request_target, issue_comment, runs that a fork started, and jobs with a `cache-mode` that ' +
      'says so. Run the job on push, schedule or workflow_dispatch with `cache-mode: write` (or none set), or use another store.',
  )
}
