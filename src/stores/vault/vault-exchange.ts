import * as z from 'zod/mini'
import { serverWords } from '../../server-words.ts'
import type { JobVariables } from '../job-variables.ts'
import { ask, unanswered } from '../server-answers.ts'

export interface VaultServer {
  readonly url: URL
  readonly namespace: string | undefined
  readonly name: string
  readonly variables: JobVariables
}

export interface VaultRequest {
  readonly method: 'GET' | 'POST'
  /** Below `/v1/`, its parts not yet encoded. */
  readonly path: string
  readonly body?: unknown
  /** Whether its effect matters when the answer is lost. */
  readonly changes: boolean
}

export interface VaultAnswer {
  readonly status: number
  readonly body: unknown
  /** What the server gave as its errors; undefined when that is not a list, as when it is not Vault that answers. */
  readonly errors: readonly string[] | undefined
  /** Of the server, as errors name it. */
  readonly name: string
  /** Who asked, for an error. */
  readonly as: string
}

const errorsSchema = z.looseObject({ errors: z.array(z.string()) })

/** A standby that has not caught up, that does not answer for others, too many requests, sealed: nothing was done. */
const away = [412, 429, 472, 473, 503]

/** Sends one request to one server. @throws KeeperError as `ask` does, and where the server itself says that it cannot answer now */
export async function exchange(
  { url: origin, namespace, name, variables }: VaultServer,
  { method, path, body, changes }: VaultRequest,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<VaultAnswer, 'as'>> {
  const url = new URL(`/v1/${path.split('/').map(encodeURIComponent).join('/')}`, origin)
  const answer = await ask(
    { name, caVariable: 'VAULT_CACERT', variables },
    {
      method,
      url,
      headers: {
        ...headers,
        'x-vault-request': 'true',
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
    },
    changes,
  )
  const { status } = answer
  const parsed = json(answer.body)
  const errors = errorsSchema.safeParse(parsed).data?.errors.map(serverWords)
  if (away.includes(status) || status >= 500) {
    const why = `status ${status}${errors?.length ? `: ${errors.join(' ')}` : ''}`
    throw unanswered({ name }, why, changes && !away.includes(status))
  }
  return { status, body: parsed, errors, name }
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
