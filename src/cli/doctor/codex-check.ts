import type { InstalledCodex } from '../../codex/installed-codex.ts'
import { isEarlier, testedVersions } from '../../codex/tested-versions.ts'
import { about, type Finding } from './finding.ts'

/** Whether Codex is there, in a version that is known. */
export function checkCodex(codex: InstalledCodex): Finding[] {
  const report = about('machine', 'codex', 'Codex')
  if (codex === undefined) {
    return [
      report.problem({
        what: 'There is no codex in PATH.',
        why: 'Nothing but Codex refreshes a login.',
        wayOut: 'Install it: npm install --global @openai/codex.',
      }),
    ]
  }
  const { path, version } = codex
  if (version === undefined) {
    const why = 'Without its version nobody can tell whether it treats auth.json as is known of it.'
    return [report.warning({ what: `${path} does not say which version it is.`, why, wayOut: `Run "${path} --version" and see why.` })]
  }
  const { oldest, newest } = testedVersions
  if (isEarlier(version, oldest)) {
    const why = `The keeper is tested with ${oldest} to ${newest}.`
    return [
      report.warning({ what: `Codex ${version} (${path}) is an old one.`, why, wayOut: `npm install --global @openai/codex@${newest}.` }),
    ]
  }
  const isNewer = isEarlier(newest, version)
  return [report.ok(`Codex ${version} (${path})${isNewer ? `, newer than ${newest}, the newest that the keeper is tested with` : ''}`)]
}
