import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pushEvent } from '../__tests__/support/fake-runner/events.ts'
import { createMachine } from '../__tests__/support/fake-runner/machine.ts'
import { processesThatKnow } from '../__tests__/support/fake-runner/processes/process-table.ts'
import type { Login } from '../__tests__/support/codex-login.ts'
import { keeperStep } from '../__tests__/support/keeper-workflow.ts'
import { freshLogin, rotated } from './logins.ts'
import { newCount } from './meter.ts'
import { slowStores, type SlowStore } from './servers.ts'
import { median } from './statistics.ts'
import type { Row } from './table.ts'

/** What a store may need besides its own round trips. Milliseconds. */
const target = 1_000
/** Of the process while nothing changes. Megabytes. */
const most = 60

/**
 * How long a refreshed login is on this machine alone: a job in whose middle Codex renames one after the other into place, each
 * as soon as the one before is stored.
 * @param delayMs what the servers take per request
 */
export async function writeThroughTimes(rotations: number, delayMs: number): Promise<Row[]> {
  const login = freshLogin()
  const seed = JSON.stringify(JSON.parse(login.text))
  const stores = [await runnerStore(seed), ...(await slowStores(delayMs, seed))]
  const rows: Row[] = [['store', 'request', 'median', 'worst', 'target', 'it waits with', 'at most', 'target']]
  try {
    for (const store of stores) {
      const { changes } = store
      if (changes === undefined) continue
      const { times, waiting, peak } = await courseOf(store, { changes, first: login, rotations })
      const met = median(times) <= target ? 'met' : 'MISSED'
      const small = waiting <= most ? 'met' : 'MISSED'
      rows.push([
        ...[store.name, store.request, ms(median(times)), ms(Math.max(...times)), `${met} (median <= ${target} ms)`],
        ...[`${waiting} MB`, `${peak} MB`, `${small} (waits with <= ${most} MB)`],
      ])
    }
    return rows
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

interface Course {
  readonly changes: string
  readonly first: Login
  readonly rotations: number
}

const ms = (time: number): string => `${time.toFixed(0)} ms`

interface Costs {
  readonly times: readonly number[]
  /** Megabytes of the process, before it has written anything, and at most. */
  readonly waiting: number
  readonly peak: number
}

async function courseOf(store: SlowStore, { changes, first, rotations }: Course): Promise<Costs> {
  const { name } = store
  const machine = createMachine({ kind: name === 'runner' ? 'self-hosted' : 'hosted' })
  const times: number[] = []
  let [waiting, peak] = [NaN, NaN]
  const codex = async (): Promise<void> => {
    const home = join(machine.home, '.codex')
    waiting = memoryOf(machine.home, 'VmRSS')
    for (let login = rotated(first); times.length < rotations; login = rotated(login)) {
      const before = stampOf(changes)
      writeFileSync(join(home, '.auth-new'), login.bytes, { mode: 0o600 })
      const start = performance.now()
      renameSync(join(home, '.auth-new'), join(home, 'auth.json'))
      while (stampOf(changes) === before) {
        if (performance.now() - start > 60_000) throw new Error(`${name} has not stored a login within a minute.`)
        await sleep(2)
      }
      times.push(performance.now() - start)
    }
    peak = memoryOf(machine.home, 'VmHWM')
  }
  try {
    const { inputs, spec } = store.job()
    const keeper = keeperStep({ refresh: 'never', ...inputs, 'write-through': 'always' })
    const done = await machine.runJob({ ...pushEvent(), ...spec, steps: [keeper, { id: 'codex', call: codex }] })
    if (done.conclusion !== 'success') throw new Error(`The job with ${name} failed:\n${done.log}`)
    return { times, waiting, peak }
  } finally {
    machine.destroy()
  }
}

/** Megabytes, as Linux tells them, Node's own 45 among them. */
function memoryOf(home: string, what: 'VmRSS' | 'VmHWM'): number {
  const writer = processesThatKnow(home).find(({ argv }) => argv.some((argument) => argument.endsWith('/write-through.js')))
  if (writer === undefined) throw new Error('There is no process that writes through.')
  const status = readFileSync(`/proc/${writer.pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
}

async function runnerStore(seed: string): Promise<SlowStore> {
  const disk = await mkdtemp(join(tmpdir(), 'bench-disk-'))
  return {
    name: 'runner',
    request: 'none',
    meter: newCount(),
    changes: join(disk, 'default'),
    job: () => ({ inputs: { 'auth-json': '${{ secrets.SEED }}', store: `runner: ${disk}` }, spec: { secrets: { SEED: seed } } }),
    close: () => rm(disk, { recursive: true, force: true }),
  }
}

/** Another one after each write, of a file or of the names in a directory. */
function stampOf(path: string): string {
  try {
    const { ino, mtimeMs } = statSync(path)
    return statSync(path).isDirectory() ? readdirSync(path).join() : `${ino} ${mtimeMs}`
  } catch {
    return 'none'
  }
}
