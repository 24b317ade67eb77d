import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, messageOf } from '../../keeper-error.ts'

/** Who a pod is to that API. */
export interface ServiceAccount {
  readonly token: string
  /** PEM of the certificates that the API's own may be signed by; no others count. */
  readonly ca: string
}

/** Where the kubelet mounts the files of a pod's service account. */
export const mountedServiceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Reads the files of the service account. The kubelet replaces the token while the pod lives, so they are read for each use.
 * @throws KeeperError store-refused where there are none
 */
export async function readServiceAccount(directory: string): Promise<ServiceAccount> {
  try {
    const [token, ca] = await Promise.all([readFile(join(directory, 'token'), 'utf8'), readFile(join(directory, 'ca.crt'), 'utf8')])
    if (token.trim() === '') throw new Error('its token is empty')
    // Without any, the certificates of the whole world would count.
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('its ca.crt holds no certificate')
    return { token: token.trim(), ca }
  } catch (error) {
    throw new KeeperError(
      'store-refused',
      `There is no service account in this container: ${messageOf(error)}`,
      'Give the runner pod a service account whose token is mounted (serviceAccountName, and automountServiceAccountToken: true), ' +
        'or use another store.',
      { cause: error },
    )
  }
}

/** Namespace and name of the account that a token speaks for; undefined when it does not tell. */
export function accountOf(token: string): { readonly namespace: string; readonly name: string } | undefined {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { sub?: unknown }
    const [, namespace, name] = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(String(sub)) ?? []
    return namespace === undefined || name === undefined ? undefined : { namespace, name }
  } catch {
    return undefined
  }
}
