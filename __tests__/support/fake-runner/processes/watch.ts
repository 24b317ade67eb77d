import { parentPort, workerData } from 'node:worker_threads'
import { childrenOf, processesOf, readProcess, statOf } from './process-table.ts'
import type { ProcessRecord } from './process-table.ts'

/** The thread of the process recorder: looks again and again until it is told to stop, then posts what it has seen. */
const { trackingId, stopFlag } = workerData as { trackingId: string; stopFlag: Int32Array }

/** The image that a process had when it was looked at last. */
const known = new Map<number, string>()
const seen = new Map<string, ProcessRecord>()

function note(found: ProcessRecord): void {
  known.set(found.pid, found.image)
  seen.set(JSON.stringify(found), found)
}

function adopt(parent: number): number[] {
  return childrenOf(parent)
    .filter((pid) => !known.has(pid))
    .filter((pid) => {
      const found = readProcess(pid)
      if (!found || (!known.has(parent) && !found.environ.includes(`RUNNER_TRACKING_ID=${trackingId}`))) return false
      note(found)
      return true
    })
}

parentPort?.postMessage('ready')
for (let round = 0; Atomics.wait(stopFlag, 0, 0, 0.1) === 'timed-out'; round += 1) {
  for (const [pid, before] of [...known]) {
    const now = statOf(pid)
    if (now === undefined) known.delete(pid)
    if (now === undefined || now.image === before) continue
    const found = readProcess(pid)
    if (found) note(found)
  }
  for (let fresh = [process.pid, ...known.keys()]; fresh.length > 0;) fresh = fresh.flatMap((pid) => adopt(pid))
  if (round % 200 === 0) for (const found of processesOf(trackingId)) note(found)
}
parentPort?.postMessage([...seen.values()])
