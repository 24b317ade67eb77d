import { homedir } from 'node:os'
import * as z from 'zod/mini'
import { KeeperError } from '../../keeper-error.ts'
import { readPlainFile } from '../../plain-file.ts'
import type { EventPayload } from '../trust.ts'

/** What the runner says of this run. */
export interface RunContext {
  readonly eventName: string
  readonly payload: EventPayload
  /** `owner/name`. */
  readonly repository: string
  readonly ref: string
  readonly apiUrl: string
  readonly serverUrl: string
  readonly runUrl: string
  /** Emptied by the runner before and after each job. */
  readonly tempDirectory: string
  readonly workspace: string | undefined
  readonly home: string
  readonly path: string
}

const repository = z.catch(
  z.optional(
    z.looseObject({
      id: z.optional(z.number()),
      private: z.optional(z.boolean()),
      default_branch: z.optional(z.string()),
    }),
  ),
  undefined,
)
const head = z.nullish(z.looseObject({ id: z.optional(z.number()) }))
const payload = z.catch(
  z.looseObject({
    repository,
    pull_request: z.catch(z.optional(z.looseObject({ head: z.optional(z.looseObject({ repo: head })) })), undefined),
    workflow_run: z.catch(z.optional(z.looseObject({ event: z.optional(z.string()), head_repository: head })), undefined),
  }),
  { repository: undefined, pull_request: undefined, workflow_run: undefined },
)

/**
 * Reads the runner's variables and the event file.
 * @throws KeeperError unsupported-platform on Windows, or where no runner has started this process
 */
export async function readRunContext(env: Readonly<Record<string, string | undefined>>): Promise<RunContext> {
  if (process.platform === 'win32') {
    throw new KeeperError('unsupported-platform', 'Windows runners are not supported yet.', 'Run this job on Linux or macOS.')
  }
  const { GITHUB_REPOSITORY, RUNNER_TEMP, GITHUB_EVENT_NAME, GITHUB_EVENT_PATH } = env
  if (!GITHUB_REPOSITORY || !RUNNER_TEMP) {
    throw new KeeperError(
      'unsupported-platform',
      'GITHUB_REPOSITORY or RUNNER_TEMP is not set, so this is no GitHub Actions job.',
      'Use this action in a workflow.',
    )
  }
  const serverUrl = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  return {
    eventName: GITHUB_EVENT_NAME ?? '',
    payload: payload.parse(await readEvent(GITHUB_EVENT_PATH)),
    repository: GITHUB_REPOSITORY,
    ref: env['GITHUB_REF'] ?? '',
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    serverUrl,
    runUrl: `${serverUrl}/${GITHUB_REPOSITORY}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
    tempDirectory: RUNNER_TEMP,
    workspace: env['GITHUB_WORKSPACE'],
    home: env['HOME'] ?? homedir(),
    path: env['PATH'] ?? '',
  }
}

/** GitHub's own limit of a payload. Bytes. */
const largestEvent = 25 * 1024 * 1024

async function readEvent(path: string | undefined): Promise<unknown> {
  if (!path) return {}
  try {
    return JSON.parse(Buffer.from(await readPlainFile(path, largestEvent)).toString('utf8')) as unknown
  } catch {
    return {} // What the event does not say is asked from the API, or refused.
  }
}
