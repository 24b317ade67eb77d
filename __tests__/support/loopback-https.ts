import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loopbackCertificate } from './loopback-tls.ts'

/** A host that speaks TLS, in front of a loopback server that does not. */
export interface LoopbackHttps {
  readonly port: number
  /** Of the authority that has signed its certificate: for NODE_EXTRA_CA_CERTS and the like. */
  readonly certificate: string
  close(): Promise<void>
}

/** @param host the name that its certificate is for @param target URL of the server behind it */
export async function startLoopbackHttps(host: string, target: string): Promise<LoopbackHttps> {
  const folder = mkdtempSync(join(tmpdir(), 'loopback-https-'))
  const certificate = join(folder, 'authority.pem')
  const { ca, key, cert } = await loopbackCertificate([host])
  writeFileSync(certificate, ca)
  const server = createServer({ key, cert }, (incoming, answer) => {
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
