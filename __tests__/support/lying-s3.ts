import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A loopback object store that takes a write whatever one of its conditions says, as servers do that do not know it. */
export interface LyingS3 {
  readonly origin: string
  contents(): Buffer | undefined
  put(bytes: Uint8Array | undefined): void
  /** Which condition it ignores; undefined: none any more. */
  ignore(header: 'if-match' | 'if-none-match' | undefined): void
  close(): Promise<void>
}

export async function lyingS3(ignored: 'if-match' | 'if-none-match'): Promise<LyingS3> {
  let ignores: string | undefined = ignored
  let held: Buffer | undefined
  const etag = (): string | undefined => held && `"${createHash('md5').update(held).digest('hex')}"`
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await buffer(request)
      const { 'if-match': match, 'if-none-match': noneMatch } = request.headers
      if (request.method === 'GET' && held === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
      else if (request.method === 'GET') response.writeHead(200, { etag: etag() }).end(held)
      else if (
        (ignores !== 'if-match' && match !== undefined && match !== etag()) ||
        (ignores !== 'if-none-match' && noneMatch !== undefined && held !== undefined)
      ) {
        response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>')
      } else {
        held = body
        response.writeHead(200, { etag: etag() }).end()
      }
    }
    void answer()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    contents: () => held,
    put: (bytes) => {
      held = bytes && Buffer.from(bytes)
    },
    ignore: (header) => {
      ignores = header
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
