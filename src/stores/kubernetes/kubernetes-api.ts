import { sendHttps, type HttpsAnswer } from '../../https-client.ts'
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
  { readonly kind: 'answered'; readonly status: number; readonly body: unknown } | Exclude<HttpsAnswer, { kind: 'answered' }>

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
  const answer = await sendHttps(
    {
      method,
      url: new URL(path, `https://${host.includes(':') ? `[${host}]` : host}:${port}`),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
    },
    { ca, env: {}, limit },
  )
  return answer.kind === 'answered' ? { kind: 'answered', status: answer.status, body: parsed(answer.body) } : answer
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
