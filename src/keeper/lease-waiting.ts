import type { Clock, Stopwatch } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import { holderName, type LeaseDocument, type LeaseHolder } from './lease-document.ts'
import type { SeenLease } from './lease-judgement.ts'

/** All in seconds. */
export interface LeaseWait {
  readonly holder: LeaseHolder
  /** When the lease is taken over, should its holder not go on. */
  readonly endsIn: number
  /** How long this job still waits at most. */
  readonly atMost: number
}

export interface WaitingOptions {
  readonly clock: Clock & Stopwatch
  /** A number from 0 to 1, so that those who wait do not all look at once. */
  readonly random: () => number
  /** Told when the waiting begins and then every ten seconds. */
  readonly onWaiting: (wait: LeaseWait) => void
}

/** What one job knows by itself while it waits for a lease. */
export interface Waiting {
  /** Takes note of what a look at the lease showed. */
  saw(version: string | undefined, document: LeaseDocument | undefined): Pick<SeenLease, 'unchangedFor' | 'waitedFor'>
  /**
   * Waits before the next look.
   * @param taken who holds the lease and for how much longer; undefined after it was lost to somebody else
   * @throws KeeperError store-unreachable when the job has waited for as long as it may
   */
  pause(taken: { readonly holder: LeaseHolder; readonly endsIn: number } | undefined): Promise<void>
}

/** Milliseconds. */
const longestWait = 600_000
const sayEvery = 10_000
/** Milliseconds between two looks, and how they grow. */
const pauses = { first: 1_000, longest: 5_000, growth: 1.5 } as const

export function startWaiting({ clock, random, onWaiting }: WaitingOptions): Waiting {
  const began = clock.elapsed()
  const waitedFor = new Set<string>()
  let last: { readonly version: string | undefined; readonly since: number } | undefined
  let saidAt = -Infinity
  let pause: number = pauses.first
  return {
    saw: (version, document) => {
      const now = clock.elapsed()
      if (last === undefined || last.version !== version) last = { version, since: now }
      if (document?.state === 'held' || document?.state === 'exchanging') waitedFor.add(document.nonce)
      return { unchangedFor: (now - last.since) / 1000, waitedFor }
    },
    pause: async (taken) => {
      const now = clock.elapsed()
      const atMost = began + longestWait - now
      if (atMost <= 0) throw waitedTooLong(taken?.holder)
      if (taken !== undefined && now - saidAt >= sayEvery) {
        saidAt = now
        onWaiting({ holder: taken.holder, endsIn: taken.endsIn, atMost: atMost / 1000 })
      }
      await clock.sleep(Math.min(pause * (0.75 + random() / 2), taken === undefined ? Infinity : taken.endsIn * 1000))
      pause = Math.min(pauses.longest, pause * pauses.growth)
    },
  }
}

function waitedTooLong(holder: LeaseHolder | undefined): KeeperError {
  const last = holder === undefined ? '' : ` The last one was ${holderName(holder)}.`
  return new KeeperError(
    'store-unreachable',
    `Other jobs have held the lease of this login for ${longestWait / 60_000} minutes, and none has brought a refreshed login.${last}`,
    'See what became of them, then run this job again; nothing was spent by this one.',
  )
}
