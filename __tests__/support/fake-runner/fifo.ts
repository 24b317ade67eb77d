import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

export interface Pipe {
  readonly reader: Socket
  /** The end the child inherits; `closeWriter` after the child has it. */
  readonly writer: number
  closeWriter(): void
}

/**
 * Real pipes, as the runner's are: Node's own `stdio: 'pipe'` are sockets, on which `>/dev/stderr` in a script fails.
 * `folder` must exist; the names in it are gone when this returns.
 */
export function createPipes(folder: string, count: number): Pipe[] {
  const paths = Array.from({ length: count }, () => join(folder, randomUUID()))
  const made = spawnSync('mkfifo', ['-m', '600', ...paths])
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.error?.message ?? String(made.stderr)}`)
  return paths.map((path) => {
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
  })
}
