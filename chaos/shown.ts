import type { Job } from '../__tests__/support/fake-runner/job-result.ts'
import { collectSinks, findLeaks } from '../__tests__/support/leak-search.ts'

/** The places of a job that show one of these tokens to whoever may look there, in any form. */
export function tokensShownBy(job: Job, tokens: readonly string[]): string[] {
  return [...new Set(findLeaks(tokens, collectSinks(job)).map(({ sink }) => sink))]
}
