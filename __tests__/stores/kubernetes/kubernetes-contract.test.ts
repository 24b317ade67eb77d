import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { kubernetesStore } from '../../../src/stores/kubernetes/kubernetes-store.ts'
import { login, text } from '../../support/documents.ts'
import { startLoopbackKubernetes, type LoopbackKubernetes, type MountedAccount, type Rule } from '../../support/loopback-kubernetes.ts'
import { describeStore } from '../store-contract.ts'
import type { Store } from '../../../src/stores/store.ts'

const address = { namespace: 'codex', name: 'codex-auth' }
const all: Rule[] = [{ namespace: 'codex', verbs: ['get', 'update', 'create'] }]

function open(cluster: LoopbackKubernetes, pod: MountedAccount): Store {
  return kubernetesStore({
    name: 'kubernetes: codex/codex-auth',
    address,
    cluster: { host: '127.0.0.1', port: cluster.port },
    onSecret: () => undefined,
    serviceAccount: pod.directory,
  })
}

describeStore('kubernetes', {
  guarantee: 'compare-and-set',
  proof: 'proved',
  garbage: 'returned-as-it-is',
  cannot: { foreignKey: 'a copy is not sealed' },
  harness: async () => {
    const cluster = await startLoopbackKubernetes()
    const pod = await cluster.pod('arc-runners', 'codex-runner', all)
    return {
      open: () => Promise.resolve(open(cluster, pod)),
      faults: {
        unreachable: () => {
          cluster.inject('any', { kind: 'hang-up', done: false })
        },
        readDenied: () => {
          pod.grant([{ namespace: 'codex', verbs: ['update', 'create'] }])
        },
        writeDenied: () => {
          pod.grant([{ namespace: 'codex', verbs: ['get'] }])
        },
        garbage: (bytes) => {
          cluster.secrets.edit('codex', 'codex-auth', (found) => ({
            ...found,
            data: { ...found?.data, 'auth.json': Buffer.from(bytes).toString('base64') },
          }))
        },
        answerLost: () => {
          cluster.inject('update', { kind: 'hang-up', done: true }, 1)
        },
        writeInterrupted: () => {
          cluster.inject('update', { kind: 'hang-up', done: false }, 1)
        },
        emptied: () => {
          cluster.secrets.edit('codex', 'codex-auth', () => undefined)
        },
      },
      heal: () => {
        cluster.heal()
        pod.grant(all)
      },
      cleanup: () => cluster.close(),
    }
  },
})

describe('a race of 20 writers', () => {
  let cluster: LoopbackKubernetes
  let pod: MountedAccount
  beforeEach(async () => {
    cluster = await startLoopbackKubernetes()
    pod = await cluster.pod('arc-runners', 'codex-runner', all)
  })
  afterEach(() => cluster.close())

  test('has one winner in each of 10 rounds, from the first that makes the Secret', async () => {
    let version: string | undefined
    for (let round = 1; round <= 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, number) => ({
          number,
          ...(await open(cluster, pod).write(login(`${round}-${number}`), version)),
        })),
      )
      const winners = outcomes.filter(({ kind }) => kind === 'written')
      expect(winners).toHaveLength(1)
      const copy = await open(cluster, pod).read()
      expect(text(copy?.bytes)).toBe(text(login(`${round}-${winners[0]?.number ?? ''}`)))
      expect(copy?.version).not.toBe(version)
      version = copy?.version
    }
    expect(cluster.writes('auth.json')).toBe(10)
  })
})
