import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { sharedFolder } from '../../shared-by-tests.ts'

export interface Pipe {
  readonly reader: Socket
  /** The end the child inherits; `closeWriter` after the child has it. */
  readonly writer: number
  closeWriter(): void
}

/** Names made in advance, by folder: each start of `mkfifo` stops this whole process for as long as it takes. */
const unused = new Map<string, string[]>()
const atOnce = 32

/**
 * A real pipe, as the runner's are: Node's own `stdio: 'pipe'` are sockets, on which `>/dev/stderr` in a script fails.
 * `folder` must exist and be for this alone: it holds the names of pipes to come, unless all tests share a folder.
 */
export function createPipe(folder: string): Pipe {
  const path = nameIn(sharedFolder() ?? folder)
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  rmSync(path)
  return {
    reader: new Socket({ fd: readEnd, readable: true, writable: false }),
    writer,
    closeWriter: () => {
      closeSync(writer)
    },
  }
}

function nameIn(folder: string): string {
  const left = unused.get(folder)?.pop()
  if (left !== undefined) return left
  const [path = '', ...rest] = Array.from({ length: atOnce }, () => join(folder, randomUUID()))
  const made = spawnSync('mkfifo', ['-m', '600', path, ...rest])
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.error?.message ?? String(made.stderr)}`)
  unused.set(folder, rest)
  return path
}
