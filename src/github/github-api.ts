import type { Clock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import { githubFailure, limited } from './github-failure.ts'
import { proxiedFetch } from './proxied-fetch.ts'

/** Who asks: a token as it is, or a GitHub App whose token for this repository is made when it is needed. */
export type GithubAuth =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string; readonly owner: string; readonly repo: string }

export interface GithubApiSetup {
  /** GITHUB_API_URL of the runner. */
  readonly baseUrl: string
  readonly auth: GithubAuth
  readonly clock: Clock
  /** Milliseconds that failed attempts and waiting may cost over the life of this object, so that a post step ends in time. */
  readonly patience?: number
  /** Milliseconds until an attempt without a complete answer is given up; a third of it once the patience is used up. */
  readonly longestAttempt?: number
  /** Milliseconds that a second of waiting lasts; tests shorten it. */
  readonly secondLasts?: number
}

export interface GithubRequest {
  /** What is being done, as the end of "may not …": it goes into error messages. */
  readonly what: string
  /** Method and path template, for example `GET /repos/{owner}/{repo}`. */
  readonly route: string
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Statuses from 400 on that are an answer and not an error. */
  readonly expected?: readonly number[]
}

export interface GithubAnswer {
  readonly status: number
  /** The JSON of the body; undefined when there is none. To be validated by whoever reads it. */
  readonly data: unknown
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

export interface GithubApi {
  /**
   * Asks GitHub once, with a bounded number of further attempts while it is out of reach or limits the rate.
   * @throws KeeperError store-unauthorized, store-refused, store-unreachable, or store-unknown-outcome for a request that
   *   changes something and whose answer was lost; never with a token, a header or a body in it
   */
  request(request: GithubRequest): Promise<GithubAnswer>
  /** The permissions of the App's token by name (`secrets: write`); undefined for a token that cannot be asked for them. */
  permissions(): Promise<Readonly<Record<string, string>> | undefined>
}

const furtherAttempts = 2

/**
 * The GitHub REST API through Octokit with its retry and throttling plug-ins, all loaded at the first request. It prints
 * nothing. Requests go by the proxy that this process's variables name.
 */
export function githubApi(setup: GithubApiSetup): GithubApi {
  const budget = budgetOf(setup)
  let opened: Promise<OpenedOctokit> | undefined
  const octokit = async (): Promise<OpenedOctokit> => {
    opened ??= openOctokit(setup, budget)
    try {
      return await opened
    } catch (error) {
      opened = undefined
      throw error
    }
  }
  return {
    request: async (request) => send((await octokit()).request, request, budget),
    permissions: async () => {
      const { auth } = await octokit()
      if (setup.auth.kind !== 'app') return undefined
      const { permissions } = (await asked('get a token for the GitHub App', 'GET', () => auth({ type: 'installation' }))) as {
        permissions?: Record<string, string>
      }
      return permissions ?? {}
    },
  }
}

type OctokitRequest = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{
  status: number
  data: unknown
  headers: GithubAnswer['headers']
}>
interface OpenedOctokit {
  readonly request: OctokitRequest
  readonly auth: (options: { type: 'installation' }) => Promise<unknown>
}

async function openOctokit(setup: GithubApiSetup, budget: Budget): Promise<OpenedOctokit> {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import('@octokit/core'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ])
  const Patient = Octokit.plugin(retry, throttling)
  const secondLasts = setup.secondLasts ?? 1_000
  const wait = (seconds: number, _options: unknown, _octokit: unknown, retryCount: number): boolean =>
    retryCount < furtherAttempts && budget.take(seconds * secondLasts)
  const options = {
    baseUrl: setup.baseUrl.replace(/\/+$/, ''),
    userAgent: 'codex-auth-keeper',
    log: silent,
    request: { log: silent, fetch: budget.fetch },
    // 403 and 429 are the throttling plug-in's.
    retry: { retries: furtherAttempts, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451], retryAfterBaseValue: secondLasts / 2 },
    throttle: {
      onRateLimit: wait,
      onSecondaryRateLimit: wait,
      retryAfterBaseValue: secondLasts,
      // The plug-in lets one to three seconds pass between writes; a job makes two or three, and being killed must not cost the second.
      write: unpaced as never,
      notifications: unpaced as never,
    },
  }
  const { auth } = setup
  if (auth.kind === 'token') return new Patient({ ...options, auth: auth.token })
  const { createAppAuth } = await import('@octokit/auth-app')
  const { appId, privateKey, owner, repo } = auth
  const app = new Patient({ ...options, authStrategy: createAppAuth, auth: { appId, privateKey } }) as OpenedOctokit
  const { status, data } = await send(
    app.request,
    {
      what: `find the installation of the GitHub App on ${owner}/${repo}`,
      route: 'GET /repos/{owner}/{repo}/installation',
      parameters: { owner, repo },
      expected: [404],
    },
    budget,
  )
  const installationId = (data as { id?: unknown } | undefined)?.id
  if (status === 404 || typeof installationId !== 'number') {
    throw new KeeperError(
      'store-unauthorized',
      `The GitHub App is not installed on ${owner}/${repo}.`,
      'Install the App on this repository, or check app-id.',
    )
  }
  return new Patient({ ...options, authStrategy: createAppAuth, auth: { appId, privateKey, installationId } })
}

