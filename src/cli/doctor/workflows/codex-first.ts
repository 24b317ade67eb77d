import { about, type Finding } from '../finding.ts'
import { placeOf, type KeeperUse, type Step } from './workflow.ts'

/** Whether Codex is there when the keeper starts: it is Codex that refreshes a login that is due before the job goes on. */
export function codexFirst(use: KeeperUse): Finding[] {
  const { job, index, step } = use
  const report = about('workflows', 'codex-first', placeOf(use))
  if (step.inputs['refresh'] === 'never') return []
  const before = job.restoresAtStart ? [] : job.steps.slice(0, index)
  if (before.some(installsCodex)) return [report.ok('Codex is installed before the keeper.')]
  const isInstalled = job.steps.some(installsCodex)
  if (!isInstalled && !job.isHosted) return [report.ok('No step installs Codex: the machine has it.')]
  return [
    report.warning({
      what: isInstalled ? 'Codex is installed after the keeper.' : 'No step before the keeper installs Codex.',
      why: 'The keeper cannot have a login that is due refreshed before the job goes on, nor take its turn with other jobs.',
      wayOut: job.restoresAtStart
        ? 'With CODEX_AUTH_RESTORE_AT: job-start use a machine that has Codex already, or leave that variable out.'
        : 'Put a step with "npm install --global @openai/codex@VERSION" before the keeper.',
    }),
  ]
}

/** By what the usual ways of installing it have in common; a script of the repository can do it too, if its name says so. */
function installsCodex({ uses, run }: Step): boolean {
  return /^openai\/codex-action@/.test(uses) || /(?:^|\/)(?:setup|install)-codex(?:\/|@|$)/.test(uses) || installLines(run)
}

function installLines(run: string): boolean {
  return run
    .split(/\n|&&|;/)
    .some(
      (line) =>
        /@openai\/codex\b|releases\/[^\s]*codex/.test(line) || (/\b(?:install|add|setup|mise|curl)\b/.test(line) && /\bcodex\b/.test(line)),
    )
}
