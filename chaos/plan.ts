import { storeNames, type StoreName, type Times } from '../__tests__/support/store-places.ts'
import type { Random } from './random.ts'

/** Who is killed with SIGKILL, and how many milliseconds after a stage has started. */
export interface Kill {
  readonly whom: 'job' | 'stage' | 'codex'
  readonly stage: 'main' | 'codex' | 'post'
  readonly afterMs: number
}

/** What a step after Codex does to `auth.json`. */
export type Damage = 'cut' | 'removed' | 'old copy' | 'API key'

/** What the store does wrong from a moment of the job on: it refuses, it does not tell what it has done, it takes its time. */
export interface Fault {
  readonly on: 'read' | 'write' | 'answer' | 'slow'
  readonly times: Times
  readonly from: 'the start' | 'the end of the steps'
}

export interface JobPlan {
  readonly refresh: 'auto' | 'never' | 'always'
  readonly writeThrough: 'auto' | 'always' | 'never'
  /** Whether the access token is refused when Codex comes with it, so that Codex refreshes in the middle of its work. */
  readonly runsOut: boolean
  /** How many seconds the access tokens live that this job's exchanges bring. */
  readonly nextLives: number
  /** Whether a second job starts with it, on another machine. */
  readonly two: boolean
  readonly kill: Kill | undefined
  readonly fault: Fault | undefined
  readonly damage: Damage | undefined
}

export interface RoundPlan {
  readonly store: StoreName
  readonly jobs: readonly JobPlan[]
}

/** One life of a login: a store, and three to six jobs one after the other. */
export function drawRound(random: Random, stores: readonly StoreName[] = storeNames): RoundPlan {
  const store = stores[random.below(stores.length)] ?? 'git'
  return { store, jobs: Array.from({ length: 3 + random.below(4) }, () => drawJob(random)) }
}

function drawJob(random: Random): JobPlan {
  const two = random.percent(10)
  return {
    refresh: random.of(['auto', 'auto', 'never', 'always']),
    writeThrough: random.of(['auto', 'always', 'never']),
    runsOut: random.percent(50),
    nextLives: random.of([864_000, 3_600]),
    two,
    kill: !two && random.percent(85) ? drawKill(random) : undefined,
    fault: random.percent(30) ? drawFault(random) : undefined,
    damage: random.percent(10) ? random.of(['cut', 'removed', 'old copy', 'API key'] as const) : undefined,
  }
}

/** A stage lasts some hundred milliseconds, the exchange being one of them; post may wait for seconds. */
function drawKill(random: Random): Kill {
  const stage = random.of(['main', 'main', 'codex', 'post', 'post'] as const)
  return { whom: random.of(['job', 'job', 'stage', 'codex'] as const), stage, afterMs: random.below(stage === 'post' ? 2_500 : 1_200) }
}

function drawFault(random: Random): Fault {
  return {
    on: random.of(['read', 'write', 'answer', 'slow']),
    times: random.percent(60) ? 1 : 'always',
    from: random.of(['the start', 'the end of the steps']),
  }
}
