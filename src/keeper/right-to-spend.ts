import type { CodexFailure } from '../codex/failure.ts'
import { KeeperError } from '../keeper-error.ts'
import type { LeasePlace, Store } from '../stores/store.ts'
import type { LeaseHolder } from './lease-document.ts'
import type { LeaseWait } from './lease-waiting.ts'
import { takeLease, type TakenLease } from './lease.ts'
import { takeNewerCopy, type NewerCopy } from './newer-copy.ts'
import type { Lease } from './own-lease.ts'
import type { LoginRequest } from './rotation.ts'

/** How this job takes its turn among those that want to refresh the same login. */
export interface Turn {
  readonly holder: LeaseHolder
  /** Names of stores that cannot be written in this run: a lease there is not for it to take. */
  readonly passOver: readonly string[]
  /** A number from 0 to 1. */
  readonly random: () => number
  readonly onNews: (news: LeaseNews) => void
}

/** What people are told about a lease while it is asked for. */
export type LeaseNews =
  | { readonly kind: 'waiting'; readonly wait: LeaseWait }
  /** This store holds none, for this reason. */
  | { readonly kind: 'without'; readonly error: KeeperError }
  /** No store listed holds one. */
  | { readonly kind: 'nowhere' }

/** A newer login that another job has brought; it is installed, or cannot be had in this run. */
export type Brought = Extract<NewerCopy, { kind: 'overtaken' | 'superseded' }>

export type RightToSpend =
  /** Ours alone: `overtakes` had begun to spend the token and did not come back. */
  | { readonly kind: 'ours'; readonly lease: Lease; readonly overtakes: LeaseHolder | undefined }
  /** Nobody can say whose it is. */
  | { readonly kind: 'unguarded' }
  | { readonly kind: 'brought'; readonly newer: Brought }
  /** OpenAI has refused this very token to another job. */
  | { readonly kind: 'refused'; readonly holder: LeaseHolder; readonly failure: CodexFailure }
  /** This store could not be asked for the lease, or for a newer login: nothing may be spent. */
  | { readonly kind: 'not-had'; readonly store: string; readonly error: unknown }

/** Takes the lease of the login in the first store that holds one, and waits for its turn there. */
export async function rightToSpend(request: LoginRequest, turn: Turn): Promise<RightToSpend> {
  let unread: string | undefined
  const findNewer = async (): Promise<Brought | undefined> => {
    const newer = await takeNewerCopy(request)
    unread = newer.kind === 'unread' ? newer.store : undefined
    if (newer.kind === 'unread') throw newer.error
    return newer.kind === 'none' ? undefined : newer
  }
  for (const { name, place } of leasePlaces(request.stores, turn.passOver)) {
    try {
      return rightOf(await taken({ request, turn, place, findNewer }))
    } catch (error) {
      if (!(error instanceof KeeperError)) throw error
      if (error.code !== 'store-without-lease') return { kind: 'not-had', store: unread ?? name, error }
      turn.onNews({ kind: 'without', error })
    }
  }
  turn.onNews({ kind: 'nowhere' })
  return { kind: 'unguarded' }
}

/** In the order of the list; a place that only this machine sees comes last, because jobs elsewhere do not heed it. */
function leasePlaces(stores: readonly Store[], passOver: readonly string[]): { name: string; place: LeasePlace }[] {
  const places = stores.flatMap(({ name, leasePlace: place }) => (place === undefined || passOver.includes(name) ? [] : [{ name, place }]))
  return [...places.filter(({ place }) => place.seenBy === 'all-jobs'), ...places.filter(({ place }) => place.seenBy === 'this-machine')]
}

interface Asking {
  readonly request: LoginRequest
  readonly turn: Turn
  readonly place: LeasePlace
  readonly findNewer: () => Promise<Brought | undefined>
}

function taken({ request, turn: { holder, random, onNews }, place, findNewer }: Asking): Promise<TakenLease<Brought>> {
  const { standing, clock } = request
  const onWaiting = (wait: LeaseWait): void => {
    onNews({ kind: 'waiting', wait })
  }
  return takeLease({ place, holder, token: standing.base.refreshToken, clock, random, onWaiting, findNewer })
}

function rightOf(result: TakenLease<Brought>): RightToSpend {
  switch (result.kind) {
    case 'exchanging':
      return { kind: 'ours', lease: result.lease, overtakes: result.overtakes }
    case 'newer':
      return { kind: 'brought', newer: result.newer }
    case 'refused':
      return result
  }
}
