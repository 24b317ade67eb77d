import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pushEvent } from '../__tests__/support/fake-runner/events.ts'
import { createMachine } from '../__tests__/support/fake-runner/machine.ts'
import { keeperStep } from '../__tests__/support/keeper-workflow.ts'
import type { Login } from '../__tests__/support/codex-login.ts'
import { freshLogin, rotated } from './logins.ts'
import { slowStores, type SlowStore } from './servers.ts'
import { median } from './statistics.ts'
import type { Row } from './table.ts'

interface JobCost {
  readonly restoreRequests: number
  readonly restoreTrips: number
  readonly writeBackRequests: number
  readonly writeBackTrips: number
  /** Milliseconds of the whole stage, start of Node included. */
  readonly main: number
  readonly post: number
}

const kinds = ['unchanged', 'rotated'] as const
/** Round trips at most. An unchanged job has no need to ask again. */
const targets = { restore: 2, writeBack: { unchanged: 0, rotated: 3 } } as const

/**
 * Round trips and time of unchanged and rotated jobs with each store, on a new machine each, through the committed dist.
 * @param delayMs what the servers take per request
 */
export async function roundTrips(rounds: number, delayMs: number): Promise<Row[]> {
  let login = freshLogin()
  const stores = await slowStores(delayMs, JSON.stringify(JSON.parse(login.text)))
  try {
    const costs = new Map(stores.map((store) => [store, { unchanged: [] as JobCost[], rotated: [] as JobCost[] }]))
    const next = rotated(login)
    for (const store of stores) await runJob(store, next)
    login = next
    for (let round = 0; round < rounds; round += 1) {
      const after = rotated(login)
      for (const [store, cost] of costs) {
        cost.unchanged.push(await runJob(store, undefined))
        cost.rotated.push(await runJob(store, after))
      }
      login = after
    }
    return [
      ['store', 'job', 'request', 'restore', 'requests', 'target', 'write-back', 'requests', 'target', 'main', 'post'],
      ...[...costs].flatMap(([store, cost]) => kinds.map((kind) => row(store, kind, cost[kind]))),
    ]
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

function row({ name, request }: SlowStore, kind: (typeof kinds)[number], costs: readonly JobCost[]): Row {
  const middle = (what: keyof JobCost): number => median(costs.map((cost) => cost[what]))
  const met = (trips: number, target: number): string => `${trips <= target ? 'met' : 'MISSED'} (<= ${target})`
  return [
    name,
    kind,
    request,
    String(middle('restoreTrips')),
    String(middle('restoreRequests')),
    met(middle('restoreTrips'), targets.restore),
    String(middle('writeBackTrips')),
    String(middle('writeBackRequests')),
    met(middle('writeBackTrips'), targets.writeBack[kind]),
    `${middle('main').toFixed(0)} ms`,
    `${middle('post').toFixed(0)} ms`,
  ]
}

/** Runs a job in whose middle Codex leaves this login, or nothing new. */
async function runJob(store: SlowStore, login: Login | undefined): Promise<JobCost> {
  const machine = createMachine({ kind: 'hosted' })
  try {
    const { inputs, spec } = store.job()
    const before = { ...store.meter }
    let between = before
    const job = await machine.runJob({
      ...pushEvent(),
      ...spec,
      steps: [
        keeperStep({ refresh: 'never', ...inputs }),
        {
          id: 'codex',
          call: () => {
            between = { ...store.meter }
            if (login) leave(join(machine.home, '.codex', 'auth.json'), login)
          },
        },
      ],
    })
    if (job.conclusion !== 'success') throw new Error(`The job with ${store.name} failed:\n${job.log}`)
    const [main, post] = [job.stage('keeper', 'main'), job.stage('keeper', 'post')]
    return {
      restoreRequests: between.requests - before.requests,
      restoreTrips: between.roundTrips - before.roundTrips,
      writeBackRequests: store.meter.requests - between.requests,
      writeBackTrips: store.meter.roundTrips - between.roundTrips,
      main: main.endedAt - main.startedAt,
      post: post.endedAt - post.startedAt,
    }
  } finally {
    machine.destroy()
  }
}

/** As Codex leaves it when it starts: some time before post, which waits where the file has only just changed. */
function leave(authFile: string, { bytes }: Login): void {
  writeFileSync(authFile, bytes, { mode: 0o600 })
  const aMinuteAgo = Date.now() / 1000 - 60
  utimesSync(authFile, aMinuteAgo, aMinuteAgo)
}
