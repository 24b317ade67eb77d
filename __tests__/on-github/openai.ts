// Plays OpenAI for the end-to-end job: a login whose access token has run out, two empty homes that lead Codex here, and
// the server's ledger. Asking for /expire ends the access tokens before their time, asking for /verdict ends the server.
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startLoopbackOpenAI } from '../support/loopback-openai.ts'
import { loopbackConfig, loopbackEnv } from '../support/real-codex.ts'

const { GITHUB_ENV: environment = '', GITHUB_OUTPUT: outputs = '' } = process.env
const [, , directory = ''] = process.argv

const openai = await startLoopbackOpenAI({ enforce: true })
const seed = openai.login({ expiresIn: -60 })
for (const home of ['first-home', 'second-home']) {
  await mkdir(join(directory, home), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, home, 'config.toml'), loopbackConfig(openai))
}

const evidence = createServer(({ url }, response) => {
  if (url === '/expire') openai.expireAccessTokens()
  response.end(JSON.stringify(openai.ledger()))
  if (url === '/verdict') response.once('close', () => process.exit())
})
evidence.listen(0, '127.0.0.1', () => void announce())

async function announce(): Promise<void> {
  const { port } = evidence.address() as AddressInfo
  const variables = { ...loopbackEnv(openai), E2E_LEDGER: `http://127.0.0.1:${port}` }
  await appendFile(
    environment,
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  await appendFile(outputs, `auth-json=${JSON.stringify(JSON.parse(seed.text))}\n`)
  process.send?.('ready')
}
