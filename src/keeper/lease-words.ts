import { errorWords } from '../keeper-error.ts'
import { holderName } from './lease-document.ts'
import type { LeaseNews } from './right-to-spend.ts'

/** A line of the log about the lease of the login. */
export function leaseWords(news: LeaseNews): string {
  switch (news.kind) {
    case 'waiting': {
      const { holder, endsIn, atMost } = news.wait
      return (
        `Waiting for ${holderName(holder)}, which is refreshing this login. If it gets no further, its turn ends in ${waitWords(endsIn)}; ` +
        `this job waits ${waitWords(atMost)} at most.`
      )
    }
    case 'without':
      return errorWords(news.error)
    case 'nowhere':
      return 'No store in the list holds a lease, so nothing keeps two jobs from spending one refresh token: let jobs with this login wait for each other (concurrency with queue: max).'
  }
}

/** A short time, to the second. */
function waitWords(seconds: number): string {
  const whole = Math.ceil(seconds)
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
