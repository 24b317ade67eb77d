import { isDue } from '../../credential/issued.ts'
import type { CurrentLogin } from '../../keeper/standing.ts'
import type { StoreRun } from '../../stores/store-line.ts'
import type { Job } from '../prepare-job.ts'
import { writeThroughStart } from '../report/write-through-words.ts'
import * as core from '../runner/runner-commands.ts'
import { readStoreInputs } from '../store-inputs.ts'

/** Leaves a process beside the job that stores what Codex refreshes, where that is to be expected. */
export async function stayBeside({ inputs, keeper, ...job }: Job, { credential, standing }: CurrentLogin, run: StoreRun): Promise<void> {
  const due = isDue(credential.issued, keeper.clock.now() / 1000, inputs.refreshWindow)
  if (inputs.writeThrough === 'never' || (inputs.writeThrough === 'auto' && !due)) return
  const { startWriteThrough } = await import('./start-write-through.ts')
  const { codexHome, stores, state } = keeper
  const given = readStoreInputs(core.getInput, inputs.slot)
  const found = { defaultBranch: job.defaultBranch }
  const started = await startWriteThrough({ codexHome, standing, settings: inputs.stores, stores, given, run, found })
  if (started.kind === 'started') state.update({ writeThrough: started.directory })
  core.info(job.reporter.masks.clean(writeThroughStart(started)))
}
