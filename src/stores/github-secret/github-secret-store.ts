import * as z from 'zod/mini'
import type { Clock } from '../../clock.ts'
import type { GithubApi } from '../../github/github-api.ts'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import type { SecretName } from './github-secret-name.ts'
import { compactDocument, documentIn } from './github-secret-document.ts'
import { secretPlace, type PublicKey, type PutOutcome, type Repository, type Sight } from './github-secret-place.ts'
import { judgeSnapshot, markOf, recordOf } from './github-secret-record.ts'
import { elsewhere, invalid, notGiven, replaced, spent } from './github-secret-refusals.ts'
import type { Store, WriteOutcome } from '../store.ts'

/** What one stage of a job leaves to the next about the secret; it holds digests and times only. */
export interface SecretHandover {
  /** Of the document that the secret held when this job last read or wrote it. */
  readonly fingerprint: string
  /** When it was written; undefined when that could not be found out. */
  readonly updatedAt?: string | undefined
  /** The fingerprint in the variable at that time. */
  readonly recorded?: string | undefined
}

/** Reads a handover from saved state. */
export const secretHandover: z.ZodMiniType<SecretHandover | undefined> = z.optional(
  z.object({
    fingerprint: z.string(),
    updatedAt: z.optional(z.string()),
    recorded: z.optional(z.string()),
  }),
)

export interface GithubSecretSetup {
  readonly name: string
  readonly secret: SecretName
  readonly repository: Repository
  /** The input `auth-json`: the value that the secret had when the run was queued or the job started. */
  readonly currentValue: string | undefined
  /** With the credentials that may write the secret. */
  readonly api: GithubApi
  readonly clock: Clock
  /** What an earlier stage of this job has handed over. */
  readonly handover: SecretHandover | undefined
}

export interface GithubSecretStore extends Store {
  /** To be saved for the next stage after the last read or write; undefined while nothing is known. */
  handover(): SecretHandover | undefined
  /** What a person who relies on this store must know, after a read or a write. */
  notes(): readonly string[]
}

/** Milliseconds for which what was seen counts as seen just now. */
const justNow = 5_000

/**
 * A GitHub Actions secret as a store. Its value reaches a job once, as an input, and can be replaced but never asked for; so
 * a later read gives the bytes of that input, or of what this process wrote, and asks GitHub only whether they still count:
 * - the variable beside the secret says which document the keeper stored last, and when it was issued;
 * - the secret's `updated_at` tells of a write by anybody else.
 *
 * The secret is written before the variable. A job that dies between the two has saved the login; the next job finds a
 * document that was issued later than the variable says and takes it, as it takes a reseed.
 */
