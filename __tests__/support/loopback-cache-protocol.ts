import type { ServerResponse } from 'node:http'

/** A scope of a runtime token's `ac` claim: bit 1 may read, bit 2 may write. */
export interface CacheScope {
  readonly Scope: string
  readonly Permission: number
}

/** The requests of one use of the cache: three calls of the service, two of the blob storage. */
export type CacheOperation = 'lookup' | 'reserve' | 'finalize' | 'upload' | 'download'

export type CacheFault =
  /** Answers with this status, as the service or the storage would phrase it. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** Cuts the connection without an answer; when `done`, the request has had its effect. */
  | { readonly kind: 'hang-up'; readonly done: boolean }
  /** reserve: another job holds the reservation and never finalises it. */
  | { readonly kind: 'reserved-elsewhere' }
  /** reserve: another job has just stored the newest archive under this key. */
  | { readonly kind: 'overtaken' }
  /** Half of the headers and the body, then silence; or a byte now and then. */
  | { readonly kind: 'stall' | 'drip' }
  /** download, lookup: these bytes instead of the answer. */
  | { readonly kind: 'body'; readonly body: Uint8Array }

/** A cache entry, or the reservation of one. */
export interface Entry {
  readonly scope: string
  readonly key: string
  readonly version: string
  blob: string
  /** Order of creation; undefined until finalised. */
  finalized: number | undefined
}

const servicePath = '/twirp/github.actions.results.api.v1.CacheService/'
export const storagePath = '/account/container/'

export interface RpcRequest {
  readonly key: string
  readonly version: string
  readonly restore_keys?: readonly string[]
  readonly size_bytes?: string
}

export interface Answer {
  readonly status: number
  readonly body: string | Buffer
  readonly headers?: Record<string, string>
}

export function json(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body) }
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}

/** What a request is for; undefined when the service has no such route. */
export function operationOf(method: string, path: string): CacheOperation | undefined {
  if (path.startsWith(storagePath)) return method === 'PUT' ? 'upload' : 'download'
  switch (path.startsWith(servicePath) && path.slice(servicePath.length)) {
    case 'CreateCacheEntry':
      return 'reserve'
    case 'FinalizeCacheEntryUpload':
      return 'finalize'
    case 'GetCacheEntryDownloadURL':
      return 'lookup'
    default:
      return undefined
  }
}

/** Finalised entries, oldest first. */
export function byAge(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ finalized }) => finalized !== undefined).sort((a, b) => (a.finalized ?? 0) - (b.finalized ?? 0))
}

/** The order of the service: per key its exact match, then the newest that begins with it. */
export function match(entries: readonly Entry[], scope: string, version: string, keys: readonly string[]): Entry | undefined {
  const own = byAge(entries).filter((entry) => entry.scope === scope && entry.version === version)
  for (const key of keys) {
    const found = own.find((entry) => entry.key === key) ?? own.findLast((entry) => entry.key.startsWith(key))
    if (found) return found
  }
  return undefined
}
