import { KeeperError } from '../../keeper-error.ts'
import { unanswered } from '../server-answers.ts'
import type { VaultAddress } from './vault-address.ts'
import type { VaultAnswer } from './vault-exchange.ts'

/** The rules that the keeper needs for one place, to be pasted into a policy. */
export function policyText(apiPaths: readonly string[]): string {
  return apiPaths.map((path) => `path "${path}" { capabilities = ["create", "read", "update"] }`).join('\n')
}

export function noToken(): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    'The line has no role=, and there is no VAULT_TOKEN when the keeper starts.',
    'Add role= to the line and "id-token: write" to the permissions of the job (no long-lived token is needed then), ' +
      'or set VAULT_TOKEN before this step.',
  )
}

/** Who may log in is what people get wrong first, so the error says what was sent. */
export function loginRefused(address: VaultAddress, claims: string, answer: Omit<VaultAnswer, 'as'>): KeeperError {
  const { role = '', auth } = address
  const why = saidBy(answer)
  return new KeeperError(
    'store-unauthorized',
    `${answer.name} did not let the job log in as role ${role} at auth/${auth} (${why}). The id token said: ${claims}.`,
    `See that auth/${auth}/role/${role} is there, and that its bound_audiences and bound_claims fit this subject and audience` +
      (address.audience === undefined ? ' (audience= in the line changes the audience).' : '.'),
  )
}

export function denied(apiPath: string, answer: VaultAnswer, paths: readonly string[]): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    `${answer.name} does not give ${answer.as} access to ${apiPath} (${saidBy(answer)}). It says the same of a token that has ended and of a mount that is not there.`,
    `Give its policy:\n${policyText(paths)}`,
  )
}

export function refused(apiPath: string, answer: VaultAnswer): KeeperError {
  if (answer.errors === undefined) return unanswered(answer, `status ${answer.status}, and not as Vault says it`, false)
  return new KeeperError(
    'store-refused',
    `${answer.name} refused the request for ${apiPath} (${saidBy(answer)}).`,
    'Check mount, path and namespace= in the line; the same request will be refused again.',
  )
}

export function saidBy({ status, errors }: Pick<VaultAnswer, 'status' | 'errors'>): string {
  return `${status}${errors?.length ? `: ${errors.join(' ')}` : ''}`
}
