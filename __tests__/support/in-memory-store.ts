import { KeeperError } from '../../src/keeper-error.ts'
import type { Guarantee, LeasePlace, Store, StoredCopy } from '../../src/stores/store.ts'

/** What can go wrong at a place in memory, once or for a while. */
export type InMemoryFault =
  | { readonly kind: 'unreachable' | 'unauthorized' | 'refused' | 'withdrawn' }
  /** read: what is there is not a stored copy. */
  | { readonly kind: 'damaged' }
  /** write: the answer is lost, after the document was stored or before. */
  | { readonly kind: 'answer-lost'; readonly stored: boolean }
  /** write: somebody else stores these bytes a moment before us. */
  | { readonly kind: 'overtaken'; readonly by: Uint8Array }
  /** write: two writers at once are not told apart (stores that only detect conflicts). */
  | { readonly kind: 'conflict-unseen' }

export type InMemoryOperation = 'proveWritable' | 'read' | 'write'

export interface InMemoryPlaceOptions {
  readonly name?: string
  readonly guarantee?: Guarantee
  readonly proof?: 'proved' | 'unprovable'
  readonly bytes?: Uint8Array
  /** Whether it holds a lease beside the copy; absent: if it compares and sets. */
  readonly lease?: boolean
}

/** A place in memory that any number of stores open, with faults to script and a count of what was done. */
export interface InMemoryPlace {
  /** One more handle on this place, as another machine would open it. */
  open(): Store
  /** The next `times` operations of this kind meet the fault (default: until `heal`). Faults queue up. */
  inject(on: InMemoryOperation, fault: InMemoryFault, times?: number): void
  heal(): void
  /** What is stored now; looking is not counted. */
  bytes(): Uint8Array | undefined
  /** Stores bytes behind everybody's back, or removes what is there. */
  put(bytes: Uint8Array | undefined): void
  /** Every document that was ever stored, oldest first. */
  readonly history: readonly Uint8Array[]
  readonly count: Readonly<Record<InMemoryOperation, number>>
  /** Where the lease lies, with faults and counts of its own. */
  readonly lease: InMemoryPlace | undefined
}

export function inMemoryPlace(options: InMemoryPlaceOptions = {}): InMemoryPlace {
  const { name = 'memory', guarantee = 'compare-and-set', proof = 'proved' } = options
  const history: Uint8Array[] = []
  const count = { proveWritable: 0, read: 0, write: 0 }
  const script: { on: InMemoryOperation; fault: InMemoryFault; times: number }[] = []
  let copy: StoredCopy | undefined
  let generation = 0

  const put = (bytes: Uint8Array | undefined): string => {
    generation += 1
    copy = bytes && { bytes: Uint8Array.from(bytes), version: `memory-${generation}` }
    if (copy) history.push(copy.bytes)
    return `memory-${generation}`
  }
  /** Lets other operations go first, as a network would, then meets the next scripted fault of this operation. */
  const begin = async (on: InMemoryOperation): Promise<InMemoryFault | undefined> => {
    await Promise.resolve()
    count[on] += 1
    const next = script.find((entry) => entry.on === on && entry.times > 0)
    if (next) next.times -= 1
    if (next) throwIfRefused(name, next.fault)
    return next?.fault
  }

  const lease = (options.lease ?? guarantee === 'compare-and-set') ? inMemoryPlace({ name, lease: false }) : undefined
  const leasePlace = (): LeasePlace | undefined => {
    const beside = lease?.open()
    return beside && { seenBy: 'all-jobs', read: () => beside.read(), write: (bytes, ifVersion) => beside.write(bytes, ifVersion) }
  }

  const open = (): Store => ({
    name,
    guarantee,
    leasePlace: leasePlace(),
    proveWritable: async () => {
      await begin('proveWritable')
      return proof
    },
    read: async () => {
      await begin('read')
      return copy && { bytes: Uint8Array.from(copy.bytes), version: copy.version }
    },
    write: async (bytes, ifVersion) => {
      const fault = await begin('write')
      if (fault?.kind === 'overtaken') put(fault.by)
      const unseen = guarantee === 'last-writer-wins' || fault?.kind === 'conflict-unseen'
      if (copy?.version !== ifVersion && !unseen) return { kind: 'conflict' }
      if (fault?.kind === 'answer-lost' && !fault.stored) throw lostAnswer(name)
      const version = put(bytes)
      if (fault?.kind === 'answer-lost') throw lostAnswer(name)
      return { kind: 'written', version }
    },
  })

  if (options.bytes) put(options.bytes)
  return {
    open,
    inject: (on, fault, times = Infinity) => {
      script.push({ on, fault, times })
    },
    heal: () => {
      script.length = 0
    },
    bytes: () => copy?.bytes,
    put: (bytes) => {
      put(bytes)
    },
    history,
    count,
    lease,
  }
}

function throwIfRefused(name: string, fault: InMemoryFault): void {
  switch (fault.kind) {
    case 'unreachable':
      throw new KeeperError('store-unreachable', `${name}: no answer`, 'Try again.')
    case 'unauthorized':
      throw new KeeperError('store-unauthorized', `${name}: not allowed`, 'Give this run access.')
    case 'refused':
      throw new KeeperError('store-refused', `${name}: refused by a rule`, 'Change the rule.')
    case 'withdrawn':
      throw new KeeperError('store-withdrawn', `${name}: a step has changed its key`, 'Give the key from a secret.')
    case 'damaged':
      throw new KeeperError('store-damaged', `${name}: what is stored is damaged`, 'Store the login anew.')
    case 'answer-lost':
    case 'overtaken':
    case 'conflict-unseen':
  }
}

function lostAnswer(name: string): KeeperError {
  return new KeeperError('store-unknown-outcome', `${name}: the answer was lost`, 'Read it back.')
}
