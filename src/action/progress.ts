import { originName } from '../credential/newest.ts'
import type { Restored } from '../keeper/restore.ts'
import type { CurrentLogin } from '../keeper/standing.ts'
import type { Job } from './prepare-job.ts'
import { outputsOf, setOutputs } from './runner/outputs.ts'

/** The login in `CODEX_HOME`, and what this run has done for it so far. */
export interface Done extends CurrentLogin {
  readonly refreshed: boolean
  readonly stored: boolean
}

/** Sets the outputs of the step as they are by now. */
export function tellOutputs({ keeper: { codexHome } }: Job, { origin }: Restored, { credential, refreshed, stored }: Done): void {
  setOutputs(outputsOf({ codexHome, source: originName(origin), credential, refreshed, stored }))
}
