import type { HttpClientResponse } from '@actions/http-client'
import { endedBy } from '../request-limit.ts'

/** Anything larger is not an answer of the API. Bytes. */
const largestAnswer = 16 * 1024 * 1024

/**
 * Node's `fetch`, by way of the proxy that this process's HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Node's own
 * ignores. The toolkit's HTTP client goes there, as it does for the Actions cache; it is loaded only where there is a
 * proxy, and gives `authorization` to no other host after a redirect.
 * @param milliseconds until an answer must be there in full
 */
export async function proxiedFetch(input: string, init: RequestInit, milliseconds: number): Promise<Response> {
  const signal = AbortSignal.timeout(milliseconds)
  if (!(await goesByProxy(input))) return fetch(input, { ...init, signal })
  const { HttpClient } = await import('@actions/http-client')
  const client = new HttpClient(undefined, [endedBy(signal)], { allowRedirects: true })
  const headers = Object.fromEntries(new Headers(init.headers))
  try {
    return await responseOf(await client.request(init.method ?? 'GET', input, typeof init.body === 'string' ? init.body : null, headers))
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}

async function goesByProxy(url: string): Promise<boolean> {
  const isNamed = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some((name) => process.env[name])
  if (!isNamed) return false
  const { getProxyUrl } = await import('@actions/http-client/lib/proxy')
  return getProxyUrl(new URL(url)) !== undefined
}

async function responseOf({ message }: HttpClientResponse): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestAnswer) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) for (const one of [value ?? []].flat()) headers.append(name, one)
  return new Response(body.length === 0 ? null : body, { status: message.statusCode ?? 0, headers })
}
