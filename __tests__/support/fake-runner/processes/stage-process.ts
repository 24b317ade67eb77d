import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { createPipe } from './fifo.ts'

export interface StageProcess {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** An existing folder of the machine for the pipes' names. */
  readonly pipes: string
  /** When it fires, the runner's ladder begins: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, to this process alone. */
  readonly stop: AbortSignal
  /** What one second of the runner lasts here, in seconds. */
  readonly timeScale: number
  readonly onStart: (pid: number) => void
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void
}

interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StageEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** The signals of the ladder that were sent. */
  readonly signalsSent: readonly NodeJS.Signals[]
  /** Somebody else still held the pipes five seconds after the exit. */
  readonly pipesHeld: boolean
}

/**
 * Runs one process as the runner does: stdin at its end, stdout and stderr pipes, stderr read before stdout.
 * Rejects when the process cannot be started, for instance because its working directory is gone.
 */
export async function runStageProcess(spec: StageProcess): Promise<StageEnd> {
  const [stdout, stderr] = [createPipe(spec.pipes), createPipe(spec.pipes)]
  const child = spawn(spec.file, spec.args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['pipe', stdout.writer, stderr.writer],
  })
  stdout.closeWriter()
  stderr.closeWriter()
  child.stdin?.on('error', () => undefined).end()
  const drained = readLines({ stdout: stdout.reader, stderr: stderr.reader }, spec.onLine)

  const signalsSent: NodeJS.Signals[] = []
  const timers: NodeJS.Timeout[] = []
  const send = (signal: NodeJS.Signals): void => {
    signalsSent.push(signal)
    child.kill(signal)
  }
  const ladder = (): void => {
    send('SIGINT')
    timers.push(
      setTimeout(() => {
        send('SIGTERM')
      }, 7500 * spec.timeScale),
    )
    timers.push(
      setTimeout(() => {
        send('SIGKILL')
      }, 10_000 * spec.timeScale),
    )
  }
  try {
    const exited = new Promise<Exit>((resolve, reject) => {
      child.on('error', (error) => {
        const message = `An error occurred trying to start process '${spec.file}' with working directory '${spec.cwd}'.`
        reject(new Error(`${message} ${error.message}`, { cause: error }))
      })
      child.on('exit', (code, signal) => {
        resolve({ code, signal })
      })
    })
    if (child.pid !== undefined) spec.onStart(child.pid)
    if (spec.stop.aborted) ladder()
    else spec.stop.addEventListener('abort', ladder)
    const { code, signal } = await exited
    spec.stop.removeEventListener('abort', ladder)
    for (const timer of timers) clearTimeout(timer)
    return { exitCode: code, signal, signalsSent, pipesHeld: !(await within(drained, 5000 * spec.timeScale)) }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    stdout.reader.destroy()
    stderr.reader.destroy()
  }
}

/** Hands on whole lines; what has arrived on stderr goes before what has arrived on stdout, as in the runner. */
async function readLines(readers: Record<'stdout' | 'stderr', Socket>, onLine: StageProcess['onLine']): Promise<void> {
  const waiting: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] }
  const drain = (): void => {
    for (const stream of ['stderr', 'stdout'] as const) {
      for (const line of waiting[stream].splice(0)) onLine(stream, line)
    }
  }
  const read = (stream: 'stdout' | 'stderr'): Promise<void> =>
    new Promise((resolve) => {
      let rest = ''
      readers[stream].setEncoding('utf8')
      readers[stream].on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        waiting[stream].push(...lines.map((line) => line.replace(/\r$/, '')))
        setImmediate(drain)
      })
      const end = (): void => {
        if (rest !== '') waiting[stream].push(rest)
        rest = ''
        resolve()
      }
      readers[stream].on('end', end).on('error', end).on('close', end)
    })
  await Promise.all([read('stderr'), read('stdout')])
  drain()
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false)
    }, ms)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
