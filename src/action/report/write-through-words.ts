import type { WriteThroughStart } from '../write-through/start-write-through.ts'
import type { TakenOver } from '../write-through/take-over.ts'

/** What main says of the process that it leaves beside the job. */
export function writeThroughStart(started: WriteThroughStart): string {
  switch (started.kind) {
    case 'started':
      return `Write-through is on: what Codex refreshes in the middle of the job is stored at once.${leftToPost(started.without)}`
    case 'no-store':
      return 'Write-through is off: no store can be written without a read or a key that opens it. What Codex refreshes is stored after the job.'
    case 'failed':
      return 'Write-through could not be started. What Codex refreshes is stored after the job.'
  }
}

function leftToPost(without: readonly string[]): string {
  return without.length === 0 ? '' : ` Not for ${without.join(', ')}: only post stores there.`
}

/** What post says of it. */
export function writeThroughEnd({ how, seen }: TakenOver): string {
  const had = `${seen === 1 ? 'one refreshed login' : `${seen} refreshed logins`} seen during the job`
  switch (how) {
    case 'ended':
      return `Write-through has ended: ${had}.`
    case 'died':
      return `Write-through had already ended: ${had}.`
    case 'late':
      return `Write-through did not end in time: ${had}.`
  }
}
