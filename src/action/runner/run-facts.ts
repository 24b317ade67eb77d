/** What GitHub's event says of this repository and of what the run is for; '' or undefined where it does not. */
export interface RunFacts {
  readonly visibility: Visibility | undefined
  /** An older server says no more than that it is not public. */
  readonly isHidden: boolean
  readonly defaultBranch: string | undefined
  readonly repositoryId: string
  /** Of the repository that a pull request comes from. */
  readonly pullRequestHead: string
  /** Of the repository of the run that a `workflow_run` event is about, and that run's own event. */
  readonly workflowRunHead: string
  readonly workflowRunEvent: string
}

export type Visibility = 'public' | 'internal' | 'private'

const form = /^private=(true|false|) visibility=(\w*) id=(\d*) head=(\d*) run-head=(\d*) run-event=(\w*) default-branch=(.*)$/

/**
 * Reads the input `run-facts`, whose default the runner fills in from what GitHub has sent it: a step can change the
 * file of the event, and every variable.
 */
export function parseRunFacts(text: string): RunFacts {
  const [
    ,
    hidden = '',
    visibility = '',
    repositoryId = '',
    pullRequestHead = '',
    workflowRunHead = '',
    workflowRunEvent = '',
    branch = '',
  ] = form.exec(text.trim()) ?? []
  return {
    visibility: visibilityOf(visibility, hidden === '' ? undefined : hidden === 'true'),
    isHidden: hidden === 'true',
    defaultBranch: branch === '' ? undefined : branch,
    repositoryId,
    pullRequestHead,
    workflowRunHead,
    workflowRunEvent,
  }
}

/** What is not public may be internal, and is that until somebody says that it is private. */
export function visibilityOf(visibility: string | undefined, isHidden: boolean | undefined): Visibility | undefined {
  if (isHidden === false || visibility === 'public') return 'public'
  return isHidden === true && (visibility === 'internal' || visibility === 'private') ? visibility : undefined
}
