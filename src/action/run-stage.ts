import * as core from './runner/runner-commands.ts'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { createMasks, type Masks } from './runner/masks.ts'
import type { Report } from './report/report.ts'
import { summaryMarkup, type SummaryBlock } from './report/summary.ts'

/** How a stage speaks to people. */
export interface Reporter {
  readonly masks: Masks
  /** Prints a report, free of every secret met so far, to log, annotations and summary. */
  readonly publish: (report: Report) => Promise<void>
  /** What else is to be done should the stage fail from now on. */
  readonly onFailure: (handler: FailureHandler) => void
}

export type FailureHandler = (error: unknown) => Promise<void>

/**
 * Runs one stage. This is the only place that catches what a stage throws, and the only one that makes the step red: a stage throws, or
 * publishes a report with an error annotation.
 */
export async function runStage(body: (reporter: Reporter) => Promise<void>): Promise<void> {
  const masks = createMasks()
  let failed: FailureHandler = () => Promise.resolve()
  try {
    await body({
      masks,
      publish: (report) => publish(report, masks),
      onFailure: (handler) => {
        failed = handler
      },
    })
  } catch (error) {
    const remedy =
      error instanceof KeeperError
        ? error.remedy
        : 'This is not expected: please report it with this message and the summary of the job, without a debug log and without auth.json.'
    core.setFailed(masks.clean(`${messageOf(error)}\nWay out: ${remedy}`))
    if (!(error instanceof KeeperError) && error instanceof Error) core.debug(masks.clean(error.stack ?? ''))
    const blocks = [inLines(messageOf(error)), { kind: 'labelled', label: 'Way out:', text: remedy } as const]
    await appendSummary(summaryMarkup('Codex login: this step failed', blocks, masks.clean))
    await failed(error)
  }
}

/** A list in a message stays one. */
function inLines(text: string): SummaryBlock {
  return text.includes('\n') ? { kind: 'lines', text } : text
}

async function publish(report: Report, masks: Masks): Promise<void> {
  core.startGroup(masks.clean(report.title))
  for (const line of report.lines) core.info(masks.clean(line))
  core.endGroup()
  for (const { level, text } of report.annotations) {
    const clean = masks.clean(text)
    switch (level) {
      case 'warning':
        core.warning(clean)
        break
      case 'error':
        core.setFailed(clean)
        break
    }
  }
  await appendSummary(summaryMarkup(report.title, report.summary, masks.clean))
}

async function appendSummary(markup: string): Promise<void> {
  if (!process.env['GITHUB_STEP_SUMMARY']) return
  try {
    await core.summary.addRaw(`${markup}\n\n`).write()
  } catch (error) {
    core.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}
