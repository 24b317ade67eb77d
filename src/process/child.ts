import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { Socket } from 'node:net'
import { constants } from 'node:os'

export interface ChildRequest {
  /** Absolute path of the program, resolved before any step of the job could change PATH. */
  readonly tool: string
  readonly args: readonly string[]
  /** The whole environment; nothing of this process is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Working directory; must exist. */
  readonly cwd: string
  readonly stdin?: Uint8Array
  /** After this many milliseconds the child counts as hung. Default 60 000. */
  readonly timeoutMs?: number
}

export type ChildResult =
  /** A child that a signal ended has the exit code a shell gives it: 128 and the signal's number. */
  { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: Buffer; readonly stderr: string } | { readonly kind: 'timed-out' }

/** A process that the child left behind may hold its output open; so long we wait for the rest of it. */
const restOfOutputMs = 2_000

/**
 * Runs one child silently: nothing is echoed, no shell is involved, secrets travel over stdin or env only, and stdin and
 * stdout are exact bytes. A child that ends without reading its input is judged by its exit code. One that outlives its
 * time limit is not killed (it may be in the middle of a write) and does not keep this process alive; the runner's own sweep
 * ends it after the job.
 * Rejects only when the program cannot be started.
 *
 * On node:child_process and not @actions/exec 3.0.0, which has no listener for errors of the child's stdin: the EPIPE of
 * a child that does not read its input would end this process, and with it the write-back.
 */
export async function runChild(request: ChildRequest): Promise<ChildResult> {
  const child = spawn(request.tool, request.args, { cwd: request.cwd, env: { ...request.env }, stdio: 'pipe' })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (data: Buffer) => out.push(data))
  child.stderr.on('data', (data: Buffer) => err.push(data))
  child.stdin.on('error', () => undefined)
  child.stdin.end(request.stdin)

  const ended = await endOf(child, request.timeoutMs ?? 60_000)
  if (ended === 'timed-out') {
    letGo(child)
    return { kind: 'timed-out' }
  }
  return { kind: 'exited', exitCode: ended, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }
}

function endOf(child: ChildProcessWithoutNullStreams, timeoutMs: number): Promise<number | 'timed-out'> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      resolve('timed-out')
    }, timeoutMs)
    let rest: NodeJS.Timeout | undefined
    const settle = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(rest)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    }
    child.once('error', (error) => {
      clearTimeout(limit)
      reject(error)
    })
    child.once('exit', (code, signal) => {
      clearTimeout(limit)
      rest = setTimeout(() => {
        letGo(child)
        settle(code, signal)
      }, restOfOutputMs)
    })
    child.once('close', settle)
  })
}

function letGo(child: ChildProcessWithoutNullStreams): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref()
  }
}
