/** Who can see this repository and who started this run, as far as it is known. */
export interface RunOrigin {
  readonly eventName: string
  /** The event's payload as GitHub wrote it. */
  readonly payload: EventPayload
  /** undefined when neither the event nor the API told. */
  readonly isPublic: boolean | undefined
  readonly allowPublicRepository: boolean
  readonly allowUntrustedEvent: boolean
}

/** The few fields of an event's payload that matter here. */
export interface EventPayload {
  readonly repository?:
    { readonly id?: number | undefined; readonly private?: boolean | undefined; readonly default_branch?: string | undefined } | undefined
  readonly pull_request?:
    { readonly head?: { readonly repo?: { readonly id?: number | undefined } | null | undefined } | undefined } | undefined
  readonly workflow_run?:
    | {
        readonly event?: string | undefined
        readonly head_repository?: { readonly id?: number | undefined } | null | undefined
      }
    | undefined
}

export type Trust = { readonly kind: 'trusted' } | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }

/** Events that anyone who can see a public repository can start. */
const startedByAnyone = ['issues', 'issue_comment', 'discussion', 'discussion_comment', 'fork', 'watch']

/**
 * Whether this run may hold a login: not where the public can read logs, caches and refs, and not for code or text that
 * comes from a fork.
 */
export function judgeTrust(origin: RunOrigin): Trust {
  const { isPublic, allowPublicRepository, allowUntrustedEvent } = origin
  if (!allowPublicRepository) {
    if (isPublic === undefined) {
      return refused(
        'It is unknown whether this repository is public: the event does not say, and the API gave no answer.',
        'Give github-token the permission "contents: read" (or "metadata"), or set allow-public-repository: true if you accept the risk.',
      )
    }
    if (isPublic) {
      return refused(
        'This repository is public: logs, refs and caches can be read by anyone, and pull requests run by anyone.',
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

function whyUntrusted({ eventName, payload, isPublic }: RunOrigin): string | undefined {
  const home = payload.repository?.id
  if (eventName.startsWith('pull_request')) {
    const head = payload.pull_request?.head?.repo?.id
    // A deleted fork has no repository any more; only the same id is proof of no fork.
    if (home !== undefined && head === home) return undefined
    return `The pull request of this ${eventName} event comes from a fork`
  }
  if (eventName === 'workflow_run') {
    const { event = '', head_repository: head } = payload.workflow_run ?? {}
    if (home === undefined || head?.id !== home) return 'The workflow_run event was started by a run of a fork'
    if (startedByAnyone.includes(event)) return `The workflow_run event was started by ${event}, which outsiders can start`
    return undefined
  }
  if (eventName === 'issue_comment') return 'Anyone who can comment can start an issue_comment event'
  if (isPublic !== false && startedByAnyone.includes(eventName)) return `Anyone can start ${eventName} in a public repository`
  return undefined
}

function refused(message: string, remedy: string): Trust {
  return { kind: 'refused', message, remedy }
}
