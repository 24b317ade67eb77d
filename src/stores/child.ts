import { exec } from '@actions/exec'

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
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'timed-out' }

let hung = 0

/**
 * How many children outlived their time limit. They are not killed (one may be in the middle of a write); the stage
 * that ends must not wait for them, and the runner's own sweep ends them after the job.
 */
export function hungChildren(): number {
  return hung
}

/**
 * Runs one child silently: nothing is echoed, no shell is involved, secrets travel over stdin or env only.
 * Rejects only when the program cannot be started.
 */
export async function runChild(request: ChildRequest): Promise<ChildResult> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  const exited = exec(quoted(request.tool), [...request.args], {
    silent: true,
    ignoreReturnCode: true,
    cwd: request.cwd,
    env: { ...request.env },
    input: Buffer.from(request.stdin ?? []),
    listeners: { stdout: (data) => out.push(data), stderr: (data) => err.push(data) },
  })
  const limit = timer(request.timeoutMs ?? 60_000)
  try {
    const exitCode = await Promise.race([exited, limit.expired])
    if (exitCode === 'expired') {
      hung += 1
      exited.finally(() => { hung -= 1 }).catch(() => undefined)
      return { kind: 'timed-out' }
    }
    return { kind: 'exited', exitCode, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }
  } finally {
    limit.cancel()
  }
}

function timer(ms: number): { expired: Promise<'expired'>; cancel: () => void } {
  let handle: NodeJS.Timeout
  const expired = new Promise<'expired'>((resolve) => { handle = setTimeout(() => { resolve('expired') }, ms) })
  return { expired, cancel: () => { clearTimeout(handle) } }
}

/** @actions/exec splits its first argument at blanks as a shell would; quotes keep a path with blanks in one piece. */
function quoted(path: string): string {
  return `"${path}"`
}
