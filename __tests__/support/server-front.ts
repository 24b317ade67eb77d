import { once } from 'node:events'
import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a request of a store looks like from in front of its server. */
export interface FrontRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** What the server answered; undefined as long as it has not. */
  status?: number
}

export type FrontFault =
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** It is carried out, and its answer never arrives. */
  | { readonly kind: 'answer-lost' }
  /** Its body is cut short on the way, so that it is never carried out. */
  | { readonly kind: 'cut' }

/** A loopback server in front of a real one: it counts, and lets requests meet faults. */
export interface ServerFront {
  readonly origin: string
  readonly requests: readonly FrontRequest[]
  /** What each request from now on meets; undefined: its server. */
  meet(fault: (request: FrontRequest) => FrontFault | undefined): void
  /** Each request waits so many milliseconds. */
  slow(milliseconds: number): void
  close(): Promise<void>
}

export async function serverFront(target: string): Promise<ServerFront> {
  const requests: FrontRequest[] = []
  let delay = 0
  let faultOf: (request: FrontRequest) => FrontFault | undefined = () => undefined
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const body = await buffer(incoming)
      const { method = '', url = '', headers } = incoming
      const seen: FrontRequest = { method, url, headers, body: body.toString('utf8') }
      requests.push(seen)
      if (delay > 0) await sleep(delay)
      const fault = faultOf(seen)
      if (fault?.kind === 'no-answer' || fault?.kind === 'cut') return void incoming.socket.destroy()
      if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end(fault.body ?? '')
      const passed = forward(new URL(url, target), { method, headers, agent: false })
      passed.end(body)
      const [from] = (await once(passed, 'response')) as [import('node:http').IncomingMessage]
      const bytes = await buffer(from)
      seen.status = from.statusCode ?? 0
      if (fault?.kind === 'answer-lost') return void incoming.socket.destroy()
      response.writeHead(seen.status, from.headers).end(bytes)
    }
    answer().catch(() => incoming.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    meet: (fault) => {
      faultOf = fault
    },
    slow: (milliseconds) => {
      delay = milliseconds
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Some of the requests meet this fault, so many times. */
export function someTimes(
  times: number | 'always',
  which: (request: FrontRequest) => boolean,
  fault: FrontFault,
): (request: FrontRequest) => FrontFault | undefined {
  let left = times === 'always' ? Infinity : times
  return (request) => (which(request) && left-- > 0 ? fault : undefined)
}
