import { about, type Finding } from '../finding.ts'
import { longestGap } from './cron-gap.ts'
import { kindOf } from './leases.ts'
import type { SharedLogin } from './same-login.ts'
import type { KeeperUse } from './workflow.ts'

/** Days after which the cache deletes what nobody has read. */
const cacheForgetsAfter = 7
/** A login that nothing has refreshed for two weeks has ended some days ago. */
const seldom = 14

/** Whether a schedule uses the login often enough that it stays alive, and that its store does not forget it. */
export function keptFresh({ slot, uses }: SharedLogin): Finding[] {
  const report = about('workflows', 'keep-fresh', `slot ${slot}`)
  const inCache = uses.some(({ stores }) => stores.some((line) => kindOf(line) === 'cache'))
  const onlyInCache = inCache && uses.every(({ stores }) => stores.every((line) => kindOf(line) === 'cache'))
  const scheduled = uses.filter(isScheduled)
  const gap = longestGap([...new Set(scheduled.flatMap(({ workflow }) => workflow.crons))])
  const wayOut = inCache
    ? "Add a schedule that runs at least twice a week, for example cron: '17 4 * * 1,4' (examples/keep-fresh.yml)."
    : 'Add a workflow that refreshes it once a week (examples/keep-fresh.yml).'
  if (gap === undefined || gap === Infinity) {
    const what = scheduled.length === 0 ? 'No schedule uses this login.' : 'The schedule of this login is none that ever runs.'
    const why = onlyInCache
      ? `The cache deletes what nobody has read for ${cacheForgetsAfter} days, and a login that is not used expires.`
      : 'A login that is not used expires, and Codex alone does not prevent that.'
    return [onlyInCache ? report.problem({ what, why, wayOut }) : report.warning({ what, why, wayOut })]
  }
  const what = `There can be ${gap} days between two scheduled runs that use this login.`
  if (inCache && gap >= cacheForgetsAfter) {
    const why = `The cache deletes what nobody has read for ${cacheForgetsAfter} days.`
    return [onlyInCache ? report.problem({ what, why, wayOut }) : report.warning({ what, why, wayOut })]
  }
  if (gap > seldom) return [report.warning({ what, why: 'An access token lives ten days, and an unused login expires.', wayOut })]
  const always = scheduled.some(({ step }) => step.inputs['refresh'] === 'always')
  const often = gap === 1 ? 'every day' : `at least every ${gap} days`
  return [report.ok(`A schedule uses this login ${often}${always ? ' and refreshes it' : ', and refreshes it when it is due'}.`)]
}

function isScheduled({ workflow, job, step }: KeeperUse): boolean {
  if (workflow.crons.length === 0 || step.inputs['refresh'] === 'never') return false
  return !/github\.event_name\s*!=\s*'schedule'/.test(job.condition)
}
