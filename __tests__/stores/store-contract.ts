import { afterEach, beforeEach, describe } from '@jest/globals'
import type { Guarantee, Store } from '../../src/stores/store.ts'
import { conflictTests } from './contract/conflicts.ts'
import { failureTests } from './contract/failures.ts'
import { fidelityTests } from './contract/fidelity.ts'
import { contractPlace } from './contract/place.ts'

/**
 * What a harness can do to its backend. Each stays in force until `heal` (which every test may call), except those that
 * say "next".
 */
export interface StoreFaults {
  /** The backend does not answer at all. */
  unreachable(): Promise<void> | void
  /** The backend answers, but this run may not read. */
  readDenied(): Promise<void> | void
  /** The backend answers, but this run may not write. */
  writeDenied(): Promise<void> | void
  /** The stored copy is replaced with these bytes, which are not a stored copy. */
  garbage(bytes: Uint8Array): Promise<void> | void
  /** The stored copy is replaced with one that is sealed for a key we do not have. */
  foreignKey(): Promise<void> | void
  /** The next write is stored whole, but its answer never arrives. */
  answerLost(): Promise<void> | void
  /** The next write breaks off in the middle: the connection, or the process that does it, dies. */
  writeInterrupted(): Promise<void> | void
  /** Everything that is stored is removed behind our back. */
  emptied(): Promise<void> | void
}

export interface StoreHarness {
  /** One more handle on the same place, as another job on another machine would open it. */
  open(): Promise<Store>
  /** The switches of this backend; exactly those that `cannot` does not excuse. */
  readonly faults: Partial<StoreFaults>
  /** Ends every fault. */
  heal(): Promise<void> | void
  cleanup(): Promise<void> | void
}

export interface StoreContract {
  readonly guarantee: Guarantee
  /** What `proveWritable` answers when writing is allowed. */
  readonly proof: 'proved' | 'unprovable'
  /** exact-bytes; those of JSON documents alone; or the document on one line for a backend that can hold nothing else. */
  readonly holds?: 'exact-bytes' | 'exact-json' | 'compact-json'
  /** The largest document, when the backend takes less than 64 KB, and whose rule that is. */
  readonly limit?: { readonly bytes: number; readonly reason: string }
  /** What a plain backend gives back when garbage was planted: default `damaged`. */
  readonly garbage?: 'damaged' | 'returned-as-it-is'
  /** A handle that does not see what was written after it was opened, and why. */
  readonly snapshot?: string
  /** For each fault that this backend cannot have or show: the reason. It has no tests then. */
  readonly cannot?: Partial<Record<keyof StoreFaults, string>>
  /** For each fault that has its switch, which does nothing on this machine: the reason. Its tests are skipped, visibly. */
  readonly cannotHere?: Partial<Record<keyof StoreFaults, string>>
  harness(): Promise<StoreHarness> | StoreHarness
}

/** The one suite that every store passes; what a backend cannot have is declared with a reason. */
export function describeStore(name: string, contract: StoreContract): void {
  describe(`store contract: ${name}`, () => {
    const place = contractPlace(contract)
    beforeEach(() => place.begin())
    afterEach(() => place.end())
    fidelityTests(contract, place)
    conflictTests(contract, place)
    failureTests(contract, place)
  })
}
