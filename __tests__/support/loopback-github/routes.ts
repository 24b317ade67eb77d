import { invalid, noContent, notFound, ok, type Answer } from './answers.ts'
import { refusal, type Access, type Bearer } from './access.ts'
import type { IssueTracker } from './issues.ts'
import type { PullRequests } from './pull-requests.ts'
import type { Vault } from './vault.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

export interface LoopbackRepository {
  readonly id: number
  readonly fullName: string
  readonly private: boolean
  readonly defaultBranch: string
  readonly vault: Vault
  readonly environments: ReadonlyMap<string, Vault>
  /** The branches that may use an environment, where it has been told them. */
  readonly environmentBranches: ReadonlyMap<string, readonly string[]>
  makeEnvironment(name: string): void
  letUse(environment: string, branch: string): void
  readonly issues: IssueTracker
  readonly pulls: PullRequests
  readonly runs: WorkflowRuns
}

export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly authorization: string | undefined
  readonly body: unknown
}

export interface Places {
  readonly access: Access
  readonly repositories: ReadonlyMap<string, LoopbackRepository>
}

/** What one route does, once the bearer may do it. `names` are the path's parts after the repository or environment. */
interface Route {
  readonly method: string
  /** After `/repos/{owner}/{repo}`, or after `/actions` and `/environments/{name}` for a vault. */
  readonly path: RegExp
  /** `vault` stands for the permission of the repository's or the environment's vault. */
  readonly permission: readonly [
    'metadata' | 'issues' | 'pull_requests' | 'actions' | 'administration' | 'vault-secrets' | 'vault-variables',
    'read' | 'write',
  ]
  handle(place: {
    repository: LoopbackRepository
    vault: Vault
    environment: string
    bearer: Bearer
    incoming: Incoming
    name: string
  }): Answer
}

const routes = {
  'get-repository': {
    method: 'GET',
    path: /^$/,
    permission: ['metadata', 'read'],
    handle: ({ repository: { id, fullName, private: hidden, defaultBranch } }) =>
      ok({
        id,
        full_name: fullName,
        name: fullName.split('/')[1],
        private: hidden,
        visibility: hidden ? 'private' : 'public',
        default_branch: defaultBranch,
      }),
  },
  'get-key': {
    method: 'GET',
    path: /^\/secrets\/public-key$/,
    permission: ['vault-secrets', 'read'],
    handle: ({ vault }) => vault.answer.key(),
  },
  'get-secret': {
    method: 'GET',
    path: /^\/secrets\/([^/]+)$/,
    permission: ['vault-secrets', 'read'],
    handle: ({ vault, name }) => vault.answer.getSecret(name),
  },
  'put-secret': {
    method: 'PUT',
    path: /^\/secrets\/([^/]+)$/,
    permission: ['vault-secrets', 'write'],
    handle: ({ vault, name, incoming: { body } }) => vault.answer.putSecret(name, body),
  },
  'delete-secret': {
    method: 'DELETE',
    path: /^\/secrets\/([^/]+)$/,
    permission: ['vault-secrets', 'write'],
    handle: ({ vault, name }) => vault.answer.deleteSecret(name),
  },
  'get-variable': {
    method: 'GET',
    path: /^\/variables\/([^/]+)$/,
    permission: ['vault-variables', 'read'],
    handle: ({ vault, name }) => vault.answer.getVariable(name),
  },
  'create-variable': {
    method: 'POST',
    path: /^\/variables$/,
    permission: ['vault-variables', 'write'],
    handle: ({ vault, incoming: { body } }) => vault.answer.createVariable(body),
  },
  'update-variable': {
    method: 'PATCH',
    path: /^\/variables\/([^/]+)$/,
    permission: ['vault-variables', 'write'],
    handle: ({ vault, name, incoming: { body } }) => vault.answer.updateVariable(name, body),
  },
  'delete-variable': {
    method: 'DELETE',
    path: /^\/variables\/([^/]+)$/,
    permission: ['vault-variables', 'write'],
    handle: ({ vault, name }) => vault.answer.deleteVariable(name),
  },
  'list-issues': {
    method: 'GET',
    path: /^\/issues$/,
    permission: ['issues', 'read'],
    handle: ({ repository: { issues }, incoming: { url } }) => issues.answer.list(url.searchParams),
  },
  'create-issue': {
    method: 'POST',
    path: /^\/issues$/,
    permission: ['issues', 'write'],
    handle: ({ repository: { issues }, incoming: { body }, bearer }) => issues.answer.create(body, bearer.login),
  },
  'get-issue': {
    method: 'GET',
    path: /^\/issues\/(\d+)$/,
    permission: ['issues', 'read'],
    handle: ({ repository: { issues }, name }) => issues.answer.get(Number(name)),
  },
  'update-issue': {
    method: 'PATCH',
    path: /^\/issues\/(\d+)$/,
    permission: ['issues', 'write'],
    handle: ({ repository: { issues }, name, incoming: { body } }) => issues.answer.update(Number(name), body),
  },
  'list-comments': {
    method: 'GET',
    path: /^\/issues\/(\d+)\/comments$/,
    permission: ['issues', 'read'],
    handle: ({ repository: { issues }, name }) => issues.answer.comments(Number(name)),
  },
  'create-comment': {
    method: 'POST',
    path: /^\/issues\/(\d+)\/comments$/,
    permission: ['issues', 'write'],
    handle: ({ repository: { issues }, name, incoming: { body }, bearer }) => issues.answer.comment(Number(name), body, bearer.login),
  },
  'list-pulls': {
    method: 'GET',
    path: /^\/pulls$/,
    permission: ['pull_requests', 'read'],
    handle: ({ repository: { pulls }, incoming: { url } }) => pulls.answer.list(url.searchParams),
  },
  'create-pull': {
    method: 'POST',
    path: /^\/pulls$/,
    permission: ['pull_requests', 'write'],
    handle: ({ repository: { pulls }, incoming: { body } }) => pulls.answer.create(body),
  },
  'list-runs': {
    method: 'GET',
    path: /^\/workflows\/([^/]+)\/runs$/,
    permission: ['actions', 'read'],
    handle: ({ repository: { runs }, name }) => runs.answer.list(name),
  },
  'dispatch-workflow': {
    method: 'POST',
    path: /^\/workflows\/([^/]+)\/dispatches$/,
    permission: ['actions', 'write'],
    handle: ({ repository: { runs }, name, incoming: { body } }) => runs.answer.dispatch(name, body),
  },
  'get-environment': {
    method: 'GET',
    path: /^\/environments\/([^/]+)$/,
    permission: ['actions', 'read'],
    handle: ({ repository: { environments }, name }) => (environments.has(name) ? ok({ id: 1, name }) : notFound),
  },
  'put-environment': {
    method: 'PUT',
    path: /^\/environments\/([^/]+)$/,
    permission: ['administration', 'write'],
    handle: ({ repository, name }) => {
      repository.makeEnvironment(name)
      return ok({ id: 1, name })
    },
  },
  'create-branch-policy': {
    method: 'POST',
    path: /^\/deployment-branch-policies$/,
    permission: ['administration', 'write'],
    handle: ({ repository, environment, incoming: { body } }) => {
      const { name } = (body ?? {}) as { name?: unknown }
      if (typeof name !== 'string') return invalid('"name" wasn\'t supplied.')
      repository.letUse(environment, name)
      return ok({ id: 1, name })
    },
  },
} satisfies Record<string, Route>

