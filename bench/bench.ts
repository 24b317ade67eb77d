// npm run bench [-- turns]: what the keeper costs, beside its targets and its peers. It measures and never fails for a
// figure; figures of time are worth most on a machine that does nothing else.
import { cpus, loadavg } from 'node:os'
import { makeOwnFolder } from '../__tests__/support/own-folder.ts'
import { commandLineTimes } from './command-line.ts'
import { distSize } from './dist-size.ts'
import { roundTrips } from './round-trips.ts'
import { startTimes } from './start-time.ts'
import { storeOperations } from './store-operations.ts'
import { tableLines, type Row } from './table.ts'
import { writeThroughTimes } from './write-through.ts'

const turns = Number(process.argv[2] ?? 31)
const delayMs = 50
const rotations = Math.min(turns, 50)
const folder = makeOwnFolder('codex-auth-keeper-bench')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void folder.remove().finally(() => {
      process.exit(130)
    })
  })
}
try {
  const load = (): string => `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} processors`
  show(
    `Time of an unchanged job's stages, store runner, against a Node that does nothing (${turns} turns each, ${load()})`,
    await startTimes(turns),
  )
  show(
    `Time of the command line; hosts are ${delayMs} ms away (${turns} turns each, ${load()})`,
    await commandLineTimes(turns, folder.path, delayMs),
  )
  show('Operations of one job on one store', await storeOperations())
  show('Size of dist', distSize())
  show(
    `Round trips with ${delayMs} ms per request; a round trip is a request that waits for an earlier one (${load()})`,
    await roundTrips(3, delayMs),
  )
  show(
    `Write-through: from Codex's write to stored, ${delayMs} ms per request, ${rotations} rotations each (${load()})`,
    await writeThroughTimes(rotations, delayMs),
  )
} finally {
  await folder.remove()
}

function show(title: string, rows: readonly Row[]): void {
  console.log(
    `\n${title}\n\n${tableLines(rows)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  )
}
