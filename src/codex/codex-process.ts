import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { inTime } from '../process/in-time.ts'

export interface CodexProgram {
  /** Absolute path of the `codex` program. */
  readonly program: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Existing directory to run in. */
  readonly cwd: string
}

/** A Codex process that outlives this one unharmed: no signal to our group reaches it, and no pipe of its output can break. */
export interface CodexProcess {
  readonly pid: number
  /** Writes one JSON object as a line of its input. */
  readonly send: (message: object) => void
  readonly endInput: () => void
  readonly terminate: () => void
  /** Waits at most this many milliseconds for its end; tells whether it has ended. */
  readonly endsWithin: (milliseconds: number) => Promise<boolean>
  /** The exit code; null while it runs or when a signal ended it. */
  readonly exitCode: () => number | null
  /** What it has printed so far, the newest part of it. */
  readonly output: () => Promise<string>
  readonly errors: () => Promise<string>
  /** Lets go of it, whether it has ended or not. */
  readonly release: () => Promise<void>
}

/** How much of a stream is kept for finding the cause of a failure, bytes. */
const keptBytes = 256 * 1024

/**
 * Starts Codex in a process group of its own.
 * @throws KeeperError codex-failed when it cannot be started
 */
export async function startCodex({ program, env, cwd }: CodexProgram, args: readonly string[]): Promise<CodexProcess> {
  const [output, errors] = await Promise.all([namelessFile(cwd), namelessFile(cwd)])
  const release = async (): Promise<void> => {
    child.unref()
    await Promise.all([output.close(), errors.close()])
  }
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['pipe', output.fd, errors.fd] }) as ChildProcessByStdio<
    Writable,
    null,
    null
  >
  child.stdin.on('error', () => undefined) // it has ended; whoever waits for that is told
  const ended = new Promise<true>((resolve) => {
    child.once('exit', () => {
      resolve(true)
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject)
  }).catch(async (error: unknown) => {
    await release()
    throw new KeeperError(
      'codex-failed',
      `Codex could not be started (${program}): ${messageOf(error)}`,
      'Install a Codex CLI that runs on this machine, or set refresh: never.',
      { cause: error },
    )
  })
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`)
    },
    endInput: () => {
      child.stdin.end()
    },
    terminate: () => {
      child.kill('SIGTERM')
    },
    endsWithin: async (milliseconds) => (await inTime(ended, milliseconds)) !== 'late',
    exitCode: () => child.exitCode,
    output: () => newest(output),
    errors: () => newest(errors),
    release,
  }
}

/**
 * A file for one stream of Codex, without a name as soon as it is open: its answers hold an e-mail address, which must not
 * be left behind. Not a pipe, because `codex exec` dies when it cannot print (measured on 0.150.0 and 0.169.0).
 */
async function namelessFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `codex-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}

/** Reads at a position of its own: the file's is where Codex writes. */
async function newest(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const start = Math.max(0, size - keptBytes)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
  return buffer.toString('utf8', 0, bytesRead)
}
