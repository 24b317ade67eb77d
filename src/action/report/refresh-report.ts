import { accessEnds, type Issued } from '../../credential/issued.ts'
import { failureWords, type CodexFailure } from '../../codex/failure.ts'
import { errorWords } from '../../keeper-error.ts'
import type { Refresh } from '../../keeper/refresh.ts'
import type { Rotation } from '../../keeper/rotation.ts'
import type { SmokeTest } from '../../keeper/smoke-test.ts'
import { holdsFile } from '../../keeper/write-back.ts'
import { lifeOf, warning, type Annotation, type Report } from './report.ts'
import { distanceWords } from '../../time-words.ts'
import { healthWords, listed, marks } from './verdict.ts'
import { outcomeWords } from './write-back-report.ts'

/** What a report of the refresh is told besides. */
export interface RefreshContext {
  /** The input refresh-window, seconds. */
  readonly refreshWindow: number
  /** Seconds since 1970. */
  readonly now: number
}

/** What the early refresh did; undefined when there is nothing to say. */
export function refreshReport(refresh: Refresh, due: boolean, context: RefreshContext): Report | undefined {
  const { now } = context
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
      return {
        ...report('Codex login refreshed before the job goes on', rotationLines(refresh, now), rotationWarnings(refresh)),
        ...rotationVerdict(refresh, context, 'refreshed'),
      }
    case 'overtaken':
      return withVerdict(
        `${marks.well} Codex login refreshed by another job, taken from ${refresh.store}, ${healthWords(refresh.standing.base.issued, now)}`,
        lifeOf(refresh.standing.base.issued, context.refreshWindow, now),
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

/** What the smoke test showed. @param login the login that was tested */
export function smokeTestReport(test: SmokeTest, login: Issued, context: RefreshContext): Report {
  const { now } = context
  switch (test.kind) {
    case 'passed':
      return {
        ...report('Codex login proved by a smoke test', rotationLines(test.rotation, now), rotationWarnings(test.rotation)),
        ...(test.rotation === undefined
          ? { verdict: `${marks.well} Codex login proved by a smoke test, ${healthWords(login, now)}` }
          : rotationVerdict(test.rotation, context, 'proved by a smoke test, refreshed')),
      }
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
    ...writeBack.results.map(({ name, outcome }) => `Store ${name}: ${outcomeWords(outcome)}`),
  ]
}

function rotationVerdict(
  { standing, credential, writeBack }: Rotation,
  { refreshWindow, now }: RefreshContext,
  what: string,
): Pick<Report, 'verdict' | 'life'> {
  const holding = writeBack.results.filter(({ outcome }) => holdsFile(outcome)).map(({ name }) => name)
  const health = healthWords(credential.issued, now)
  const verdict =
    holding.length > 0
      ? `${marks.well} Codex login ${what} and stored in ${listed(holding)}, ${health}`
      : writeBack.verdict === 'lost'
        ? `${marks.look} Codex login ${what}, but no store holds it yet`
        : `${marks.well} Codex login ${what}, and a later one is stored already`
  return { verdict, life: lifeOf((writeBack.verdict === 'lost' ? credential.fingerprint : standing.base).issued, refreshWindow, now) }
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
    ...(annotations.length > 0 && { verdict: `${marks.look} ${title}` }),
    summary: lines.length === 0 ? [] : [{ kind: 'list', items: lines }],
  }
}

function withVerdict(
  verdict: string,
  life: Report['life'],
  title: string,
  lines: readonly string[],
  annotations: readonly Annotation[],
): Report {
  return { ...report(title, lines, annotations), verdict, life }
}
