import type { CodexFailure } from '../codex/failure.ts'
import { parseLease, type LeaseHolder } from './lease-document.ts'
import { judgeLease } from './lease-judgement.ts'
import { startWaiting, type WaitingOptions } from './lease-waiting.ts'
import { ownLease, type Lease, type OwnLeaseOptions } from './own-lease.ts'
import { retried } from './store-access.ts'

export interface LeaseRequest<Newer> extends OwnLeaseOptions, WaitingOptions {
  /** Looks for the login that another job has brought; throws when that cannot be found out. */
  readonly findNewer: () => Promise<Newer | undefined>
}

export type TakenLease<Newer> =
  /** The token may be spent now, by us alone. `overtakes` had begun to spend it and did not come back. */
  | { readonly kind: 'exchanging'; readonly lease: Lease; readonly overtakes: LeaseHolder | undefined }
  /** Another job has brought a newer login. */
  | { readonly kind: 'newer'; readonly newer: Newer }
  /** Another job has presented this very token, and OpenAI refused it. */
  | { readonly kind: 'refused'; readonly holder: LeaseHolder; readonly failure: CodexFailure }

/**
 * Takes the lease, or waits for what its holder brings. Returns only when the token may be spent, or need not be.
 * @throws KeeperError store-without-lease at a place that holds none; any other code is an outage: nothing may be spent
 */
export async function takeLease<Newer>(request: LeaseRequest<Newer>): Promise<TakenLease<Newer>> {
  const { place, token, clock, findNewer } = request
  const waiting = startWaiting(request)
  for (;;) {
    const seen = await retried(() => place.read(), clock)
    const document = seen && parseLease(seen.bytes)
    const judgement = judgeLease({ document, token, ...waiting.saw(seen?.version, document) })
    switch (judgement.kind) {
      case 'refused':
        return judgement
      case 'taken': {
        await waiting.pause(judgement)
        const newer = await findNewer()
        if (newer !== undefined) return { kind: 'newer', newer }
        break
      }
      case 'open': {
        const taken = await takeOpen(request, seen?.version)
        if (taken.kind === 'newer') return taken
        if (taken.kind === 'exchanging') return { ...taken, overtakes: judgement.overtakes }
        await waiting.pause(undefined)
      }
    }
  }
}

/** Takes a lease that nobody holds, and looks once more before the token may be spent. */
async function takeOpen<Newer>(
  request: LeaseRequest<Newer>,
  version: string | undefined,
): Promise<{ kind: 'exchanging'; lease: Lease } | { kind: 'newer'; newer: Newer } | { kind: 'lost' }> {
  const own = ownLease(request, version)
  if (!(await own.say('held'))) return { kind: 'lost' }
  try {
    const newer = await request.findNewer()
    if (newer === undefined) return (await own.say('exchanging')) ? { kind: 'exchanging', lease: own } : { kind: 'lost' }
    await own.giveBack()
    return { kind: 'newer', newer }
  } catch (error) {
    await own.giveBack()
    throw error
  }
}
