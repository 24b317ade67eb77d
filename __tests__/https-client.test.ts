import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { redirectOf, sendHttps, type HttpsRequest, type HttpsSetup } from '../src/https-client.ts'
import { node24Path } from './support/fake-runner/node24.ts'
import { loopbackCertificate, type LoopbackCertificate } from './support/loopback-tls.ts'

let certificate: LoopbackCertificate
beforeAll(async () => {
  certificate = await loopbackCertificate(['vault.example.test'])
})

const servers: Server[] = []
const tunnels: Socket[] = []
afterEach(async () => {
  for (const socket of tunnels.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const plain = async (answer: RequestListener): Promise<string> => `http://127.0.0.1:${await listening(createHttpServer(answer))}/`
const tls = (answer: RequestListener): Promise<number> => listening(createHttpsServer(certificate, answer))
const get = (url: string, setup: Partial<HttpsSetup> = {}, more: Partial<HttpsRequest> = {}): ReturnType<typeof sendHttps> =>
  sendHttps({ method: 'GET', url: new URL(url), headers: { authorization: 'Bearer canary' }, ...more }, { env: {}, ...setup })

test('sends method, headers and body, and gives the whole answer', async () => {
  let seen: unknown
  const url = await plain((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen = [request.method, request.url, request.headers['x-mine'], Buffer.concat(chunks).toString()]
      response.writeHead(207, { 'x-theirs': 'b' }).end('answer')
    })
  })
  const answer = await get(`${url}path?a=b`, {}, { method: 'PUT', headers: { 'x-mine': 'a' }, body: Buffer.from('body') })
  expect(seen).toEqual(['PUT', '/path?a=b', 'a', 'body'])
  expect(answer).toMatchObject({ kind: 'answered', status: 207, headers: { 'x-theirs': 'b' }, body: Buffer.from('answer') })
})

test('a redirect is not followed, and tells where it leads without its path', async () => {
  let followed = 0
  const target = await plain((_, response) => response.end(String((followed += 1))))
  const url = await plain((_, response) => response.writeHead(307, { location: `${target}secret-path` }).end())
  const answer = await get(url)
  if (answer.kind !== 'answered') throw new Error(answer.why)
  expect([answer.status, followed, redirectOf(answer, new URL(url))]).toEqual([307, 0, new URL(target).origin])
  expect(redirectOf({ ...answer, headers: { location: 'javascript:alert(1)' } }, new URL(url))).toBe('another place')
  expect(redirectOf({ ...answer, status: 200 }, new URL(url))).toBeUndefined()
})

describe('no answer', () => {
  test('nobody listens: nothing was sent', async () => {
    const url = await plain(() => undefined)
    servers.pop()?.close()
    expect(await get(url)).toEqual({ kind: 'unanswered', sent: false, why: 'no complete answer came, ECONNREFUSED' })
  })

  test('the connection ends, before the answer or in it: it may have been sent', async () => {
    const cut = await plain((request) => request.socket.destroy())
    expect(await get(cut)).toMatchObject({ kind: 'unanswered', sent: true })
    const half = await plain((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    })
    expect(await get(half)).toMatchObject({ kind: 'unanswered', sent: true })
  })

  test('too late', async () => {
    const url = await plain(() => undefined)
    expect(await get(url, { limit: 100 })).toEqual({ kind: 'unanswered', sent: true, why: 'no complete answer came in time' })
  })

  test('too late, and the connection never became a secure one: nothing was sent', async () => {
    const port = new URL(await plain(() => undefined)).port
    servers.at(-1)?.on('clientError', () => undefined)
    const mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port: mutePort } = mute.address() as AddressInfo
    mute.on('connection', (socket) => tunnels.push(socket))
    const why = 'no complete answer came in time'
    expect(await get(`https://127.0.0.1:${mutePort}/`, { limit: 300 })).toEqual({ kind: 'unanswered', sent: false, why })
    // Something that speaks no TLS has not got it either.
    expect(await get(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'unanswered', sent: false })
    mute.close()
  })

  test('an answer without an end', async () => {
    const url = await plain((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', more)
      }
      more()
    })
    expect(await get(url)).toEqual({ kind: 'unanswered', sent: true, why: 'the answer is far too long' })
  })
})

