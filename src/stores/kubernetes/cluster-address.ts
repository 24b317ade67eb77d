/** Where a pod finds the API of its cluster, as the kubelet tells it. */
export interface ClusterAddress {
  readonly host: string
  readonly port: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The address of the API from the variables that the kubelet gives to each container.
 * @returns undefined where this is not a pod, or where the variables are not the kubelet's
 */
export function clusterAddress({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }: Environment): ClusterAddress | undefined {
  if (host === undefined || port === undefined || !/^[\w.:-]+$/.test(host) || !/^\d{1,5}$/.test(port)) return undefined
  return { host, port: Number(port) }
}
