import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A proxy of a company: the only way to hosts that no name server here knows. */
export interface LoopbackProxy {
  /** For HTTPS_PROXY; with the user and the password, if it asks for them. */
  readonly url: string
  /** `host:port` of each tunnel that was asked for and made, in order. */
  readonly tunnels: readonly string[]
  /** What came without the right password, or by another way than a tunnel. */
  readonly refused: readonly string[]
  close(): Promise<void>
}

/**
 * @param ports where a host is, on 127.0.0.1; at port 0 it takes the order for a tunnel and never answers
 * @param login `user:password` that it asks for
 */
export async function startLoopbackProxy(ports: Readonly<Record<string, number>>, login?: string): Promise<LoopbackProxy> {
  const tunnels: string[] = []
  const refused: string[] = []
  const sockets = new Set<Socket>()
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`
  const server = createServer((request, response) => {
    refused.push(request.url ?? '')
    response.writeHead(405).end()
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
  })
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const asked = request.url ?? ''
    const port = ports[asked.replace(/:\d+$/, '')]
    client.on('error', () => undefined)
    if (port === undefined || request.headers['proxy-authorization'] !== expected) {
      refused.push(asked)
      client.end(`HTTP/1.1 ${port === undefined ? '502 Bad Gateway' : '407 Proxy Authentication Required'}\r\n\r\n`)
      return
    }
    tunnels.push(asked)
    if (port === 0) return
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.write(head)
      target.pipe(client).pipe(target)
    })
    sockets.add(target)
    target.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}`,
    tunnels,
    refused,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}
