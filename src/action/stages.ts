import './zod-without-eval.ts'
import { postStage } from './post-stage.ts'
import { runStage } from './run-stage.ts'

/** Before every other step of the job, where the job asks for it with CODEX_AUTH_RESTORE_AT: job-start. */
export function pre(): Promise<void> {
  return restoring()
}

/** At the step's own place: restores, or verifies what pre has restored. */
export function main(): Promise<void> {
  return restoring()
}

/** After the job's steps, whatever happened to them: writes back and cleans up. */
export function post(): Promise<void> {
  return runStage(postStage)
}

/** What only these two need, post does not load. */
function restoring(): Promise<void> {
  return runStage(async (reporter) => {
    const { restoringStage } = await import('./restoring-stage.ts')
    await restoringStage(reporter)
  })
}
