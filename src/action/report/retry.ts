import type { Retry } from '../../keeper/retry.ts'
import { retryWords } from '../../keeper/retry-words.ts'
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
