import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accountHash } from '../../credential/fingerprint.ts'
import type { KeepReason } from '../../credential/write-back-decision.ts'
import { errorWords } from '../../keeper-error.ts'
import { retried } from '../../keeper/store-access.ts'
import { examine } from '../../keeper/store-finding.ts'
import { writeBack, type StoreOutcome } from '../../keeper/write-back.ts'
import type { SecretName } from '../../stores/github-secret/github-secret-name.ts'
import type { Store } from '../../stores/store.ts'
import type { CliContext } from '../context.ts'
import { githubServer, githubToken } from '../repository.ts'
import { wrongUsage } from '../wrong-usage.ts'

/** A place that a new login is for. */
export interface LoginPlace {
  readonly name: string
  /** What can be known before there is a login: whether it would take one, and what it has. Never throws. */
  examine(): Promise<Examined>
  /** Puts the login there, unless another account's or a later one is there. Never throws. */
  handOver(login: ManagedCredential): Promise<StoreOutcome>
}

export type Examined = { readonly kind: 'ready'; readonly words: string } | { readonly kind: 'refused'; readonly error: unknown }

/** A store as a place for a new login: the keeper's own rules say whether it takes it. */
export function storePlace(store: Store, clock: CliContext['clock']): LoginPlace {
  return {
    name: store.name,
    examine: async () => {
      const { look, proof } = await examine(store, clock)
      if (look.kind === 'unreadable') return { kind: 'refused', error: look.error }
      if (proof.kind === 'refused') return { kind: 'refused', error: proof.error }
      const holds = look.kind === 'held' ? `holds a login of account ${accountHash(look.credential.fingerprint)}` : 'empty'
      const writable = proof.kind === 'proved' ? 'write access proved' : 'write access cannot be proved beforehand'
      return { kind: 'ready', words: `${holds}, ${writable}` }
    },
    handOver: async (login) => {
      const standing = { base: login.fingerprint, lastSeen: {} }
      const { results } = await writeBack({ stores: [store], file: { kind: 'managed', credential: login }, standing, clock })
      return results[0]?.outcome ?? { kind: 'failed', error: new Error('The store gave no answer.') }
    },
  }
}

/**
 * A GitHub secret as a place for a new login.
 * @throws KeeperError invalid-inputs where the repository or a token is missing
 */
export async function secretAsPlace(
  secret: SecretName,
  repository: string | undefined,
  { environment, terminal, cwd, clock }: CliContext,
): Promise<LoginPlace> {
  const [owner, repo] = repository?.split('/') ?? []
  if (owner === undefined || repo === undefined) {
    throw wrongUsage(`Nobody has said in which repository the secret ${secret.secret} is.`, 'Name it with --repo owner/name.')
  }
  const server = githubServer(environment.shared)
  const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server)
  if (token === undefined) {
    throw wrongUsage(
      `There is no token that could write the secret ${secret.secret}.`,
      'Log in with "gh auth login", or set CODEX_AUTH_TOKEN to a fine-grained token with the permission Secrets (for an environment: Environments): write.',
    )
  }
  terminal.secrets.add([token])
  const [{ githubApi }, { loginSecret }] = await Promise.all([
    import('../../github/github-api.ts'),
    import('../../stores/github-secret/login-secret.ts'),
  ])
  const api = githubApi({ baseUrl: server.apiUrl, auth: { kind: 'token', token }, clock })
  const place = loginSecret(api, { owner, repo }, secret, clock)
  return {
    name: place.words,
    examine: async () => {
      try {
        const found = await retried(() => place.prove(), clock)
        return { kind: 'ready', words: found === 'new' ? 'will be made, write access proved' : 'will be replaced, write access proved' }
      } catch (error) {
        return { kind: 'refused', error }
      }
    },
    handOver: async (login) => {
      try {
        const outcome = await retried(() => place.put(login), clock)
        return outcome === 'written' ? { kind: 'written' } : { kind: 'kept', reason: outcome }
      } catch (error) {
        return { kind: 'failed', error }
      }
    },
  }
}

/** Whether the place has the login now. */
export function hasLogin(outcome: StoreOutcome): boolean {
  return outcome.kind === 'written' || (outcome.kind === 'kept' && outcome.reason === 'unchanged')
}

/** What became of the login at one place. */
export function handedWords(outcome: StoreOutcome): string {
  switch (outcome.kind) {
    case 'written':
      return 'has the new login'
    case 'kept':
      return keptWords[outcome.reason] ?? `stays as it was (${outcome.reason})`
    case 'failed':
      return `failed: ${errorWords(outcome.error)}`
  }
}

const keptWords: Readonly<Partial<Record<KeepReason, string>>> = {
  unchanged: 'has this login already',
  'different-account': 'stays as it was: it holds the login of another account (name another slot or secret, or log in as that account)',
  superseded: 'stays as it was: it holds a login that was issued later',
}
