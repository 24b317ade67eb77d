import { codexMachine, codexStep, runWorkflow } from '../__tests__/support/keeper-workflow.ts'
import type { Job } from '../__tests__/support/fake-runner/job-result.ts'
import type { ScriptStep, Step } from '../__tests__/support/fake-runner/job-spec.ts'
import type { LoopbackOpenAI } from '../__tests__/support/loopback-openai.ts'

export interface JobOnMachine {
  readonly openai: LoopbackOpenAI
  readonly folder: string
  readonly steps: readonly Step[]
  readonly secrets: Readonly<Record<string, string>>
  readonly runId?: string
  /** When it fires, everything the job runs is killed. */
  readonly interrupted: AbortSignal
}

/** The step `codex exec`; whatever of the outside it wants to reach, it is led to the loopback server, which counts. */
export function execStep(openai: LoopbackOpenAI): ScriptStep {
  return { ...codexStep, env: { HTTPS_PROXY: openai.origin } }
}

/** Runs a job on a new, empty machine with the real Codex, and throws the machine away. */
export async function onNewMachine({ openai, folder, steps, secrets, runId = '1', interrupted }: JobOnMachine): Promise<Job> {
  interrupted.throwIfAborted()
  const machine = codexMachine({ openai, kind: 'hosted' })
  Object.assign(machine.env, { TMPDIR: folder })
  const after = new Promise((resolve) => {
    interrupted.addEventListener('abort', resolve, { once: true })
  })
  try {
    return await runWorkflow(machine, steps, { secrets, runId, interrupts: [{ kind: 'kill', when: { after } }] })
  } finally {
    machine.destroy()
    interrupted.throwIfAborted()
  }
}

/** What a stage printed between and after its groups, without the commands of the runner. */
export function logOf(job: Job, step: string, stage: 'main' | 'post' = 'main'): string[] {
  if (!job.ran(step, stage)) return []
  const lines = job.stage(step, stage).log.filter((line) => line !== 'Post job cleanup.')
  return lines
    .slice(stage === 'post' ? 0 : lines.indexOf('##[endgroup]') + 1)
    .filter((line) => line !== '##[endgroup]')
    .map((line) => line.replace(/^##\[group\]/, ''))
}
