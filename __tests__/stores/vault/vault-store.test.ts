import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpsServer, type Server } from 'node:https'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeeperError } from '../../../src/keeper-error.ts'
import type { Store } from '../../../src/stores/store.ts'
import { parseVaultAddress } from '../../../src/stores/vault/vault-address.ts'
import { vaultStore } from '../../../src/stores/vault/vault-store.ts'
import { login, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { holdServer } from '../../support/held-server.ts'
import { sharedOpenBao } from '../../support/loopback-openbao.ts'
import { loopbackCertificate } from '../../support/loopback-tls.ts'
import { serverFront } from '../../support/server-front.ts'
import { vaultAudience, vaultHarness, type VaultHarness } from '../../support/vault-harness.ts'

holdServer(sharedOpenBao)

let vault: VaultHarness
const start = async (kind: 'token' | 'role'): Promise<void> => {
  vault = await vaultHarness(kind)
}
afterEach(() => vault.cleanup())

/** The requests that this work costs the server. */
async function cost(work: () => Promise<unknown>): Promise<string[]> {
  const before = vault.front.requests.length
  await work()
  return vault.front.requests.slice(before).map(({ method, url }) => `${method} ${url.split('/')[2] ?? ''}`)
}
/** The error, checked to hold no secret that the store has used. */
async function refusal(work: Promise<unknown>): Promise<KeeperError> {
  const error = await failure(work)
  for (const secret of [...vault.secrets, vault.place.token, ...vault.idTokens.given]) {
    expect(`${error.message} ${error.remedy}`).not.toContain(secret)
  }
  return error
}
const rootPut = (path: string, body: unknown): Promise<{ status: number }> => vault.bao.api('POST', path, body)

describe('requests', () => {
  beforeEach(() => start('token'))

  test('one each to read, to prove and to write; one more where nothing is', async () => {
    const store = vault.store()
    expect(await cost(() => store.read())).toEqual(['GET secret', 'GET sys'])
    expect(await cost(() => store.proveWritable())).toEqual(['POST secret'])
    expect(await cost(() => store.write(login('a'), undefined))).toEqual(['POST secret'])
    const next = vault.store()
    expect(await cost(() => Promise.all([next.read(), next.proveWritable()]))).toEqual(['GET secret', 'POST secret'])
    expect(await cost(() => next.write(login('b'), '1'))).toEqual(['POST secret'])
  })

  test('the document is the field auth.json, and no request names a token but in its header', async () => {
    await vault.store().write(login('a'), undefined)
    expect(await vault.place.contents()).toEqual({ data: { 'auth.json': text(login('a')) }, version: 1 })
    for (const { url, body, headers } of vault.front.requests) {
      expect(url + body).not.toContain(vault.place.token)
      expect(headers['x-vault-token']).toBe(vault.place.token)
    }
  })

  test('of twenty writers at once one wins, in each of five rounds', async () => {
    let version: string | undefined
    for (let round = 1; round <= 5; round += 1) {
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => vault.store().write(login(`${round}-${index}`), version)))
      const won = outcomes.flatMap((outcome, index) => (outcome.kind === 'written' ? [{ ...outcome, index }] : []))
      expect(won).toHaveLength(1)
      const copy = await vault.store().read()
      expect(text(copy?.bytes)).toBe(text(login(`${round}-${won[0]?.index ?? ''}`)))
      version = copy?.version
    }
  })
})

