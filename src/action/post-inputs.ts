import * as z from 'zod/mini'
import type { StoreRun } from '../stores/store-line.ts'
import { judgeStores, type StoreSettings } from '../stores/store-settings.ts'
import { invalidInputs, rawInputs, trimmed, truth, type ReadInput } from './input-forms.ts'
import type { SavedState } from './runner/saved-state.ts'
import { readStoreInputs } from './store-inputs.ts'

/** The inputs that post uses. */
export interface PostInputs {
  /** Those that were restored from, with the secrets as this stage has them. */
  readonly stores: readonly StoreSettings[]
  readonly slot: string
  readonly githubToken: string | undefined
  readonly reseedIssue: boolean
  readonly jobStatus: string
  /** How long to go on trying to store a refreshed login that no store takes, in seconds. */
  readonly retryFor: number
}

/** A cancelled job is ended after less than five minutes, and post may have waited for Codex already. Seconds. */
const longestAfterCancel = 90

/** A later step can change what an expression in an input gives, and must not stop the write-back that way. */
const schema = z.object({ 'reseed-issue': z.catch(truth, false), 'job-status': trimmed })

/**
 * Reads what post needs. The stores, the slot and the time for further tries are those of restore, whatever the inputs say by now.
 * @throws KeeperError invalid-inputs, where a store has lost what it needs
 */
export function parsePostInputs(
  read: ReadInput,
  { stores: lines, slot, retryFor }: Pick<SavedState, 'stores' | 'slot' | 'retryFor'>,
  run: StoreRun,
): PostInputs {
  const given = readStoreInputs(read, slot)
  const { stores, problems } = judgeStores(lines, given, run)
  if (problems.length > 0) throw invalidInputs(problems)
  const values = schema.parse(rawInputs(schema, read))
  const jobStatus = values['job-status']
  return {
    stores,
    slot,
    githubToken: given.githubToken,
    reseedIssue: values['reseed-issue'],
    jobStatus,
    retryFor: jobStatus === 'cancelled' ? Math.min(retryFor, longestAfterCancel) : retryFor,
  }
}
