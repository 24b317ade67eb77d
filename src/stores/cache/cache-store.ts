import { setTimeout as sleep } from 'node:timers/promises'
import { KeeperError } from '../../keeper-error.ts'
import { findTar, unpacked, upload, type ArchivePlace } from './cache-archive.ts'
import { cacheAccess, cacheVersion, denied, fetchArchive, lookUp, requireCacheService, unreachable, type Located } from './cache-service.ts'
import type { UploadAnswer } from './upload-answer.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface CacheStoreSetup {
  readonly name: string
  readonly slot: string
  /** A directory of this job for short-lived files; what is put there is removed again. */
  readonly tempDir: string
  /** The runner's variables as they were before any later step could change them. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** GITHUB_REF of this run. */
  readonly ref: string
  readonly defaultBranch: string
  /** Pauses in milliseconds in which another job may finish the write that it has announced. */
  readonly pauses?: readonly number[]
  /** Milliseconds in which the service must have answered a request in full. */
  readonly patience?: number
}

/** What a person who chooses this store must know. Source: GitHub's documentation of the Actions cache. */
export const idleNote = 'GitHub deletes a cache entry after 7 days without use: let a job with this store run at least twice a week.'

/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9_999_999_989

/** Milliseconds for which what was read counts as seen just now. */
const justNow = 5_000
/** A write looks past at most this many announced and never finished writes of other jobs. */
const largestLeap = 5

/**
 * The Actions cache as a store: each write is a new entry `codex-auth-<slot>-<10-digit generation>`, the newest counts.
 * What it holds can be read by every workflow of the repository, pull requests of forks included: wrap it in sealedStore.
 * @throws KeeperError store-refused when this run is not on the default branch (other branches do not see each other's
 * entries, and one login cannot live in two copies) or when this machine has no cache service
 */
export function cacheStore(setup: CacheStoreSetup): Store {
  const { name, env, ref } = setup
  if (ref !== `refs/heads/${setup.defaultBranch}`) throw elsewhere(setup)
  requireCacheService(name, env)
  const entries = entriesOf(setup)
  const requireReadable = (): void => {
    if (cacheAccess(env, ref).read === 'denied') throw denied(name, 'read')
  }
  return {
    name,
    guarantee: 'detects-conflicts',
    notes: () => [idleNote],
    proveWritable: async () => {
      switch (cacheAccess(env, ref).write) {
        case 'denied':
          throw denied(name, 'write')
        case 'granted':
          return Promise.resolve('proved')
        case 'unknown':
          return Promise.resolve('unprovable')
      }
    },
    read: async () => {
      requireReadable()
      return entries.read()
    },
    write: async (bytes, ifVersion) => {
      requireReadable()
      if (cacheAccess(env, ref).write === 'denied') throw denied(name, 'write')
      const newest = await entries.newest(ifVersion)
      if (newest !== ifVersion) return { kind: 'conflict' }
      return entries.add(Number(newest ?? 0), bytes)
    },
  }
}

interface Entries {
  /** The entry that counts; undefined when there certainly is none. */
  read(): Promise<StoredCopy | undefined>
  /** Version of the newest entry; the one that is expected is not asked for again right after it was read. */
  newest(expected: string | undefined): Promise<string | undefined>
  /** Adds the next generation after this one. */
  add(newest: number, bytes: Uint8Array): Promise<WriteOutcome>
}

