import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'

/** Since 24.5 and 22.21 Node's agents go by a proxy themselves. The command line also runs on older ones. */
export const nodeGoesByProxy: boolean = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')

/**
 * The proxy for a URL as the variables of this process name it (HTTPS_PROXY, NO_PROXY); undefined where there is none.
 * For a process whose variables stay as they are: the command line.
 */
export async function proxyOf(url: URL): Promise<URL | undefined> {
  const { getProxyUrl } = await import('@actions/http-client/lib/proxy')
  return getProxyUrl(url)
}

/**
 * A connection to the host of a URL by way of a proxy; what it carries later is between us and the host.
 * @param signal ends the attempt
 * @throws Error with the code ERR_PROXY_TUNNEL where the proxy refuses, else that of the connection
 */
export function tunnelTo(url: URL, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${url.port || '443'}`
  const login = [proxy.username, proxy.password].map(decodeURIComponent).join(':')
  const authorization = login !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }
  const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const refused = (): void => {
      reject(Object.assign(new Error('The proxy refuses.'), { code: 'ERR_PROXY_TUNNEL' }))
    }
    const asking = send(proxy.origin, {
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization },
      agent: false,
      signal,
    })
    asking.once('error', reject)
    asking.once('response', (response) => {
      response.destroy()
      refused()
    })
    asking.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket)
        return
      }
      socket.destroy()
      refused()
    })
    asking.end()
  })
}
