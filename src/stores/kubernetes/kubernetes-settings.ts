import { clusterAddress } from './cluster-address.ts'
import type { Judged, StoreLine } from '../store-line.ts'
import { parseKubernetesAddress } from './kubernetes-address.ts'
import type { KubernetesStoreOptions } from './kubernetes-store.ts'

/**
 * Judges a line `kubernetes: namespace/secret-name`. Whether this is a pod at all is told by the store itself, as another one of
 * the list may well be usable where it is not.
 */
export function judgeKubernetes({ name, address, run }: StoreLine): Judged<KubernetesStoreOptions> {
  const parsed = parseKubernetesAddress(address ?? '')
  if (parsed.kind === 'problem') return { kind: 'problems', problems: [`store: kubernetes: ${parsed.problem}`] }
  return {
    kind: 'settings',
    settings: {
      name,
      address: parsed.address,
      cluster: clusterAddress(run.userEnv),
      onSecret: run.onSecret,
    },
  }
}