async function send(
  request: OctokitRequest,
  { what, route, parameters, expected = [] }: GithubRequest,
  budget: Budget,
): Promise<GithubAnswer> {
  const method = route.split(' ', 1)[0] ?? ''
  const { status, data, headers } = await asked(
    what,
    method,
    () =>
      request(route, {
        ...parameters,
        headers: { 'x-github-api-version': '2022-11-28' },
        ...(budget.left() <= 0 && { request: { retries: 0 } }),
      }),
    expected,
  )
  if (typeof data === 'string' && data !== '') {
    throw new KeeperError(
      'store-unreachable',
      `GitHub did not answer the request to ${what} with JSON.`,
      'Check GITHUB_API_URL and what is between this runner and GitHub, then run the job again.',
    )
  }
  return { status, data: data === '' ? undefined : data, headers }
}

async function asked<T>(what: string, method: string, operation: () => Promise<T>, expected: readonly number[] = []): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    const failure = githubFailure(error)
    if (failure.response !== undefined && expected.includes(failure.response.status) && !limited(failure.response)) {
      return failure.response as T
    }
    throw failure.explained(what, method)
  }
}

interface Budget {
  left(): number
  /** Grants a wait of so many milliseconds, or refuses it because too little is left. */
  take(milliseconds: number): boolean
  readonly fetch: typeof fetch
}

function budgetOf({ clock, patience = 20_000, longestAttempt = 10_000 }: GithubApiSetup): Budget {
  let left = patience
  return {
    left: () => left,
    take: (milliseconds) => {
      if (milliseconds > left) return false
      left -= milliseconds
      return true
    },
    fetch: async (input, init) => {
      const start = clock.now()
      try {
        const milliseconds = Math.ceil(Math.max(longestAttempt / 3, Math.min(longestAttempt, left)))
        const url = input instanceof Request ? input.url : input.toString()
        const answer = await proxiedFetch(url, init ?? {}, milliseconds)
        // Read here, an answer that is cut short is a failed attempt; Octokit would take what came for the whole.
        const body = await answer.arrayBuffer()
        if (answer.status >= 500) left -= clock.now() - start
        return new Response(body.byteLength === 0 ? null : body, { status: answer.status, headers: answer.headers })
      } catch (error) {
        left -= clock.now() - start
        throw error
      }
    },
  }
}

const silent = { debug: noop, info: noop, warn: noop, error: noop }
const unpaced = { key: () => ({ schedule: (_: object, job: () => Promise<void>) => job() }) }

function noop(): void {
  // Octokit would warn on the console, which is the job's log.
}
