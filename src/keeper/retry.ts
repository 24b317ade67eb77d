import type { Clock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { StoreResult, WriteBack } from './write-back.ts'

/** How a rotated login that no store has taken is tried again. */
export interface Retry {
  /** Milliseconds in all; 0: not at all. */
  readonly lasting: number
  /** Told before each pause. */
  readonly onPause: (news: RetryNews) => void
}

export interface RetryNews {
  readonly results: readonly StoreResult[]
  /** Milliseconds until the next try. */
  readonly pause: number
  /** Milliseconds in which it is tried again, this pause included. */
  readonly left: number
}

const firstPause = 2_000
const longestPause = 30_000

/**
 * The pause before a further try: each is twice as long as the one before, up to half a minute, and the last try is made when
 * the time is up.
 * @param done further tries so far
 * @param left milliseconds
 * @returns milliseconds; undefined when the time is up
 */
export function pauseBeforeTry(done: number, left: number): number | undefined {
  return left <= 0 ? undefined : Math.min(firstPause * 2 ** done, longestPause, left)
}

/**
 * Tries again while a rotated login is in no store, whatever the stores have answered: an outage ends, and a hook that refuses once
 * is not a rule. Giving up costs a login. Where no store was asked in vain, or a step of this job has taken away what each of them is
 * opened with, there is nothing to wait for.
 * @param again looks at the file and at the stores anew, and decides anew
 */
export async function untilStored<Round extends { readonly result: WriteBack }>(
  first: Round,
  again: (last: Round) => Promise<Round>,
  { retry, clock }: { readonly retry: Retry; readonly clock: Clock },
): Promise<Round> {
  let last = first
  let { lasting: left } = retry
  for (let done = 0; isWorthATry(last.result); done += 1) {
    const pause = pauseBeforeTry(done, left)
    if (pause === undefined) break
    retry.onPause({ results: last.result.results, pause, left })
    const start = clock.now()
    await clock.sleep(pause)
    last = await again(last)
    // A clock that somebody has set back gives no more time.
    left -= Math.max(pause, clock.now() - start)
  }
  return last
}

function isWorthATry({ verdict, rotated, results }: WriteBack): boolean {
  return verdict === 'lost' && rotated && results.some(({ outcome }) => outcome.kind === 'failed' && !isWithdrawn(outcome.error))
}

function isWithdrawn(error: unknown): boolean {
  return error instanceof KeeperError && error.code === 'store-withdrawn'
}
