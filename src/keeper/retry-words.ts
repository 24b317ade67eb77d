import { errorWords } from '../keeper-error.ts'
import type { RetryNews } from './retry.ts'

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
