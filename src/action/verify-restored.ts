import { isSame, isSameAccount } from '../credential/fingerprint.ts'
import { observeAuthFile } from '../codex/codex-home.ts'
import { systemClock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Reporter } from './run-stage.ts'
import { repeatOutputs } from './runner/outputs.ts'
import * as core from './runner/runner-commands.ts'
import { saveState, type SavedState } from './runner/saved-state.ts'

/**
 * What main does after pre has restored: sets the outputs again, because no step sees those that pre has set, and checks that the login is
 * still there.
 * @throws KeeperError install-failed
 */
export async function verifyRestored(reporter: Reporter, state: SavedState): Promise<void> {
  reporter.onFailure(() => {
    saveState({ ...state, failedWith: 'install-failed' })
    return Promise.resolve()
  })
  repeatOutputs()
  const { base } = state.standing
  const file = await observeAuthFile(state.codexHome, systemClock)
  if (file.kind !== 'managed' || !isSameAccount(file.credential.fingerprint, base)) {
    throw new KeeperError(
      'install-failed',
      `The auth.json that was restored at the start of the job is no longer there in ${state.codexHome} (${file.kind}).`,
      'Find the step before this one that removes or replaces it. The stored copy stays as it was.',
    )
  }
  const same = isSame(file.credential.fingerprint, base)
  core.info(`Codex login was restored at the start of the job${same ? '' : ', and Codex has refreshed it since'}.`)
}
