import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** An HTTP server for one document, with ETag, If-Match and If-None-Match, that wants a bearer token. */
export interface EtagServer {
  readonly url: string
  readonly token: string
  readonly contents: () => Buffer | undefined
  /** Puts a document there behind everybody's back. */
  readonly put: (bytes: Uint8Array) => void
  /** How many writes were refused because of their condition. */
  readonly conflicts: () => number
  readonly close: () => Promise<void>
}

export async function startEtagServer(token = 'store-token-of-this-test'): Promise<EtagServer> {
  let document: Buffer | undefined
  let version = 0
  let conflicts = 0
  const etag = (): string => `"v${version}"`
  const put = (bytes: Uint8Array): void => {
    document = Buffer.from(bytes)
    version += 1
  }
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { 'if-match': match, 'if-none-match': noneMatch, authorization } = request.headers
      if (authorization !== `Bearer ${token}`) return response.writeHead(401).end()
      if (request.method === 'GET') {
        return document === undefined ? response.writeHead(404).end('none') : response.writeHead(200, { etag: etag() }).end(document)
      }
      const allowed = document === undefined ? noneMatch === '*' : match === etag()
      if (!allowed) conflicts += 1
      if (!allowed) return response.writeHead(412).end()
      put(body)
      return response.writeHead(204, { etag: etag() }).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/codex/auth.json`,
    token,
    put,
    contents: () => document,
    conflicts: () => conflicts,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
