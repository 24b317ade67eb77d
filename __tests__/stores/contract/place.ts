import { expect } from '@jest/globals'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { checkedFailure } from '../../support/failure.ts'
import type { StoreContract, StoreFaults, StoreHarness } from '../store-contract.ts'

/** The place under test, with one harness per test. */
export interface ContractPlace {
  begin(): Promise<void>
  end(): Promise<void>
  open(): Promise<Store>
  /** What another machine that starts now would find. */
  stored(): Promise<Uint8Array | undefined>
  /** What a place that was given these bytes holds. */
  held(bytes: Uint8Array): Uint8Array
  /** A first copy, and a handle that has read it. */
  seeded(document?: Uint8Array): Promise<{ store: Store; version: string | undefined }>
  inject(fault: Exclude<keyof StoreFaults, 'garbage'>): Promise<void>
  plant(garbage: Uint8Array): Promise<void>
  heal(): Promise<void>
  has(fault: keyof StoreFaults): boolean
}

export function contractPlace(contract: StoreContract): ContractPlace {
  let harness: StoreHarness
  let opened: Store[] = []
  const open = async (): Promise<Store> => {
    const store = await harness.open()
    opened.push(store)
    return store
  }
  const held = (bytes: Uint8Array): Uint8Array => (contract.holds === 'compact-json' ? compact(bytes) : bytes)
  return {
    begin: async () => {
      opened = []
      harness = await contract.harness()
    },
    end: async () => {
      for (const store of opened) await store.close?.()
      await harness.cleanup()
    },
    open,
    stored: async () => (await (await open()).read())?.bytes,
    held,
    seeded: async (document = login('first')) => {
      const before = await open()
      const empty = await before.read()
      expect(await before.write(document, empty?.version)).toMatchObject({ kind: 'written' })
      const store = await open()
      const copy = await store.read()
      expect(text(copy?.bytes)).toBe(text(held(document)))
      return { store, version: copy?.version }
    },
    inject: async (fault) => {
      await harness.faults[fault]?.()
    },
    plant: async (garbage) => {
      await harness.faults.garbage?.(garbage)
    },
    heal: async () => {
      await harness.heal()
    },
    has: (fault) => fault in harness.faults,
  }
}

/** How an operation ended: the kind of its outcome, the answer itself, or the code of its error. */
export async function settled(operation: Promise<string | { kind: string }>): Promise<string> {
  try {
    const value = await operation
    return typeof value === 'string' ? value : value.kind
  } catch (error) {
    return checkedFailure(error).code
  }
}

function compact(bytes: Uint8Array): Uint8Array {
  return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8'))))
}