describe('what is at the place', () => {
  beforeEach(() => start('token'))

  test('KV version 1 is refused before anything is proved or written', async () => {
    const mount = `v1-${randomUUID()}`
    await rootPut(`sys/mounts/${mount}`, { type: 'kv', options: { version: '1' } })
    await rootPut(`sys/policies/acl/${vault.place.policy}`, { policy: `path "${mount}/*" { capabilities = ["create", "read", "update"] }` })
    const place = `${mount}/ci/codex`
    const all = (): Promise<unknown>[] => [
      vault.store({ place }).read(),
      vault.store({ place }).proveWritable(),
      vault.store({ place }).write(login('a'), undefined),
      vault.store({ place }).write(login('a'), '1'),
    ]
    for (const work of all()) {
      const { code, message, remedy } = await refusal(work)
      expect([code, message, remedy]).toEqual([
        'store-refused',
        expect.stringContaining('not a KV secrets engine of version 2'),
        expect.stringContaining(mount),
      ])
    }
    expect((await vault.bao.api('GET', `${mount}/data/ci/codex`)).status).toBe(404)
    // One whose path happens to look like version 2 holds no version either.
    await rootPut(`${mount}/data/ci/codex`, { 'auth.json': '{}' })
    for (const work of all()) expect((await refusal(work)).code).toBe('store-refused')
    expect((await vault.bao.api('GET', `${mount}/data/ci/codex`)).body).toMatchObject({ data: { 'auth.json': '{}' } })
  })

  test.each(['DELETE', 'destroy'])(
    'a version that somebody has deleted by hand is an empty place that takes a new one: %s',
    async (how) => {
      const { path } = vault.place
      await vault.store().write(login('first'), undefined)
      await (how === 'DELETE' ? vault.bao.api('DELETE', `secret/data/${path}`) : rootPut(`secret/destroy/${path}`, { versions: [1] }))
      const store = vault.store()
      expect(await cost(() => Promise.all([store.read(), store.proveWritable()]))).toHaveLength(2)
      expect(await store.read()).toBeUndefined()
      // Somebody who did not look is told; so is somebody who still has the version from before.
      expect(await vault.store().write(login('blind'), undefined)).toEqual({ kind: 'conflict' })
      expect(await store.write(login('second'), undefined)).toEqual({ kind: 'written', version: '2' })
      expect(text((await vault.store().read())?.bytes)).toBe(text(login('second')))
    },
  )

  test.each([{ 'other-field': 'a' }, { 'auth.json': '{}', password: 'a' }])(
    'a secret that is not ours alone is never written over: %j',
    async (data) => {
      await vault.place.put(data)
      const { code, message } = await refusal(vault.store().read())
      expect([code, message]).toEqual(['store-damaged', expect.stringContaining('does not hold the one field auth.json')])
    },
  )

  test('a version that no read has given is a conflict', async () => {
    await vault.place.put({ 'auth.json': '{}' })
    expect(await vault.store().write(login('a'), 'not a number')).toEqual({ kind: 'conflict' })
  })

  test('bytes that are not text are refused', async () => {
    expect((await refusal(vault.store().write(Uint8Array.of(0xff, 0xfe), undefined))).code).toBe('store-refused')
    expect(await vault.place.contents()).toBeUndefined()
  })

  test('the namespace of the line, and no other', async () => {
    const namespace = `team-${randomUUID()}`
    const inside = { 'x-vault-namespace': namespace }
    await rootPut(`sys/namespaces/${namespace}`, {})
    await vault.bao.api('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } }, inside)
    await vault.bao.api(
      'POST',
      'sys/policies/acl/keeper',
      { policy: 'path "secret/data/codex" { capabilities = ["create", "read", "update"] }' },
      inside,
    )
    const { body } = await vault.bao.api('POST', 'auth/token/create', { policies: ['keeper'] }, inside)
    const { auth } = body as { auth: { client_token: string } }
    const store = (query: string): Store => vault.store({ place: 'secret/codex', query, variables: { VAULT_TOKEN: auth.client_token } })
    expect(await store(`?namespace=${namespace}`).write(login('a'), undefined)).toMatchObject({ kind: 'written' })
    expect((await vault.bao.api('GET', 'secret/data/codex', undefined, inside)).status).toBe(200)
    expect((await refusal(store('?namespace=elsewhere').read())).code).toBe('store-refused')
  })
})

describe('refusals', () => {
  beforeEach(() => start('token'))

  test('no right to the place: what the server says, and the policy to paste', async () => {
    await vault.place.allow([])
    const { code, message, remedy } = await refusal(vault.store().read())
    const path = `secret/data/${vault.place.path}`
    expect([code, message]).toEqual(['store-unauthorized', expect.stringContaining(`does not give VAULT_TOKEN access to ${path} (403: `)])
    expect(message).toContain('permission denied')
    expect(remedy).toBe(
      `Give its policy:\npath "${path}" { capabilities = ["create", "read", "update"] }\npath "${path}.lease" { capabilities = ["create", "read", "update"] }`,
    )
  })

  test('a mount that is not there', async () => {
    expect((await refusal(vault.store({ place: 'nowhere/ci/codex' }).read())).message).toContain('a mount that is not there')
  })

  test('a token that has ended during the job', async () => {
    const store = vault.store()
    await store.write(login('a'), undefined)
    await rootPut('auth/token/revoke', { token: vault.place.token })
    const { code, message } = await refusal(store.write(login('b'), '1'))
    expect([code, message]).toEqual(['store-unauthorized', expect.stringContaining('a token that has ended')])
  })

  test.each([
    [{ variables: { VAULT_TOKEN: undefined } }, 'store-unauthorized', 'there is no VAULT_TOKEN'],
    [{ variables: { VAULT_TOKEN: 'two\nlines' } }, 'store-unauthorized', 'there is no VAULT_TOKEN'],
    [{ lost: ['VAULT_TOKEN'] }, 'store-withdrawn', 'A step of this job has changed or taken away VAULT_TOKEN'],
  ])('no token: %j', async (more, expected, words) => {
    const { code, message, remedy } = await refusal(vault.store(more).read())
    expect([code, message, remedy]).toEqual([expected, expect.stringContaining(words), expect.stringContaining('role=')])
    expect(vault.front.requests).toEqual([])
  })

  test.each<[number, string, string]>([
    [503, 'store-unreachable', 'store-unreachable'],
    [429, 'store-unreachable', 'store-unreachable'],
    [473, 'store-unreachable', 'store-unreachable'],
    [500, 'store-unreachable', 'store-unknown-outcome'],
    [400, 'store-refused', 'store-refused'],
    [413, 'store-refused', 'store-refused'],
  ])('status %i: a read is %s, a write is %s', async (status, reads, writes) => {
    const store = vault.store()
    await store.read()
    vault.front.meet(() => ({ kind: 'status', status, body: '{"errors":["Vault is sealed"]}' }))
    const read = await refusal(store.read())
    expect([read.code, read.message]).toEqual([reads, expect.stringContaining(`${status}: Vault is sealed`)])
    expect((await refusal(store.write(login('a'), undefined))).code).toBe(writes)
  })

  test('whatever answers 404 without being Vault does not show an empty place', async () => {
    for (const body of ['<html>not found</html>', '{}', '{"data":{}}', '']) {
      vault.front.meet(() => ({ kind: 'status', status: 404, body }))
      expect((await refusal(vault.store().read())).code).toBe('store-unreachable')
    }
  })

  test('200 with something else is not a copy either', async () => {
    vault.front.meet(() => ({ kind: 'status', status: 200, body: '<html>log in to the network</html>' }))
    for (const work of [vault.store().read(), vault.store().proveWritable(), vault.store().write(login('a'), undefined)]) {
      expect((await refusal(work)).code).toBe('store-refused')
    }
  })

  test('a redirect does not get the token', async () => {
    const elsewhere = await serverFront(vault.bao.origin)
    try {
      vault.front.meet(({ url }) => ({ kind: 'status', status: 307, headers: { location: elsewhere.origin + url } }))
      const { code, message } = await refusal(vault.store().read())
      expect([code, message]).toEqual(['store-refused', expect.stringContaining(`sends requests on to ${elsewhere.origin} (status 307)`)])
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.close()
    }
  })
})

describe('the login of the job', () => {
  beforeEach(() => start('role'))

  test('costs two requests, once for all that a stage does', async () => {
    const store = vault.store()
    expect(await cost(() => Promise.all([store.read(), store.proveWritable()]))).toEqual([
      'POST auth',
      'GET secret',
      'GET sys',
      'POST secret',
    ])
    await store.write(login('a'), undefined)
    expect(vault.idTokens.asked()).toBe(1)
  })

  test('is made anew when its token has ended', async () => {
    await vault.shortTokens()
    const store = vault.store()
    await store.read()
    await store.write(login('a'), undefined)
    expect(vault.idTokens.asked()).toBe(3)
    // Once for all who find it ended at the same time.
    await Promise.all([store.read(), store.read(), store.read()])
    expect(vault.idTokens.asked()).toBe(4)
  })

  test('tells every token before it is used', async () => {
    await vault.store().read()
    const used = vault.front.requests.flatMap(({ headers }) => headers['x-vault-token'] ?? [])
    expect(vault.secrets).toEqual([vault.idTokens.requestToken, vault.idTokens.given[0], used[0]])
  })

  test('that Vault refuses is told with subject and audience', async () => {
    vault.idTokens.claims['repository'] = 'your-org/another'
    vault.idTokens.claims['sub'] = 'repo:your-org/another:ref:refs/heads/main'
    const { code, message, remedy } = await refusal(vault.store().read())
    expect(code).toBe('store-unauthorized')
    expect(message).toMatch(/did not let the job log in as role codex-auth at auth\/jwt-\S+ \(4\d\d: .*claim/)
    expect(message).toContain(`The id token said: subject repo:your-org/another:ref:refs/heads/main, audience ${vaultAudience}.`)
    expect(remedy).toContain('bound_audiences and bound_claims')
  })

  test('in a job that may not have an id token', async () => {
    const { message, remedy } = await refusal(vault.store({ mayAsk: false }).read())
    expect([message, remedy]).toEqual([expect.stringContaining('may not ask for one'), expect.stringContaining('id-token: write')])
  })

  test('that failed is tried again by the next call', async () => {
    const store = vault.store()
    vault.idTokens.refuse(500)
    expect((await refusal(store.read())).code).toBe('store-unreachable')
    vault.idTokens.refuse(undefined)
    expect(await store.read()).toBeUndefined()
  })
})

describe('VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT', () => {
  let server: Server | undefined
  let folder: string
  beforeEach(async () => {
    await start('token')
    folder = await mkdtemp(join(tmpdir(), 'vault-store-'))
  })
  afterEach(async () => {
    server?.closeAllConnections()
    if (server) await once(server.close(), 'close')
    server = undefined
    await rm(folder, { recursive: true })
  })

  const store = (line: string, values: Readonly<Record<string, string>>, lost: readonly string[] = []): Store => {
    const parsed = parseVaultAddress(line)
    if (parsed.kind === 'problems') throw new Error(parsed.problems.join())
    const variables = { values: { VAULT_TOKEN: vault.place.token, ...values }, lost }
    return vaultStore({ name: line, address: parsed.address, variables, idTokenRight: undefined, onSecret: () => undefined })
  }
  const place = (): string => `secret/${vault.place.path}`

  test('a line without a server goes to the one that VAULT_ADDR names', async () => {
    expect(await store(place(), { VAULT_ADDR: vault.front.origin }).read()).toBeUndefined()
    expect((await refusal(store(place(), { VAULT_ADDR: vault.front.origin, VAULT_NAMESPACE: 'nowhere' }).read())).code).toBe(
      'store-refused',
    )
  })

  test.each<[Readonly<Record<string, string>>, string[], string]>([
    [{}, [], 'VAULT_ADDR cannot be used'],
    [{ VAULT_ADDR: 'http://vault.example.com' }, [], 'VAULT_ADDR cannot be used: http:// would show'],
    [{ VAULT_ADDR: 'https://vault.example.com', VAULT_NAMESPACE: 'a b' }, [], 'VAULT_NAMESPACE cannot be used'],
    [{ VAULT_ADDR: 'https://vault.example.com', VAULT_CACERT: '/nonexistent' }, [], 'VAULT_CACERT cannot be used'],
    [{}, ['VAULT_ADDR'], 'changed or taken away VAULT_ADDR'],
    [{ VAULT_ADDR: 'https://vault.example.com' }, ['VAULT_CACERT'], 'changed or taken away VAULT_CACERT'],
  ])('that cannot be used: %j %j', async (values, lost, words) => {
    const { code, message } = await refusal(store(place(), values, lost).read())
    expect([code, message]).toEqual([lost.length > 0 ? 'store-withdrawn' : 'store-refused', expect.stringContaining(words)])
  })

  test('a server with a certificate of an authority of its own', async () => {
    const certificate = await loopbackCertificate()
    await writeFile(join(folder, 'ca.pem'), certificate.ca)
    server = createHttpsServer(certificate, (incoming, response) => {
      const { url = '', method = '', headers } = incoming
      const passed = request(new URL(url, vault.front.origin), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers)
        answer.pipe(response)
      })
      incoming.pipe(passed)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const VAULT_ADDR = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { code, message, remedy } = await refusal(store(place(), { VAULT_ADDR }).read())
    expect([code, message, remedy]).toEqual([
      'store-refused',
      expect.stringContaining('Nothing was sent'),
      expect.stringContaining('VAULT_CACERT'),
    ])
    expect(vault.front.requests).toEqual([])
    expect(await store(place(), { VAULT_ADDR, VAULT_CACERT: join(folder, 'ca.pem') }).write(login('a'), undefined)).toMatchObject({
      kind: 'written',
    })
  })
})
