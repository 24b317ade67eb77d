import { about, type Finding } from '../finding.ts'
import { placeOf, type KeeperUse } from './workflow.ts'

const why = 'A job that is cancelled while Codex refreshes the login can lose what the refresh has brought, and with it the login.'

/** Whether nothing cancels a job that holds the login. */
export function neverCancelled(use: KeeperUse): Finding[] {
  const { workflow, job } = use
  const report = about('workflows', 'cancel-in-progress', placeOf(use))
  const cancels = [workflow.concurrency, job.concurrency].map((found) => found?.cancels ?? 'never')
  const findings: Finding[] = []
  if (cancels.includes('always')) {
    const what = 'A newer run cancels this one (cancel-in-progress: true).'
    findings.push(report.problem({ what, why, wayOut: 'Remove cancel-in-progress, and write "queue: max".' }))
  } else if (cancels.includes('perhaps')) {
    const what = 'A newer run may cancel this one: cancel-in-progress is an expression.'
    findings.push(report.warning({ what, why, wayOut: 'Remove cancel-in-progress from workflows that use the keeper.' }))
  }
  if (job.matrix?.failFast === true && job.matrix.maxParallel !== '1') {
    findings.push(
      report.warning({
        what: 'A job of the matrix that fails cancels the others.',
        why,
        wayOut: 'Write "fail-fast: false" under strategy.',
      }),
    )
  }
  return findings.length > 0 ? findings : [report.ok('Nothing cancels a job that holds the login.')]
}
