import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { inTime } from '../../process/in-time.ts'
import { systemCodeOf } from '../../keeper-error.ts'
import type { SavedState } from '../runner/saved-state.ts'
import { socketIn } from './order.ts'
import { signingKey, takeRecord } from './record.ts'

/** It ends itself after ten seconds at the latest. Milliseconds. */
const longestEnd = 12_000

export interface TakenOver {
  /** With what the process that wrote through knew. */
  readonly state: SavedState
  /** - ended: it was there and has ended; died: it was not there any more; late: it has not ended in time */
  readonly how: 'ended' | 'died' | 'late'
  /** How many logins of Codex it has seen. */
  readonly seen: number
}

/** Ends the process that writes through, waits for what it is writing, and takes over what it knows; undefined when none was started. */
export async function takeOver(state: SavedState): Promise<TakenOver | undefined> {
  const directory = state.writeThrough
  if (directory === undefined) return undefined
  const how = await askToEnd(socketIn(directory))
  const record = await takeRecord(directory, signingKey(process.env))
  await rm(directory, { recursive: true, force: true })
  const { ours = [], handovers = {} } = record ?? {}
  return {
    how,
    seen: ours.length,
    state: { ...state, standing: { ...state.standing, ours }, handovers: { ...state.handovers, ...handovers } },
  }
}

async function askToEnd(socket: string): Promise<TakenOver['how']> {
  const asked = connect(socket)
  const ended = new Promise<'ended' | 'died'>((resolve) => {
    asked.on('error', (error) => {
      resolve(systemCodeOf(error) === 'ECONNRESET' ? 'ended' : 'died')
    })
    asked.on('close', () => {
      resolve('ended')
    })
    asked.resume()
  })
  const how = await inTime(ended, longestEnd)
  asked.destroy()
  return how
}
