import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { kubernetesStore, type KubernetesStoreOptions } from '../../../src/stores/kubernetes/kubernetes-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { node24Path } from '../../support/fake-runner/node24.ts'
import { failure } from '../../support/failure.ts'
import { startLoopbackKubernetes, type LoopbackKubernetes, type MountedAccount, type Rule } from '../../support/loopback-kubernetes.ts'
import { loopbackCertificate } from '../../support/loopback-tls.ts'

const anything: Rule[] = [{ namespace: 'codex', verbs: ['get', 'update', 'create'] }]
/** What docs/stores.md asks for. */
const thisOne: Rule[] = [{ namespace: 'codex', verbs: ['get', 'update'], names: ['codex-auth'] }]
const roleForIt =
  'kubectl create role codex-auth-keeper --namespace codex --verb=get,update --resource=secrets --resource-name=codex-auth && ' +
  'kubectl create rolebinding codex-auth-keeper --namespace codex --role=codex-auth-keeper --serviceaccount=arc-runners:codex-runner'

let cluster: LoopbackKubernetes
let pod: MountedAccount
let shown: string[]
beforeEach(async () => {
  cluster = await startLoopbackKubernetes()
  pod = await cluster.pod('arc-runners', 'codex-runner', anything)
  shown = []
})
afterEach(() => cluster.close())

function open(options: Partial<KubernetesStoreOptions> = {}): Store {
  return kubernetesStore({
    name: 'kubernetes: codex/codex-auth',
    address: { namespace: 'codex', name: 'codex-auth' },
    cluster: { host: '127.0.0.1', port: cluster.port },
    onSecret: (secret) => shown.push(secret),
    serviceAccount: pod.directory,
    ...options,
  })
}

function secret(): { data?: Record<string, string>; metadata: Record<string, unknown>; type: string } | undefined {
  return cluster.secrets.look('codex', 'codex-auth')
}

function put(object: object): void {
  cluster.secrets.edit('codex', 'codex-auth', (found) => ({ ...found, ...object }))
}

/** A Secret with a copy, and a handle that has read it. */
async function stored(): Promise<{ store: Store; version: string }> {
  await open().write(login('first'), undefined)
  const store = open()
  const { version = '' } = (await store.read()) ?? {}
  return { store, version }
}

describe('requests', () => {
  test('read, proof and write are one each', async () => {
    const { store, version } = await stored()
    const from = cluster.log.length
    expect((await Promise.all([store.read(), store.proveWritable()]))[1]).toBe('proved')
    expect(await store.write(login('second'), version)).toMatchObject({ kind: 'written' })
    expect(cluster.log.slice(from)).toEqual(['get', 'prove-update', 'update'])
  })

  test('every update names the version that was looked at', async () => {
    const { store, version } = await stored()
    await store.proveWritable()
    await store.write(login('second'), version)
    await open({ address: { namespace: 'codex', name: 'none-yet' } }).proveWritable()
    const updates = cluster.bodies.filter((_, index) => /update/.test(cluster.log[index] ?? ''))
    expect(updates).toHaveLength(3)
    for (const update of updates) expect(update).toMatchObject({ metadata: { resourceVersion: expect.stringMatching(/^\d+$/) } })
  })

  test('a new token counts at once, and is told before it is sent', async () => {
    const { store } = await stored()
    await pod.rotate()
    expect(await store.proveWritable()).toBe('proved')
    expect(shown).toEqual(expect.arrayContaining([pod.token(), ...pod.token().split('.')]))
  })
})

