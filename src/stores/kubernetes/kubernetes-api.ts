import { request as httpsRequest } from 'node:https'
import type { ClusterAddress } from './cluster-address.ts'
import type { ServiceAccount } from './service-account.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** With its query. */
  readonly path: string
  readonly body?: unknown
}

export type ApiAnswer =
  /** `body` is undefined when it is not JSON. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  /** `sent`: whether the request may have had its effect; `why`: the end of a sentence. */
  | { readonly kind: 'unanswered'; readonly sent: boolean; readonly why: string }
  /** Whoever answers there is not the API: the connection ended before anything was sent. */
  | { readonly kind: 'untrusted'; readonly why: string }

/** A Secret holds at most 1 MiB, and more in base64; what is larger is not one. */
const largestAnswer = 4 * 1024 * 1024

/**
 * Sends one request to the API of the cluster, over TLS that only the cluster's own certificates can open, through no proxy,
 * following no redirect. It is not repeated.
 * @param limit milliseconds in which the whole answer must be there
 */
export async function askApi(
  { host, port }: ClusterAddress,
  { token, ca }: ServiceAccount,
  { method, path, body }: ApiRequest,
  limit: number,
): Promise<ApiAnswer> {
  const sending = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  let timer: NodeJS.Timeout | undefined
  let trusted = false
  try {
    const { status, bytes } = await new Promise<{ status: number; bytes: Buffer }>((resolve, reject) => {
      const request = httpsRequest({
        host,
        port,
        method,
        path,
        ca,
        // Because variables of the job could say otherwise: NODE_TLS_REJECT_UNAUTHORIZED, NODE_USE_ENV_PROXY.
        rejectUnauthorized: true,
        agent: false,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'user-agent': 'codex-auth-keeper',
          ...(sending && { 'content-type': 'application/json', 'content-length': sending.length }),
        },
      })
      const giveUp = (reason: Error): void => {
        reject(reason)
        request.destroy()
      }
      timer = setTimeout(giveUp, limit, new Late())
      request.once('socket', (socket) => socket.once('secureConnect', () => (trusted = true)))
      request.once('error', reject)
      request.once('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size > largestAnswer) giveUp(new TooLarge())
        })
        response.once('error', reject)
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) })
        })
      })
      request.end(sending)
    })
    return { kind: 'answered', status, body: parsed(bytes) }
  } catch (error) {
    return failed(error, trusted)
  } finally {
    clearTimeout(timer)
  }
}

class Late extends Error {}
class TooLarge extends Error {}

function failed(error: unknown, trusted: boolean): ApiAnswer {
  if (error instanceof Late) return { kind: 'unanswered', sent: trusted, why: 'no complete answer came in time' }
  if (error instanceof TooLarge) return { kind: 'unanswered', sent: true, why: 'the answer is too large for a Secret' }
  // A code alone: the text of an error may quote what was sent.
  const { code } = error as { code?: unknown }
  const why = typeof code === 'string' && /^[A-Z_]{4,60}$/.test(code) ? code : 'the connection failed'
  if (!trusted && isOfTheCertificate(why)) return { kind: 'untrusted', why }
  return { kind: 'unanswered', sent: trusted, why: `no complete answer came, ${why}` }
}

/** The codes of OpenSSL's verification, as Node's documentation lists them ("X509 certificate error codes"), and of its own. */
function isOfTheCertificate(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|^(CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