describe('whom it trusts', () => {
  test('plain http is for this machine alone', async () => {
    expect(await get('http://vault.example.test/')).toEqual({ kind: 'untrusted', why: 'its address is plain http' })
  })

  test('a certificate of nobody is refused before anything is sent, whatever a variable says', async () => {
    let requests = 0
    const port = await tls((_, response) => response.end(String((requests += 1))))
    expect(await get(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'untrusted' })
    // Node reads the variable from the real environment, which a test cannot set.
    const client = new URL('../src/https-client.ts', import.meta.url).href
    const script = `import { sendHttps } from '${client}'
      const url = new URL('https://127.0.0.1:${port}/')
      console.log((await sendHttps({ method: 'GET', url, headers: {} }, { env: {} })).kind)`
    const { stdout } = await promisify(execFile)(node24Path(), ['--input-type=module', '-e', script], {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
    })
    expect([stdout.trim(), requests]).toEqual(['untrusted', 0])
  })

  test('the authority that is named, for the name that is asked', async () => {
    const port = await tls((_, response) => response.end('well'))
    const { ca } = certificate
    expect(await get(`https://127.0.0.1:${port}/`, { ca })).toMatchObject({ kind: 'answered', status: 200 })
    expect(await get(`https://localhost:${port}/`, { ca })).toMatchObject({ kind: 'untrusted', why: expect.stringContaining('ALTNAME') })
  })
})

describe('a proxy', () => {
  const asked: string[] = []
  /** Leads every tunnel to this machine. */
  const proxy = async (): Promise<string> => {
    const server = createHttpServer((_, response) => response.writeHead(400).end())
    server.on('connect', ({ url = '' }, socket: Socket) => {
      asked.push(url)
      const through = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(through).pipe(socket)
      })
      tunnels.push(socket, through)
      for (const each of [socket, through]) each.on('error', () => undefined)
    })
    return `http://127.0.0.1:${await listening(server)}`
  }

  test('of the environment that is given carries a tunnel, and sees no header', async () => {
    const port = await tls((request, response) => response.end(request.headers.authorization))
    const url = `https://vault.example.test:${port}/`
    const answer = await get(url, { ca: certificate.ca, env: { HTTPS_PROXY: await proxy() } })
    expect(answer).toMatchObject({ kind: 'answered', body: Buffer.from('Bearer canary') })
    expect(asked).toEqual([`vault.example.test:${port}`])
  })

  test('is left out for this machine, and where NO_PROXY says so', async () => {
    const env = { HTTPS_PROXY: await proxy(), NO_PROXY: 'vault.example.test' }
    const before = asked.length
    const port = await tls((_, response) => response.end())
    expect(await get(`https://127.0.0.1:${port}/`, { ca: certificate.ca, env })).toMatchObject({ kind: 'answered' })
    expect(await get(`https://vault.example.test:${port}/`, { ca: certificate.ca, env })).toMatchObject({ kind: 'unanswered', sent: false })
    expect(asked).toHaveLength(before)
  })

  test('whose tunnel ends before the answer: it may have been sent', async () => {
    const port = await tls((request) => request.socket.destroy())
    const setup = { ca: certificate.ca, env: { HTTPS_PROXY: await proxy() } }
    expect(await get(`https://vault.example.test:${port}/`, setup)).toMatchObject({ kind: 'unanswered', sent: true })
  })

  test('that cannot be reached: nothing was sent', async () => {
    const env = { HTTPS_PROXY: await proxy() }
    servers.pop()?.close()
    expect(await get('https://vault.example.test/', { env })).toMatchObject({ kind: 'unanswered', sent: false })
  })
})
