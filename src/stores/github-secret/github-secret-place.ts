import * as z from 'zod/mini'
import type { GithubAnswer, GithubApi } from '../../github/github-api.ts'
import { KeeperError } from '../../keeper-error.ts'
import type { SecretName } from './github-secret-name.ts'
import { parseRecord, type StoredRecord } from './github-secret-record.ts'

export interface Repository {
  readonly owner: string
  readonly repo: string
}

/** What can be seen of a secret and of the variable beside it. */
export interface Sight {
  /** When the secret was last written, by GitHub's clock and to the second; undefined when there certainly is none. */
  readonly updatedAt: string | undefined
  readonly record:
    | { readonly kind: 'none' }
    | { readonly kind: 'held'; readonly record: StoredRecord }
    /** The variable is there, but its value was not written by the keeper. */
    | { readonly kind: 'foreign' }
    | { readonly kind: 'denied'; readonly why: string }
}

export interface PublicKey {
  readonly key: string
  readonly key_id: string
}

export type PutOutcome =
  /** By GitHub's own clock. */
  | { readonly kind: 'stored'; readonly at: Date }
  /** 409: another write is under way. */
  | { readonly kind: 'busy' }
  /** 422. */
  | { readonly kind: 'invalid' }

/** One secret of one repository or environment, and its variable, as GitHub's REST API shows them. */
export interface SecretPlace {
  /** In words, for messages. */
  readonly words: string
  look(): Promise<Sight>
  updatedAt(): Promise<string | undefined>
  /** Also shows that the repository and its environment are there. */
  publicKey(): Promise<PublicKey>
  put(document: Uint8Array, key: PublicKey): Promise<PutOutcome>
  saveRecord(value: string, exists: boolean): Promise<void>
  proveWritable(): Promise<void>
}

const secretSchema = z.looseObject({ updated_at: z.string() })
const keySchema = z.looseObject({ key: z.string(), key_id: z.string() })
const variableSchema = z.looseObject({ value: z.string() })

export function secretPlace(api: GithubApi, repository: Repository, name: SecretName): SecretPlace {
  const { secret, environment, variable } = name
  const words = environment === undefined ? `the repository secret ${secret}` : `the secret ${secret} of the environment "${environment}"`
  const scope = environment === undefined ? '/repos/{owner}/{repo}/actions' : '/repos/{owner}/{repo}/environments/{environment_name}'
  const names = { ...repository, ...(environment !== undefined && { environment_name: environment }) }
  const ask = (what: string, route: string, parameters: object, expected: readonly number[] = []): Promise<GithubAnswer> => {
    const [method = '', path = ''] = route.split(' ')
    return api.request({ what, route: `${method} ${scope}${path}`, parameters: { ...names, ...parameters }, expected })
  }

  const updatedAt = async (): Promise<string | undefined> => {
    const answer = await ask(`read the state of ${words}`, 'GET /secrets/{secret_name}', { secret_name: secret }, [404])
    return answer.status === 404 ? undefined : understood(secretSchema, answer).updated_at
  }
  const record = async (): Promise<Sight['record']> => {
    try {
      const answer = await ask(`read the variable ${variable}`, 'GET /variables/{name}', { name: variable }, [404])
      if (answer.status === 404) return { kind: 'none' }
      const held = parseRecord(understood(variableSchema, answer).value)
      return held === undefined ? { kind: 'foreign' } : { kind: 'held', record: held }
    } catch (error) {
      if (error instanceof KeeperError && error.code === 'store-unauthorized') return { kind: 'denied', why: error.message }
      throw error
    }
  }

  return {
    words,
    updatedAt,
    look: async () => {
      const [written, held] = await Promise.all([updatedAt(), record()])
      return { updatedAt: written, record: held }
    },
    publicKey: async () => understood(keySchema, await ask(`read the public key for ${words}`, 'GET /secrets/public-key', {})),
    put: async (document, { key, key_id }) => {
      const encrypted_value = await sealedBox(document, key)
      const answer = await ask(`write ${words}`, 'PUT /secrets/{secret_name}', { secret_name: secret, encrypted_value, key_id }, [409, 422])
      if (answer.status === 409) return { kind: 'busy' }
      if (answer.status === 422) return { kind: 'invalid' }
      return { kind: 'stored', at: dateOf(answer) }
    },
    saveRecord: async (value, exists) => {
      const update = (expected: readonly number[]): Promise<GithubAnswer> =>
        ask(`write the variable ${variable}`, 'PATCH /variables/{name}', { name: variable, value }, expected)
      if (exists && (await update([404])).status !== 404) return
      const { status } = await ask(`write the variable ${variable}`, 'POST /variables', { name: variable, value }, [409])
      if (status === 409) await update([])
    },
    proveWritable: () =>
      proveWritable(api, environment, words, () =>
        ask(`write ${words}`, 'PUT /secrets/{secret_name}', { secret_name: `${secret}_PROBE` }, [422]),
      ),
  }
}

/**
 * A GitHub App's token names its permissions. Any other token is tried on a secret that does not exist, with a request
 * that lacks the required `key_id` (GitHub's REST documentation, "Create or update an environment secret"): without the
 * permission the answer is 403, with it 422. That GitHub looks at the permission first is not documented, and not verified
 * (docs/not-verified-live.md). The secret itself is not touched.
 */
async function proveWritable(
  api: GithubApi,
  environment: string | undefined,
  words: string,
  probe: () => Promise<GithubAnswer>,
): Promise<void> {
  const permissions = await api.permissions()
  const wanted = environment === undefined ? 'secrets' : 'environments'
  if (permissions?.[wanted] === 'write') return
  // Older lists of permissions have "secrets" for those of environments too, so GitHub is asked.
  if (permissions !== undefined && permissions['secrets'] !== 'write') {
    throw new KeeperError(
      'store-unauthorized',
      `The token of the GitHub App may not write ${words}: it lacks the permission ${wanted}=write.`,
      'Give the App this permission in its settings, and accept the change where it is installed.',
    )
  }
  await probe()
}

/** libsodium's sealed box in base64, as GitHub's guide "Encrypting secrets for the REST API" wants it. */
async function sealedBox(document: Uint8Array, key: string): Promise<string> {
  const { default: sodium } = await import('libsodium-wrappers')
  await sodium.ready
  const { ORIGINAL } = sodium.base64_variants
  return sodium.to_base64(sodium.crypto_box_seal(document, sodium.from_base64(key, ORIGINAL)), ORIGINAL)
}

function dateOf({ headers }: GithubAnswer): Date {
  const date = new Date(String(headers['date']))
  return Number.isNaN(date.getTime()) ? new Date() : date
}

function understood<T>(schema: z.ZodMiniType<T>, { data }: GithubAnswer): T {
  const result = schema.safeParse(data)
  if (result.success) return result.data
  throw new KeeperError(
    'store-unreachable',
    'GitHub gave an answer that is not one of its API.',
    'Check GITHUB_API_URL and what is between this runner and GitHub, then run the job again.',
  )
}
