import type { Store } from '../store.ts'
import { kvDocument, type KvEngine } from './kv-document.ts'
import { leaseForm, loginForm } from './kv-forms.ts'
import { vaultSession, type VaultSessionSetup } from './vault-session.ts'

export interface VaultStoreOptions extends VaultSessionSetup {
  /** The line of the `store` input. */
  readonly name: string
}

/** A secret in a KV v2 secrets engine of HashiCorp Vault or OpenBao: one request each to read, to prove and to write. */
export function vaultStore({ name, ...setup }: VaultStoreOptions): Store {
  const { mount, path } = setup.address
  const leasePath = `${path}.lease`
  const engine: KvEngine = { isVersion2: false }
  const common = { session: vaultSession(setup), engine, mount, policyPaths: [path, leasePath].map((each) => `${mount}/data/${each}`) }
  const { read, write } = kvDocument({ ...common, path: leasePath, form: leaseForm })
  return {
    name,
    guarantee: 'compare-and-set',
    ...kvDocument({ ...common, path, form: loginForm }),
    leasePlace: { seenBy: 'all-jobs', read, write },
  }
}
