import { secretValues } from '../../credential/secret-values.ts'
import { KeeperError } from '../../keeper-error.ts'
import type { Store } from '../store.ts'
import type { ClusterAddress } from './cluster-address.ts'
import type { KubernetesAddress } from './kubernetes-address.ts'
import { askApi } from './kubernetes-api.ts'
import { secretPlace } from './kubernetes-secret.ts'
import { accountOf, mountedServiceAccount, readServiceAccount } from './service-account.ts'

export interface KubernetesStoreOptions {
  readonly name: string
  readonly address: KubernetesAddress
  /** As it was at restore; undefined: this is not a pod of a cluster. */
  readonly cluster: ClusterAddress | undefined
  /** Told the token and its parts before a request carries it, so that they are masked. */
  readonly onSecret: (secret: string) => void
  /** Where the service account's files are. Default: where the kubelet mounts them. */
  readonly serviceAccount?: string
  /** Milliseconds for one request. Default 10 000. */
  readonly limit?: number
}

/** The keys of the Secret that hold the document and the lease; a change of the one is not a conflict for the other. */
const keys = { document: 'auth.json', lease: 'lease.json' }

/**
 * A Secret of the cluster that the runner pod is in, by the pod's own service account.
 * Read, proof and write are one request each; a write costs two more where somebody has changed the Secret meanwhile.
 */
export function kubernetesStore({ name, address, cluster, onSecret, serviceAccount, limit }: KubernetesStoreOptions): Store {
  const place = secretPlace(address, async (request) => {
    if (cluster === undefined) throw noPod()
    const account = await readServiceAccount(serviceAccount ?? mountedServiceAccount)
    for (const secret of secretValues(account.token)) onSecret(secret)
    return { answer: await askApi(cluster, account, request, limit ?? 10_000), account: accountOf(account.token) }
  })
  return {
    name,
    guarantee: 'compare-and-set',
    proveWritable: () => place.proveWritable(),
    read: () => place.read(keys.document),
    write: (bytes, ifVersion) => place.write(keys.document, bytes, ifVersion),
    leasePlace: {
      seenBy: 'all-jobs',
      read: () => place.read(keys.lease),
      write: (bytes, ifVersion) => place.write(keys.lease, bytes, ifVersion),
    },
  }
}

function noPod(): KeeperError {
  return new KeeperError(
    'store-refused',
    'This runner is not a pod of a Kubernetes cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set.',
    'Run the job on a runner in the cluster (Actions Runner Controller), or use another store.',
  )
}