export function githubSecretStore(setup: GithubSecretSetup): GithubSecretStore {
  const { name, currentValue, api, clock, repository, secret } = setup
  const place = secretPlace(api, repository, secret)
  const given = currentValue === undefined || currentValue.trim() === '' ? undefined : currentValue
  let known: Known | undefined = setup.handover
  let seen: { readonly sight: Sight; readonly at: number } | undefined
  /** A write whose answer was lost, and what was seen before it. */
  let attempt: { readonly document: Known; readonly before: Sight } | undefined
  let key: Promise<PublicKey> | undefined
  let unrecorded: string | undefined

  const publicKey = (): Promise<PublicKey> => {
    key ??= place.publicKey()
    key.catch(() => {
      key = undefined
    })
    return key
  }

  const look = async (): Promise<Sight> => {
    void publicKey()
    const sight = await place.look()
    // Without the environment or the repository there is no secret either, and that is not an empty place.
    if (sight.updatedAt === undefined) await publicKey()
    seen = { sight, at: clock.now() }
    if (attempt !== undefined && attempt.before.updatedAt !== sight.updatedAt) known = { ...attempt.document, updatedAt: sight.updatedAt }
    attempt = undefined
    return sight
  }

  const firstSight = (sight: Sight, updatedAt: string): Known => {
    if (given === undefined) throw notGiven(place.words, secret)
    const bytes = documentIn(given)
    const mark = markOf(bytes)
    const record = sight.record.kind === 'held' ? sight.record.record : undefined
    const verdict = judgeSnapshot(mark, record, updatedAt)
    if (verdict !== 'current') throw spent(place.words, secret, verdict)
    return { bytes, fingerprint: mark.fingerprint, updatedAt, recorded: record?.fingerprint }
  }

  const put = async (document: Uint8Array): Promise<PutOutcome> => {
    const outcome = await place.put(document, await publicKey())
    if (outcome.kind !== 'invalid') return outcome
    key = undefined // GitHub may have changed its key since.
    return place.put(document, await publicKey())
  }

  return {
    name,
    guarantee: 'last-writer-wins',
    proveWritable: async () => {
      await place.proveWritable()
      return 'proved'
    },
    read: async () => {
      const sight = await look()
      if (sight.updatedAt === undefined) {
        if (known === undefined && given !== undefined) throw elsewhere(place.words, secret)
        known = undefined
        return undefined
      }
      if (known !== undefined && isChanged(known, sight)) throw replaced(place.words)
      known ??= firstSight(sight, sight.updatedAt)
      // After an early write by another stage this is the older copy that the job was given; the version is the new one's.
      const bytes = known.bytes ?? (given === undefined ? undefined : documentIn(given))
      return bytes && { bytes, version: secretVersion(known) }
    },
    write: async (bytes, ifVersion): Promise<WriteOutcome> => {
      const document = compactDocument(bytes)
      const before = seen !== undefined && clock.now() - seen.at < justNow ? seen.sight : await look()
      if (versionSeen(known, before) !== ifVersion) return { kind: 'conflict' }
      const mark = markOf(document)
      const written: Known = { bytes: document, fingerprint: mark.fingerprint, updatedAt: undefined, recorded: recordedIn(before) }
      seen = { sight: before, at: -Infinity }
      const outcome = await put(document).catch((error: unknown) => {
        if (error instanceof KeeperError && error.code === 'store-unknown-outcome') attempt = { document: written, before }
        throw error
      })
      switch (outcome.kind) {
        case 'busy':
          return { kind: 'conflict' }
        case 'invalid':
          throw invalid(place.words)
        case 'stored':
          break
      }
      const { at } = outcome
      const saveRecord = async (): Promise<string | undefined> => {
        if (before.record.kind === 'denied') return undefined
        await place.saveRecord(recordOf(mark, at), before.record.kind !== 'none')
        return mark.fingerprint
      }
      const [updatedAt, recorded] = await Promise.allSettled([place.updatedAt(), saveRecord()])
      unrecorded = recorded.status === 'rejected' ? messageOf(recorded.reason) : undefined
      known = {
        ...written,
        updatedAt: updatedAt.status === 'fulfilled' ? updatedAt.value : undefined,
        recorded: recorded.status === 'fulfilled' ? (recorded.value ?? written.recorded) : undefined,
      }
      return { kind: 'written', version: secretVersion(known) }
    },
    about: async () => {
      const { updatedAt, record } = await look()
      if (updatedAt === undefined) return undefined
      const issued = record.kind === 'held' ? record.record.issued : undefined
      return { writtenAt: updatedAt, ...(issued && { issued }) }
    },
    handover: () => known && { fingerprint: known.fingerprint, updatedAt: known.updatedAt, recorded: known.recorded },
    notes: () => notes(secret, seen?.sight, unrecorded),
  }
}

interface Known extends SecretHandover {
  /** The document, where this process has it. */
  readonly bytes?: Uint8Array
}

function secretVersion({ fingerprint, updatedAt }: SecretHandover): string {
  return `${fingerprint.slice(0, 16)}@${updatedAt ?? 'unknown'}`
}

/** The version of what is there; another one than any read has given when it is not what this job knows. */
function versionSeen(known: Known | undefined, sight: Sight): string | undefined {
  if (sight.updatedAt === undefined) return undefined
  return known === undefined || isChanged(known, sight) ? `unknown@${sight.updatedAt}` : secretVersion(known)
}

/** Whether anybody else has written since. Either sign counts, as far as it is known. */
function isChanged(known: Known, sight: Sight): boolean {
  if (known.updatedAt !== undefined && known.updatedAt !== sight.updatedAt) return true
  return sight.record.kind === 'held' && known.recorded !== undefined && known.recorded !== sight.record.record.fingerprint
}

function recordedIn({ record }: Sight): string | undefined {
  return record.kind === 'held' ? record.record.fingerprint : undefined
}

function notes({ secret, environment, variable }: SecretName, sight: Sight | undefined, unrecorded: string | undefined): string[] {
  const unseen = `Without it, a value of ${secret} that was already spent by another job cannot be recognised before Codex uses it.`
  return [
    ...(environment === undefined
      ? [
          `GitHub reads the repository secret ${secret} when the run is queued: a run that waits gets an old one. Use an environment secret.`,
        ]
      : []),
    ...(sight?.record.kind === 'denied' ? [`${sight.record.why} ${unseen}`] : []),
    ...(sight?.record.kind === 'foreign'
      ? [`The value of the variable ${variable} was not written by the keeper and is replaced at the next write.`]
      : []),
    ...(unrecorded !== undefined ? [`The login is stored, but not its fingerprint: ${unrecorded} ${unseen}`] : []),
  ]
}
