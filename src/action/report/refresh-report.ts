import { accessEnds } from '../../credential/issued.ts'
import { failureWords, type CodexFailure } from '../../codex/failure.ts'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import type { Refresh, SmokeTest, Stored } from '../../keeper/refresh.ts'
import { outcomeWords, type Annotation, type Report } from './report.ts'
import { distanceWords } from './time-words.ts'

/** What the early refresh did; undefined when there is nothing to say. @param now seconds since 1970 */
export function refreshReport(refresh: Refresh, due: boolean, now: number): Report | undefined {
  switch (refresh.kind) {
    case 'not-asked':
      if (refresh.why !== 'no-cli' || !due) return undefined
      return report(
        'Codex login is due, but not refreshed yet',
        [],
        [
          warning(
            'The login is due for a refresh and there is no Codex CLI in PATH, so Codex will refresh it in the middle of the job, where a lost runner loses it. Install Codex before this step.',
          ),
        ],
      )
    case 'refreshed':
      return report('Codex login refreshed before the job goes on', storedLines(refresh, now), storedWarnings(refresh))
    case 'overtaken':
      return report(
        `Codex login refreshed by another job, taken from ${refresh.store}`,
        ['OpenAI refused our copy because another job was faster; its newer copy is installed.'],
        [],
      )
    case 'unchanged':
      return report(
        'Codex login not refreshed',
        [],
        [
          warning(
            `Codex was asked to refresh the login and left it as it was. ${refresh.failure === undefined ? 'It gave no reason, as when it cannot reach OpenAI.' : words(refresh.failure)} The job goes on with the login it has.`,
          ),
        ],
      )
    case 'left-running':
      return report('Codex is still refreshing the login', [], [warning(leftRunning)])
    case 'superseded':
    case 'unread':
    case 'needs-reseed':
      return undefined
  }
}

/** What the smoke test showed. @param now seconds since 1970 */
export function smokeTestReport(test: SmokeTest, now: number): Report {
  switch (test.kind) {
    case 'passed':
      return report('Codex login proved by a smoke test', storedLines(test.stored, now), storedWarnings(test.stored))
    case 'failed':
      return report('Codex login: the smoke test failed', storedLines(test.stored, now), storedWarnings(test.stored))
    case 'left-running':
      return report('Codex login: the smoke test did not end', [], [warning(leftRunning)])
  }
}

const leftRunning = 'Codex did not end in time. It may be in the middle of a refresh, so it was not killed; the post step waits for it.'

/** A refresh after which this job has no login to go on with. */
export function refreshError(refresh: Extract<Refresh, { kind: 'needs-reseed' | 'superseded' | 'unread' }>): KeeperError {
  if (refresh.kind === 'superseded') {
    return new KeeperError(
      'store-superseded',
      `Another job has refreshed the login meanwhile. ${refresh.store} holds the newer one, but a run gets a secret only as it was when the job started.`,
      'Start a new run of the workflow (not "Re-run jobs"), and let jobs with this login wait for each other: concurrency with queue: max.',
    )
  }
  if (refresh.kind === 'unread') {
    const { failure, store, error } = refresh
    return new KeeperError(
      'store-unreachable',
      `${failureWords[failure].cause} The store ${store} may hold a newer login and could not be read: ${messageOf(error)}`,
      `${error instanceof KeeperError ? error.remedy : 'See that the store answers.'} Then run the job again; a person is needed only if that fails too.`,
    )
  }
  const { failure, seedIsOlder } = refresh
  const seed = seedIsOlder ? ' The seed in auth-json is older than this copy, so it is spent too.' : ''
  return new KeeperError(
    'needs-reseed',
    `${failureWords[failure].cause}${seed} No store holds a newer login, and the stored copies stay as they were.`,
    failureWords[failure].wayOut,
  )
}

/** A smoke test that failed; the login itself may be good. */
export function smokeTestError(failure: CodexFailure | undefined): KeeperError {
  if (failure === undefined) {
    return new KeeperError(
      'codex-failed',
      'The smoke test failed: codex exec ended with an error that says nothing about the login.',
      'Run "codex exec --skip-git-repo-check \'Reply exactly: OK\'" in a step of its own and read what it says.',
    )
  }
  const { cause, wayOut, needsPerson } = failureWords[failure]
  return new KeeperError(needsPerson ? 'needs-reseed' : 'codex-failed', `The smoke test failed. ${cause}`, wayOut)
}

function words(failure: CodexFailure): string {
  return `${failureWords[failure].cause} ${failureWords[failure].wayOut}`
}

function storedLines(stored: Stored | undefined, now: number): string[] {
  if (stored === undefined) return []
  const { standing, writeBack } = stored
  return [
    `Access token ends: ${distanceWords(accessEnds(standing.base.issued), now)}`,
    ...writeBack.results.map(({ name, guarantee, outcome }) => `Store ${name} (${guarantee}): ${outcomeWords(outcome)}`),
  ]
}

function storedWarnings(stored: Stored | undefined): Annotation[] {
  if (stored === undefined) return []
  const { results, verdict } = stored.writeBack
  return [
    ...results.flatMap(({ name, outcome }) => (outcome.kind === 'failed' ? [warning(`Store ${name}: ${outcomeWords(outcome)}`)] : [])),
    ...(verdict === 'lost'
      ? [warning('No store holds the refreshed login yet. The post step tries again; until then a lost runner loses the login.')]
      : []),
  ]
}

function report(title: string, lines: readonly string[], annotations: readonly Annotation[]): Report {
  const list = lines.map((line) => `- ${line}`).join('\n')
  return {
    title,
    lines,
    annotations,
    summary: [`### ${title}`, ...(list === '' ? [] : [list]), ...annotations.map(({ text }) => text)].join('\n\n'),
  }
}

function warning(text: string): Annotation {
  return { level: 'warning', text }
}
