import { compareAge, isSame, isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { decideWriteBack, isRotated, type CopyState, type FileState, type KeepReason } from '../credential/write-back-decision.ts'
import type { ObservedFile } from '../codex/codex-home.ts'
import { KeeperError } from '../keeper-error.ts'
import { isTransient, type Guarantee, type Store } from '../stores/store.ts'
import type { Clock } from '../clock.ts'
import type { Standing } from './standing.ts'
import { copyState, look } from './store-access.ts'

export interface WriteBackRequest {
  readonly stores: readonly Store[]
  readonly file: ObservedFile
  readonly standing: Standing
  readonly clock: Clock
}

export type StoreOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'kept'; readonly reason: KeepReason }
  | { readonly kind: 'failed'; readonly error: unknown }

export interface StoreResult {
  readonly name: string
  readonly guarantee: Guarantee
  readonly outcome: StoreOutcome
}

export interface WriteBack {
  readonly results: readonly StoreResult[]
  readonly rotated: boolean
  /**
   * - safe: nothing is lost
   * - lost: the file has a refresh token that was never seen before, no store holds it, and none holds a later login
   */
  readonly verdict: 'safe' | 'lost'
  /** The document that a store is confirmed to hold, if the file is that document. */
  readonly confirmed: Uint8Array | undefined
}

const attempts = 3

/** Puts the file that Codex left into every store that is behind. Never throws for a store: each has its own outcome. */
export async function writeBack(request: WriteBackRequest): Promise<WriteBack> {
  const { stores, file, standing } = request
  const state = fileState(file)
  const results = await Promise.all(
    stores.map(async (store): Promise<StoreResult> => ({
      name: store.name,
      guarantee: store.guarantee,
      outcome: await bringUpToDate(store, request, state),
    })),
  )
  const isUnseen = bringsUnseenToken(state, standing)
  const rotated = isRotated({ seed: standing.seed, base: standing.base, file: state })
  const holds = results.some(({ outcome }) => holdsFile(outcome))
  const overtaken = results.some(({ outcome }) => outcome.kind === 'kept' && outcome.reason === 'superseded')
  return {
    results,
    rotated,
    verdict: (rotated || isUnseen) && !holds && !overtaken ? 'lost' : 'safe',
    confirmed: holds && file.kind === 'managed' ? file.credential.bytes : undefined,
  }
}

/** Whether the file is the only place of a refresh token, whatever its times say of its age. */
function bringsUnseenToken(file: FileState, { base, seed, lastSeen }: Standing): boolean {
  if (typeof file !== 'object' || !isSameAccount(file, base)) return false
  const seen = [base, seed, ...Object.values(lastSeen).flatMap((last) => [last.base, last.copy])]
  return !seen.some((known) => typeof known === 'object' && known.refreshToken === file.refreshToken)
}

/** Whether the store holds the file now. */
export function holdsFile(outcome: StoreOutcome): boolean {
  return outcome.kind === 'written' || (outcome.kind === 'kept' && outcome.reason === 'unchanged')
}

function unreadable(error: unknown): StoreOutcome {
  const superseded = error instanceof KeeperError && error.code === 'store-superseded'
  return superseded ? { kind: 'kept', reason: 'superseded' } : { kind: 'failed', error }
}

/** How the login stands after a write-back of this file that may be followed by another one in the same job; the base stays. */
export function standingAfter(standing: Standing, { results }: WriteBack, file: Fingerprint): Standing {
  const holding = results.filter(({ outcome }) => holdsFile(outcome))
  const seen = Object.fromEntries(holding.map(({ name }) => [name, { base: file, copy: file }]))
  return { ...standing, lastSeen: { ...standing.lastSeen, ...seen } }
}

/** The observed file as the decision wants it. */
export function fileState(file: ObservedFile): FileState {
  return file.kind === 'managed' ? file.credential.fingerprint : file.kind
}

/** The copy, where this job itself has stored it and the file goes on from it: then it is what the file is judged by. */
function ownCopy(copy: CopyState, file: FileState, { ours = [] }: Standing): Fingerprint | undefined {
  if (typeof copy !== 'object' || typeof file !== 'object' || compareAge(file, copy) === 'older') return undefined
  return ours.find((own) => isSame(own, copy))
}

async function bringUpToDate(store: Store, request: WriteBackRequest, file: FileState): Promise<StoreOutcome> {
  const { standing, clock } = request
  const { seed } = standing
  const { base, copy } = standing.lastSeen[store.name] ?? { base: standing.base, copy: 'unreadable' }
  // To keep is safe whatever the store holds by now, so a decision to keep needs no second look at the store.
  const remembered = decideWriteBack({ seed, base, file, copy })
  if (remembered.kind === 'keep') return { kind: 'kept', reason: remembered.reason }
  if (request.file.kind !== 'managed') throw new Error('A decision to write needs a managed file.')

  let failure: unknown = new KeeperError(
    'store-refused',
    `Other writers were faster ${attempts} times in a row.`,
    'Let only one job at a time use this slot: concurrency with queue: max.',
  )
  let answerLost = false
  // One look more than writes, so that an answer lost by the last write is looked up too.
  for (let attempt = 1; ; attempt += 1) {
    const seen = await look(store, clock)
    if (seen.kind === 'unreadable') return unreadable(seen.error)
    const state = copyState(seen)
    const decision = decideWriteBack({ seed, base: ownCopy(state, file, standing) ?? base, file, copy: state })
    if (decision.kind === 'keep') {
      // Only we have these bytes: if they are there after an answer that was lost, it was our write.
      return decision.reason === 'unchanged' && answerLost ? { kind: 'written' } : { kind: 'kept', reason: decision.reason }
    }
    if (attempt > attempts) return { kind: 'failed', error: failure }
    try {
      const outcome = await store.write(request.file.credential.bytes, seen.kind === 'held' ? seen.version : undefined)
      if (outcome.kind === 'written') return { kind: 'written' }
    } catch (error) {
      if (!isTransient(error)) return { kind: 'failed', error }
      failure = error
      answerLost = true
      if (attempt < attempts) await clock.sleep(attempt * 1_000)
    }
  }
}