function entriesOf({ name, slot, tempDir, env, pauses = [500, 1_500, 3_000], patience = 15_000 }: CacheStoreSetup): Entries {
  // The slot is part of the path, hence of the entries' identity: a slot whose name begins like another's stays apart.
  const place: ArchivePlace = { tempDir, env, path: `codex-auth/${slot}/auth.age` }
  const version = cacheVersion(place.path)
  const prefix = `codex-auth-${slot}-`
  const keyOf = (generation: number): string => prefix + String(generation).padStart(10, '0')
  /** Generations this run has announced itself and could not finish. */
  const unfinished = new Set<number>()

  const service = { name, env, patience }
  const find = (...keys: [string, ...string[]]): Promise<Located | undefined> => lookUp(service, keys, version)
  /** @throws KeeperError store-damaged for a key that this store has not made: the service shows nothing that is behind it */
  const versionOf = ({ key }: Located): string => {
    const digits = key.slice(prefix.length)
    if (/^\d{10}$/.test(digits) && Number(digits) <= highestGeneration) return digits
    throw foreignEntry(name, key)
  }
  const archiveOf = (entry: Located): Promise<Buffer> => fetchArchive(service, entry)
  const documentIn = async (archive: Buffer): Promise<Uint8Array> => {
    const bytes = await unpacked(place, archive, findTar(env))
    if (bytes === undefined) throw damagedEntry(name)
    return bytes
  }
  const appears = async (generation: number): Promise<Located | undefined> => {
    for (const pause of pauses) {
      const entry = await find(keyOf(generation))
      if (entry !== undefined) return entry
      await sleep(pause)
    }
    return find(keyOf(generation))
  }
  /** The outcome when an entry stands where ours was to be, ours or another job's. */
  const whose = async (entry: Located, bytes: Uint8Array): Promise<WriteOutcome> => {
    const stored = await documentIn(await archiveOf(entry))
    return Buffer.compare(stored, bytes) === 0 ? { kind: 'written', version: versionOf(entry) } : { kind: 'conflict' }
  }
  /** What a read has just shown; for one write. */
  let seen: { readonly version: string | undefined; readonly at: number } | undefined

  return {
    read: async () => {
      const last = await find(prefix)
      if (last === undefined) {
        seen = { version: undefined, at: performance.now() }
        return undefined
      }
      // The service calls newest what was created last, not what counts highest: the two after it are looked for as well.
      const generation = Number(versionOf(last))
      const archive = archiveOf(last)
      archive.catch(() => undefined) // it does not matter where a higher one is found
      const higher = await find(keyOf(generation + 2), keyOf(generation + 1))
      const newest = higher ?? last
      const bytes = await documentIn(await (higher === undefined ? archive : archiveOf(higher)))
      seen = { version: versionOf(newest), at: performance.now() }
      return { bytes, version: versionOf(newest) }
    },
    newest: async (expected) => {
      const known = seen
      seen = undefined
      if (known !== undefined && known.version === expected && performance.now() - known.at < justNow) return expected
      const last = await find(prefix)
      return last && versionOf(last)
    },
    add: async (newest, bytes) => {
      for (let generation = newest + 1; generation <= newest + largestLeap; generation += 1) {
        if (unfinished.has(generation)) continue
        const answer = await upload(place, keyOf(generation), bytes)
        if (answer?.kind === 'saved') return { kind: 'written', version: keyOf(generation).slice(prefix.length) }
        const failure = failedUpload(name, answer)
        if (failure.kind === 'refused') throw failure.error
        if (failure.kind === 'taken') {
          const entry = await appears(generation)
          if (entry !== undefined) return whose(entry, bytes)
          // Announced and never finished: the service blocks such a key for a day.
          continue
        }
        unfinished.add(generation)
        const entry = await find(keyOf(generation)).catch(() => {
          throw unknownOutcome(name)
        })
        if (entry !== undefined)
          return whose(entry, bytes).catch(() => {
            throw unknownOutcome(name)
          })
        throw failure.error
      }
      throw new KeeperError(
        'store-refused',
        `${name}: the next ${largestLeap} entries were announced by other jobs and never finished`,
        'The service frees them within a day. Until then name another slot and reseed, or use another store.',
      )
    },
  }
}

type FailedUpload =
  | { readonly kind: 'refused'; readonly error: KeeperError }
  | { readonly kind: 'taken' }
  | { readonly kind: 'broken'; readonly error: KeeperError }

/** Why nothing was saved, as far as it is known. */
function failedUpload(name: string, answer: Extract<UploadAnswer, { kind: 'failed' }> | undefined): FailedUpload {
  if (answer?.at !== 'announcement') return { kind: 'broken', error: unreachable(name, 'did not take the upload') }
  switch (answer.status) {
    // The service refuses a token that may only read in an answer with this status, after which nothing is uploaded.
    case 200:
    case 401:
    case 403:
      return { kind: 'refused', error: denied(name, 'write') }
    case 409:
      return { kind: 'taken' }
    case 429:
      return { kind: 'refused', error: unreachable(name, 'limits the rate of requests') }
    default:
      return { kind: 'refused', error: unreachable(name, 'did not announce the entry') }
  }
}

function foreignEntry(name: string, key: string): KeeperError {
  return new KeeperError(
    'store-damaged',
    `${name}: the newest cache entry, ${key}, was not made by this store`,
    'Find out which workflow made it, and delete it on the page Actions > Caches of the repository.',
  )
}

function damagedEntry(name: string): KeeperError {
  return new KeeperError(
    'store-damaged',
    `${name}: the newest cache entry is not an archive of this store`,
    'Delete the entry on the page Actions > Caches of the repository and log in again.',
  )
}

function unknownOutcome(name: string): KeeperError {
  return new KeeperError(
    'store-unknown-outcome',
    `${name}: the cache service did not say whether it kept the entry`,
    'Run the job again; it reads what was kept.',
  )
}

function elsewhere({ name, ref, defaultBranch }: CacheStoreSetup): KeeperError {
  return new KeeperError(
    'store-refused',
    `${name}: this run is on ${ref}, and the cache store works on ${defaultBranch} only, because ` +
      "branches do not see each other's cache entries",
    'Run the job on the default branch (push, schedule or workflow_dispatch there), or use the store git.',
  )
}
