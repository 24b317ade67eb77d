import { about, type Finding, type Reporter } from '../finding.ts'
import { kindOf, leaseLine } from './leases.ts'
import type { SharedLogin } from './same-login.ts'
import { placeOf, type KeeperUse, type Workflow } from './workflow.ts'

/** Whether jobs of one login wait for each other where no store holds a lease that would keep them apart. */
export function turns({ slot, uses }: SharedLogin): Finding[] {
  const report = about('workflows', 'concurrency', `slot ${slot}`)
  const withoutLease = uses.filter((use) => leaseLine(use) === undefined)
  if (withoutLease.length === 0) return [report.ok('A lease keeps jobs from spending one token twice.')]
  const findings = withoutLease.flatMap((use) => turnsOf(use, withoutLease, about('workflows', 'concurrency', placeOf(use))))
  const groups = [...new Set(withoutLease.flatMap((use) => groupOf(use) ?? []))]
  if (groups.length > 1) {
    findings.push(
      report.problem({
        what: `The jobs of this login are in several concurrency groups: ${groups.map((group) => `"${group}"`).join(', ')}.`,
        why: doubleSpending,
        wayOut: 'Give all of them one group.',
      }),
    )
  }
  return findings.length > 0 ? findings : [report.ok('All jobs of this login wait for each other.')]
}

const doubleSpending = 'No store of this login holds a lease: jobs that run at once can spend one refresh token twice, and then it is dead.'
const fullGroup = 'concurrency: { group: codex-auth, queue: max }'

function turnsOf(use: KeeperUse, uses: readonly KeeperUse[], report: Reporter): Finding[] {
  const { job, workflow, stores } = use
  const group = groupOf(use)
  const concurrency = job.concurrency ?? workflow.concurrency
  if (concurrency === undefined || group === undefined) {
    const trouble = { what: 'There is no concurrency group.', why: doubleSpending, wayOut: `Add "${fullGroup}" to the workflow.` }
    if (!stores.some((line) => kindOf(line) === 'command')) return [report.problem(trouble)]
    const why = 'Only a read-command and a write-command that hold a lease keep two jobs from spending one refresh token.'
    return [report.warning({ ...trouble, why })]
  }
  if (differsByRun(group)) {
    const wayOut = 'Give the group a name without such a part, for example codex-auth.'
    return [report.problem({ what: `The concurrency group "${group}" is another one for each run.`, why: doubleSpending, wayOut })]
  }
  const findings: Finding[] = []
  if (concurrency.queue !== 'max') {
    findings.push(
      report.warning({
        what: 'The concurrency group has no "queue: max".',
        why: 'Of the runs that wait GitHub then keeps the latest alone and cancels the others.',
        wayOut: `Write "${fullGroup}".`,
      }),
    )
  }
  if (job.concurrency !== undefined) return findings
  const wayOut = 'Give each job that uses the keeper the group itself: then its jobs wait for each other too.'
  if (job.matrix !== undefined && job.matrix.maxParallel !== '1') {
    findings.push(
      report.problem({
        what: 'The jobs of its matrix run at the same time: the group is that of the workflow.',
        why: doubleSpending,
        wayOut,
      }),
    )
  }
  if (uses.some((other) => isBeside(use, other))) {
    findings.push(report.problem({ what: 'Another job of this workflow uses the keeper at the same time.', why: doubleSpending, wayOut }))
  }
  return findings
}

/** Its name as GitHub makes it, as far as that is known here. */
function groupOf({ job, workflow }: KeeperUse): string | undefined {
  const group = (job.concurrency ?? workflow.concurrency)?.group
  return group?.replaceAll(/\$\{\{\s*github\.workflow\s*\}\}/g, workflow.name ?? workflow.file)
}

/** Another job of the same run, which waits for this one no more than this one waits for it. */
function isBeside({ workflow, job }: KeeperUse, other: KeeperUse): boolean {
  if (other.workflow !== workflow || other.job === job || other.job.concurrency !== undefined) return false
  if (areExclusive(job.condition, other.job.condition)) return false
  return !waitsFor(workflow, job.id, other.job.id) && !waitsFor(workflow, other.job.id, job.id)
}

/** Conditions of two jobs of which one run has one alone: events that are not the same. */
function areExclusive(one: string, other: string): boolean {
  const [a, b] = [one, other].map((condition) => {
    const [, sign, event] = /^(?:\$\{\{)?\s*github\.event_name\s*([!=]=)\s*'(\w+)'\s*(?:\}\})?$/.exec(condition.trim()) ?? []
    return { sign, event }
  })
  if (a?.event === undefined || b?.event === undefined) return false
  return a.sign === b.sign ? a.sign === '==' && a.event !== b.event : a.event === b.event
}

function waitsFor({ jobs }: Pick<Workflow, 'jobs'>, id: string, other: string, seen: readonly string[] = []): boolean {
  if (seen.includes(id)) return false
  const needs = jobs.find((job) => job.id === id)?.needs ?? []
  return needs.includes(other) || needs.some((need) => waitsFor({ jobs }, need, other, [...seen, id]))
}

function differsByRun(group: string): boolean {
  return /\$\{\{[^}]*\b(?:github\.(?:ref|ref_name|head_ref|base_ref|sha|actor|event|event_name|run_id|run_number|run_attempt|job)|matrix|strategy|inputs|needs)\b/.test(
    group,
  )
}
