import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  byAge,
  json,
  match,
  operationOf,
  send,
  storagePath,
  type Answer,
  type CacheFault,
  type CacheOperation,
  type CacheScope,
  type Entry,
  type RpcRequest,
} from './loopback-cache-protocol.ts'

export type { CacheFault, CacheOperation, CacheScope } from './loopback-cache-protocol.ts'

export interface LoopbackCache {
  /** What a runner gives an action: service URL, switch and a token for the default branch. */
  readonly env: Readonly<Record<string, string>>
  /** A token for these scopes; `claim: false` leaves the `ac` claim out, as an older service would. */
  token(scopes: readonly CacheScope[], options?: { claim?: boolean }): string
  /** The next `times` requests of this kind meet the fault (default: until `heal`). */
  inject(on: CacheOperation | 'any', fault: CacheFault, times?: number): void
  heal(): void
  /** Keys that can be restored, oldest first. */
  keys(scope?: string): string[]
  /** Replaces the archive of the newest entry. */
  replaceNewest(archive: Uint8Array): void
  /** Another job finishes its announced write after all: the reservations get the archive of the oldest entry. */
  finishReservations(): void
  /** Removes every entry, or those whose key ends so; reservations too. */
  evict(suffix?: string): void
  readonly count: Readonly<Record<CacheOperation, number>>
  /** Every key that was asked for, reserved or finalised, in order. */
  readonly log: readonly string[]
  close(): Promise<void>
}

const defaultScope = 'refs/heads/main'
/**
 * Starts the cache service v2 and its blob storage on a free port of 127.0.0.1.
 * @param options.delayMs milliseconds before each answer, for benches
 */
