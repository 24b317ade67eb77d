import { errorWords } from '../../keeper-error.ts'
import type { Retry, RetryNews } from '../../keeper/retry.ts'
import * as core from '../runner/runner-commands.ts'
import type { Masks } from '../runner/masks.ts'

/** Further tries of this many seconds, each with a line in the log. */
export function loggedRetry(seconds: number, masks: Masks): Retry {
  return {
    lasting: seconds * 1_000,
    onPause: (news) => {
      core.info(masks.clean(retryWords(news)))
    },
  }
}

/** Why no store has the refreshed login yet, and when it is tried again. */
export function retryWords({ results, pause, left }: RetryNews): string {
  const why = results.flatMap(({ name, outcome }) => (outcome.kind === 'failed' ? [`Store ${name}: ${errorWords(outcome.error)}`] : []))
  return [
    `No store holds the refreshed login yet. It is tried again in ${inSeconds(pause)}, and for ${inSeconds(left)} in all (retry-for).`,
    ...why,
  ].join(' ')
}

function inSeconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1_000)} s`
}
