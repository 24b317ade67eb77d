import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A host that speaks TLS, in front of a loopback server that does not. */
export interface LoopbackHttps {
  readonly port: number
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certificate: string
  close(): Promise<void>
}

/** @param host the name that its certificate is for @param target URL of the server behind it */
export async function startLoopbackHttps(host: string, target: string): Promise<LoopbackHttps> {
  const folder = mkdtempSync(join(tmpdir(), 'loopback-https-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  )
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (incoming, answer) => {
    const { method, headers, url = '/' } = incoming
    const behind = request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    behind.on('error', () => answer.destroy())
    incoming.pipe(behind)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    close: () =>
      new Promise((resolve) => {
        rmSync(folder, { recursive: true })
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