export async function startLoopbackCache({ delayMs = 0 }: { readonly delayMs?: number } = {}): Promise<LoopbackCache> {
  const entries: Entry[] = []
  const blobs = new Map<string, Buffer>()
  const tokens = new Map<string, readonly CacheScope[]>()
  const script: { on: CacheOperation | 'any'; fault: CacheFault; times: number }[] = []
  const count = { lookup: 0, reserve: 0, finalize: 0, upload: 0, download: 0 }
  const log: string[] = []
  let serial = 0
  let origin = ''

  const newest = (): Entry | undefined => byAge(entries).at(-1)
  const newToken = (scopes: readonly CacheScope[], { claim = true } = {}): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    serial += 1
    const claims = { jti: `token-${serial}`, ...(claim && { ac: JSON.stringify(scopes) }) }
    const token = `${part({ alg: 'none' })}.${part(claims)}.c2ln`
    tokens.set(token, scopes)
    return token
  }
  const faultFor = (on: CacheOperation): CacheFault | undefined => {
    const next = script.find((entry) => (entry.on === on || entry.on === 'any') && entry.times > 0)
    if (next) next.times -= 1
    return next?.fault
  }

  const service = (method: CacheOperation, body: RpcRequest, scopes: readonly CacheScope[], fault?: CacheFault): Answer => {
    const { key, version } = body
    const writable = scopes.find((scope) => (scope.Permission & 2) !== 0)?.Scope
    log.push(`${method} ${key}`)
    switch (method) {
      case 'lookup': {
        const readable = scopes.filter((scope) => (scope.Permission & 1) !== 0)
        if (readable.length === 0) return json(403, { code: 'permission_denied', msg: 'cache read denied: token has no readable scopes' })
        const found = readable.map(({ Scope }) => match(entries, Scope, version, [key, ...(body.restore_keys ?? [])])).find(Boolean)
        if (!found) return json(200, { ok: false, signed_download_url: '', matched_key: '' })
        return json(200, {
          ok: true,
          signed_download_url: `${origin}${storagePath}${found.blob}?sig=download-${found.blob}`,
          matched_key: found.key,
        })
      }
      case 'reserve': {
        if (writable === undefined)
          return json(200, { ok: false, signed_upload_url: '', message: 'cache write denied: token has no writable scopes' })
        if (fault?.kind === 'overtaken' || fault?.kind === 'reserved-elsewhere') {
          const blob = fault.kind === 'overtaken' ? newest()?.blob : undefined
          entries.push({ scope: writable, key, version, blob: blob ?? 'none', finalized: blob === undefined ? undefined : (serial += 1) })
        }
        if (entries.some((each) => each.scope === writable && each.key === key && each.version === version)) {
          return json(409, { code: 'already_exists', msg: 'cache entry with the same key, version, and scope already exists' })
        }
        serial += 1
        entries.push({ scope: writable, key, version, blob: `blob-${serial}`, finalized: undefined })
        return json(200, { ok: true, signed_upload_url: `${origin}${storagePath}blob-${serial}?sig=upload-${serial}`, message: '' })
      }
      case 'finalize': {
        const entry = entries.find((each) => each.scope === writable && each.key === key && each.version === version)
        const blob = entry && blobs.get(entry.blob)
        if (!entry || blob?.length !== Number(body.size_bytes))
          return json(200, { ok: false, entry_id: '0', message: 'size does not match' })
        serial += 1
        entry.finalized = serial
        return json(200, { ok: true, entry_id: String(serial), message: '' })
      }
      case 'upload':
      case 'download':
        return json(404, { code: 'bad_route', msg: method })
    }
  }

  const storage = (method: CacheOperation, url: URL, body: Buffer): Answer => {
    const blob = url.pathname.slice(storagePath.length)
    if (!url.searchParams.get('sig')?.startsWith(method)) return { status: 403, body: '<Error><Code>AuthenticationFailed</Code></Error>' }
    if (method === 'upload') {
      blobs.set(blob, body)
      return {
        status: 201,
        body: '',
        headers: { etag: `"${blob}"`, 'last-modified': new Date(0).toUTCString(), 'x-ms-request-id': blob, 'x-ms-version': '2025-01-05' },
      }
    }
    const bytes = blobs.get(blob)
    return bytes ? { status: 200, body: bytes } : { status: 404, body: '<Error><Code>BlobNotFound</Code></Error>' }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', origin)
    const operation = operationOf(request.method ?? '', url.pathname)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (operation === undefined) {
      send(response, json(404, { code: 'bad_route', msg: 'no such route' }))
      return
    }
    count[operation] += 1
    if (delayMs > 0) await sleep(delayMs)
    const fault = faultFor(operation)
    if (fault?.kind === 'status') {
      send(response, { ...json(fault.status, { code: 'fault', msg: `scripted answer ${fault.status}` }), headers: fault.headers ?? {} })
      return
    }
    if (fault?.kind === 'stall' || fault?.kind === 'drip') {
      response.writeHead(200, { 'content-length': 1_000 }).write('{')
      if (fault.kind === 'drip') {
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => {
          clearInterval(timer)
        })
      }
      return
    }
    if (fault?.kind === 'hang-up' && !fault.done) {
      request.socket.destroy()
      return
    }
    let answer: Answer
    if (fault?.kind === 'body') {
      answer = { status: 200, body: Buffer.from(fault.body) }
    } else if (operation === 'upload' || operation === 'download') {
      answer = storage(operation, url, body)
    } else {
      const scopes = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
      answer = scopes
        ? service(operation, JSON.parse(body.toString()) as RpcRequest, scopes, fault)
        : json(401, { code: 'unauthenticated', msg: 'bad token' })
    }
    if (fault?.kind === 'hang-up') request.socket.destroy()
    else send(response, answer)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      request.socket.destroy()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    env: {
      ACTIONS_CACHE_SERVICE_V2: 'True',
      ACTIONS_RESULTS_URL: `${origin}/`,
      ACTIONS_RUNTIME_TOKEN: newToken([{ Scope: defaultScope, Permission: 3 }]),
    },
    token: newToken,
    inject: (on, fault, times = Infinity) => {
      script.push({ on, fault, times })
    },
    heal: () => {
      script.length = 0
    },
    keys: (scope = defaultScope) =>
      byAge(entries)
        .filter((entry) => entry.scope === scope)
        .map(({ key }) => key),
    replaceNewest: (archive) => {
      const entry = newest()
      if (entry) blobs.set(entry.blob, Buffer.from(archive))
    },
    finishReservations: () => {
      const blob = byAge(entries)[0]?.blob ?? 'none'
      for (const entry of entries.filter(({ finalized }) => finalized === undefined)) {
        serial += 1
        Object.assign(entry, { blob, finalized: serial })
      }
    },
    evict: (suffix = '') => {
      const kept = entries.filter((entry) => !entry.key.endsWith(suffix))
      entries.splice(0, entries.length, ...kept)
    },
    count,
    log,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error)
          else resolve()
        })
        server.closeAllConnections()
      }),
  }
}
