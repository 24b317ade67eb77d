import { randomUUID } from 'node:crypto'
import type { Clock, Stopwatch } from '../clock.ts'
import type { CodexFailure } from '../codex/failure.ts'
import { isTransient, type LeasePlace, type WriteOutcome } from '../stores/store.ts'
import { leaseBytes, leaseHolder, refusedToken, type LeaseDocument, type LeaseHolder } from './lease-document.ts'
import { retried } from './store-access.ts'

/** The right to spend the refresh token, while it lasts. One that cannot be given back runs out. */
export interface Lease {
  /**
   * Extends it, unless that was done within the last half minute. False when another job has taken it over, or may have:
   * then nothing more may be spent. Never throws.
   */
  renew(): Promise<boolean>
  /** Gives it back. Never throws. */
  giveBack(): Promise<void>
  /** Gives it back and tells all who have this token that OpenAI has refused it. Never throws. */
  refuse(failure: CodexFailure): Promise<void>
}

export interface OwnLease extends Lease {
  /** Puts our lease there, or says how far we are. False when another job was faster. Throws as a store does. */
  say(state: 'held' | 'exchanging'): Promise<boolean>
}

export interface OwnLeaseOptions {
  readonly place: LeasePlace
  readonly holder: LeaseHolder
  /** A digest of the refresh token that is to be spent. */
  readonly token: string
  readonly clock: Clock & Stopwatch
}

/**
 * How long others respect it without a change, in seconds. Codex may take two minutes and the keeper then four for its write,
 * which is why the lease is renewed in between.
 */
const lasts = { held: 90, exchanging: 300 } as const
const renewAfter = 30_000
const tries = 4

/** A lease of this job. @param version what it replaces */
export function ownLease({ place, holder, token, clock }: OwnLeaseOptions, version: string | undefined): OwnLease {
  const nonce = randomUUID()
  let current = version
  let writtenAt = clock.elapsed()
  let turn = 0
  const named = (): Pick<Extract<LeaseDocument, { holder: LeaseHolder }>, 'holder' | 'nonce' | 'turn'> => {
    turn += 1
    return { holder: leaseHolder(holder), nonce, turn }
  }

  const write = async (document: LeaseDocument): Promise<boolean> => {
    const bytes = leaseBytes(document)
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await place.write(bytes, current).catch(async (error: unknown): Promise<'lost'> => {
        if (!isTransient(error) || attempt === tries) throw error
        await clock.sleep(attempt * 1_000)
        return 'lost'
      })
      if (outcome !== 'lost') return took(outcome, attempt > 1 ? bytes : undefined)
      // The answer was lost: what is there now tells.
      if (await isThere(bytes)) return true
    }
  }
  /** @param bytes given when an earlier try may have written them */
  const took = async (outcome: WriteOutcome, bytes: Uint8Array | undefined): Promise<boolean> => {
    if (outcome.kind === 'conflict') return bytes !== undefined && isThere(bytes)
    current = outcome.version
    writtenAt = clock.elapsed()
    return true
  }
  const isThere = async (bytes: Uint8Array): Promise<boolean> => {
    const found = await retried(() => place.read(), clock)
    if (found === undefined || Buffer.compare(found.bytes, bytes) !== 0) return false
    current = found.version
    writtenAt = clock.elapsed()
    return true
  }
  const say = (state: 'held' | 'exchanging'): Promise<boolean> => write({ state, ...named(), lasts: lasts[state] })
  const leave = async (document: LeaseDocument): Promise<void> => {
    await write(document).catch(() => undefined)
  }

  return {
    say,
    renew: async () => clock.elapsed() - writtenAt < renewAfter || say('exchanging').catch(() => false),
    giveBack: () => leave({ state: 'free' }),
    refuse: (failure) => leave({ state: 'refused', ...named(), token: refusedToken(token, nonce), failure }),
  }
}
