import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** What this server lets its caller do. */
  readonly may: { readonly read: boolean; readonly write: boolean }
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | object
}

/** `hang-up`: nothing is done, no answer; `lost`: all is done, no answer to what is not a GET. */
export type ServerMood = 'well' | 'hang-up' | 'lost' | 'no-reading' | 'no-writing' | 'failing'

/** A stand-in for a place that keeps one document. */
export interface RecipeServer {
  readonly url: string
  readonly token: string
  set(mood: ServerMood): void
  close(): Promise<void>
}

/** Starts a server on 127.0.0.1 that wants a bearer token; what it answers to those who have it is up to `answer`. */
export async function startRecipeServer(answer: (request: Incoming) => Answer, open: readonly string[] = []): Promise<RecipeServer> {
  const token = 'token-of-this-test-that-nobody-may-see'
  let mood: ServerMood = 'well'
  const server = createServer((request, response) => {
    if (mood === 'hang-up') {
      request.socket.destroy()
      return
    }
    void buffer(request).then((body) => {
      const { method = '', headers } = request
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const send = ({ status, headers: more = {}, body: content = '' }: Answer): void => {
        const isBytes = typeof content === 'string' || content instanceof Uint8Array
        response.writeHead(status, more).end(isBytes ? content : JSON.stringify(content))
      }
      if (mood === 'failing') {
        send({ status: 503, body: 'try later' })
        return
      }
      if (!open.includes(url.pathname) && headers.authorization !== `Bearer ${token}`) {
        send({ status: 401, body: 'who are you?' })
        return
      }
      const given = answer({ method, url, headers, body, may: { read: mood !== 'no-reading', write: mood !== 'no-writing' } })
      if (mood === 'lost' && method !== 'GET') request.socket.destroy()
      else send(given)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    set: (next) => {
      mood = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
