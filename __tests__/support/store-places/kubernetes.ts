import { preload } from '../fake-runner/as-javascript.ts'
import { startLoopbackKubernetes, type KubernetesOperation } from '../loopback-kubernetes.ts'
import type { StorePlace, Times } from '../store-places.ts'
import { seeded } from './seeded.ts'

const line = 'kubernetes: codex/codex-auth'
const keys = { login: 'auth.json', lease: 'lease.json' }

/** A Secret of the cluster that the runner pods are in; a person has made it, empty, and each pod may get and update this one. */
export async function kubernetesPlace(): Promise<StorePlace> {
  const cluster = await startLoopbackKubernetes()
  const pod = await cluster.pod('arc-runners', 'codex-runner', [{ namespace: 'codex', verbs: ['get', 'update'], names: ['codex-auth'] }])
  const edit = (data: Readonly<Record<string, string>>): Promise<void> => {
    cluster.secrets.edit('codex', 'codex-auth', (found) => ({ ...found, data }))
    return Promise.resolve()
  }
  const put = (key: string, bytes: Uint8Array): Promise<void> =>
    edit({ ...cluster.secrets.look('codex', 'codex-auth')?.data, [key]: Buffer.from(bytes).toString('base64') })
  const fail = (on: readonly KubernetesOperation[], times: Times): Promise<void> => {
    for (const each of on) cluster.inject(each, { kind: 'status', status: 503 }, times === 'always' ? Infinity : times)
    return Promise.resolve()
  }
  const mount = new URL('./mounted-account.ts', import.meta.url)
  mount.hash = new URLSearchParams({ folder: pod.directory }).toString()
  await edit({})
  return {
    ...seeded(line, {}),
    name: 'kubernetes',
    line,
    machineKind: 'hosted',
    machineEnv: {
      ...cluster.env,
      NODE_OPTIONS: preload(mount),
    },
    machineSecrets: [pod.token()],
    contents: () => {
      const value = cluster.secrets.look('codex', 'codex-auth')?.data?.[keys.login]
      return Promise.resolve(value === undefined ? undefined : Buffer.from(value, 'base64'))
    },
    empty: () => edit({}),
    put: (bytes) => put(keys.login, bytes),
    putLease: (bytes) => put(keys.lease, bytes),
    failReads: (times) => fail(['get'], times),
    failWrites: (times) => fail(['update'], times),
    heal: () => {
      cluster.heal()
      return Promise.resolve()
    },
    writes: () => Promise.resolve(cluster.writes(keys.login)),
    close: () => cluster.close(),
  }
}
