import { join } from 'node:path'
import type { Standing } from '../../keeper/standing.ts'
import type { KnownCopy } from '../../stores/known-copy.ts'
import type { FoundOut } from '../../stores/open-stores.ts'
import type { StoreInputs, StoreRun } from '../../stores/store-line.ts'

/** All that the process which writes through is told, over a pipe, as JSON. It holds secrets. */
export interface Order {
  readonly codexHome: string
  /** Where it is met and leaves its record: a directory that only this user can enter. */
  readonly directory: string
  /** The runner's process; undefined where it cannot be seen from here. */
  readonly runner: number | undefined
  /** Signs the record. */
  readonly signingKey: string
  readonly standing: Standing
  readonly stores: readonly StoreOrder[]
  /** Without a key that opens anything. */
  readonly given: StoreInputs
  readonly run: Omit<StoreRun, 'onSecret'>
  readonly found: FoundOut
}

/** One line of the `store` input; without a known copy the store is read before it is written. */
export interface StoreOrder {
  readonly line: string
  readonly known?: CarriedCopy | undefined
}

/** A known copy as JSON carries it. */
export type CarriedCopy = { readonly kind: 'none' } | { readonly kind: 'held'; readonly base64: string; readonly version: string }

export function carried(known: KnownCopy): CarriedCopy {
  if (known.kind === 'none') return known
  return { kind: 'held', base64: Buffer.from(known.bytes).toString('base64'), version: known.version }
}

export function unpacked(copy: CarriedCopy): KnownCopy {
  if (copy.kind === 'none') return copy
  return { kind: 'held', bytes: new Uint8Array(Buffer.from(copy.base64, 'base64')), version: copy.version }
}

/** The socket at which the process is told to end: whoever connects asks for it, and it hangs up when it has ended its work. */
export function socketIn(directory: string): string {
  return join(directory, 'end')
}
