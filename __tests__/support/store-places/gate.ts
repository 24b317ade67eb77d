import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Times } from '../store-places.ts'

/**
 * A folder whose files tell a program how many of its next reads and writes are to fail, `fail-read` and `fail-write`: a
 * number or `always`. The program counts down, and adds a line to `written` for each write that it has done.
 */
export interface Gate {
  readonly directory: string
  failReads(times: Times): Promise<void>
  failWrites(times: Times): Promise<void>
  heal(): Promise<void>
  writes(): Promise<number>
  close(): Promise<void>
}

export async function gate(): Promise<Gate> {
  const directory = await mkdtemp(join(tmpdir(), 'store-place-'))
  const set = (what: 'read' | 'write', times: Times): Promise<void> => writeFile(join(directory, `fail-${what}`), String(times))
  const heal = async (): Promise<void> => {
    await set('read', 0)
    await set('write', 0)
  }
  await heal()
  await writeFile(join(directory, 'written'), '')
  return {
    directory,
    heal,
    failReads: (times) => set('read', times),
    failWrites: (times) => set('write', times),
    writes: async () => (await readFile(join(directory, 'written'), 'utf8')).split('\n').length - 1,
    close: () => rm(directory, { recursive: true, force: true }),
  }
}

/** The gate as POSIX sh sees it: `shut read` and `shut write` are true when this operation is to fail. */
export const shellGate = (directory: string): string => `gate='${directory}'
shut() {
  left=$(cat "$gate/fail-$1")
  case $left in
    0) return 1 ;;
    always) ;;
    *) echo $((left - 1)) > "$gate/fail-$1" ;;
  esac
}
`