describe('the Secret', () => {
  test('is made with the document alone', async () => {
    await open().write(login('first'), undefined)
    expect(secret()).toMatchObject({ type: 'Opaque', metadata: { labels: { 'app.kubernetes.io/managed-by': 'codex-auth-keeper' } } })
    expect(secret()?.data).toEqual({ 'auth.json': Buffer.from(login('first')).toString('base64') })
  })

  test('keeps all else that is in it', async () => {
    put({
      type: 'example.com/other',
      data: { other: 'b3RoZXI=' },
      metadata: { annotations: { team: 'ci' }, finalizers: ['example.com/keep'] },
    })
    const store = open()
    expect(await store.read()).toBeUndefined()
    expect(await store.write(login('first'), undefined)).toMatchObject({ kind: 'written' })
    expect(secret()).toMatchObject({
      type: 'example.com/other',
      data: { other: 'b3RoZXI=', 'auth.json': Buffer.from(login('first')).toString('base64') },
      metadata: { annotations: { team: 'ci' }, finalizers: ['example.com/keep'] },
    })
  })

  test('that somebody has changed elsewhere only is written all the same, with that change', async () => {
    const { store, version } = await stored()
    put({ data: { ...secret()?.data, other: 'bmV3' } })
    expect(await store.write(login('second'), version)).toMatchObject({ kind: 'written' })
    expect(secret()?.data).toEqual({ other: 'bmV3', 'auth.json': Buffer.from(login('second')).toString('base64') })
  })

  test('that somebody makes or deletes at the last moment is looked at again', async () => {
    cluster.before('create', () => {
      put({ data: { other: 'bmV3' } })
    })
    expect(await open().write(login('first'), undefined)).toMatchObject({ kind: 'written' })
    expect(Object.keys(secret()?.data ?? {})).toEqual(['other', 'auth.json'])

    const store = open()
    const version = (await store.read())?.version
    cluster.before('update', () => {
      cluster.secrets.edit('codex', 'codex-auth', () => undefined)
    })
    expect(await store.write(login('second'), version)).toEqual({ kind: 'conflict' })
    expect(secret()).toBeUndefined()
  })

  test('with an empty value is certainly empty, and takes the first copy', async () => {
    put({ data: { 'auth.json': '' } })
    const store = open()
    expect(await store.read()).toBeUndefined()
    expect(await store.write(login('first'), undefined)).toMatchObject({ kind: 'written' })
  })

  test('that changes at each try is an outage', async () => {
    const { store, version } = await stored()
    cluster.inject('update', { kind: 'status', status: 409, reason: 'Conflict' })
    const error = await failure(store.write(login('second'), version))
    expect([error.code, error.message]).toEqual(['store-unreachable', expect.stringContaining('changed by somebody else at each try')])
  })
})

describe('rights', () => {
  test('to get and update one Secret that a person has made are enough', async () => {
    put({})
    pod.grant(thisOne)
    const store = open()
    expect(await Promise.all([store.read(), store.proveWritable()])).toEqual([undefined, 'proved'])
    expect(await store.write(login('first'), undefined)).toMatchObject({ kind: 'written' })
    expect(text((await open().read())?.bytes)).toBe(text(login('first')))
  })

  test('without the Secret and the right to make it, the way is to make it empty', async () => {
    pod.grant(thisOne)
    const error = await failure(open().proveWritable())
    expect([error.code, error.message]).toEqual([
      'store-unauthorized',
      'The service account may not create the Secret codex/codex-auth (403: secrets is forbidden: User "system:serviceaccount:arc-runners:codex-runner" cannot create resource "secrets" in API group "" in the namespace "codex").',
    ])
    expect(error.remedy).toContain('kubectl create secret generic codex-auth --namespace codex')
  })

  test.each<[string, Rule['verbs'], 'read' | 'proveWritable', string]>([
    ['get', ['update', 'create'], 'read', 'may not get'],
    ['update, of a Secret', ['get', 'create'], 'proveWritable', 'may not update'],
  ])('missing: %s', async (_, verbs, operation, why) => {
    await stored()
    pod.grant([{ namespace: 'codex', verbs }])
    const error = await failure(open()[operation]())
    expect([error.code, error.message, error.remedy]).toEqual([
      'store-unauthorized',
      expect.stringContaining(why),
      `Give it the right: ${roleForIt}`,
    ])
  })

  test('to create alone are not enough: what Codex writes later would be lost', async () => {
    pod.grant([{ namespace: 'codex', verbs: ['get', 'create'] }])
    expect((await failure(open().proveWritable())).message).toMatch(/may not update/)
    expect(secret()).toBeUndefined()
  })

  test('a token that nobody knows is told from a missing right', async () => {
    await writeFile(join(pod.directory, 'token'), 'opaque')
    const error = await failure(open().read())
    expect([error.code, error.message]).toEqual(['store-unauthorized', expect.stringContaining('does not accept the token')])
  })

  test('403 for another reason is told as that', async () => {
    const { store } = await stored()
    cluster.inject('prove-update', {
      kind: 'status',
      status: 403,
      reason: 'Forbidden',
      message: 'admission webhook "policy.example.com" denied the request: no logins here',
    })
    const error = await failure(store.proveWritable())
    expect([error.code, error.message]).toEqual(['store-refused', expect.stringContaining('no logins here')])
  })
})

