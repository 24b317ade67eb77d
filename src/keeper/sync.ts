import { observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash, isSame, type Fingerprint } from '../credential/fingerprint.ts'
import { chooseNewest, originName, type Candidate, type Origin } from '../credential/newest.ts'
import { decideWriteBack, type CopyState } from '../credential/write-back-decision.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../stores/store.ts'
import { bringToMachine, machineState, withoutWriting, type SyncOutcome } from './bring-to-machine.ts'
import { copyState, look, type Look } from './store-access.ts'
import { writeBack } from './write-back.ts'

/** The machine whose Codex reads `codexHome`, and the stores that hold the same login. */
export interface SyncRequest {
  readonly codexHome: string
  readonly stores: readonly Store[]
  readonly clock: Clock
  /** Decides all, and writes nothing. */
  readonly dryRun: boolean
  /** Told each login that was found, before anything else is done with it. */
  readonly onCredential: (credential: ManagedCredential) => void
}

/** One place, and what became of it. */
export interface SyncedPlace {
  /** The machine's own file is the origin `file`. */
  readonly origin: Origin
  readonly outcome: SyncOutcome
  /** What it holds now, as far as anybody knows; undefined where it holds nothing or cannot be read. */
  readonly holds: Fingerprint | undefined
}

export interface Synced {
  readonly newest: Candidate
  /** The machine first, then the stores in their order. */
  readonly places: readonly SyncedPlace[]
}

/** How often all places are looked at, where others write newer logins meanwhile. */
const rounds = 3

/**
 * Brings the newest login of all places to all places that are behind. Each write is a compare-and-set on what was read, where
 * the place can do that; nothing older ever replaces something newer, and what cannot be read is left alone.
 * @throws KeeperError two-accounts where the places hold more than one login; no-credential where there is none;
 *   before anything is written
 */
export async function syncPlaces(request: SyncRequest): Promise<Synced> {
  for (let round = 1; ; round += 1) {
    const { synced, overtaken } = await syncOnce(request)
    if (!overtaken || round === rounds) return synced
  }
}

async function syncOnce(request: SyncRequest): Promise<{ readonly synced: Synced; readonly overtaken: boolean }> {
  const { codexHome, stores, clock, dryRun, onCredential } = request
  const [file, ...looks] = await Promise.all([observeAuthFile(codexHome, clock), ...stores.map((store) => look(store, clock))])
  const candidates: Candidate[] = [
    ...stores.flatMap(({ name }, index) => candidatesOf({ kind: 'store', name }, looks[index])),
    ...(file.kind === 'managed' ? [{ origin: { kind: 'file' as const }, credential: file.credential }] : []),
  ]
  for (const { credential } of candidates) onCredential(credential)
  const { newest, rivals } = newestOf(candidates, file, looks)
  const { credential } = newest
  const onMachine = await bringToMachine({ codexHome, clock, dryRun, credential, seen: file })
  const inStores = await Promise.all(
    stores.map(async (store, index): Promise<SyncedPlace> => {
      const outcome = await bringToStore({ store, seen: looks[index], credential, clock, dryRun })
      return placeOf({ kind: 'store', name: store.name }, outcome, copyState(looks[index] ?? { kind: 'none' }), credential.fingerprint)
    }),
  )
  const places = [placeOf({ kind: 'file' }, onMachine, machineState(file), credential.fingerprint), ...inStores]
  // A place that was behind and holds something newer now was written by somebody else while we worked.
  const isRival = ({ origin }: SyncedPlace): boolean => rivals.some((rival) => originName(rival.origin) === originName(origin))
  const overtaken = places.some((place) => place.outcome.kind === 'kept' && place.outcome.reason === 'superseded' && !isRival(place))
  return { synced: { newest, places }, overtaken }
}

function candidatesOf(origin: Origin, seen: Look | undefined): Candidate[] {
  return seen?.kind === 'held' ? [{ origin, credential: seen.credential }] : []
}

/** Nothing is spent here, so a place that cannot be read does not keep the others from being brought up to date. */
function newestOf(
  candidates: readonly Candidate[],
  file: ObservedFile,
  looks: readonly Look[],
): { newest: Candidate; rivals: readonly Candidate[] } {
  const unread = looks.some(({ kind }) => kind === 'unreadable')
  const choice = chooseNewest({ candidates, unread, isDue: () => false, isExpected: undefined })
  if (choice.kind === 'chosen') return { newest: choice.candidate, rivals: choice.rivals }
  if (choice.kind === 'two-accounts') {
    throw new KeeperError(
      'two-accounts',
      `These places hold different logins: ${choice.found.map(accountWords).join(', ')}. Nothing was written.`,
      'Name only places of one login: another login needs a slot, a file or a host of its own.',
    )
  }
  const why = file.kind === 'unmanaged' ? `; auth.json on this machine ${unmanagedReasons[file.credential.why]}` : ''
  if (unread) {
    const error = looks.flatMap((seen) => (seen.kind === 'unreadable' ? [seen.error] : []))[0]
    throw new KeeperError(
      'store-unreachable',
      `No login was found, and not every place could be read${why}. ${error instanceof Error ? error.message : ''}`.trim(),
      error instanceof KeeperError ? error.remedy : 'Run it again when they answer.',
      { cause: error },
    )
  }
  throw new KeeperError('no-credential', `None of the places holds a ChatGPT login${why}.`, 'Log in with "codex login".')
}

function accountWords({ origin, credential }: Candidate): string {
  return `${placeName(origin)}: ${accountHash(credential.fingerprint)}`
}

/** A place as a person at this machine calls it. */
export function placeName(origin: Origin): string {
  return origin.kind === 'file' ? 'this machine' : originName(origin)
}

interface ToStore {
  readonly store: Store
  readonly seen: Look | undefined
  readonly credential: ManagedCredential
  readonly clock: Clock
  readonly dryRun: boolean
}

async function bringToStore({ store, seen, credential, clock, dryRun }: ToStore): Promise<SyncOutcome> {
  // It has had its tries; it is not asked again.
  if (seen === undefined || seen.kind === 'unreadable') return { kind: 'failed', error: seen?.error }
  const { fingerprint: base } = credential
  const copy = copyState(seen)
  if (dryRun) return withoutWriting(decideWriteBack({ seed: undefined, base, file: base, copy }))
  const standing = { base, lastSeen: { [store.name]: { base, copy } } }
  const { results } = await writeBack({ stores: [store], file: { kind: 'managed', credential }, standing, clock })
  const outcome = results[0]?.outcome ?? { kind: 'failed', error: undefined }
  return outcome.kind === 'kept' && outcome.reason === 'unchanged' ? published(store, outcome) : outcome
}

/** Programs that read the file itself are to find the login that the store holds. */
async function published(store: Store, outcome: SyncOutcome): Promise<SyncOutcome> {
  try {
    await store.publish?.()
    return outcome
  } catch (error) {
    return { kind: 'failed', error }
  }
}

function placeOf(origin: Origin, outcome: SyncOutcome, before: CopyState | undefined, newest: Fingerprint): SyncedPlace {
  const was = typeof before === 'object' ? before : undefined
  return { origin, outcome, holds: outcome.kind === 'written' || (was !== undefined && isSame(was, newest)) ? newest : was }
}
