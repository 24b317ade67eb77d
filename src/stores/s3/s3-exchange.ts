import { serverWords } from '../../server-words.ts'
import type { JobVariables } from '../job-variables.ts'
import { ask, unanswered } from '../server-answers.ts'
import { isRegion } from './s3-address.ts'

export interface S3Answer {
  readonly status: number
  readonly etag: string | undefined
  readonly body: Buffer
  /** Of the error that the server gave; undefined when it gave none as S3 does. */
  readonly code: string | undefined
  readonly message: string | undefined
  /** Where the bucket is, when the server says that it is elsewhere. */
  readonly region: string | undefined
  /** Of the server, as errors name it. */
  readonly name: string
  /** Who asked, for an error. */
  readonly as: string
}

export interface S3Exchange {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly url: URL
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly changes: boolean
}

/** Sends one request to one server. @throws KeeperError as `ask` does, and where the server itself says that it cannot answer now */
export async function exchange(variables: JobVariables, { name, changes, ...request }: S3Exchange): Promise<Omit<S3Answer, 'as'>> {
  const { status, headers, body } = await ask({ name, caVariable: 'AWS_CA_BUNDLE', variables }, request, changes)
  const xml = status < 300 ? '' : body.toString('utf8')
  const [code, message] = [textIn(xml, 'Code'), textIn(xml, 'Message')]
  const region = [headers['x-amz-bucket-region'], textIn(xml, 'Region')].find((each) => typeof each === 'string' && isRegion(each))
  const answer = {
    status,
    body,
    name,
    etag: headers.etag,
    code: code !== undefined && /^[\w.]{1,80}$/.test(code) ? code : undefined,
    message: message === undefined ? undefined : serverWords(message),
    region: status === 301 || code === 'AuthorizationHeaderMalformed' ? (region as string | undefined) : undefined,
  }
  // Slow down, or a request that took too long to arrive: nothing was done.
  const undone = status === 429 || status === 503 || code === 'RequestTimeout'
  if (undone || (status >= 500 && status !== 501)) {
    const why = [`status ${status}`, answer.code, answer.message].filter((part) => part !== undefined).join(' ')
    throw unanswered({ name }, why, changes && !undone)
  }
  return answer
}

/** The text of the first element of this name. */
export function textIn(xml: string, tag: string): string | undefined {
  const text = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&apos;|&#39;/g, "'")
    .replaceAll('&amp;', '&')
}
