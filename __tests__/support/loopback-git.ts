import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareRepository, type BareRepository } from './bare-repository.ts'

/** Which half of git's HTTP protocol a fault meets: upload-pack (reading), receive-pack (writing), or both. */
export type GitSide = 'read' | 'write' | 'both'

export type GitFault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly side: GitSide
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** Every connection is closed as soon as a request arrives. */
  | { readonly kind: 'no-answer' }
  /** A push is carried out, and the connection closed without its answer. */
  | { readonly kind: 'answer-lost'; /** And no request after it is answered. */ readonly thenNothing?: boolean }
  /** A push is read in part, and the connection closed; nothing is carried out. */
  | { readonly kind: 'push-cut' }
  /** A page that says 200 and is not git's, as of a captive portal or a broken proxy. */
  | { readonly kind: 'page'; readonly body: string }
  /** The list of refs ends in the middle, although the answer itself looks complete. */
  | { readonly kind: 'advertisement-cut' }

export interface GitRequest {
  readonly method: string
  readonly url: string
  readonly authorized: boolean
  /** The header, if there was one. */
  readonly authorization: string | undefined
}

/** A real `git http-backend` behind a loopback server that wants a token, with faults to switch on. */
export interface LoopbackGit extends BareRepository {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** Address of the one repository. */
  readonly url: string
  readonly token: string
  /** Every request so far, in order; a round trip each. */
  readonly requests: readonly GitRequest[]
  /** Sets the fault that every following request meets, or ends it. */
  fault(fault: GitFault | undefined): void
  /** Does this while each request waits, as a look at what runs meanwhile. */
  during(look: () => Promise<void>): void
  close(): Promise<void>
}

export interface LoopbackGitOptions {
  /** Milliseconds before each answer, for benches. */
  readonly delayMs?: number
  readonly token?: string
  readonly repository?: string
}

export async function loopbackGit(options: LoopbackGitOptions = {}): Promise<LoopbackGit> {
  const { delayMs = 0, token = 'ghs_loopbackTokenForTests', repository = 'your-org/your-repo' } = options
  const root = await mkdtemp(join(tmpdir(), 'loopback-git-'))
  const bare = await bareRepository(join(root, `${repository}.git`))
  const requests: GitRequest[] = []
  let fault: GitFault | undefined
  let look: (() => Promise<void>) | undefined
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request
    const authorized = headers.authorization === expected
    requests.push({ method, url, authorized, authorization: headers.authorization })
    const side = url.includes('git-receive-pack') ? 'write' : 'read'
    const push = method === 'POST' && side === 'write'
    await look?.()
    if (delayMs > 0) await sleep(delayMs)
    if (fault?.kind === 'no-answer') return void request.socket.destroy()
    if (fault?.kind === 'push-cut' && push) {
      await once(request, 'data')
      return void request.socket.destroy()
    }
    const body = await buffer(request)
    if (fault?.kind === 'status' && (fault.side === 'both' || fault.side === side)) {
      return void response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers }).end(fault.body ?? '')
    }
    if (fault?.kind === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end(fault.body)
    if (!authorized) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="loopback"' }).end()
    const result = await backend(root, request, body)
    if (fault?.kind === 'answer-lost' && push) {
      if (fault.thenNothing === true) fault = { kind: 'no-answer' }
      return void request.socket.destroy()
    }
    const cut = fault?.kind === 'advertisement-cut' && method === 'GET' ? result.body.length - 30 : result.body.length
    response.writeHead(result.status, result.headers).end(result.body.subarray(0, cut))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error as Error)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...bare,
    origin,
    url: `${origin}/${repository}.git`,
    token,
    requests,
    fault: (next) => {
      fault = next
    },
    during: (next) => {
      look = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** One CGI call of git's own server program. */
async function backend(
  root: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const url = new URL(request.url ?? '', 'http://127.0.0.1')
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_HTTP_MAX_REQUEST_BUFFER: '100M',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'x-access-token',
      REMOTE_ADDR: '127.0.0.1',
    },
  })
  child.stdin.on('error', () => undefined).end(body)
  const output = await buffer(child.stdout)
  const end = output.indexOf('\r\n\r\n')
  const headers = Object.fromEntries(
    output
      .subarray(0, end)
      .toString('latin1')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { status: Number.parseInt(headers['status'] ?? '200', 10), headers, body: output.subarray(end + 4) }
}
