import * as z from 'zod/mini'
import { redirectOf, sendHttps } from '../https-client.ts'
import { KeeperError } from '../keeper-error.ts'
import { serverWords } from '../server-words.ts'
import type { IdTokenRight } from './id-token-right.ts'
import { parsedUrl } from '../parsed-url.ts'

/** A token in which GitHub says, to whoever trusts it, what job this is. */
export interface IdToken {
  readonly token: string
  /** The claims that a trust is usually bound to, as they may be shown: "subject …, audience …". */
  readonly claims: string
}

export interface IdTokenRequest {
  /** Who is to trust it; undefined: GitHub's own default, the URL of the repository's owner. */
  readonly audience: string | undefined
  readonly right: IdTokenRight | undefined
  /** Where the proxies stand. */
  readonly networkEnv: Readonly<Record<string, string | undefined>>
  /** Told the token before it is used, so that it can be masked. */
  readonly onSecret: (secret: string) => void
}

const answerSchema = z.looseObject({ value: z.string().check(z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)) })
const payloadSchema = z.looseObject({
  sub: z.catch(z.string(), 'none'),
  aud: z.catch(z.union([z.string(), z.array(z.string())]), 'none'),
})

const remedy =
  'Give the job "permissions: id-token: write" (and "contents: read" for what needs it). ' +
  'Runs for pull requests from forks and from Dependabot never get an id token.'

/**
 * Asks GitHub for the id token of this job; one request.
 * @throws KeeperError store-unauthorized when the job may not have one, store-unreachable when GitHub did not give an answer
 */
export async function requestIdToken({ audience, right, networkEnv, onSecret }: IdTokenRequest): Promise<IdToken> {
  const url = right && parsedUrl(right.url)
  if (right === undefined || !url) {
    throw new KeeperError('store-unauthorized', 'role= logs in with the id token of the job, and this job may not ask for one.', remedy)
  }
  onSecret(right.token)
  if (audience !== undefined) url.searchParams.set('audience', audience)
  const answer = await sendHttps(
    { method: 'GET', url, headers: { authorization: `Bearer ${right.token}`, accept: 'application/json' } },
    { env: networkEnv },
  )
  if (answer.kind !== 'answered') throw unreachable(answer.why)
  if (answer.status === 429 || answer.status >= 500 || redirectOf(answer, url) !== undefined) throw unreachable(`status ${answer.status}`)
  if (answer.status !== 200) {
    throw new KeeperError('store-unauthorized', `GitHub did not give this job an id token (status ${answer.status}).`, remedy)
  }
  const token = answerSchema.safeParse(parsed(answer.body.toString('utf8'))).data?.value
  if (token === undefined) throw unreachable('the answer holds no token')
  onSecret(token)
  return { token, claims: shownClaims(token) }
}

function unreachable(why: string): KeeperError {
  return new KeeperError('store-unreachable', `GitHub could not be asked for the id token of this job: ${why}.`, 'Run the job again later.')
}

/** Subject and audience alone: what else the token says is nobody's business in a log. */
function shownClaims(token: string): string {
  const payload = payloadSchema.safeParse(parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')))
  const { sub, aud } = payload.data ?? { sub: 'unreadable', aud: 'unreadable' }
  return `subject ${serverWords(sub)}, audience ${serverWords([aud].flat().join(' and '))}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
