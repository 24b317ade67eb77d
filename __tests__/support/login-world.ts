import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { personsHome } from './cli.ts'
import { startLoopbackHttps } from './loopback-https.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import { startLoopbackProxy } from './loopback-proxy.ts'
import { codexBinary } from './real-codex.ts'

/** A person at a machine that has the real Codex, for which auth.openai.com is the loopback server. */
export interface LoginWorld {
  readonly openai: LoopbackOpenAI
  readonly home: string
  /** All that the keeper is started with. */
  readonly env: Readonly<Record<string, string>>
  /** Folders and files that the keeper leaves in the machine's folder for temporary files. */
  readonly leftInTemp: () => string[]
  readonly close: () => Promise<void>
}

/** Codex knows no other address for a login in a browser, so it is led there by a proxy and an authority of its own. */
export async function makeLoginWorld(): Promise<LoginWorld> {
  const openai = await startLoopbackOpenAI()
  const https = await startLoopbackHttps('auth.openai.com', openai.origin)
  const proxy = await startLoopbackProxy({ 'auth.openai.com': https.port })
  const { home } = personsHome()
  const [programs, temp] = [join(home, 'programs'), join(home, 'temp')]
  for (const folder of [programs, temp]) mkdirSync(folder)
  symlinkSync(codexBinary(), join(programs, 'codex'))
  const browser = join(programs, 'browser')
  writeFileSync(browser, `#!/bin/sh\nexec curl --silent --show-error --location --output /dev/null --cacert ${https.certificate} "$1"\n`, {
    mode: 0o755,
  })
  return {
    openai,
    home,
    env: {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      TMPDIR: temp,
      BROWSER: browser,
      CODEX_CA_CERTIFICATE: https.certificate,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: '127.0.0.1,localhost',
    },
    leftInTemp: () => readdirSync(temp),
    close: async () => {
      await proxy.close()
      await https.close()
      await openai.close()
    },
  }
}
