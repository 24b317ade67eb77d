import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { asJavaScript } from '../as-javascript.ts'
import type { ProcessRecord } from './process-table.ts'

export interface ProcessRecorder {
  /** Ends the recording and returns every different look (argv, environment) that a process of the job has had. */
  stop(): Promise<ProcessRecord[]>
}

/**
 * Watches the job's processes from a thread of its own, again and again with a tenth of a millisecond between. It also
 * sees processes that cleared their environment, as long as their parent was seen. A process that lives for a few
 * milliseconds only can be missed, the more so on a busy machine. Linux only; elsewhere nothing is seen.
 */
export async function recordProcesses(trackingId: string): Promise<ProcessRecorder> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL(asJavaScript(new URL('./watch.ts', import.meta.url))), { workerData: { trackingId, stopFlag } })
  await once(worker, 'message')
  return {
    stop: async () => {
      const answer = once(worker, 'message') as Promise<[ProcessRecord[]]>
      Atomics.store(stopFlag, 0, 1)
      Atomics.notify(stopFlag, 0)
      const [records] = await answer
      await worker.terminate()
      return records
    },
  }
}
