import { join } from 'node:path'
import type { Scope, Value } from './expressions.ts'
import type { JobState } from './job-state.ts'

const conditionContexts = ['github', 'strategy', 'matrix', 'steps', 'job', 'runner', 'env', 'vars']

/** Which contexts GitHub gives to a place in a workflow or an `action.yml`. */
const available = {
  condition: conditionContexts,
  step: [...conditionContexts, 'secrets', 'needs', 'inputs'],
  inputDefault: ['github', 'strategy', 'matrix', 'job', 'runner'],
} as const

/** `env` is what the step at hand has: job, GITHUB_ENV and its own. */
export function scopeFor(
  state: JobState,
  place: keyof typeof available,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Scope {
  const all: Record<string, Value> = {
    github: { ...githubContext(state), ...files },
    strategy: { 'job-total': state.spec.jobTotal ?? 1, 'job-index': 0, 'fail-fast': true, 'max-parallel': state.spec.jobTotal ?? 1 },
    matrix: state.spec.matrix ?? null,
    steps: Object.fromEntries([...state.steps].map(([id, { outputs, outcome, conclusion }]) => [id, { outputs, outcome, conclusion }])),
    job: { status: state.status },
    runner: runnerContext(state),
    env,
    vars: state.spec.vars ?? {},
    needs: {},
    inputs: {},
    secrets: { ...state.spec.secrets, GITHUB_TOKEN: state.githubToken, github_token: state.githubToken },
  }
  const contexts = Object.fromEntries(available[place].map((name) => [name, all[name] ?? null]))
  return { status: state.status, contexts }
}

/** The `github` context as far as it does not depend on the step. */
export function githubContext({ spec, places, githubToken }: JobState): Record<string, Value> {
  const repository = spec.repository ?? places.repository
  const { name: eventName, payload } = spec.event ?? defaultEvent(repository)
  const ref = spec.ref ?? 'refs/heads/main'
  const server = spec.serverUrl ?? 'https://github.com'
  const api = spec.apiUrl ?? 'https://api.github.com'
  return {
    token: githubToken,
    job: spec.name ?? 'job',
    workflow: spec.workflow ?? 'CI',
    repository,
    repository_owner: repository.split('/')[0] ?? '',
    repository_id: '1000',
    repository_owner_id: '2000',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    head_ref: '',
    base_ref: '',
    sha: spec.sha ?? '0123456789abcdef0123456789abcdef01234567',
    actor: spec.actor ?? 'octocat',
    actor_id: '3000',
    triggering_actor: spec.actor ?? 'octocat',
    event_name: eventName,
    event: payload,
    event_path: eventPath(places.temp),
    run_id: spec.runId ?? '1',
    run_number: '1',
    run_attempt: String(spec.runAttempt ?? 1),
    retention_days: '90',
    server_url: server,
    api_url: api,
    graphql_url: `${api}/graphql`,
    workflow_ref: `${repository}/.github/workflows/ci.yml@${ref}`,
    workflow_sha: spec.sha ?? '',
    workspace: claimedWorkspace(places.kind, places.workspace),
  }
}

const notInEnvironment = new Set(['token', 'event'])

/** The variables that the contexts become, `GITHUB_*` and `RUNNER_*`; they win over the user's. */
export function contextVariables(state: JobState, step: Readonly<Record<string, string>>): Record<string, string> {
  const github = Object.entries({ ...githubContext(state), ...step })
    .filter(([name, value]) => !notInEnvironment.has(name) && typeof value === 'string')
    .map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, value as string] as const)
  const runner = Object.entries(runnerContext(state)).map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value] as const)
  return Object.fromEntries([...github, ...runner])
}

export function eventPath(temp: string): string {
  return join(temp, '_github_workflow', 'event.json')
}

function runnerContext({ spec, places }: JobState): Record<string, string> {
  return {
    os: process.platform === 'darwin' ? 'macOS' : 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    name: places.kind === 'self-hosted' ? 'build-box' : 'GitHub Actions 1',
    environment: places.kind === 'self-hosted' ? 'self-hosted' : 'github-hosted',
    tool_cache: places.toolCache,
    temp: places.temp,
    workspace: join(places.workspace, '..'),
    ...(spec.stepDebug ? { debug: '1' } : {}),
  }
}

function claimedWorkspace(kind: string, workspace: string): string {
  return kind === 'container' ? workspace.replace(/^.*\/work\//, '/__w/') : workspace
}

function defaultEvent(repository: string): { name: string; payload: Value } {
  const [owner = ''] = repository.split('/')
  return {
    name: 'push',
    payload: {
      ref: 'refs/heads/main',
      repository: {
        full_name: repository,
        private: true,
        visibility: 'private',
        fork: false,
        default_branch: 'main',
        owner: { login: owner },
      },
    },
  }
}
