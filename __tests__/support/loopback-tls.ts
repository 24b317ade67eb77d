import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate for a server on 127.0.0.1, and the authority that has signed it, all in PEM. */
export interface LoopbackCertificate {
  readonly ca: string
  readonly key: string
  readonly cert: string
}

/** Makes an authority, and a certificate of it for 127.0.0.1 and these names; both end after a day. */
export async function loopbackCertificate(names: readonly string[] = []): Promise<LoopbackCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'loopback-tls-'))
  const file = (name: string): string => join(folder, name)
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  try {
    await run('openssl', ['req', '-x509', ...fresh, '-subj', '/CN=loopback authority', '-keyout', file('ca.key'), '-out', file('ca.crt')])
    await writeFile(file('names'), `subjectAltName=IP:127.0.0.1${names.map((name) => `,DNS:${name}`).join('')}\n`)
    const signing = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names'), '-days', '1']
    await run('openssl', ['req', ...fresh.slice(0, 5), '-subj', '/CN=loopback', '-keyout', file('key'), '-out', file('request')])
    await run('openssl', ['x509', '-req', '-in', file('request'), ...signing, '-out', file('cert')])
    const [ca, key, cert] = await Promise.all(['ca.crt', 'key', 'cert'].map((name) => readFile(file(name), 'utf8')))
    return { ca: ca ?? '', key: key ?? '', cert: cert ?? '' }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
