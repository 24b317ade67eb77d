import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { preload } from '../fake-runner/as-javascript.ts'
import type { StorePlace } from '../store-places.ts'
import { gate } from './gate.ts'
import { seeded } from './seeded.ts'

/** A folder on a disk that outlives its machines. */
export async function runnerPlace(): Promise<StorePlace> {
  const { directory: root, failReads, failWrites, heal, writes, close } = await gate()
  const disk = join(root, 'disk')
  const slot = join(disk, 'default')
  await mkdir(disk)
  const generations = async (): Promise<string[]> =>
    existsSync(slot) ? (await readdir(slot)).filter((file) => file.startsWith('auth.')).sort() : []
  const line = `runner: ${disk}`
  return {
    ...seeded(line, {}),
    failReads,
    failWrites,
    heal,
    writes,
    close,
    name: 'runner',
    line,
    machineKind: 'self-hosted',
    machineEnv: { NODE_OPTIONS: preload(new URL('./failing-disk.ts', import.meta.url)), FAILING_DISK: disk, FAILING_DISK_GATE: root },
    contents: async () => {
      const newest = (await generations()).at(-1)
      return newest === undefined ? undefined : readFile(join(slot, newest))
    },
    empty: () => rm(slot, { recursive: true, force: true }),
    put: async (bytes) => {
      await mkdir(slot, { recursive: true })
      const next = (await generations()).length + 1
      await writeFile(join(slot, `auth.${String(next).padStart(10, '0')}`), bytes, { mode: 0o600 })
    },
    putLease: async (bytes) => {
      const next = (await readdir(slot)).filter((file) => file.startsWith('lease.')).length + 1
      await writeFile(join(slot, `lease.${String(next).padStart(10, '0')}`), bytes, { mode: 0o600 })
    },
  }
}
