import { accessEnds } from '../../credential/issued.ts'
import { failureWords, type CodexFailure } from '../../codex/failure.ts'
import { errorWords } from '../../keeper-error.ts'
import type { Refresh } from '../../keeper/refresh.ts'
import type { Rotation } from '../../keeper/rotation.ts'
import type { SmokeTest } from '../../keeper/smoke-test.ts'
import { outcomeWords, type Annotation, type Report } from './report.ts'
import { distanceWords } from '../../time-words.ts'

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
      return report('Codex login refreshed before the job goes on', rotationLines(refresh, now), rotationWarnings(refresh))
    case 'overtaken':
      return report(
        `Codex login refreshed by another job, taken from ${refresh.store}`,
        [
          refresh.after === 'refused'
            ? 'OpenAI refused our copy because another job was faster; its newer copy is installed.'
            : 'Another job has refreshed the login while this one waited for its turn; the newer copy is installed, and nothing was spent here.',
          `Access token ends: ${distanceWords(accessEnds(refresh.standing.base.issued), now)}`,
        ],
        [],
      )
    case 'no-lease':
      if (refresh.due) return undefined
      return report(
        'Codex login not refreshed',
        [],
        [
          warning(
            `The store ${refresh.store} could not be asked whether another job is refreshing the login, so nothing was spent. ${errorWords(refresh.error)} The job goes on with the login it has, which is not due.`,
          ),
        ],
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
      return report('Codex login proved by a smoke test', rotationLines(test.rotation, now), rotationWarnings(test.rotation))
    case 'failed':
      return report('Codex login: the smoke test failed', rotationLines(test.rotation, now), rotationWarnings(test.rotation))
    case 'left-running':
      return report('Codex login: the smoke test did not end', [], [warning(leftRunning)])
  }
}

const leftRunning = 'Codex did not end in time. It may be in the middle of a refresh, so it was not killed; the post step waits for it.'

function words(failure: CodexFailure): string {
  return `${failureWords[failure].cause} ${failureWords[failure].wayOut}`
}

function rotationLines(rotation: Rotation | undefined, now: number): string[] {
  if (rotation === undefined) return []
  const { standing, writeBack } = rotation
  return [
    `Access token ends: ${distanceWords(accessEnds(standing.base.issued), now)}`,
    ...writeBack.results.map(({ name, guarantee, outcome }) => `Store ${name} (${guarantee}): ${outcomeWords(outcome)}`),
  ]
}

function rotationWarnings(rotation: Rotation | undefined): Annotation[] {
  if (rotation === undefined) return []
  const { results, verdict } = rotation.writeBack
  return [
    ...results.flatMap(({ name, outcome }) => (outcome.kind === 'failed' ? [warning(`Store ${name}: ${outcomeWords(outcome)}`)] : [])),
    ...(verdict === 'lost'
      ? [warning('No store holds the refreshed login yet. The post step tries again; until then a lost runner loses the login.')]
      : []),
  ]
}

function report(title: string, lines: readonly string[], annotations: readonly Annotation[]): Report {
  return {
    title,
    lines,
    annotations,
    summary: [...(lines.length === 0 ? [] : [{ kind: 'list', items: lines } as const]), ...annotations.map(({ text }) => text)],
  }
}

function warning(text: string): Annotation {
  return { level: 'warning', text }
}
