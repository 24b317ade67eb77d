import * as z from 'zod/mini'
import type { IdTokenRight } from '../../github/id-token-right.ts'
import { requestIdToken } from '../../github/id-token.ts'
import { parseServer } from '../address-options.ts'
import type { JobVariables } from '../job-variables.ts'
import { unusable, variableOf } from '../server-answers.ts'
import { areNames, type VaultAddress } from './vault-address.ts'
import { exchange, type VaultAnswer, type VaultRequest, type VaultServer } from './vault-exchange.ts'
import { loginRefused, noToken } from './vault-refusals.ts'

export interface VaultSessionSetup {
  readonly address: VaultAddress
  /** VAULT_TOKEN, VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT and the proxies. */
  readonly variables: JobVariables
  readonly idTokenRight: IdTokenRight | undefined
  /** Told each token before it is used, so that it can be masked. */
  readonly onSecret: (secret: string) => void
}

export interface VaultSession {
  /** Sends a request once, after a login where the line has a role. @throws KeeperError as the contract of stores says */
  send(request: VaultRequest): Promise<VaultAnswer>
}

interface Login {
  readonly token: string
  /** Who that is, for an error. */
  readonly as: string
  /** On this process's own clock, in milliseconds; it may be used until then. */
  readonly until: number
}

const loginSchema = z.looseObject({
  auth: z.looseObject({ client_token: z.string().check(z.regex(/^[\x21-\x7e]+$/)), lease_duration: z.catch(z.number(), 0) }),
})

/** A token counts as ended so many milliseconds before it ends. */
const margin = 15_000

/** A login at one Vault or OpenBao server, made at the first request and kept until its token ends. */
export function vaultSession({ address, variables, idTokenRight, onSecret }: VaultSessionSetup): VaultSession {
  let login: Promise<Login> | undefined

  const loggedIn = async (at: VaultServer): Promise<Login> => {
    const before = login
    const known = await before?.catch(() => undefined)
    if (known !== undefined && known.until > performance.now()) return known
    // Of calls that come at once, the first asks for all.
    if (login === before) login = newLogin(at)
    return login ?? newLogin(at)
  }

  const newLogin = async (at: VaultServer): Promise<Login> => {
    const { role, auth, audience } = address
    if (role === undefined) {
      const token = variableOf(variables, 'VAULT_TOKEN', 'login')
      if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) throw noToken()
      onSecret(token)
      return { token, as: 'VAULT_TOKEN', until: Infinity }
    }
    const networkEnv = variables.values
    const { token: jwt, claims } = await requestIdToken({ audience, right: idTokenRight, networkEnv, onSecret })
    const answer = await exchange(at, { method: 'POST', path: `auth/${auth}/login`, body: { role, jwt }, changes: false }, {})
    const granted = loginSchema.safeParse(answer.body).data?.auth
    if (answer.status !== 200 || granted === undefined) throw loginRefused(address, claims, answer)
    onSecret(granted.client_token)
    const until = granted.lease_duration > 0 ? performance.now() + granted.lease_duration * 1_000 - margin : Infinity
    return { token: granted.client_token, as: `role ${role} (${claims})`, until }
  }

  return {
    send: async (request) => {
      const at = serverOf(address, variables)
      const { token, as } = await loggedIn(at)
      return { ...(await exchange(at, request, { 'x-vault-token': token })), as }
    },
  }
}

function serverOf({ server, namespace }: VaultAddress, variables: JobVariables): VaultServer {
  const at = (url: URL, inside: string | undefined): VaultServer => ({ url, namespace: inside, name: `Vault at ${url.host}`, variables })
  if (server !== undefined) return at(new URL(server), namespace)
  const url = parseServer(variableOf(variables, 'VAULT_ADDR') ?? '')
  if (typeof url === 'string') throw unusable('VAULT_ADDR', url)
  const inside = variableOf(variables, 'VAULT_NAMESPACE')?.replace(/^\/|\/$/g, '')
  if (inside !== undefined && !areNames(inside)) throw unusable('VAULT_NAMESPACE', 'It must be a name, or names with / between them.')
  return at(url, inside)
}
