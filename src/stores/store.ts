import type { Issued } from '../credential/issued.ts'
import { KeeperError } from '../keeper-error.ts'

/**
 * What a store promises about two writers at once.
 * - compare-and-set: exactly one of them wins, the other is told.
 * - detects-conflicts: nearly always so, but the service gives no promise.
 * - last-writer-wins: the later one overwrites the earlier one unseen.
 */
export type Guarantee = 'compare-and-set' | 'detects-conflicts' | 'last-writer-wins'

/** A stored document and the version it had when it was read; versions are opaque and compared for equality only. */
export interface StoredCopy {
  readonly bytes: Uint8Array
  readonly version: string
}

/** What a place tells of its copy besides the copy; each where it is known. */
export interface CopyFacts {
  /** Where a person finds what has written it: the page of a run, or a machine. */
  readonly writtenBy?: string | undefined
  /** RFC 3339, by the clock of whoever wrote it or of the server. */
  readonly writtenAt?: string | undefined
  /** Told by a place that cannot show its copy. */
  readonly issued?: Issued | undefined
}

export type WriteOutcome = { readonly kind: 'written'; readonly version: string } | { readonly kind: 'conflict' }

/**
 * A small document of its own beside the stored copy, under the same rights and with the same compare-and-set: it says who may
 * spend the refresh token of the slot now. It holds no secret and is stored as it comes, never sealed. Making a place of
 * this kind asks nobody; only its methods do.
 */
export interface LeasePlace {
  /** Which jobs see it. */
  readonly seenBy: 'all-jobs' | 'this-machine'
  /**
   * What lies there, even when it is not a lease, so that it can be replaced; undefined only when there certainly is nothing.
   * Throws as `Store.read`; and store-without-lease when the place answers that it can hold none (an older script).
   */
  read(): Promise<StoredCopy | undefined>
  /** As `Store.write`. */
  write(bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome>
}

/**
 * One place that keeps the credential of one slot between runs.
 *
 * Every method throws a KeeperError with one of the `store-…` codes, never with a secret in its text:
 * - store-unreachable: the place did not answer; trying again may help. Nothing was written.
 * - store-unauthorized: it answered that this run may not; trying again does not help.
 * - store-refused: it answered no for another reason (a rule, a limit, a wrong set-up); trying again does not help.
 * - store-damaged: it answered with something that is not a stored copy (cut short, sealed for another key).
 * - store-superseded: a place that cannot show its copy tells that somebody else has replaced it during this job.
 * - store-withdrawn: a step of this job has changed or taken away what it is opened with; the rest of the job cannot use it.
 * - store-unknown-outcome (write only): the answer was lost; the document may or may not be there.
 */
export interface Store {
  /** The line of the `store` input that opened it, for reports; never a secret. */
  readonly name: string
  readonly guarantee: Guarantee
  /**
   * Finds out whether a later `write` would be allowed, without changing the stored copy.
   * Throws when it would be refused; 'unprovable' when this place cannot tell.
   */
  proveWritable(): Promise<'proved' | 'unprovable'>
  /** The newest stored copy; undefined only when the place is certainly empty. */
  read(): Promise<StoredCopy | undefined>
  /**
   * Stores the bytes whole or not at all.
   * @param bytes the exact document to keep
   * @param ifVersion the version that was read before; undefined when the place was certainly empty
   */
  write(bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome>
  /**
   * Where the stored copy is also a file that other programs read: puts it there again, should it have been removed behind the store's
   * back. Changes nothing of the copy; throws as `write`.
   */
  publish?(): Promise<void>
  /** Where the lease of this slot lies; undefined for a place that cannot compare and set. */
  readonly leasePlace?: LeasePlace | undefined
  /** What a person who relies on this place must know, after a read or a write; sentences for the log. */
  notes?(): readonly string[]
  /** What is known of the copy besides itself, after a read; a place that cannot show its copy is asked. Throws as `read`. */
  about?(): Promise<CopyFacts | undefined>
  /** What a later stage of the same job must be given when it opens this place; JSON of digests and times only. */
  handover?(): unknown
  /** Removes what opening it left on this machine (a key file, a temporary repository); never throws. */
  close?(): Promise<void>
}

/** True when the same call may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  return error instanceof KeeperError && (error.code === 'store-unreachable' || error.code === 'store-unknown-outcome')
}
