import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { watchAuthFile } from '../../codex/auth-file-changes.ts'
import { systemClock } from '../../clock.ts'
import { writeThrough } from '../../keeper/write-through.ts'
import { withoutReading } from '../../stores/known-copy.ts'
import { closeStores, openStores } from '../../stores/open-stores.ts'
import { judgeStores } from '../../stores/store-settings.ts'
import type { Store } from '../../stores/store.ts'
import { handoversOf } from '../runner/job-state.ts'
import { socketIn, unpacked, type Order } from './order.ts'
import { leaveRecord } from './record.ts'

// A program of its own: stays beside the job and stores each rotation. Its order is its standard input; it says one word, when it
// has begun, and nothing more.

/** How long a write in progress may take once the end was asked for. Milliseconds; post waits a little longer. */
const lastWriteMs = 10_000

const order = JSON.parse(await text(process.stdin)) as Order
const changes = await watchAuthFile(order.codexHome)
let isAsked = false
const end = (): void => {
  isAsked = true
  changes.wake()
  setTimeout(() => process.exit(), lastWriteMs).unref()
}
// A second request must not cut off a write either.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)
const server = createServer((guest) => {
  guest.on('error', () => undefined).resume()
  end()
})
server.listen(socketIn(order.directory))

const stores = await openOrdered(order)
process.stdout.on('error', () => undefined).write('ready\n')
await writeThrough({
  ...order,
  stores,
  clock: systemClock,
  changes,
  isOver: () => isAsked || !isAlive(order.runner),
  remember: (ours) => leaveRecord(order.directory, { ours: [...ours], handovers: handoversOf(stores) }, order.signingKey),
})
await closeStores(stores)
// A job whose runner is gone has no post that would take the record and remove the place.
if (!isAlive(order.runner)) await rm(order.directory, { recursive: true, force: true })
server.close()
// Whoever waits at the socket sees it close. What a store has left running, such as a child that hangs, is not waited for.
process.exit()

async function openOrdered({ stores: ordered, given, run, found }: Order): Promise<Store[]> {
  const { stores: settings } = judgeStores(ordered.map(({ line }) => line).join('\n'), given, {
    ...run,
    onSecret: () => undefined, // It prints nothing, so there is nothing to mask.
  })
  const opened = await openStores(settings, found)
  return opened.map((store) => {
    const known = ordered.find(({ line }) => line === store.name)?.known
    return known === undefined ? store : withoutReading(store, unpacked(known))
  })
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