export type GithubOperation = keyof typeof routes | 'get-installation' | 'create-token' | 'unknown'

/** What a request asks for, and a function that does it. */
export function routed(incoming: Incoming, { access, repositories }: Places): { operation: GithubOperation; perform: () => Answer } {
  const { method, url, authorization, body } = incoming
  const [, installation] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(url.pathname) ?? []
  if (method === 'POST' && installation !== undefined) {
    return { operation: 'create-token', perform: () => access.installationToken(authorization, Number(installation), body) }
  }
  const [, owner = '', repo = '', rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? []
  const fullName = `${owner}/${repo}`
  if (method === 'GET' && rest === '/installation') {
    return { operation: 'get-installation', perform: () => access.installation(authorization, fullName) }
  }
  const [, environment, inside] = /^\/environments\/([^/]+)(\/.*)$/.exec(rest) ?? []
  const [, ofRepository] = /^\/actions(\/.*)$/.exec(rest) ?? []
  const path = inside ?? ofRepository ?? rest
  for (const [operation, route] of Object.entries(routes) as [keyof typeof routes, Route][]) {
    const match = method === route.method ? route.path.exec(path) : null
    if (match === null) continue
    const [kind, level] = route.permission
    const permission =
      kind === 'vault-secrets'
        ? environment === undefined
          ? 'secrets'
          : 'environments'
        : kind === 'vault-variables'
          ? environment === undefined
            ? 'actions_variables'
            : 'environments'
          : kind
    const perform = (): Answer => {
      const bearer = access.bearer(authorization)
      if ('status' in bearer) return bearer
      const repository = repositories.get(fullName)
      const refused = repository === undefined ? notFound : refusal(bearer, fullName, permission, level)
      const wanted = {
        'x-accepted-github-permissions': `${permission}=${level}`,
        ...(bearer.classic && { 'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'repo' }),
      }
      const vault = environment === undefined ? repository?.vault : repository?.environments.get(decodeURIComponent(environment))
      const answer =
        refused ??
        (repository === undefined || vault === undefined
          ? notFound
          : route.handle({
              repository,
              vault,
              environment: decodeURIComponent(environment ?? ''),
              bearer,
              incoming,
              name: decodeURIComponent(match[1] ?? ''),
            }))
      return { ...answer, headers: { ...wanted, ...answer.headers } }
    }
    return { operation, perform }
  }
  return { operation: 'unknown', perform: () => (method === 'OPTIONS' ? noContent : notFound) }
}
