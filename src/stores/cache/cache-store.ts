import { setTimeout as sleep } from 'node:timers/promises'
import { KeeperError } from '../../keeper-error.ts'
import { download, upload, type ArchivePlace, type Talk } from './cache-archive.ts'
import { cacheAccess, cacheVersion, denied, lookUp, requireCacheService, unreachable } from './cache-service.ts'
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
}

/** What a person who chooses this store must know. Source: GitHub's documentation of the Actions cache. */
export const idleNote = 'GitHub deletes a cache entry after 7 days without use: let a job with this store run at least twice a week.'

/** A write looks past at most so many announced and never finished writes of other jobs. */
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
  const requireReadable = (): void => { if (cacheAccess(env, ref).read === 'denied') throw denied(name, 'read') }
  return {
    name,
    guarantee: 'detects-conflicts',
    notes: () => [idleNote],
    proveWritable: async () => {
      switch (cacheAccess(env, ref).write) {
        case 'denied': throw denied(name, 'write')
        case 'granted': return Promise.resolve('proved')
        case 'unknown': return Promise.resolve('unprovable')
      }
    },
    read: async () => {
      requireReadable()
      const newest = await entries.newest()
      // The two after it come first: the service calls newest what was created last, not what counts highest.
      return newest === undefined ? undefined : entries.fetch([newest + 2, newest + 1, newest])
    },
    write: async (bytes, ifVersion) => {
      requireReadable()
      if (cacheAccess(env, ref).write === 'denied') throw denied(name, 'write')
      const newest = await entries.newest()
      if (versionOf(newest) !== ifVersion) return { kind: 'conflict' }
      return entries.add(newest ?? 0, bytes)
    },
  }
}

interface Entries {
  /** Generation of the newest entry; undefined when there certainly is none. */
  newest(): Promise<number | undefined>
  /** The first of these generations that exists. */
  fetch(generations: readonly [number, ...number[]]): Promise<StoredCopy>
  /** Adds the next generation after this one. */
  add(newest: number, bytes: Uint8Array): Promise<WriteOutcome>
}

function entriesOf({ name, slot, tempDir, env, pauses = [500, 1_500, 3_000] }: CacheStoreSetup): Entries {
  // The slot is part of the path, hence of the entries' identity: a slot whose name begins like another's stays apart.
  const place: ArchivePlace = { tempDir, env, path: `codex-auth/${slot}/auth.age` }
  const version = cacheVersion(place.path)
  const prefix = `codex-auth-${slot}-`
  const keyOf = (generation: number): string => prefix + String(generation).padStart(10, '0')
  /** Generations this run has announced itself and could not finish. */
  const unfinished = new Set<number>()

  const fetch: Entries['fetch'] = async ([first, ...others]) => {
    const { key, bytes, talk } = await download(place, [keyOf(first), ...others.map(keyOf)])
    if (key === undefined) throw failedDownload(name, talk)
    if (bytes === undefined) throw damagedEntry(name)
    return { bytes, version: versionOf(generationOf(prefix, key)) ?? key }
  }
  const exists = async (generation: number): Promise<boolean> => await lookUp(name, env, keyOf(generation), version) !== undefined
  const appears = async (generation: number): Promise<boolean> => {
    for (const pause of pauses) {
      if (await exists(generation)) return true
      await sleep(pause)
    }
    return exists(generation)
  }
  /** The outcome when an entry of this generation stands, ours or another job's. */
  const whose = async (generation: number, bytes: Uint8Array): Promise<WriteOutcome> => {
    const stored = await fetch([generation])
    return Buffer.compare(stored.bytes, bytes) === 0 ? { kind: 'written', version: stored.version } : { kind: 'conflict' }
  }

  return {
    newest: async () => {
      const key = await lookUp(name, env, prefix, version)
      return key === undefined ? undefined : generationOf(prefix, key)
    },
    fetch,
    add: async (newest, bytes) => {
      for (let generation = newest + 1; generation <= newest + largestLeap; generation += 1) {
        if (unfinished.has(generation)) continue
        const { saved, talk } = await upload(place, keyOf(generation), bytes)
        if (saved) return { kind: 'written', version: keyOf(generation).slice(prefix.length) }
        const failure = failedUpload(name, talk)
        if (failure.kind === 'refused') throw failure.error
        if (failure.kind === 'taken') {
          if (await appears(generation)) return whose(generation, bytes)
          // Announced and never finished: the service blocks such a key for a day.
          continue
        }
        unfinished.add(generation)
        if (await exists(generation).catch(() => { throw unknownOutcome(name) })) {
          return whose(generation, bytes).catch(() => { throw unknownOutcome(name) })
        }
        throw failure.error
      }
      throw new KeeperError('store-refused', `${name}: the next ${largestLeap} entries were announced by other jobs and never finished`,
        'The service frees them within a day. Until then name another slot and reseed, or use another store.')
    },
  }
}

/** A generation as a version: ten digits; undefined for the empty place. */
function versionOf(generation: number | undefined): string | undefined {
  return generation === undefined ? undefined : String(generation).padStart(10, '0')
}

function generationOf(prefix: string, key: string): number {
  const digits = key.slice(prefix.length)
  return /^\d{10}$/.test(digits) ? Number(digits) : 0
}

type FailedUpload =
  | { readonly kind: 'refused'; readonly error: KeeperError }
  | { readonly kind: 'taken' }
  | { readonly kind: 'broken'; readonly error: KeeperError }

/** Why saveCache returned -1, from what @actions/cache 6.3.0 said meanwhile (cache.js, saveCacheV2). */
function failedUpload(name: string, talk: Talk): FailedUpload {
  const reserving = talk.find((line) => line.includes('Failed to reserve cache'))
  const all = talk.join('\n')
  if (all.includes('cache write denied') || all.includes('Cache save skipped')) return { kind: 'refused', error: denied(name, 'write') }
  if (reserving === undefined) return { kind: 'broken', error: unreachable(name, 'did not take the upload') }
  if (/\((401|403)\)/.test(reserving)) return { kind: 'refused', error: denied(name, 'write') }
  if (/\(409\)/.test(reserving)) return { kind: 'taken' }
  if (/\(429\)/.test(reserving)) return { kind: 'refused', error: unreachable(name, 'limits the rate of requests') }
  return { kind: 'refused', error: unreachable(name, 'did not announce the entry') }
}

/** Why restoreCache gave nothing although the service knows the entry. */
function failedDownload(name: string, talk: Talk): KeeperError {
  const all = talk.join('\n')
  if (all.includes('cache read denied')) return denied(name, 'read')
  if (/Failed to restore: .*tar.* failed with error/.test(all)) return damagedEntry(name)
  return unreachable(name, 'did not deliver the entry')
}

function damagedEntry(name: string): KeeperError {
  return new KeeperError('store-damaged', `${name}: the newest cache entry is not an archive of this store`,
    'Delete the entry on the page Actions > Caches of the repository and log in anew.')
}

function unknownOutcome(name: string): KeeperError {
  return new KeeperError('store-unknown-outcome', `${name}: the cache service did not say whether it kept the entry`,
    'Run the job again; it reads what was kept.')
}

function elsewhere({ name, ref, defaultBranch }: CacheStoreSetup): KeeperError {
  return new KeeperError('store-refused', `${name}: this run is on ${ref}, and the cache store works on ${defaultBranch} only, because ` +
    'branches do not see each other\'s cache entries',
  'Run the job on the default branch (push, schedule or workflow_dispatch there), or use the store git.')
}
