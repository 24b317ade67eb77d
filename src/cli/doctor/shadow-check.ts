import type { Hazard } from '../../codex/hazard.ts'
import { about, type Finding } from './finding.ts'
import type { MachineFacts } from './machine-facts.ts'

/** What makes Codex ignore, delete or give away the login: variables, its configuration, its profiles. */
export function checkShadows({
  hazards,
  hasApiKey,
  document,
  authFile,
}: Pick<MachineFacts, 'hazards' | 'hasApiKey' | 'document' | 'authFile'>): Finding[] {
  const report = about('machine', 'shadows', 'Surroundings')
  const findings = hazards.map(hazardFinding)
  if (hasApiKey && document.kind !== 'managed') {
    findings.push(
      report.warning({
        what: 'OPENAI_API_KEY is set, and there is no ChatGPT login.',
        why: `Codex ignores that key as long as ${authFile} holds a login, and not before.`,
        wayOut: 'Log in, or remove OPENAI_API_KEY from the environment.',
      }),
    )
  }
  const isClean = findings.every(({ level }) => level === 'ok')
  return isClean ? [...findings, report.ok('No variable and no configuration keeps Codex from the login.')] : findings
}

function hazardFinding({ severity, message, remedy, setting }: Hazard): Finding {
  const report = about('machine', 'shadows', 'Surroundings')
  // The message has what and why in one sentence, divided by its colon.
  const [, what = message, why = ''] = /^(.*?[^:\d]): (.*)$/s.exec(message) ?? []
  const trouble = {
    what: why === '' ? message : `${what}.`,
    why: why === '' ? 'Codex and the keeper must agree on where the login is.' : sentence(why),
    wayOut: remedy,
  }
  switch (severity) {
    case 'refuse':
      return report.problem({ ...trouble, ...(setting && { mend: { kind: 'credentials-store', path: setting.path } }) })
    case 'warn':
      return report.warning(trouble)
    case 'note':
      return report.ok(message)
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
