import { about, type Finding } from '../finding.ts'
import { kindOf } from './leases.ts'
import { placeOf, type KeeperUse, type Permissions } from './workflow.ts'

type Right = 'write' | 'read' | 'none' | 'unknown'

/** Whether the job's token may do what the stores ask of it. */
export function jobRights(use: KeeperUse): Finding[] {
  const { job, stores, step } = use
  const report = about('workflows', 'permissions', placeOf(use))
  const findings: Finding[] = []
  const hasOwnToken = Boolean(step.inputs['github-token'])
  const contents = rightOf(job.permissions, 'contents')
  if (stores.some(isOwnRepository) && !hasOwnToken && contents !== 'write') {
    const trouble = {
      what: contents === 'unknown' ? 'Nothing says that the job may write to the repository.' : 'The job may not write to the repository.',
      why: 'The store git moves a ref of this repository with the token of the job.',
      wayOut: 'Give the job "permissions: contents: write".',
    }
    findings.push(contents === 'unknown' ? report.warning(trouble) : report.problem(trouble))
  } else if (contents === 'none' && !hasOwnToken) {
    findings.push(
      report.problem({
        what: 'The job may not read the repository.',
        why: 'The keeper asks GitHub whether the repository is private, and which branch is the default one.',
        wayOut: 'Give the job "permissions: contents: read".',
      }),
    )
  }
  if (stores.some(asksForIdToken) && rightOf(job.permissions, 'id-token') !== 'write') {
    findings.push(
      report.problem({
        what: 'The job gets no id token.',
        why: 'A store line with role= logs in with it.',
        wayOut: 'Give the job "permissions: id-token: write".',
      }),
    )
  }
  if (step.inputs['reseed-issue'] === 'true' && !hasOwnToken && ['none', 'read'].includes(rightOf(job.permissions, 'issues'))) {
    findings.push(
      report.warning({
        what: 'The job may not open an issue.',
        why: 'With reseed-issue: true the keeper opens one when a person must log in.',
        wayOut: 'Give the job "permissions: issues: write".',
      }),
    )
  }
  return findings.length > 0 ? findings : [report.ok('The job may do what its stores ask for.')]
}

/** The store git without an address of another repository. */
function isOwnRepository(line: string): boolean {
  return /^git(?:\s*:\s*(?:\?.*)?)?$/.test(line)
}

function asksForIdToken(line: string): boolean {
  return ['vault', 's3'].includes(kindOf(line)) && /[?&]role=/.test(line)
}

/** What is not named in a map is not given; where nothing is named the repository's settings decide. */
function rightOf(permissions: Permissions, scope: string): Right {
  if (permissions === 'write-all') return 'write'
  if (permissions === 'read-all') return 'read'
  if (permissions === 'unset') return 'unknown'
  const given = permissions[scope]
  return given === 'write' || given === 'read' ? given : 'none'
}
