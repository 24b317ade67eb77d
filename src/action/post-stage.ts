import * as core from './runner-commands.ts'
import { secretValues } from '../credential/secret-values.ts'
import { observeAuthFile, removeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { findCodexProcesses, waitUntilStill } from '../codex/stillness.ts'
import { writeBack, type WriteBack } from '../keeper/write-back.ts'
import { systemClock } from '../clock.ts'
import { closeStores, openStores } from '../stores/open-stores.ts'
import { undoChanges } from '../stores/trusted-environment.ts'
import { needsFreshProcess, runAfresh } from './fresh-process.ts'
import { parseInputs, type Inputs } from './inputs.ts'
import { maskInputs } from './input-secrets.ts'
import { writeBackReport } from './report.ts'
import { withdrawReseed } from './reseed.ts'
import { readRunContext, type RunContext } from './run-context.ts'
import type { Stage } from './run-stage.ts'
import { loadState, type SavedState } from './saved-state.ts'
import { storeContext } from './store-context.ts'

/** Decides per store whether the file Codex left is to be kept, writes it, and removes the plaintext where it may. */
export async function postStage(stage: Stage): Promise<void> {
  maskInputs(core.getInput, stage.masks)
  const state = loadState()
  if (state === undefined) {
    core.info('Nothing was restored in this job, so there is nothing to write back.')
    return
  }
  const changed = undoChanges(process.env, state.environment)
  if (needsFreshProcess(changed)) return runAfresh()
  const inputs = parseInputs((name) => name === 'store' ? state.stores : core.getInput(name))
  await waitUntilStill({
    codexHome: state.codexHome, cancelled: inputs.jobStatus === 'cancelled', ownChange: state.ownChange, started: state.codexProcess,
    trackingId: process.env['RUNNER_TRACKING_ID'], clock: systemClock, codexProcesses: findCodexProcesses,
  })
  const file = await observeAuthFile(state.codexHome, systemClock)
  stage.masks.add(secretsOf(file))
  const context = await readRunContext(process.env)
  const result = await writeBackFile(inputs, context, state, file)
  await stage.publish(writeBackReport(result, {
    base: state.base, codexHome: state.codexHome, now: systemClock.now() / 1000,
    cleanUp: await cleanUp(inputs, state, file, result),
  }))
  if (result.rotated && result.verdict === 'safe') await withdrawReseed({ ...inputs, ...context })
}

async function writeBackFile(inputs: Inputs, context: RunContext, state: SavedState, file: ObservedFile): Promise<WriteBack> {
  const stores = await openStores(inputs.stores, storeContext('post', inputs, context, state))
  try {
    return await writeBack({
      stores, file, base: state.base, seed: state.seed, memories: new Map(Object.entries(state.memories)), clock: systemClock,
    })
  } finally {
    await closeStores(stores)
  }
}

function secretsOf(file: ObservedFile): string[] {
  switch (file.kind) {
    case 'missing': return []
    case 'damaged': return secretValues(Buffer.from(file.bytes).toString('utf8'))
    case 'managed':
    case 'unmanaged': return secretValues(Buffer.from(file.credential.bytes).toString('utf8'))
  }
}

/** The last copy is never deleted: only what restore put there goes, and only when a store is confirmed to hold it. */
async function cleanUp(
  inputs: Inputs, state: SavedState, file: ObservedFile, { confirmed }: WriteBack,
): Promise<'removed' | 'stays' | 'not-ours'> {
  const machineKeepsIt = inputs.stores.some(({ kind }) => kind === 'runner')
  if (machineKeepsIt || !state.installed || file.kind === 'missing') return 'not-ours'
  if (confirmed === undefined) return 'stays'
  return await removeAuthFile(state.codexHome, confirmed) ? 'removed' : 'stays'
}
