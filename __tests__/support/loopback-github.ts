import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAccess, type LoopbackApp, type Permissions, type TokenOptions } from './loopback-github/access.ts'
import { problem } from './loopback-github/answers.ts'
import { answerOf, send, type GithubFault } from './loopback-github/faults.ts'
import { openIssues } from './loopback-github/issues.ts'
import { openPulls } from './loopback-github/pull-requests.ts'
import { routed, type GithubOperation, type LoopbackRepository } from './loopback-github/routes.ts'
import { openVault, type Vault } from './loopback-github/vault.ts'
import { openRuns } from './loopback-github/workflow-runs.ts'

export type { LoopbackApp, Permissions, TokenOptions } from './loopback-github/access.ts'
export type { GithubFault } from './loopback-github/faults.ts'
export type { GithubOperation, LoopbackRepository } from './loopback-github/routes.ts'
export type { Vault } from './loopback-github/vault.ts'

export interface LoopbackGithubOptions {
  /** Milliseconds before each answer, for benches. */
  readonly delayMs?: number
  /** The server's clock, milliseconds since 1970. */
  readonly now?: () => number
}

export interface RepositoryOptions {
  readonly private?: boolean
  readonly defaultBranch?: string
  readonly environments?: readonly string[]
}

/** The secrets of a run: the repository's are read when it is queued, an environment's when a job starts. */
export interface QueuedRun {
  /** What `${{ secrets.… }}` gives a job that starts now; an environment's secret goes before the repository's. */
  snapshotAtStart(environment?: string): Record<string, string>
}

export interface LoopbackGithub {
  /** For GITHUB_API_URL. */
  readonly url: string
  /** Makes a repository (`owner/name`), private unless said otherwise. */
  repository(fullName: string, options?: RepositoryOptions): LoopbackRepository
  /** Secrets and variables of a repository, or of one of its environments. */
  vault(fullName: string, environment?: string): Vault
  /** A personal token, fine-grained or classic; with a `login` of `github-actions[bot]` it serves as GITHUB_TOKEN. */
  token(options: TokenOptions): string
  revoke(token: string): void
  /** An App that is installed on these repositories. */
  app(permissions: Permissions, repositories: readonly string[]): LoopbackApp
  /** Freezes the repository's secrets. */
  snapshotAtQueue(fullName: string): QueuedRun
  /** The next `times` requests of this kind meet the fault (default: until `heal`). Faults queue up. */
  inject(on: GithubOperation | 'any', fault: GithubFault, times?: number): void
  heal(): void
  /** Puts the server's clock forward. */
  advance(seconds: number): void
  /** Requests by operation, in order; those that met a fault too. */
  readonly log: readonly GithubOperation[]
  /** Method and path of every request, in the same order. */
  readonly paths: readonly string[]
  /** The `Authorization` header of every request that had one. */
  readonly authorizations: readonly string[]
  count(operation: GithubOperation): number
  close(): Promise<void>
}

/** Starts a GitHub REST API on a free port of 127.0.0.1: secrets, variables, issues, repositories, Apps. */
export async function startLoopbackGithub({ delayMs = 0, now: clock = Date.now }: LoopbackGithubOptions = {}): Promise<LoopbackGithub> {
  let ahead = 0
  const now = (): number => clock() + ahead
  const access = openAccess(now)
  const repositories = new Map<string, LoopbackRepository>()
  const script: { on: GithubOperation | 'any'; fault: GithubFault; times: number }[] = []
  const log: GithubOperation[] = []
  const paths: string[] = []
  const authorizations: string[] = []
  const closing = new AbortController()

  const faultFor = (operation: GithubOperation): GithubFault | undefined => {
    const next = script.find(({ on, times }) => (on === operation || on === 'any') && times > 0)
    if (next) next.times -= 1
    return next?.fault
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    const incoming = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://127.0.0.1'),
      authorization: request.headers.authorization,
      body: body === '' ? undefined : (JSON.parse(body) as unknown),
    }
    const { operation, perform } = routed(incoming, { access, repositories })
    log.push(operation)
    paths.push(`${incoming.method} ${incoming.url.pathname}`)
    if (incoming.authorization !== undefined) authorizations.push(incoming.authorization)
    const fault = faultFor(operation)
    const wait = delayMs + (fault?.kind === 'slow' ? fault.milliseconds : 0)
    if (fault?.kind === 'hang-up' && !fault.done) {
      request.socket.destroy()
      return
    }
    const answer = fault === undefined ? perform() : (answerOf(fault, now()) ?? perform())
    if (fault?.kind === 'hang-up') {
      request.socket.destroy()
      return
    }
    if (wait > 0) await sleep(wait, undefined, { signal: closing.signal })
    send(response, answer, fault, new Date(now()))
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent || closing.signal.aborted) request.socket.destroy()
      else send(response, problem(400, 'Problems parsing JSON'), undefined, new Date(now()))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })

  const repository = (fullName: string): LoopbackRepository => {
    const found = repositories.get(fullName)
    if (found === undefined) throw new Error(`There is no repository ${fullName} on this loopback GitHub.`)
    return found
  }
  const vault = (fullName: string, environment?: string): Vault => {
    const found = environment === undefined ? repository(fullName).vault : repository(fullName).environments.get(environment)
    if (found === undefined) throw new Error(`${fullName} has no environment ${String(environment)}.`)
    return found
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    repository: (fullName, { private: hidden = true, defaultBranch = 'main', environments = [] } = {}) => {
      const vaults = new Map(environments.map((name) => [name, openVault(now)]))
      const branches = new Map<string, string[]>()
      const made: LoopbackRepository = {
        id: 1000 + repositories.size,
        fullName,
        private: hidden,
        defaultBranch,
        vault: openVault(now),
        issues: openIssues(now),
        pulls: openPulls(fullName),
        runs: openRuns(fullName, defaultBranch),
        environments: vaults,
        environmentBranches: branches,
        makeEnvironment: (name) => {
          if (!vaults.has(name)) vaults.set(name, openVault(now))
        },
        letUse: (environment, branch) => {
          branches.set(environment, [...(branches.get(environment) ?? []), branch])
        },
      }
      repositories.set(fullName, made)
      return made
    },
    vault,
    token: (options) => access.token(options),
    revoke: (token) => {
      access.revoke(token)
    },
    app: (permissions, on) => access.app(permissions, on),
    snapshotAtQueue: (fullName) => {
      const queued = vault(fullName).secrets()
      return {
        snapshotAtStart: (environment) => ({ ...queued, ...(environment !== undefined && vault(fullName, environment).secrets()) }),
      }
    },
    inject: (on, fault, times = Infinity) => {
      script.push({ on, fault, times })
    },
    heal: () => {
      script.length = 0
    },
    advance: (seconds) => {
      ahead += seconds * 1000
    },
    log,
    paths,
    authorizations,
    count: (operation) => log.filter((each) => each === operation).length,
    close: () =>
      new Promise((resolve, reject) => {
        closing.abort()
        server.close((error) => {
          if (error) reject(error)
          else resolve()
        })
        server.closeAllConnections()
      }),
  }
}
