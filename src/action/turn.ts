import type { Restored } from '../keeper/restore.ts'
import type { Turn } from '../keeper/right-to-spend.ts'
import type { Job } from './prepare-job.ts'
import { leaseWords } from '../keeper/lease-words.ts'
import * as core from './runner/runner-commands.ts'

/** How this job takes its turn where others want to refresh the same login. */
export function turnOf({ reporter, inputs, context: { runUrl, runAttempt, job }, keeper }: Job, { stores }: Restored): Turn {
  // Where no store of the list could hold one, a job of a matrix has been warned of it by now.
  const isNews = inputs.jobTotal > 1 && keeper.stores.some(({ leasePlace }) => leasePlace !== undefined)
  return {
    holder: { run: runUrl, attempt: runAttempt, job },
    passOver: stores.filter(({ proof }) => proof.kind === 'refused').map(({ name }) => name),
    random: Math.random,
    onNews: (news) => {
      const words = reporter.masks.clean(leaseWords(news))
      if (news.kind === 'nowhere' && isNews) core.warning(words)
      else core.info(words)
    },
  }
}
