import { vaultStore } from '../../src/stores/vault/vault-store.ts'
import { parseVaultAddress, type VaultAddress } from '../../src/stores/vault/vault-address.ts'
import type { Store } from '../../src/stores/store.ts'
import type { StoreHarness } from '../stores/store-contract.ts'
import { loopbackIdTokens, type LoopbackIdTokens } from './loopback-id-tokens.ts'
import { allRights, baoPlace, sharedOpenBao, trustIdTokens, type BaoPlace, type LoopbackOpenBao } from './loopback-openbao.ts'
import { serverFront, someTimes, type ServerFront } from './server-front.ts'
import { isVaultWrite } from './store-places/vault.ts'

/** A place in a real OpenBao, with a front that lets requests meet faults. */
export interface VaultHarness extends StoreHarness {
  readonly bao: LoopbackOpenBao
  readonly place: BaoPlace
  readonly front: ServerFront
  readonly idTokens: LoopbackIdTokens
  /** From now on a login gives a token that has nearly ended. */
  readonly shortTokens: () => Promise<void>
  /** Every secret that the stores have told of. */
  readonly secrets: readonly string[]
  /** A store on the place; changes to the address, or variables other than those of a job that is set up well. */
  readonly store: (more?: VaultStoreChanges) => Store
}

export interface VaultStoreChanges {
  /** What stands behind the `?`, in place of the role. */
  readonly query?: string
  readonly place?: string
  readonly variables?: Readonly<Record<string, string | undefined>>
  readonly lost?: readonly string[]
  /** Whether the job has a right to id tokens. */
  readonly mayAsk?: boolean
}

export const vaultAudience = 'https://vault.example.com'

export async function vaultHarness(login: 'token' | 'role'): Promise<VaultHarness> {
  const { server: bao, release } = await sharedOpenBao()
  const [front, idTokens, place] = await Promise.all([serverFront(bao.origin), loopbackIdTokens(), baoPlace(bao)])
  const { auth, role, setLife } = await trustIdTokens(bao, { issuer: idTokens.issuer, policy: place.policy, audience: vaultAudience })
  const secrets: string[] = []
  const roleQuery = `?role=${role}&auth=${auth}&audience=${vaultAudience}`

  const store = ({
    query = login === 'role' ? roleQuery : '',
    place: where,
    variables = {},
    lost = [],
    mayAsk = true,
  }: VaultStoreChanges = {}): Store => {
    const line = `${front.origin}/${where ?? `${place.mount}/${place.path}`}${query}`
    return vaultStore({
      name: `vault: ${line}`,
      address: address(line),
      variables: { values: { ...(login === 'token' && { VAULT_TOKEN: place.token }), ...variables }, lost },
      idTokenRight: mayAsk ? { url: idTokens.requestUrl, token: idTokens.requestToken } : undefined,
      onSecret: (secret) => secrets.push(secret),
    })
  }
  return {
    bao,
    place,
    front,
    idTokens,
    secrets,
    store,
    shortTokens: () => setLife('10s'),
    open: () => Promise.resolve(store()),
    faults: {
      unreachable: () => {
        front.meet(() => ({ kind: 'no-answer' }))
      },
      readDenied: () => place.allow(['create', 'update']),
      writeDenied: () => place.allow(['read']),
      garbage: (bytes) => place.put({ 'auth.json': Buffer.from(bytes).toString('utf8') }),
      answerLost: () => {
        front.meet(someTimes(1, isVaultWrite, { kind: 'answer-lost' }))
      },
      writeInterrupted: () => {
        front.meet(someTimes(1, isVaultWrite, { kind: 'cut' }))
      },
      emptied: () => place.empty(),
    },
    heal: async () => {
      front.meet(() => undefined)
      await place.allow(allRights)
    },
    cleanup: async () => {
      await Promise.all([front.close(), idTokens.close()])
      await release()
    },
  }
}

function address(line: string): VaultAddress {
  const parsed = parseVaultAddress(line)
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join(' '))
  return parsed.address
}
