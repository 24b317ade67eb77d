import type { Store } from '../store.ts'
import { kvDocument } from './kv-document.ts'
import { vaultSession, type VaultSessionSetup } from './vault-session.ts'

export interface VaultStoreOptions extends VaultSessionSetup {
  /** The line of the `store` input. */
  readonly name: string
}

/** A secret in a KV v2 secrets engine of HashiCorp Vault or OpenBao: one request each to read, to prove and to write. */
export function vaultStore({ name, ...setup }: VaultStoreOptions): Store {
  const { mount, path } = setup.address
  const session = vaultSession(setup)
  const document = kvDocument({ session, mount, path, policyPaths: [`${mount}/data/${path}`] })
  return { name, guarantee: 'compare-and-set', ...document }
}
