import { about, type Finding } from '../finding.ts'
import { placeOf, type KeeperUse } from './workflow.ts'

/** Whether the keeper is the one that somebody has looked at: it is given the login. */
export function pinned(use: KeeperUse): Finding[] {
  const report = about('workflows', 'pinned', placeOf(use))
  const { uses } = use.step
  if (uses.startsWith('./')) return [report.ok('The keeper is in this repository.')]
  const ref = uses.slice(uses.indexOf('@') + 1)
  if (/^0{40}$/.test(ref)) {
    const what = 'The keeper is pinned by zeros, which stand for the SHA of a commit in the examples.'
    return [
      report.warning({ what, why: 'There is no such commit: the job cannot start.', wayOut: 'Write the SHA of the release in its place.' }),
    ]
  }
  if (/^[0-9a-f]{40}$/i.test(ref)) return [report.ok('The keeper is pinned by the SHA of a commit.')]
  return [
    report.warning({
      what: `The keeper is taken from "${ref}", which can be moved.`,
      why: 'It is given the login: whoever moves that tag or branch decides what happens with it.',
      wayOut: `Write the SHA of the commit and the version behind it: "uses: ${uses.slice(0, uses.indexOf('@'))}@SHA # ${ref}".`,
    }),
  ]
}
