import { compareAge, isSame } from '../credential/fingerprint.ts'
import { codexRefreshesFrom } from '../credential/issued.ts'
import type { CodexCli, CodexRun } from '../codex/codex-cli.ts'
import { failureWords, type CodexFailure } from '../codex/failure.ts'
import type { LeaseHolder } from './lease-document.ts'
import { awaitNewerCopy, type NewerCopy } from './newer-copy.ts'
import type { Lease } from './own-lease.ts'
import { rightToSpend, type Brought, type Turn } from './right-to-spend.ts'
import type { RetryNews } from './retry.ts'
import { rotatedCredential, writeBackRotation, type LoginRequest, type Rotation } from './rotation.ts'
import type { Standing } from './standing.ts'

export interface RefreshRequest extends LoginRequest {
  readonly when: 'auto' | 'always' | 'never'
  readonly due: boolean
  /** undefined when no Codex CLI is at hand. */
  readonly codex: CodexCli | undefined
  readonly turn: Turn
}

export type Refresh =
  | { readonly kind: 'not-asked'; readonly why: 'never' | 'not-due' | 'no-cli' }
  | (Rotation & { readonly kind: 'refreshed' })
  /** Another job has refreshed the login: after OpenAI had refused our copy (`refused`), or while we waited for our turn. */
  | (Brought & { readonly after: 'refused' | 'waiting' })
  | { readonly kind: 'unchanged'; readonly failure: CodexFailure | undefined }
  | { readonly kind: 'left-running'; readonly pid: number }
  /** This store could not be asked for the lease, or for a newer login, so nothing was spent. */
  | { readonly kind: 'no-lease'; readonly store: string; readonly error: unknown; readonly due: boolean }
  /** OpenAI refused the refresh, and a store that may hold a newer login cannot be read. */
  | (Extract<NewerCopy, { kind: 'unread' }> & { readonly failure: CodexFailure })
  | (Refused & { readonly kind: 'needs-reseed'; readonly seedIsOlder: boolean })

/** A token that OpenAI has refused. */
interface Refused {
  readonly failure: CodexFailure
  /** The job that presented it, where it was another one. */
  readonly refusedTo?: LeaseHolder | undefined
  /** The job that had begun to spend it before, and did not come back. */
  readonly begunBy?: LeaseHolder | undefined
}

/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30

/**
 * Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. Of the jobs that want to
 * do so at once, one does, and the others go on with what it brings.
 */
export async function refreshEarly(request: RefreshRequest): Promise<Refresh> {
  const { when, due, codex, turn } = request
  if (when === 'never') return { kind: 'not-asked', why: 'never' }
  if (when === 'auto' && !due) return { kind: 'not-asked', why: 'not-due' }
  if (codex === undefined) return { kind: 'not-asked', why: 'no-cli' }

  const right = await rightToSpend(request, turn)
  switch (right.kind) {
    case 'unguarded':
      return spend(request, codex, undefined)
    case 'ours':
      return spend(request, codex, right)
    case 'brought':
      return { ...right.newer, after: 'waiting' }
    case 'refused':
      return refused(request, { failure: right.failure, refusedTo: right.holder })
    case 'not-had':
      return { ...right, kind: 'no-lease', due }
  }
}

interface OwnRight {
  readonly lease: Lease
  readonly overtakes: LeaseHolder | undefined
}

/** Asks Codex, and gives the lease back unless a rotated login may still be on its way into a store: then it runs out by itself. */
async function spend(request: RefreshRequest, codex: CodexCli, right: OwnRight | undefined): Promise<Refresh> {
  const lease = right?.lease
  let started = false
  const run = await ask(request, codex, lease, () => {
    started = true
  }).catch(async (error: unknown) => {
    if (!started) await lease?.giveBack()
    throw error
  })
  const rotation = await writeBackWhileOurs(request, lease)
  if (rotation !== undefined) {
    if (rotation.writeBack.verdict === 'safe') await lease?.giveBack()
    return { kind: 'refreshed', ...rotation }
  }
  if (run.kind === 'left-running') return run
  if (run.kind === 'unsupported' || run.failure === undefined || !failureWords[run.failure].needsPerson) {
    await lease?.giveBack()
    return { kind: 'unchanged', failure: run.kind === 'ended' ? run.failure : undefined }
  }
  const result = await refused(request, { failure: run.failure, begunBy: right?.overtakes })
  await (result.kind === 'overtaken' ? lease?.giveBack() : lease?.refuse(run.failure))
  return result
}

/** Nobody else may present the token while what came in its place is not stored, however long that is tried. */
async function writeBackWhileOurs(request: RefreshRequest, lease: Lease | undefined): Promise<Rotation | undefined> {
  let renewed = lease?.renew()
  const onPause = (news: RetryNews): void => {
    request.retry.onPause(news)
    renewed = renewed?.then(() => lease?.renew() ?? false)
  }
  const rotation = await writeBackRotation({ ...request, retry: { ...request.retry, onPause } })
  await renewed
  return rotation
}

async function ask(request: RefreshRequest, codex: CodexCli, lease: Lease | undefined, onSpending: () => void): Promise<CodexRun> {
  const { standing, clock, state } = request
  const from = codexRefreshesFrom(standing.base.issued)
  const onStart = (pid: number): void => {
    onSpending()
    state.update({ codexProcess: pid })
  }
  await clock.sleep(waitBefore(from - clock.now() / 1000) * 1000)
  const hasChanged = async (): Promise<boolean> => (await rotatedCredential(request)) !== undefined
  const asked = await codex.refresh({ refreshesFrom: from, hasChanged, onStart })
  // A Codex without app-server refreshes only what runs out, in the course of a model call.
  const again = asked.kind === 'unsupported' && (lease === undefined || (await lease.renew()))
  const run = again ? await codex.smokeTest(onStart) : asked
  if (run.kind !== 'left-running') state.update({ codexProcess: undefined })
  return run
}

/** A refused refresh is not the end: another job may have been faster. */
async function refused(
  request: LoginRequest,
  refusal: Refused,
): Promise<Extract<Refresh, { kind: 'overtaken' | 'superseded' | 'unread' | 'needs-reseed' }>> {
  const newer = await awaitNewerCopy(request)
  switch (newer.kind) {
    case 'overtaken':
    case 'superseded':
      return { ...newer, after: 'refused' }
    case 'unread':
      return { ...newer, failure: refusal.failure }
    case 'none':
      return { kind: 'needs-reseed', ...refusal, seedIsOlder: seedIsOlder(request.standing) }
  }
}

/**
 * A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
 * then let that moment pass first. All in seconds.
 */
function waitBefore(untilThen: number): number {
  return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0
}

/** Whether the seed was issued before the login in use, so that it is spent as well. */
export function seedIsOlder({ seed, base }: Standing): boolean {
  return seed !== undefined && !isSame(seed, base) && compareAge(seed, base) === 'older'
}
