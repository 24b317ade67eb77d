import * as core from './runner/runner-commands.ts'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { createMasks, type Masks } from './runner/masks.ts'
import { failurePage, stagePage } from './report/page.ts'
import type { Report } from './report/report.ts'
import { summaryMarkup, type SummaryPage } from './report/summary.ts'

/** How a stage speaks to people. */
export interface Reporter {
  readonly masks: Masks
  /** Prints a report, free of every secret met so far, to log and annotations; the summary has it when the stage ends. */
  readonly publish: (report: Report) => void
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
  const reports: Report[] = []
  let failed: FailureHandler = () => Promise.resolve()
  try {
    await body({
      masks,
      publish: (report) => {
        reports.push(report)
        publish(report, masks)
      },
      onFailure: (handler) => {
        failed = handler
      },
    })
    await appendSummary(stagePage(reports), masks)
  } catch (error) {
    const remedy = error instanceof KeeperError ? error.remedy : unexpected
    core.setFailed(masks.clean(`${messageOf(error)}\nWay out: ${remedy}`))
    if (!(error instanceof KeeperError) && error instanceof Error) core.debug(masks.clean(error.stack ?? ''))
    await appendSummary(failurePage(error, remedy, reports, process.env), masks)
    await failed(error)
  }
}

const unexpected =
  'This is not expected: please report it with this message and the summary of the job, without a debug log and without auth.json.'

function publish(report: Report, masks: Masks): void {
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
}

async function appendSummary(page: SummaryPage | undefined, masks: Masks): Promise<void> {
  if (page === undefined || !process.env['GITHUB_STEP_SUMMARY']) return
  try {
    await core.summary.addRaw(`${summaryMarkup(page, masks.clean)}\n\n`).write()
  } catch (error) {
    core.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}
