import { idTokenRightOf } from '../../github/id-token-right.ts'
import { pickVariables } from '../job-variables.ts'
import type { Judged, StoreLine } from '../store-line.ts'
import { parseVaultAddress } from './vault-address.ts'
import type { VaultStoreOptions } from './vault-store.ts'

/** Judges a line `vault: https://host/mount/path`. Whether the variables it needs are there is told by each use of the store. */
export function judgeVault({ name, address, run }: StoreLine): Judged<VaultStoreOptions> {
  const parsed = parseVaultAddress(address ?? '')
  if (parsed.kind === 'problems') return { kind: 'problems', problems: [`store: vault: ${parsed.problems.join(' ')}`] }
  return {
    kind: 'settings',
    settings: {
      name,
      address: parsed.address,
      variables: pickVariables(run, ['VAULT_TOKEN', 'VAULT_ADDR', 'VAULT_NAMESPACE', 'VAULT_CACERT']),
      idTokenRight: idTokenRightOf(run.env),
      onSecret: run.onSecret,
    },
  }
}
