import type { Clock } from '../clock.ts'
import { failureWords } from '../codex/failure.ts'
import type { LastSession } from '../codex/session-records.ts'
import { messageOf, type KeeperError } from '../keeper-error.ts'
import type { Store } from '../stores/store.ts'
import { findNewerCopy } from './newer-copy.ts'
import { refreshRefused } from './refresh-refusals.ts'
import { seedIsOlder } from './refresh.ts'
import type { Standing } from './standing.ts'

/** What the record of Codex's last session says of a login that nobody has refreshed in the job. */
export type SessionVerdict =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'worked' }
  /** Codex was refused, and only a person can bring the login back. */
  | { readonly kind: 'needs-reseed'; readonly error: KeeperError }
  /** Codex was refused, but the login itself is not ended; sentences that say why. */
  | { readonly kind: 'passing'; readonly words: string }

export interface RefusedSessionRequest {
  readonly session: LastSession
  readonly stores: readonly Store[]
  readonly standing: Standing
  readonly clock: Clock
}

/** A login that Codex was refused may have been refreshed by another job: then the stores tell. */
export async function judgeSession({ session, ...request }: RefusedSessionRequest): Promise<SessionVerdict> {
  if (session.kind === 'none') return { kind: 'unknown' }
  const { failure } = session
  if (failure === undefined) return { kind: 'worked' }
  const { cause, wayOut, needsPerson } = failureWords[failure]
  if (!needsPerson) return { kind: 'passing', words: `${cause} ${wayOut}` }
  const newer = await findNewerCopy(request)
  switch (newer.kind) {
    case 'newer':
    case 'superseded':
      return {
        kind: 'passing',
        words: `Codex was refused in this job, because another job had refreshed the login meanwhile. ${newer.store} holds the newer one: run this job again.`,
      }
    case 'unread':
      return {
        kind: 'passing',
        words: `${cause} The store ${newer.store} may hold a newer login and could not be read: ${messageOf(newer.error)} Run this job again; a person is needed only if that fails too.`,
      }
    case 'none':
      return { kind: 'needs-reseed', error: refreshRefused({ kind: 'needs-reseed', failure, seedIsOlder: seedIsOlder(request.standing) }) }
  }
}
