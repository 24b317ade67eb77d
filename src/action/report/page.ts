import { KeeperError, messageOf } from '../../keeper-error.ts'
import { lifePicture } from './life-picture.ts'
import type { Report } from './report.ts'
import type { SummaryBlock, SummaryPage, SummaryPart } from './summary.ts'
import { troubleshootingLink } from './troubleshooting.ts'
import { headline, marks } from './verdict.ts'

/** The summary of a stage that has ended well: its verdict first, then what to read, then the picture; undefined when there is nothing to show. */
export function stagePage(reports: readonly Report[]): SummaryPage | undefined {
  const shown = reports.filter(({ isForLogAlone }) => isForLogAlone !== true)
  const last = shown.at(-1)
  if (last === undefined) return undefined
  const warnings = shown.flatMap(({ annotations }) => annotations.map(({ text }) => text))
  const life = shown.findLast((report) => report.life !== undefined)?.life
  return {
    verdict: shown.findLast(({ verdict }) => verdict !== undefined)?.verdict ?? last.title,
    blocks: [...(warnings.length === 0 ? [] : [{ kind: 'list', items: warnings } as const]), ...shown.flatMap(({ lead }) => lead ?? [])],
    picture: life && lifePicture(life),
    // Their annotations stand above.
    details: shown.map(({ title, summary }) => ({ title, blocks: summary })),
  }
}

/** The summary of a stage that has failed: the cause first. */
export function failurePage(
  error: unknown,
  remedy: string,
  reports: readonly Report[],
  env: Readonly<Record<string, string | undefined>>,
): SummaryPage {
  const message = messageOf(error)
  const short = headline(message)
  return {
    verdict:
      error instanceof KeeperError && error.code === 'needs-reseed'
        ? `${marks.failed} Log in again${short === undefined ? '' : `: ${short}`}`
        : `${marks.failed} ${short ?? 'Codex login: this step failed'}`,
    blocks: [
      ...inItems(message),
      { kind: 'labelled', label: 'Way out:', text: remedy },
      ...(error instanceof KeeperError ? troubleshootingLink(error.code, env) : []),
    ],
    details: reports.map(partOf),
  }
}

function partOf({ title, summary, annotations }: Report): SummaryPart {
  return { title, blocks: [...summary, ...annotations.map(({ text }) => text)] }
}

/** A list in a message stays one. */
function inItems(message: string): SummaryBlock[] {
  const [first = '', ...items] = message.split('\n- ')
  if (items.length > 0) return [first, { kind: 'list', items }]
  return message.includes('\n') ? [{ kind: 'list', items: [message] }] : [message]
}
