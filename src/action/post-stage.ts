import * as core from '@actions/core'
import { secretValues } from '../credential/secret-values.ts'
import { observeAuthFile, removeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { findCodexProcesses, waitUntilStill } from '../codex/stillness.ts'
import { writeBack, type WriteBack } from '../keeper/write-back.ts'
import { systemClock } from '../clock.ts'
import { openStores } from '../stores/open-stores.ts'
import { parseInputs } from './inputs.ts'
import { maskInputs } from './input-secrets.ts'
import { writeBackReport } from './report.ts'
import type { Stage } from './run-stage.ts'
import { loadState, type SavedState } from './saved-state.ts'

/** Decides per store whether the file Codex left is to be kept, writes it, and removes the plaintext where it may. */
export async function postStage(stage: Stage): Promise<void> {
  maskInputs(core.getInput, stage.masks)
  const state = loadState()
  if (state === undefined) {
    core.info('Nothing was restored in this job, so there is nothing to write back.')
    return
  }
  const inputs = parseInputs((name) => name === 'store' ? state.stores : core.getInput(name, { trimWhitespace: false }))
  await waitUntilStill({
    codexHome: state.codexHome, cancelled: inputs.jobStatus === 'cancelled', ownChange: state.ownChange,
    trackingId: process.env['RUNNER_TRACKING_ID'], clock: systemClock, codexProcesses: findCodexProcesses,
  })
  const file = await observeAuthFile(state.codexHome, systemClock)
  stage.masks.add(secretsOf(file))

  const stores = await openStores(inputs.stores, { slot: state.slot, home: state.environment.home, env: process.env })
  const result = await writeBack({
    stores, file, base: state.base, seed: state.seed, copies: new Map(Object.entries(state.copies)), clock: systemClock,
  })
  const keepsFile = inputs.stores.some(({ kind }) => kind === 'runner')
  const cleanUp = await removePlaintext(state, result, keepsFile || file.kind === 'missing')
  await stage.publish(writeBackReport(result, {
    base: state.base, codexHome: state.codexHome, cleanUp, now: systemClock.now() / 1000,
  }))
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
async function removePlaintext(
  state: SavedState, { confirmed }: WriteBack, keepsFile: boolean,
): Promise<'removed' | 'stays' | 'not-ours'> {
  if (keepsFile || !state.installed) return 'not-ours'
  if (confirmed === undefined) return 'stays'
  return await removeAuthFile(state.codexHome, confirmed) ? 'removed' : 'stays'
}
