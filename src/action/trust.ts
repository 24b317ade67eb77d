import type { RunFacts, Visibility } from './runner/run-facts.ts'

/** Who can see this repository and who started this run, as far as it is known. */
export interface RunOrigin extends Pick<RunFacts, 'repositoryId' | 'pullRequestHead' | 'workflowRunHead' | 'workflowRunEvent'> {
  readonly eventName: string
  /** undefined when neither the event nor the API told. */
  readonly visibility: Visibility | undefined
  readonly allowPublicRepository: boolean
  readonly allowUntrustedEvent: boolean
}

export type Trust = { readonly kind: 'trusted' } | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }

/** Events that only people and programs with write access start, and the clock. */
const startedByWriters = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'public',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'workflow_dispatch',
]

/** Trusted where the pull request comes from this repository: only somebody with write access can have made its branch. */
const ofAPullRequest = ['pull_request', 'pull_request_target']

/** Events that anybody with read access can start, most of them with a text of their own. */
const startedByReaders = [
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'issues',
  'pull_request_review',
  'pull_request_review_comment',
  'watch',
]

/**
 * Whether this run may hold a login: not where the public can read logs, caches and refs, and only for an event that
 * is known not to be started by outsiders and not to bring in their code or text.
 */
export function judgeTrust(origin: RunOrigin): Trust {
  const { visibility, allowPublicRepository, allowUntrustedEvent } = origin
  if (!allowPublicRepository) {
    if (visibility === undefined) {
      return refused(
        'It is unknown whether this repository is public: the event does not say, and the API gave no answer.',
        'Give github-token the permission "contents: read" (or "metadata"), or set allow-public-repository: true if you accept the risk.',
      )
    }
    if (visibility === 'public') {
      return refused(
        'This repository is public: anyone can read its logs, refs and caches, and open pull requests that run in it.',
        'Keep the login in a private repository, or set allow-public-repository: true if you accept the risk.',
      )
    }
  }
  const outsiders = allowUntrustedEvent ? undefined : whyUntrusted(origin)
  if (outsiders !== undefined) {
    return refused(
      `${outsiders}, and whoever steers Codex in this run can read the login.`,
      'Run the job for push, schedule or workflow_dispatch instead, or set allow-untrusted-event: true if you accept the risk.',
    )
  }
  return { kind: 'trusted' }
}

/** Why GitHub gives a run no secrets of Actions, so that inputs are empty; undefined where it does. */
export function whyNoSecrets({
  eventName,
  actor,
  repositoryId,
  pullRequestHead,
}: Pick<RunOrigin, 'eventName' | 'repositoryId' | 'pullRequestHead'> & { readonly actor: string }):
  Extract<Trust, { kind: 'refused' }> | undefined {
  if (actor === 'dependabot[bot]') {
    return refused(
      'Dependabot started this run, and GitHub gives such a run the secrets of Dependabot alone, not those of Actions.',
      "Skip the job for Dependabot (if: github.actor != 'dependabot[bot]'), or keep the same secrets as Dependabot secrets too.",
    )
  }
  if (eventName.startsWith('pull_request') && eventName !== 'pull_request_target' && pullRequestHead !== repositoryId) {
    return refused(
      'The pull request of this run comes from a fork, and GitHub gives such a run no secrets.',
      'Skip the job for forks (if: github.event.pull_request.head.repo.full_name == github.repository).',
    )
  }
  return undefined
}

function whyUntrusted({ eventName, visibility, repositoryId, pullRequestHead, ...run }: RunOrigin): string | undefined {
  if (startedByWriters.includes(eventName)) return undefined
  // A deleted fork has no repository any more; only an equal id proves that it is not a fork.
  const isFromHere = (head: string): boolean => repositoryId !== '' && head === repositoryId
  if (eventName.startsWith('pull_request') && !isFromHere(pullRequestHead)) {
    return `The pull request of this ${eventName} event comes from a fork`
  }
  if (ofAPullRequest.includes(eventName)) return undefined
  if (eventName === 'workflow_run') {
    if (!isFromHere(run.workflowRunHead)) return 'The workflow_run event was started by a run of a fork'
    const isKnown = [...startedByWriters, ...ofAPullRequest].includes(run.workflowRunEvent)
    return isKnown ? undefined : `The workflow_run event was started by ${named(run.workflowRunEvent)}, which outsiders can start`
  }
  if (eventName === 'issue_comment') return 'Anyone who can comment can start an issue_comment event'
  if (startedByReaders.includes(eventName)) return whoReads(eventName, visibility)
  return `It is not known who can start ${named(eventName)}`
}

function whoReads(eventName: string, visibility: Visibility | undefined): string | undefined {
  switch (visibility) {
    case 'private':
      return undefined
    case 'internal':
      return `Any member of the enterprise can start ${eventName} in an internal repository`
    case 'public':
    case undefined:
      return `Anyone can start ${eventName} in a public repository`
  }
}

function named(event: string): string {
  return event === '' ? 'an event without a name' : event
}

function refused(message: string, remedy: string): Extract<Trust, { kind: 'refused' }> {
  return { kind: 'refused', message, remedy }
}
