import type { JobState, LoginState } from '../../keeper/job.ts'
import type { Store } from '../../stores/store.ts'
import { saveState, type SavedState } from './saved-state.ts'

/** The part of the saved state that no longer changes once the login is restored. */
export type FixedState = Omit<SavedState, keyof LoginState | 'handovers'>

/**
 * The one owner of what restore leaves for post: every part stays as it was told until it is told again, and all of them are
 * saved each time, with what the stores hand over by then. The first part must say how the login stands.
 */
export function savedJobState(fixed: FixedState, stores: readonly Store[]): JobState {
  let login: Partial<LoginState> = {}
  return {
    update: (part) => {
      login = { ...login, ...part }
      saveState({ ...fixed, ...login, handovers: handoversOf(stores) })
    },
  }
}

/** What the stores leave for post, by their line. */
export function handoversOf(stores: readonly Store[]): Record<string, unknown> {
  return Object.fromEntries(stores.flatMap((store) => (store.handover ? [[store.name, store.handover()]] : [])))
}
