import { homedir } from 'node:os'
import { KeeperError } from '../../keeper-error.ts'

/** What the runner says of this run. */
export interface RunContext {
  readonly eventName: string
  /** Who started the run; of a pull request, who opened it or pushed to it last. */
  readonly actor: string
  /** `owner/name`. */
  readonly repository: string
  readonly ref: string
  readonly apiUrl: string
  readonly serverUrl: string
  readonly runUrl: string
  /** 1 for a run that was never started again. */
  readonly runAttempt: number
  /** The id of this job in its workflow. */
  readonly job: string
  /** Emptied by the runner before and after each job. */
  readonly tempDirectory: string
  readonly workspace: string | undefined
  readonly home: string
  readonly path: string
}

/**
 * Reads the runner's variables, which it sets itself for each stage, over a step's.
 * @throws KeeperError unsupported-platform on Windows, or where no runner has started this process
 */
export function readRunContext(env: Readonly<Record<string, string | undefined>>): RunContext {
  if (process.platform === 'win32') {
    throw new KeeperError('unsupported-platform', 'Windows runners are not supported yet.', 'Run this job on Linux or macOS.')
  }
  const { GITHUB_REPOSITORY, RUNNER_TEMP, GITHUB_EVENT_NAME } = env
  if (!GITHUB_REPOSITORY || !RUNNER_TEMP) {
    throw new KeeperError(
      'unsupported-platform',
      'GITHUB_REPOSITORY or RUNNER_TEMP is not set, so this is not a GitHub Actions job.',
      'Use this action in a workflow.',
    )
  }
  const serverUrl = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  return {
    eventName: GITHUB_EVENT_NAME ?? '',
    actor: env['GITHUB_ACTOR'] ?? '',
    repository: GITHUB_REPOSITORY,
    ref: env['GITHUB_REF'] ?? '',
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    serverUrl,
    runUrl: `${serverUrl}/${GITHUB_REPOSITORY}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
    runAttempt: Number(env['GITHUB_RUN_ATTEMPT'] ?? 1),
    job: env['GITHUB_JOB'] ?? '',
    tempDirectory: RUNNER_TEMP,
    workspace: env['GITHUB_WORKSPACE'],
    home: env['HOME'] ?? homedir(),
    path: env['PATH'] ?? '',
  }
}
