import type { JobState, LoginState } from '../../keeper/job.ts'
import { KeeperError } from '../../keeper-error.ts'
import type { Store } from '../../stores/store.ts'
import { saveState, type SavedState } from './saved-state.ts'

/** The part of the saved state that no longer changes once the login is restored. */
export type FixedState = Omit<SavedState, keyof LoginState | 'handovers'>

export interface SavedJobState extends JobState {
  /** Tells post that the stage failed; where nothing was restored, post has nothing to do. */
  fail(error: unknown): void
}

/**
 * The one owner of what restore leaves for post: every part stays as it was told until it is told again, and all of them are
 * saved each time, with what the stores hand over by then. The first part must say how the login stands.
 */
export function savedJobState(fixed: FixedState, stores: readonly Store[]): SavedJobState {
  let login: Partial<LoginState> = {}
  const update = (part: Partial<LoginState>): void => {
    login = { ...login, ...part }
    saveState({ ...fixed, ...login, handovers: handoversOf(stores) })
  }
  return {
    update,
    fail: (error) => {
      if (login.standing !== undefined) update({ failedWith: error instanceof KeeperError ? error.code : 'unexpected' })
    },
  }
}

/** What the stores leave for post, by their line. */
export function handoversOf(stores: readonly Store[]): Record<string, unknown> {
  return Object.fromEntries(stores.flatMap((store) => (store.handover ? [[store.name, store.handover()]] : [])))
}
