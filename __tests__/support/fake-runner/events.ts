import type { JobSpec } from './job-spec.ts'
import type { Value } from './expressions.ts'

export interface EventOptions {
  /** `owner/name` of the workflow's repository. */
  readonly repository?: string
  /** Whether the repository is public. Default false. */
  readonly open?: boolean
  /** Not public, and open to every member of the enterprise. */
  readonly internal?: boolean
  readonly fork?: boolean
}

/** The parts of a job that an event decides. */
export type EventSpec = Required<Pick<JobSpec, 'event' | 'ref' | 'repository'>>

const otherRepository = 'someone-else/your-repo'
const repositoryId = 1001
const forkId = 2002

/** A push to the default branch. */
export function pushEvent(options: EventOptions = {}): EventSpec {
  return spec('push', 'refs/heads/main', { ref: 'refs/heads/main', repository: repositoryOf(options) }, options)
}

export function workflowDispatchEvent(options: EventOptions = {}): EventSpec {
  return spec('workflow_dispatch', 'refs/heads/main', { inputs: null, ref: 'refs/heads/main', repository: repositoryOf(options) }, options)
}

/** A schedule: its payload says nothing of the repository. */
export function scheduleEvent(options: EventOptions = {}): EventSpec {
  return spec('schedule', 'refs/heads/main', { schedule: '17 4 * * 1' }, options)
}

/** A pull request, from the same repository or, with `fromFork`, from somebody else's. */
export function pullRequestEvent(options: EventOptions & { readonly fromFork?: boolean } = {}): EventSpec {
  return spec('pull_request', 'refs/pull/7/merge', pullRequestPayload(options), options)
}

/** `pull_request_target`: runs on the base branch, with secrets, also for forks. */
export function pullRequestTargetEvent(options: EventOptions & { readonly fromFork?: boolean } = {}): EventSpec {
  return spec('pull_request_target', 'refs/heads/main', pullRequestPayload(options), options)
}

/** A comment, which anybody can write where the repository is public. */
export function issueCommentEvent(options: EventOptions = {}): EventSpec {
  const payload = {
    action: 'created',
    repository: repositoryOf(options),
    issue: { number: 7, pull_request: { url: 'https://api.github.com/repos/your-org/your-repo/pulls/7' } },
    comment: { body: '/run', author_association: 'NONE', user: { login: 'someone-else' } },
  }
  return spec('issue_comment', 'refs/heads/main', payload, options)
}

/** Any other event, with what it adds to the repository; one about a pull request comes from the repository itself. */
export function namedEvent(name: string, options: EventOptions = {}): EventSpec {
  const payload = name.startsWith('pull_request') ? pullRequestPayload(options) : { repository: repositoryOf(options) }
  return spec(name, 'refs/heads/main', payload, options)
}

/** A run that follows another one, which a fork may have started. */
export function workflowRunEvent(options: EventOptions & { readonly fromFork?: boolean; readonly after?: string } = {}): EventSpec {
  const head = {
    id: options.fromFork ? forkId : repositoryId,
    full_name: options.fromFork ? otherRepository : nameOf(options),
    fork: options.fromFork ?? false,
  }
  const payload = {
    action: 'completed',
    repository: repositoryOf(options),
    workflow_run: { event: options.after ?? 'pull_request', head_branch: 'topic', head_repository: head, conclusion: 'success' },
  }
  return spec('workflow_run', 'refs/heads/main', payload, options)
}

function pullRequestPayload(options: EventOptions & { readonly fromFork?: boolean }): Value {
  const base = repositoryOf(options)
  const head = options.fromFork ? { id: forkId, full_name: otherRepository, fork: true, private: false } : base
  return {
    action: 'synchronize',
    number: 7,
    repository: base,
    pull_request: { number: 7, head: { ref: 'topic', repo: head }, base: { ref: 'main', repo: base } },
  }
}

function repositoryOf(options: EventOptions): { readonly [name: string]: Value } {
  const full = nameOf(options)
  const open = options.open ?? false
  const [owner = '', name = ''] = full.split('/')
  return {
    id: repositoryId,
    full_name: full,
    name,
    private: !open,
    visibility: open ? 'public' : options.internal ? 'internal' : 'private',
    fork: options.fork ?? false,
    default_branch: 'main',
    owner: { login: owner },
  }
}

function nameOf({ repository = 'your-org/your-repo' }: EventOptions): string {
  return repository
}

function spec(name: string, ref: string, payload: Value, options: EventOptions): EventSpec {
  return { event: { name, payload }, ref, repository: nameOf(options) }
}
