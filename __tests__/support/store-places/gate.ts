import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Times } from '../store-places.ts'

/**
 * A folder whose files tell a program how many of its next operations are to fail, `fail-read`, `fail-write` and `fail-answer`
 * (done, and not told): a number or `always`. The program counts down, and adds a line to `written` for each write that it has
 * done. `slow` says how many seconds it waits before each.
 */
export interface Gate {
  readonly directory: string
  readonly failReads: (times: Times) => Promise<void>
  readonly failWrites: (times: Times) => Promise<void>
  readonly loseAnswers: (times: Times) => Promise<void>
  readonly slow: (milliseconds: number) => Promise<void>
  readonly heal: () => Promise<void>
  readonly writes: () => Promise<number>
  readonly close: () => Promise<void>
}

export async function gate(): Promise<Gate> {
  const directory = await mkdtemp(join(tmpdir(), 'store-place-'))
  const set = (what: 'read' | 'write' | 'answer', times: Times): Promise<void> => writeFile(join(directory, `fail-${what}`), String(times))
  const slow = (milliseconds: number): Promise<void> => writeFile(join(directory, 'slow'), String(milliseconds / 1000))
  const heal = async (): Promise<void> => {
    await set('read', 0)
    await set('write', 0)
    await set('answer', 0)
    await slow(0)
  }
  await heal()
  await writeFile(join(directory, 'written'), '')
  return {
    directory,
    heal,
    failReads: (times) => set('read', times),
    failWrites: (times) => set('write', times),
    loseAnswers: (times) => set('answer', times),
    slow,
    writes: async () => (await readFile(join(directory, 'written'), 'utf8')).split('\n').length - 1,
    close: () => rm(directory, { recursive: true, force: true }),
  }
}

/** The gate as POSIX sh sees it: `shut read`, `shut write` and `shut answer` are true when this one is to fail. */
export const shellGate = (directory: string): string => `gate='${directory}'
sleep "$(cat "$gate/slow")"
shut() {
  left=$(cat "$gate/fail-$1")
  case $left in
    0) return 1 ;;
    always) ;;
    *) echo $((left - 1)) > "$gate/fail-$1" ;;
  esac
}
`
