import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Standing } from '../../keeper/standing.ts'
import { inTime } from '../../process/in-time.ts'
import { networkVariables } from '../../process/network-variables.ts'
import type { RememberingStore } from '../../stores/known-copy.ts'
import type { StoreInputs } from '../../stores/store-line.ts'
import type { SealingKey } from '../../stores/sealed/sealing-keys.ts'
import { recipientOf } from '../../stores/sealed/sealed-store.ts'
import type { StoreSettings } from '../../stores/store-settings.ts'
import { handoversOf } from '../runner/job-state.ts'
import { inputsForWriting, runnersEnvironment } from './needed-for-writing.ts'
import { carried, socketIn, type Order, type StoreOrder } from './order.ts'
import { signingKey } from './record.ts'

const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/write-through.js' : './write-through.js', import.meta.url),
)
/** It is ready within a fifth of a second where the machine is not overloaded. Milliseconds. */
const longestStart = 20_000
/** It works for a second in an hour, so what is compiled to run fast would cost memory for nothing: a seventh of it. */
const frugal = ['--max-semi-space-size=1', '--no-opt', '--no-maglev', '--no-sparkplug']
/** A socket's path is 103 bytes at most on macOS; a few more on Linux. */
const longestPath = 100

export interface WriteThroughPlan {
  readonly codexHome: string
  readonly standing: Standing
  readonly settings: readonly StoreSettings[]
  readonly stores: readonly RememberingStore[]
  readonly given: StoreInputs
  readonly run: Order['run']
  readonly found: Order['found']
}

export type WriteThroughStart =
  /** `without`: the stores that are left to post. */
  | { readonly kind: 'started'; readonly directory: string; readonly without: readonly string[] }
  | { readonly kind: 'no-store' }
  | { readonly kind: 'failed' }

/** Starts the process that writes through, and waits until it watches. */
export async function startWriteThrough(plan: WriteThroughPlan): Promise<WriteThroughStart> {
  const recipient = await sealsFor(plan.given)
  const stores = storeOrders(plan.settings, plan.stores, recipient !== undefined)
  if (stores.length === 0) return { kind: 'no-store' }
  const names = new Set(stores.map(({ line }) => line))
  const kinds = plan.settings.flatMap(({ kind, name }) => (names.has(name) ? [kind] : []))
  const directory = await meetingPlace(plan.run.tempDirectory)
  const order: Order = {
    codexHome: plan.codexHome,
    directory,
    // Where the runner is outside of a job container, no process of it is seen here; it then ends with the container.
    runner: process.ppid > 1 ? process.ppid : undefined,
    signingKey: signingKey(process.env),
    standing: plan.standing,
    stores,
    given: inputsForWriting(plan.given, kinds, recipient),
    run: { ...plan.run, env: runnersEnvironment(plan.run.env, kinds), hasNextStage: true, handovers: handoversOf(plan.stores) },
    found: plan.found,
  }
  if (await start(order)) {
    return { kind: 'started', directory, without: plan.stores.flatMap(({ name }) => (names.has(name) ? [] : [name])) }
  }
  await rm(directory, { recursive: true, force: true })
  return { kind: 'failed' }
}

function sealsFor({ encryptionKey }: StoreInputs): Promise<SealingKey | undefined> {
  return encryptionKey?.kind === 'keys' ? recipientOf(encryptionKey.keys[0]) : Promise.resolve(undefined)
}

/**
 * The stores that can be written by a process which opens nothing. One that compares versions needs no read, where it is known what it
 * holds; one that does not is read, so that a reseed is seen, and cannot be where its copy is sealed.
 */
export function storeOrders(
  settings: readonly StoreSettings[],
  stores: readonly RememberingStore[],
  canSealAlone: boolean,
): readonly StoreOrder[] {
  return stores.flatMap((store): StoreOrder[] => {
    const isSealed = settings.some((line) => line.name === store.name && 'sealing' in line)
    const isRead = store.guarantee === 'last-writer-wins'
    if (isSealed && (isRead || !canSealAlone)) return []
    if (isRead) return [{ line: store.name }]
    const known = store.known()
    return known === undefined ? [] : [{ line: store.name, known: carried(known) }]
  })
}

/** A directory that only this user can enter, whose path is short enough for a socket in it. */
async function meetingPlace(tempDirectory: string): Promise<string> {
  const inside = (folder: string): string => join(folder, 'codex-auth-beside-')
  const fits = Buffer.byteLength(socketIn(`${inside(tempDirectory)}123456`)) <= longestPath
  return mkdtemp(inside(fits ? tempDirectory : tmpdir()))
}

/** Whether it watches now. */
async function start(order: Order): Promise<boolean> {
  const child = spawn(process.execPath, [...frugal, program], {
    env: environment(process.env),
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined).end(JSON.stringify(order))
  const ready = new Promise<boolean>((resolve) => {
    child.once('error', () => {
      resolve(false)
    })
    child.once('exit', () => {
      resolve(false)
    })
    child.stdout.once('data', () => {
      resolve(true)
    })
  })
  const isReady = (await inTime(ready, longestStart)) === true
  // It has written nothing before it is ready.
  if (!isReady) child.kill('SIGKILL')
  child.stdout.destroy()
  child.unref()
  return isReady
}

/** From scratch: the runner's mark, by which it ends what is left of a job, and how to reach the network. */
function environment(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['RUNNER_TRACKING_ID', 'PATH', 'HOME', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY', ...networkVariables]
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
