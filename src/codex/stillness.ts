import { readFileSync, readdirSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import { authFileChangedAt } from './codex-home.ts'

export interface StillnessRequest {
  readonly codexHome: string
  readonly cancelled: boolean
  /** Milliseconds since 1970 of the last change that was our own, which is not a reason to wait. */
  readonly ownChange: number | undefined
  /** The runner's mark on every process of this job. */
  readonly trackingId: string | undefined
  readonly clock: Clock
  /** Process ids of running Codex processes of this job. */
  readonly codexProcesses: (trackingId: string | undefined) => readonly number[]
  /** A Codex process that restore has started and left running. */
  readonly started: number | undefined
}

/** A file that has not changed for this long, with no Codex running, is taken as final. Milliseconds. */
const still = 2_000
/** Codex gives up a token request after 45 s; what has not come by then will not come. Milliseconds. */
const longest = 50_000

/**
 * Waits until nobody writes `auth.json` any more, only where there is reason to: the job was cancelled (Codex may outlive
 * its shell), a Codex process of this job lives, or the file has just changed.
 * @returns whether it is still; false when the time was up
 */
export async function waitUntilStill(request: StillnessRequest): Promise<boolean> {
  const { codexHome, cancelled, ownChange, clock, trackingId, codexProcesses, started } = request
  const end = clock.now() + longest
  // After a cancel a process may be between its start and its first write, where nothing shows yet.
  const notBefore = cancelled ? clock.now() + still : 0
  while (clock.now() < end) {
    const changedAt = await authFileChangedAt(codexHome)
    const age = changedAt === undefined || changedAt === ownChange ? Infinity : clock.now() - changedAt
    // A file from the future says nothing about now.
    const quiet = age >= still || age < -still
    if (quiet && clock.now() >= notBefore && !isAlive(started) && codexProcesses(trackingId).length === 0) return true
    await clock.sleep(250)
  }
  return false
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/**
 * Running Codex processes that carry the runner's tracking id of this job, or a mark in another variable. Linux only: elsewhere
 * the environment of another process cannot be read, and the answer is none.
 */
export function findCodexProcesses(trackingId: string | undefined, variable = 'RUNNER_TRACKING_ID'): number[] {
  if (process.platform !== 'linux' || !trackingId) return []
  return readdirSync('/proc')
    .filter(
      (entry) =>
        /^\d+$/.test(entry) &&
        ofProcess(entry, 'comm').trim() === 'codex' &&
        ofProcess(entry, 'environ').split('\0').includes(`${variable}=${trackingId}`),
    )
    .map(Number)
}

/** Empty when the process has ended or is somebody else's. Synchronous, because this reads memory and no disk. */
function ofProcess(pid: string, file: 'comm' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
