import { AsyncLocalStorage } from 'node:async_hooks'
import { messageOf } from '../../keeper-error.ts'

/** What @actions/cache said while it worked; it explains its results only there. */
export type Talk = readonly string[]

/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15_000

const talking = new AsyncLocalStorage<string[]>()
let listeners = 0
let unhear = (): void => undefined

/**
 * Keeps what the library prints out of the job's log, except its masks: a warning there would alarm without cause.
 * @returns the result is undefined when the library did not end in time or threw; the talk then says so
 */
export async function overheard<T>(work: () => Promise<T>): Promise<{ result: T | undefined; talk: Talk }> {
  const talk: string[] = []
  startListening()
  const working = talking.run(talk, work).catch((error: unknown) => {
    talk.push(`Failed: ${messageOf(error)}`)
    return undefined
  })
  void working.finally(stopListening)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => { talk.push('Failed: no end in time'); resolve(undefined) }, patience)
  })
  const result = await Promise.race([working, late])
  clearTimeout(timer)
  return { result, talk }
}

/** How many transfers outlived their time limit and may keep this process alive; the stage that ends must not wait for them. */
export function unendedTransfers(): number {
  return listeners
}

function startListening(): void {
  listeners += 1
  if (listeners > 1) return
  const { stdout } = process
  const own = Object.getOwnPropertyDescriptor(stdout, 'write')
  const write = stdout.write.bind(stdout) as (...args: unknown[]) => boolean
  const heed = (...args: unknown[]): boolean => {
    const heard = talking.getStore()
    const text = typeof args[0] === 'string' ? args[0] : Buffer.from(args[0] as Uint8Array).toString('utf8')
    if (heard === undefined || text.startsWith('::add-mask::')) return write(...args)
    heard.push(text.trim())
    return true
  }
  Object.defineProperty(stdout, 'write', { value: heed, configurable: true, writable: true })
  unhear = () => {
    if (own) Object.defineProperty(stdout, 'write', own)
    else Reflect.deleteProperty(stdout, 'write')
  }
}

function stopListening(): void {
  listeners -= 1
  if (listeners === 0) unhear()
}
