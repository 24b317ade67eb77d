import { readFileSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const inMemory = '/dev/shm'
const enough = 2 * 1024 ** 3

/**
 * Where a test keeps the many files of a machine: a folder in memory, where there is one that is large and lets programs start, else
 * the system's temporary folder. On a disk, a quarter of what a start of Codex costs goes into its files.
 */
export function machineDisk(): string {
  if (process.env['TMPDIR']) return tmpdir()
  try {
    const [, , , options = 'noexec'] = mountOf(inMemory)?.split(' ') ?? []
    const { bavail, bsize } = statfsSync(inMemory)
    const isUsable = options.startsWith('rw') && !options.split(',').includes('noexec') && bavail * bsize >= enough
    return isUsable ? inMemory : tmpdir()
  } catch {
    return tmpdir()
  }
}

function mountOf(place: string): string | undefined {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .findLast((line) => line.split(' ')[1] === place)
}
