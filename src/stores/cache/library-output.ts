import { AsyncLocalStorage } from 'node:async_hooks'
import { messageOf } from '../../keeper-error.ts'
import { inTime } from '../../process/in-time.ts'

/** How a call of @actions/cache ended, and what it printed meanwhile: it explains its results only there. */
export interface Captured {
  /** False when the library said so, threw or did not end in time; the output then tells. */
  readonly succeeded: boolean
  readonly output: readonly string[]
}

/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15_000

/** Each call gets its own lines; what the rest of this process prints meanwhile goes on to the log. */
const calls = new AsyncLocalStorage<string[]>()
let running = 0
let releaseStdout = (): void => undefined

/** Keeps what the library prints out of the job's log, except its masks: a warning there would alarm without cause. */
export async function captureOutput(call: () => Promise<boolean>): Promise<Captured> {
  const output: string[] = []
  startCapture()
  const ended = calls.run(output, call).catch((error: unknown) => {
    output.push(`Failed: ${messageOf(error)}`)
    return false
  })
  void ended.finally(stopCapture)
  const succeeded = await inTime(ended, patience)
  if (succeeded === 'late') output.push('Failed: no end in time')
  return { succeeded: succeeded === true, output }
}

function startCapture(): void {
  running += 1
  if (running > 1) return
  const { stdout } = process
  const own = Object.getOwnPropertyDescriptor(stdout, 'write')
  const write = stdout.write.bind(stdout) as (...args: unknown[]) => boolean
  const capture = (...args: unknown[]): boolean => {
    const output = calls.getStore()
    const text = typeof args[0] === 'string' ? args[0] : Buffer.from(args[0] as Uint8Array).toString('utf8')
    if (output === undefined || text.startsWith('::add-mask::')) return write(...args)
    output.push(text.trim())
    return true
  }
  Object.defineProperty(stdout, 'write', { value: capture, configurable: true, writable: true })
  releaseStdout = () => {
    if (own) Object.defineProperty(stdout, 'write', own)
    else Reflect.deleteProperty(stdout, 'write')
  }
}

function stopCapture(): void {
  running -= 1
  if (running === 0) releaseStdout()
}
