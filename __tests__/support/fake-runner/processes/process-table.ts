import { existsSync, readFileSync, readdirSync } from 'node:fs'

export interface ProcessRecord {
  readonly pid: number
  readonly parent: number
  readonly argv: readonly string[]
  /** `NAME=value`, as the process was started. */
  readonly environ: readonly string[]
  /** Where in memory these two are: somewhere else after each exec, and until then where the parent has its own. */
  readonly image: string
}

const variable = 'RUNNER_TRACKING_ID'

/** Every living process whose environment carries the job's tracking id (Linux; elsewhere none are seen). */
export function processesOf(trackingId: string): ProcessRecord[] {
  const mark = `${variable}=${trackingId}`
  return otherProcesses(['environ'], mark).filter(({ environ }) => environ.includes(mark))
}

/** Every living process but this one that was started with this path in its arguments or environment (Linux; elsewhere none are seen). */
export function processesThatKnow(path: string): ProcessRecord[] {
  return otherProcesses(['cmdline', 'environ'], path)
}

/** Those with this text in one of these files: most of a machine's processes cost one look at each file, and no more. */
function otherProcesses(files: readonly ('cmdline' | 'environ')[], text: string): ProcessRecord[] {
  return numbersIn('/proc')
    .filter((pid) => pid !== process.pid && files.some((file) => read(`/proc/${pid}/${file}`).includes(text)))
    .map(readProcess)
    .filter((found) => found !== undefined)
}

/** SIGKILL to every process of the job, again until none is left; returns those it met. */
export function killAll(trackingId: string): ProcessRecord[] {
  const killed = new Map<number, ProcessRecord>()
  for (let round = 0; round < 50; round += 1) {
    const living = processesOf(trackingId)
    if (living.length === 0) break
    for (const found of living) {
      killed.set(found.pid, found)
      try {
        process.kill(found.pid, 'SIGKILL')
      } catch {
        /* gone meanwhile */
      }
    }
  }
  return [...killed.values()]
}

/** The number that was given last to a process or a thread (proc_loadavg(5)); they are given in order. */
export function lastNumber(): number {
  return Number(read('/proc/loadavg').split(' ').at(-1))
}

/** Whether anybody has this number, be it a zombie. */
export function isThere(number: number): boolean {
  return existsSync(`/proc/${number}`)
}

/** Whether this is the number of a thread that is not the first of its process. */
export function isThread(number: number): boolean {
  const group = /^Tgid:\s*(\d+)$/m.exec(read(`/proc/${number}/status`))?.[1]
  return group !== undefined && Number(group) !== number
}

/** Parent and image (proc_pid_stat(5): the fourth value, and from the 48th on); undefined when it is gone or a zombie. */
export function statOf(pid: number): { parent: number; image: string } | undefined {
  const [, rest] = /^\d+ \([\s\S]*\) (.*)$/m.exec(read(`/proc/${pid}/stat`)) ?? []
  const [state, parent, ...values] = rest?.split(' ') ?? []
  return state === undefined || state === 'Z' ? undefined : { parent: Number(parent), image: values.slice(43, 47).join() }
}

/** Undefined when it is gone, a zombie, or without arguments because it is in the middle of an exec. */
export function readProcess(pid: number): ProcessRecord | undefined {
  for (;;) {
    const before = statOf(pid)
    const argv = split(read(`/proc/${pid}/cmdline`))
    const environ = split(read(`/proc/${pid}/environ`))
    const after = statOf(pid)
    if (after === undefined) return undefined
    // An exec in between: a part is of the one program, a part of the other.
    if (before?.image !== after.image) continue
    return argv.length === 0 ? undefined : { pid, argv, environ, ...after }
  }
}

function split(text: string): string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
