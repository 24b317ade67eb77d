import { KeeperError } from '../keeper-error.ts'

interface FailedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: unknown
}

export interface GithubFailure {
  /** What GitHub answered; undefined when nothing came. */
  readonly response: FailedResponse | undefined
  /** The error to throw; its text is made here alone, since Octokit's errors quote requests and answers. */
  explained(what: string, method: string): KeeperError
}

/** Reads what Octokit has thrown. */
export function githubFailure(error: unknown): GithubFailure {
  const { response } = error as { response?: FailedResponse }
  return {
    response,
    explained: (what, method) => {
      if (response === undefined) return isOctokits(error) ? lostAnswer(what, method, error) : unusableKey(what)
      return explained(response, what, method)
    },
  }
}

/** Whether GitHub asks to slow down. Source: GitHub's REST documentation, "Rate limits". */
export function limited({ status, headers, data }: FailedResponse): boolean {
  if (status !== 403 && status !== 429) return false
  return (
    status === 429 ||
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /\bsecondary rate\b/i.test(String((data as { message?: unknown } | undefined)?.message))
  )
}

function explained(response: FailedResponse, what: string, method: string): KeeperError {
  const { status } = response
  if (limited(response)) return tooMany(response, what)
  switch (status) {
    case 401:
      return new KeeperError(
        'store-unauthorized',
        `GitHub was asked to ${what} and does not accept the token (401).`,
        'Check that the token, or the id and private key of the App, is complete, has not expired and was not revoked.',
      )
    case 403:
      return denied(response, what)
    case 404:
      return new KeeperError(
        'store-refused',
        `GitHub was asked to ${what} and found nothing there (404), or hides it from this token.`,
        'Check the names, and that the token has access to this repository.',
      )
  }
  if (status < 500) {
    return new KeeperError(
      'store-refused',
      `GitHub refused to ${what} (${status}).`,
      'Check the set-up against docs/stores.md; the same request will be refused again.',
    )
  }
  return noAnswer(what, method, `it answered with status ${status}`)
}

function denied({ headers }: FailedResponse, what: string): KeeperError {
  const wanted = String(headers['x-accepted-github-permissions'] ?? '')
  const named = /^[\w=,; -]{1,200}$/.test(wanted)
  return new KeeperError(
    'store-unauthorized',
    `The token may not ${what} (403)${named ? `: GitHub asks for the permission ${wanted.replaceAll(';', ' or')}` : ''}.`,
    'Use a fine-grained token or a GitHub App that has this permission for this repository (a classic token: the scope repo). ' +
      'The GITHUB_TOKEN of a job can never have permissions for secrets, variables or environments.',
  )
}

function tooMany({ headers }: FailedResponse, what: string): KeeperError {
  const seconds = Number(headers['retry-after'])
  const reset = Number(headers['x-ratelimit-reset'])
  const until = seconds > 0 ? ` for ${seconds} s` : reset > 0 ? ` until ${new Date(reset * 1000).toISOString()}` : ''
  return new KeeperError(
    'store-refused',
    `GitHub limits the rate of requests and asks to wait${until} before it lets this token ${what}, longer than this step can wait.`,
    'Run the job again later, or give the keeper a token that other programs do not use up.',
  )
}

function lostAnswer(what: string, method: string, error: unknown): KeeperError {
  const code = networkCode(error)
  const never = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN'
  return noAnswer(what, never ? 'GET' : method, code === undefined ? 'no complete answer came' : `no complete answer came, ${code}`)
}

function noAnswer(what: string, method: string, why: string): KeeperError {
  if (method === 'GET') {
    return new KeeperError('store-unreachable', `GitHub could not be asked to ${what}: ${why}.`, 'Run the job again when GitHub is back.')
  }
  return new KeeperError(
    'store-unknown-outcome',
    `Whether GitHub did ${what} is unknown: ${why}.`,
    'Run the job again when GitHub is back.',
  )
}

/** The code of a network error, which is all of it that is safe to show. */
function networkCode(error: unknown): string | undefined {
  let at: unknown = error
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause, name } = at as { code?: unknown; cause?: unknown; name?: unknown }
    if (typeof code === 'string' && /^[A-Z_]{4,40}$/.test(code)) return code
    if (name === 'TimeoutError') return 'time-out'
    at = cause
  }
  return undefined
}

function isOctokits(error: unknown): boolean {
  return error instanceof Error && error.name === 'HttpError'
}

/** Nothing but the App's key is worked on before a request goes out. */
function unusableKey(what: string): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    `The request to ${what} could not be signed: the key or token is not usable.`,
    'Put the whole PEM file that GitHub gave for the App into app-private-key, with its first and last line.',
  )
}
