import type { StageRun } from './stage.ts'
import type { StageLog } from './workflow-log.ts'

/** The head of a step in the log: what runs, `with:` and `env:`, masked as far as masks are known by then. */
export function echoStep(
  log: StageLog,
  { step, stage, env }: StageRun,
  { inputs, script }: { inputs: Readonly<Record<string, string>> | undefined; script: string | undefined },
): void {
  if (stage === 'post') {
    log.write('Post job cleanup.')
    return
  }
  if ('run' in step) {
    log.write(`##[group]Run ${(script ?? '').split('\n')[0] ?? ''}`)
    for (const line of (script ?? '').split('\n')) log.write(line)
    log.write(`shell: /usr/bin/bash ${step.shell ? '--noprofile --norc -eo pipefail' : '-e'} {0}`)
  } else log.write(`##[group]Run ${'uses' in step ? 'your-org/action@v1' : step.id}`)
  const filled = Object.entries(inputs ?? {}).filter(([, value]) => value !== '')
  if (filled.length > 0) log.write('with:')
  for (const [name, value] of filled) log.write(`  ${name}: ${value}`)
  if (Object.keys(env).length > 0) log.write('env:')
  for (const [name, value] of Object.entries(env)) log.write(`  ${name}: ${value}`)
  log.write('##[endgroup]')
}
