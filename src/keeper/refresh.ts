import { compareAge, isSame } from '../credential/fingerprint.ts'
import { codexRefreshesFrom } from '../credential/issued.ts'
import type { CodexCli } from '../codex/codex-cli.ts'
import { failureWords, type CodexFailure } from '../codex/failure.ts'
import { takeNewerCopy, type NewerCopy } from './newer-copy.ts'
import { rotatedCredential, writeBackRotation, type LoginRequest, type Rotation } from './rotation.ts'
import type { Standing } from './standing.ts'

export interface RefreshRequest extends LoginRequest {
  readonly when: 'auto' | 'always' | 'never'
  readonly due: boolean
  /** undefined when no Codex CLI is at hand. */
  readonly codex: CodexCli | undefined
}

export type Refresh =
  | { readonly kind: 'not-asked'; readonly why: 'never' | 'not-due' | 'no-cli' }
  | (Rotation & { readonly kind: 'refreshed' })
  /** Another job has refreshed the login; its copy was installed, or cannot be had in this run. */
  | Extract<NewerCopy, { kind: 'overtaken' | 'superseded' }>
  | { readonly kind: 'unchanged'; readonly failure: CodexFailure | undefined }
  | { readonly kind: 'left-running'; readonly pid: number }
  /** OpenAI refused the refresh, and a store that may hold a newer login cannot be read. */
  | (Extract<NewerCopy, { kind: 'unread' }> & { readonly failure: CodexFailure })
  | { readonly kind: 'needs-reseed'; readonly failure: CodexFailure; readonly seedIsOlder: boolean }

/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30

/** Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. */
export async function refreshEarly(request: RefreshRequest): Promise<Refresh> {
  const { when, due, codex, standing, clock, state } = request
  if (when === 'never') return { kind: 'not-asked', why: 'never' }
  if (when === 'auto' && !due) return { kind: 'not-asked', why: 'not-due' }
  if (codex === undefined) return { kind: 'not-asked', why: 'no-cli' }

  const from = codexRefreshesFrom(standing.base.issued)
  const onStart = (pid: number): void => {
    state.update({ codexProcess: pid })
  }
  await clock.sleep(waitBefore(from - clock.now() / 1000) * 1000)
  const hasChanged = async (): Promise<boolean> => (await rotatedCredential(request)) !== undefined
  const asked = await codex.refresh({ refreshesFrom: from, hasChanged, onStart })
  // A Codex without app-server refreshes only what runs out, in the course of a model call.
  const run = asked.kind === 'unsupported' ? await codex.smokeTest(onStart) : asked
  if (run.kind !== 'left-running') state.update({ codexProcess: undefined })
  const rotation = await writeBackRotation(request)
  if (rotation !== undefined) return { kind: 'refreshed', ...rotation }
  if (run.kind === 'left-running') return run
  if (run.kind === 'unsupported' || run.failure === undefined || !failureWords[run.failure].needsPerson) {
    return { kind: 'unchanged', failure: run.kind === 'ended' ? run.failure : undefined }
  }
  return refused(request, run.failure)
}

/** A refused refresh is not the end: another job may have been faster. */
async function refused(request: LoginRequest, failure: CodexFailure): Promise<Refresh> {
  const newer = await takeNewerCopy(request)
  switch (newer.kind) {
    case 'overtaken':
    case 'superseded':
      return newer
    case 'unread':
      return { ...newer, failure }
    case 'none':
      return { kind: 'needs-reseed', failure, seedIsOlder: seedIsOlder(request.standing) }
  }
}

/**
 * A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
 * then let that moment pass first. All in seconds.
 */
function waitBefore(untilThen: number): number {
  return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0
}

function seedIsOlder({ seed, base }: Standing): boolean {
  return seed !== undefined && !isSame(seed, base) && compareAge(seed, base) === 'older'
}
