import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { leaksOf, runCli, type CliRun } from '../support/cli.ts'
import { managedLogin } from '../support/codex-login.ts'
import { startLoopbackHttps, type LoopbackHttps } from '../support/loopback-https.ts'
import { baoPlace, sharedOpenBao, type BaoPlace } from '../support/loopback-openbao.ts'
import { startLoopbackProxy, type LoopbackProxy } from '../support/loopback-proxy.ts'
import { nodesAtHand } from '../support/nodes-at-hand.ts'

jest.setTimeout(120_000)

const host = 'vault.example.test'
const password = 'canaryOfTheProxy'
const login = managedLogin()

let place: BaoPlace
let https: LoopbackHttps
let proxy: LoopbackProxy
let release: () => Promise<void>
beforeAll(async () => {
  const shared = await sharedOpenBao()
  release = shared.release
  place = await baoPlace(shared.server)
  await place.put({ 'auth.json': login.text })
  https = await startLoopbackHttps(host, shared.server.origin)
  proxy = await startLoopbackProxy({ [host]: https.port }, `ci:${password}`)
})
afterAll(async () => {
  await proxy.close()
  await https.close()
  await release()
})

async function status(node: string, env: Readonly<Record<string, string>>): Promise<CliRun> {
  const run = await runCli({
    args: ['status', '--store', `vault: https://${host}/${place.mount}/${place.path}`],
    node,
    env: { VAULT_TOKEN: place.token, VAULT_CACERT: https.certificate, ...env },
  })
  expect(leaksOf(run, [login.tokens.refresh_token, login.tokens.access_token, place.token, password])).toEqual([])
  return run
}

describe.each(nodesAtHand())('a store behind a proxy, on Node %s', (_, node) => {
  test('is reached through it, with its password', async () => {
    const before = proxy.tunnels.length
    const run = await status(node, { HTTPS_PROXY: proxy.url })
    expect({ code: run.code, shown: run.stdout }).toEqual({ code: 0, shown: expect.stringMatching(/vault: .* newest/) as unknown })
    expect(new Set(proxy.tunnels.slice(before))).toEqual(new Set([`${host}:443`]))
  })

  test('is out of reach where the proxy refuses', async () => {
    const before = proxy.tunnels.length
    const run = await status(node, { HTTPS_PROXY: proxy.url.replace(password, `${password}2`) })
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('ERR_PROXY_TUNNEL')])
    expect(proxy.tunnels).toHaveLength(before)
  })

  test('is asked directly where NO_PROXY says so', async () => {
    const before = proxy.refused.length + proxy.tunnels.length
    expect(await status(node, { HTTPS_PROXY: proxy.url, NO_PROXY: host })).toMatchObject({ code: 1 })
    expect(proxy.refused.length + proxy.tunnels.length).toBe(before)
  })

  test('whose certificate is not trusted gets nothing', async () => {
    const run = await status(node, { HTTPS_PROXY: proxy.url, VAULT_CACERT: '' })
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('cannot be trusted')])
  })
})
