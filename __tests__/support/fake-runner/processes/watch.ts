import { parentPort, workerData } from 'node:worker_threads'
import { isThere, isThread, lastNumber, processesOf, readProcess, statOf } from './process-table.ts'
import type { ProcessRecord } from './process-table.ts'

/** The thread of the process recorder: looks again and again until it is told to stop, then posts what it has seen. */
const { trackingId, stopFlag } = workerData as { trackingId: string; stopFlag: Int32Array }

interface Look {
  /** The image that the process had when it was looked at last. */
  readonly image: string
  /** The round since which it has it. */
  readonly since: number
}

const known = new Map<number, Look>()
/** Numbers that somebody was given, and the round of it: a process that is being made, or a child of ours that is no other program yet. */
const undecided = new Map<number, number>()
const seen = new Map<string, ProcessRecord>()

/** A number that nobody has by then was that of a process that has ended. Rounds. */
const longestMaking = 50
/** The parent of the kernel's own threads, which have no arguments for ever, as others have none in the middle of an exec. */
const kthreadd = 2
/** Most programs that a process becomes it becomes soon; later it is looked at more seldom. Rounds. */
const young = 300
const seldom = 10

function note(found: ProcessRecord, round: number): void {
  known.set(found.pid, { image: found.image, since: round })
  seen.set(JSON.stringify(found), found)
}

/** Whether it is clear now whose process this is; one of the job's is noted. */
function isDecided(pid: number, since: number, round: number): boolean {
  if (known.has(pid)) return true
  if (!isThere(pid)) return round - since > longestMaking
  const found = readProcess(pid)
  if (found === undefined) return statOf(pid)?.parent === kthreadd
  if (undecided.has(found.parent)) return false
  const isOurs = known.has(found.parent) || found.environ.includes(`RUNNER_TRACKING_ID=${trackingId}`)
  if (isOurs && !isThread(pid)) note(found, round)
  return isOurs || found.parent !== process.pid || found.image !== own
}

function lookAgain(round: number): void {
  for (const [pid, { image, since }] of [...known]) {
    if (round - since > young && round % seldom !== 0) continue
    const now = statOf(pid)
    if (now === undefined) known.delete(pid)
    if (now === undefined || now.image === image) continue
    const found = readProcess(pid)
    if (found) note(found, round)
  }
}

const own = statOf(process.pid)?.image
let last = lastNumber()
parentPort?.postMessage('ready')
for (let round = 0; Atomics.wait(stopFlag, 0, 0, 0.1) === 'timed-out'; round += 1) {
  lookAgain(round)
  const newest = lastNumber()
  for (let pid = last + 1; pid <= newest; pid += 1) undecided.set(pid, round)
  last = newest
  for (const [pid, since] of undecided) if (isDecided(pid, since, round)) undecided.delete(pid)
  // For those that were not seen to be made, as when the numbers begin anew.
  if (round % 500 === 0) for (const found of processesOf(trackingId)) if (!known.has(found.pid)) note(found, round)
}
parentPort?.postMessage([...seen.values()])
