import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { connect as tlsConnect, TLSSocket } from 'node:tls'
import { isLoopbackHost } from './loopback.ts'
import { parsedUrl } from './parsed-url.ts'
import { nodeGoesByProxy, proxyOf, tunnelTo } from './proxy-tunnel.ts'

export interface HttpsRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export type HttpsAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  /** `sent`: whether the request may have had its effect; `why`: the end of a sentence, free of anything that was sent. */
  | { readonly kind: 'unanswered'; readonly sent: boolean; readonly why: string }
  /** Whoever answers there has no certificate that is trusted: nothing was sent to it. */
  | { readonly kind: 'untrusted'; readonly why: string }

export interface HttpsSetup {
  /** The authorities to trust, PEM; without it those that Node trusts. */
  readonly ca?: string
  /** Where the proxies stand (HTTPS_PROXY, NO_PROXY), as they were at restore: no later step can change them. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds in which the whole answer must be there. */
  readonly limit?: number
}

/** No document of ours comes near it. */
const largestAnswer = 4 * 1024 * 1024

/**
 * Sends one request that carries a credential: over verified TLS (plain only to this machine itself), through the proxy of the
 * environment that is given, following no redirect, and exactly once.
 */
export async function sendHttps(request: HttpsRequest, { ca, env, limit = 10_000 }: HttpsSetup): Promise<HttpsAnswer> {
  const { url, method, headers, body } = request
  const isHere = isLoopbackHost(url.hostname)
  const isPlain = url.protocol === 'http:'
  if (isPlain && !isHere) return { kind: 'untrusted', why: 'its address is plain http' }
  // Node's own proxy support, for this request alone; without a proxy it connects directly. Node 20 needs a tunnel of ours.
  const agentOptions = isHere ? {} : { proxyEnv: { ...env } }
  const agent = isPlain ? new HttpAgent(agentOptions) : new HttpsAgent(agentOptions)
  const common = {
    method,
    agent,
    headers: { 'user-agent': 'codex-auth-keeper', ...headers, ...(body && { 'content-length': body.length }) },
  }
  let timer: NodeJS.Timeout | undefined
  const until = AbortSignal.timeout(limit)
  let tunnel: TLSSocket | undefined
  /** From then on the request may have been read by whom it was meant for. */
  let isReached = false
  try {
    const proxy = nodeGoesByProxy || isHere ? undefined : await proxyOf(url)
    if (proxy !== undefined) {
      const socket = await tunnelTo(url, proxy, until)
      tunnel = tlsConnect({
        socket,
        servername: isIP(url.hostname) ? '' : url.hostname,
        host: url.hostname,
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca }),
      })
    }
    const byTunnel = tunnel && { agent: undefined, createConnection: () => tunnel }
    return await new Promise<HttpsAnswer>((resolve, reject) => {
      const sending = isPlain
        ? httpRequest(url, common)
        : // Because a variable of the job could say otherwise: NODE_TLS_REJECT_UNAUTHORIZED.
          httpsRequest(url, { ...common, ...byTunnel, rejectUnauthorized: true, ...(ca !== undefined && { ca }) })
      timer = setTimeout(() => sending.destroy(new Late()), limit)
      sending.once('socket', (socket) => {
        whenReached(socket, () => (isReached = true))
      })
      sending.once('error', reject)
      sending.once('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size > largestAnswer) response.destroy(new TooLarge())
        })
        response.once('error', reject)
        response.once('end', () => {
          resolve({ kind: 'answered', status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
        })
      })
      sending.end(body)
    })
  } catch (error) {
    return failed(until.aborted ? new Late() : error, isReached)
  } finally {
    clearTimeout(timer)
    tunnel?.destroy()
    agent.destroy()
  }
}

class Late extends Error {}
class TooLarge extends Error {}

/** A socket from a proxy's tunnel may be there already. */
function whenReached(socket: Socket, tell: () => void): void {
  const isSecure = socket instanceof TLSSocket
  if (isSecure ? socket.authorized : !socket.connecting) tell()
  else socket.once(isSecure ? 'secureConnect' : 'connect', tell)
}

function failed(error: unknown, sent: boolean): HttpsAnswer {
  if (error instanceof Late) return { kind: 'unanswered', sent, why: 'no complete answer came in time' }
  if (error instanceof TooLarge) return { kind: 'unanswered', sent, why: 'the answer is far too long' }
  // A code alone: the text of an error may quote what was sent.
  const { code } = error as { code?: unknown }
  const why = typeof code === 'string' && /^[A-Z_0-9]{4,60}$/.test(code) ? code : 'the connection failed'
  if (!sent && isOfTheCertificate(why)) return { kind: 'untrusted', why: `its certificate is not trusted here, ${why}` }
  return { kind: 'unanswered', sent, why: `no complete answer came, ${why}` }
}

/** The codes of OpenSSL's verification, as Node's documentation lists them ("X509 certificate error codes"), and of its own. */
function isOfTheCertificate(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|^(CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code)
}

/** Where an answer sends the request on to, as its origin alone; undefined when it does not. A credential is never sent there. */
export function redirectOf({ status, headers }: Extract<HttpsAnswer, { kind: 'answered' }>, from: URL): string | undefined {
  if (status < 300 || status > 399 || headers.location === undefined) return undefined
  const to = parsedUrl(headers.location, from.href)
  return to !== undefined && /^https?:$/.test(to.protocol) && /^[\w.:[\]-]+$/.test(to.host) ? to.origin : 'another place'
}
