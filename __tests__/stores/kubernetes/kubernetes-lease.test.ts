import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { kubernetesStore } from '../../../src/stores/kubernetes/kubernetes-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { startLoopbackKubernetes, type LoopbackKubernetes, type MountedAccount } from '../../support/loopback-kubernetes.ts'
import { describeLeasePlace } from '../lease-contract.ts'

let cluster: LoopbackKubernetes
let pod: MountedAccount
beforeEach(async () => {
  cluster = await startLoopbackKubernetes()
  // What docs/stores.md asks for, on a Secret that a person has made.
  pod = await cluster.pod('arc-runners', 'codex-runner', [{ namespace: 'codex', verbs: ['get', 'update'], names: ['codex-auth'] }])
  put({})
})
afterEach(() => cluster.close())

function put(data: Readonly<Record<string, string>>): void {
  cluster.secrets.edit('codex', 'codex-auth', (found) => ({ ...found, data: { ...found?.data, ...data } }))
}

const open = (): Store =>
  kubernetesStore({
    name: 'kubernetes: codex/codex-auth',
    address: { namespace: 'codex', name: 'codex-auth' },
    cluster: { host: '127.0.0.1', port: cluster.port },
    onSecret: () => undefined,
    serviceAccount: pod.directory,
  })

describeLeasePlace('kubernetes', {
  seenBy: 'all-jobs',
  harness: () => ({
    open: () => Promise.resolve(open()),
    garbage: (bytes) => {
      put({ 'lease.json': Buffer.from(bytes).toString('base64') })
    },
    unreachable: () => {
      cluster.inject('any', { kind: 'hang-up', done: false })
    },
    heal: () => {
      cluster.heal()
    },
    cleanup: () => undefined,
  }),
})

test('a lease that others take meanwhile costs the writer of the copy a look, and no conflict', async () => {
  const store = open()
  await store.read()
  await open().leasePlace?.write(Buffer.from('{"of":"another"}'), undefined)
  const from = cluster.log.length
  expect(await store.write(login('refreshed'), undefined)).toMatchObject({ kind: 'written' })
  expect(cluster.log.slice(from)).toEqual(['update', 'get', 'update'])
  expect(text((await open().leasePlace?.read())?.bytes)).toBe('{"of":"another"}')
})

test('its own lease costs the writer of the copy nothing', async () => {
  const store = open()
  await store.read()
  await store.leasePlace?.write(Buffer.from('{"of":"mine"}'), undefined)
  const from = cluster.log.length
  expect(await store.write(login('refreshed'), undefined)).toMatchObject({ kind: 'written' })
  expect(cluster.log.slice(from)).toEqual(['update'])
})