describe('proof', () => {
  test('a Secret that is immutable or on its way out is refused', async () => {
    put({ immutable: true })
    expect((await failure(open().proveWritable())).message).toMatch(/is immutable/)
    put({ immutable: false, metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
    expect((await failure(open().proveWritable())).message).toMatch(/is being deleted/)
  })

  test('a namespace that does not exist is refused', async () => {
    pod.grant([{ namespace: 'nowhere', verbs: ['get', 'update', 'create'] }])
    const store = open({ address: { namespace: 'nowhere', name: 'codex-auth' } })
    expect(await store.read()).toBeUndefined()
    const error = await failure(store.proveWritable())
    expect([error.code, error.message, error.remedy]).toEqual([
      'store-refused',
      expect.stringContaining('namespaces "nowhere" not found'),
      'See that the namespace exists.',
    ])
  })

  test('a webhook that knows no dry run leaves it open', async () => {
    const { store } = await stored()
    const message = 'admission webhook "audit.example.com" does not support dry run'
    cluster.inject('prove-update', { kind: 'status', status: 400, reason: 'BadRequest', message })
    expect(await store.proveWritable()).toBe('unprovable')
  })

  test('of a Secret that changes at that moment counts', async () => {
    const { store } = await stored()
    cluster.before('prove-update', () => {
      put({ data: {} })
    })
    expect(await store.proveWritable()).toBe('proved')
  })
})

describe('answers that are none', () => {
  const faults = {
    'a server error': { kind: 'status', status: 500, message: 'etcdserver: request timed out' },
    'half an answer': { kind: 'cut-off' },
    'no answer': { kind: 'silent' },
    'a page': { kind: 'page', status: 200, body: '<html>hello</html>' },
    'a document of another kind': { kind: 'page', status: 200, body: '{"kind":"List","items":[]}' },
    'too much': {
      kind: 'page',
      status: 200,
      body: `{"kind":"Secret","metadata":{"resourceVersion":"1"},"x":"${'x'.repeat(4 * 1024 * 1024)}"}`,
    },
  } as const

  test.each(Object.entries(faults))('%s: a read and a proof are outages, of a write nobody knows', async (_, fault) => {
    const { version } = await stored()
    const store = open({ limit: 400 })
    cluster.inject('get', fault, 1)
    expect((await failure(store.read())).code).toBe('store-unreachable')
    cluster.inject('prove-update', fault, 1)
    expect((await failure(store.proveWritable())).code).toBe('store-unreachable')
    cluster.inject('update', fault, 1)
    expect((await failure(store.write(login('second'), version))).code).toBe('store-unknown-outcome')
  })

  test('404 counts as empty only from the API itself', async () => {
    cluster.inject('get', { kind: 'page', status: 404, body: 'not found' }, 1)
    expect((await failure(open().read())).code).toBe('store-refused')
    cluster.inject('get', { kind: 'page', status: 404, body: '{}' }, 1)
    expect((await failure(open().read())).code).toBe('store-refused')
    cluster.inject('get', { kind: 'status', status: 404, reason: 'Expired', message: 'the server could not find it' }, 1)
    expect((await failure(open().read())).code).toBe('store-refused')
  })

  test('too many requests: nothing was done', async () => {
    const { store, version } = await stored()
    cluster.inject('update', { kind: 'status', status: 429, reason: 'TooManyRequests' })
    expect((await failure(store.write(login('second'), version))).code).toBe('store-unreachable')
  })

  test('nobody at that address: nothing was done', async () => {
    const { version } = await stored()
    const gone = await startLoopbackKubernetes()
    await gone.close()
    const error = await failure(open({ cluster: { host: '127.0.0.1', port: gone.port } }).write(login('second'), version))
    expect([error.code, error.message]).toEqual(['store-unreachable', expect.stringContaining('ECONNREFUSED')])
  })

  test('a refusal is told in the words of the API, on one line, without what looks like a token', async () => {
    const { store, version } = await stored()
    const quoted = Buffer.from(login('first')).toString('base64')
    const message = `Secret "codex-auth" is invalid:\n::error::no\ndata: ${quoted.slice(0, 60)}`
    cluster.inject('update', { kind: 'status', status: 422, reason: 'Invalid', message })
    const error = await failure(store.write(login('second'), version))
    expect(error.code).toBe('store-refused')
    expect(error.message).toContain('(422: Secret "codex-auth" is invalid:')
    expect(error.message).not.toMatch(/\n/)
    expect(error.message).not.toContain(quoted.slice(0, 40))
  })
})

describe('where the token goes', () => {
  test('along no redirect', async () => {
    const reached: string[] = []
    const elsewhere = createServer((request, response) => {
      reached.push(request.url ?? '')
      response.end('{}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
    cluster.inject('get', { kind: 'page', status: 307, body: '', headers: { location } })
    const error = await failure(open().read())
    await new Promise((resolve) => elsewhere.close(resolve))
    expect([error.code, error.message, reached]).toEqual(['store-refused', expect.stringContaining('redirect'), []])
  })

  test('to nobody whose certificate is of another authority', async () => {
    await writeFile(join(pod.directory, 'ca.crt'), (await loopbackCertificate()).ca)
    const error = await failure(open().read())
    expect([error.code, error.message, cluster.log]).toEqual([
      'store-refused',
      expect.stringContaining('is not to be trusted: its certificate is not trusted here'),
      [],
    ])
  })

  test('to nobody whose certificate is for another name', async () => {
    const error = await failure(open({ cluster: { host: 'localhost', port: cluster.port } }).read())
    expect([error.code, error.message, cluster.log]).toEqual(['store-refused', expect.stringContaining('ALTNAME'), []])
  })

  test('nowhere without a pod, its token or its authority', async () => {
    expect((await failure(open({ cluster: undefined }).read())).message).toMatch(/is not a pod of a Kubernetes cluster/)
    await writeFile(join(pod.directory, 'ca.crt'), '')
    expect((await failure(open().read())).message).toMatch(/ca\.crt holds no certificate/)
    await writeFile(join(pod.directory, 'token'), ' \n')
    expect((await failure(open().read())).message).toMatch(/token is empty/)
    await rm(join(pod.directory, 'token'))
    const error = await failure(open().read())
    expect([error.code, error.message, error.remedy]).toEqual([
      'store-refused',
      expect.stringMatching(/There is no service account in this container: .*ENOENT/),
      expect.stringContaining('automountServiceAccountToken'),
    ])
    expect(cluster.log).toEqual([])
  })

  test.each([
    ['is not trusted because a variable says so', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'foreign', 'store-refused'],
    ['is trusted by its own authority alone', { NODE_EXTRA_CA_CERTS: 'own' }, 'foreign', 'store-refused'],
    ['is asked through no proxy', { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:9' }, 'own', 'empty'],
  ])('the API %s', async (_, env, ca, outcome) => {
    const own = join(pod.directory, 'own.crt')
    await writeFile(own, await readFile(join(pod.directory, 'ca.crt')))
    if (ca === 'foreign') await writeFile(join(pod.directory, 'ca.crt'), (await loopbackCertificate()).ca)
    const script = `
      const { kubernetesStore } = await import('${new URL('../../../src/stores/kubernetes/kubernetes-store.ts', import.meta.url).href}')
      const store = kubernetesStore({ name: 'k', address: { namespace: 'codex', name: 'codex-auth' }, onSecret: () => {},
        cluster: { host: '127.0.0.1', port: ${cluster.port} }, serviceAccount: '${pod.directory}' })
      console.log(await store.read().then((copy) => copy ?? 'empty', ({ code }) => code))`
    const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === 'own' ? own : value]))
    const { stdout } = await promisify(execFile)(node24Path(), ['--input-type=module', '--eval', script], { env: variables })
    expect(stdout.trim()).toBe(outcome)
  })

  test('into no error', async () => {
    cluster.inject('any', { kind: 'status', status: 422, reason: 'Invalid', message: `token ${pod.token()} is not nice` })
    expect((await failure(open().read())).message).not.toContain((await readFile(join(pod.directory, 'token'), 'utf8')).slice(-40))
  })
})
