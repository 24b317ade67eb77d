import type { ServerResponse } from 'node:http'
import { problem, type Answer } from './answers.ts'

export type GithubFault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly message?: string
      readonly headers?: Record<string, string>
      /** What the answer says besides. */
      readonly body?: object
    }
  /** Cuts the connection without an answer; when `done`, the request has had its effect. */
  | { readonly kind: 'hang-up'; readonly done: boolean }
  /** Sends half of the answer and cuts the connection; the request has had its effect. */
  | { readonly kind: 'cut-off' }
  /** Answers so many milliseconds later; the request has its effect at once. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The secondary rate limit, with or without `retry-after` in seconds. */
  | { readonly kind: 'secondary-limit'; readonly status: 403 | 429; readonly retryAfter?: number }
  /** The hourly limit is used up for so many seconds. */
  | { readonly kind: 'primary-limit'; readonly seconds: number }
  /** A page of something that is not GitHub, with status 200. */
  | { readonly kind: 'page'; readonly body: string }

/** What a fault answers instead of the API; undefined when the API itself is to be asked. */
export function answerOf(fault: GithubFault, now: number): Answer | undefined {
  switch (fault.kind) {
    case 'status': {
      const answer = problem(fault.status, fault.message ?? `scripted answer ${fault.status}`, fault.headers)
      return { ...answer, body: { ...(answer.body as object), ...fault.body } }
    }
    case 'secondary-limit':
      return problem(
        fault.status,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      )
    case 'primary-limit':
      return problem(403, 'API rate limit exceeded for installation.', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(now / 1000) + fault.seconds),
      })
    case 'page':
      return { status: 200, body: fault.body, headers: { 'content-type': 'text/html; charset=utf-8' } }
    case 'hang-up':
    case 'cut-off':
    case 'slow':
      return undefined
  }
}

export function send(response: ServerResponse, { status, body, headers }: Answer, fault: GithubFault | undefined, date: Date): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const all = {
    date: date.toUTCString(),
    ...(text !== '' && { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }),
    ...headers,
  }
  response.writeHead(status, all)
  if (fault?.kind !== 'cut-off') {
    response.end(text)
    return
  }
  // An answer without a body is cut before its head is complete.
  if (text === '') response.destroy()
  else response.write(text.slice(0, text.length / 2), () => response.destroy())
}
