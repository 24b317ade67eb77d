import fc from 'fast-check'
import { rm } from 'node:fs/promises'
import type { Guarantee } from '../../src/stores/store.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import type { Restored } from '../../src/keeper/restore.ts'
import type { WriteBack } from '../../src/keeper/write-back.ts'
import { managedLogin, unmanagedDocuments, type Login } from './codex-login.ts'
import { credentialOf, keeperWorld, type KeeperWorld } from './keeper-world.ts'
import { inMemoryPlace, type InMemoryFault, type InMemoryPlace } from './in-memory-store.ts'
import { singleUseLogins, type SingleUseLogins } from './single-use-logins.ts'

/** One thing that happens in the life of a login. Machines and places are counted from 0; those that are not there wrap around. */
export type Happening = Step | Accident

/** What the keeper and Codex do. */
export type Step = { readonly kind: 'start' | 'codex' | 'post'; readonly machine: number } | { readonly kind: 'both-post' }

/** What happens to them. */
export type Accident =
  | { readonly kind: 'kill' | 'wipe'; readonly machine: number }
  | { readonly kind: 'reseed' | 'heal' }
  | { readonly kind: 'store-reseed'; readonly place: number }
  | {
      readonly kind: 'damage'
      readonly machine: number
      readonly how: 'cut' | 'remove' | 'api-key' | 'other-account' | 'old-copy' | 'seed'
    }
  | {
      readonly kind: 'fault'
      readonly place: number
      readonly on: 'read' | 'write' | 'proveWritable'
      readonly fault: InMemoryFault
      readonly times: number
    }
  | { readonly kind: 'overtake'; readonly place: number }

/** A machine, and the job that runs on it. */
export interface Machine {
  readonly world: KeeperWorld
  job: Restored | undefined
  /** The seed that the last job was given. */
  seed: Login
}

export interface Life {
  readonly logins: SingleUseLogins
  readonly places: readonly InMemoryPlace[]
  readonly machines: readonly Machine[]
  /** Places with a read that never succeeds. */
  readonly unreadable: Set<InMemoryPlace>
  /** True while any fault is scripted. */
  faulty: boolean
  /** What the secret holds. */
  seed: Login
  /** Documents that somebody else puts into a store between our read and our write. */
  readonly overtakers: Set<string>
}

export async function newLife(guarantees: readonly Guarantee[]): Promise<Life> {
  const logins = singleUseLogins()
  const places = guarantees.map((guarantee, index) => inMemoryPlace({ name: `store ${index}`, guarantee }))
  const seed = logins.logIn()
  const machines = [
    { world: await keeperWorld({ places }), job: undefined, seed },
    { world: await keeperWorld({ places }), job: undefined, seed },
  ]
  return { logins, places, machines, seed, unreadable: new Set(), overtakers: new Set(), faulty: false }
}

/** Runs one machine's restore; a refusal leaves it without a job. */
export async function start(life: Life, machine: Machine): Promise<Restored | undefined> {
  machine.seed = life.seed
  try {
    machine.job = await machine.world.restore({ seed: credentialOf(life.seed) })
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error
    machine.job = undefined
  }
  return machine.job
}

/** Lets Codex refresh once on a machine; false when the server refused a spent token. */
export async function runCodex({ logins }: Life, { world }: Machine): Promise<boolean> {
  const result = logins.refresh(await world.file())
  if (result === 'refused') return false
  if (result !== 'idle') await world.put(result.bytes)
  return true
}

export async function runPost({ world, job }: Machine): Promise<WriteBack> {
  if (job === undefined) throw new Error('Post without a job.')
  return world.post(job)
}

export async function befall(life: Life, accident: Accident): Promise<void> {
  const { places, machines, logins } = life
  const placeOf = (index: number): InMemoryPlace => places[index % places.length] ?? inMemoryPlace()
  const machineOf = (index: number): Machine | undefined => machines[index % machines.length]
  switch (accident.kind) {
    case 'kill':
      endJob(machineOf(accident.machine))
      return
    case 'wipe': {
      const machine = machineOf(accident.machine)
      if (machine?.job === undefined && machine) await rm(machine.world.codexHome, { recursive: true, force: true })
      return
    }
    case 'reseed':
      life.seed = logins.logIn()
      return
    case 'store-reseed':
      placeOf(accident.place).put(logins.logIn().bytes)
      return
    case 'heal':
      for (const place of places) place.heal()
      life.unreadable.clear()
      life.faulty = false
      return
    case 'fault': {
      const place = placeOf(accident.place)
      if (accident.on === 'read' && accident.times === Infinity) life.unreadable.add(place)
      life.faulty = true
      place.inject(accident.on, accident.fault, accident.times)
      return
    }
    case 'overtake': {
      const { text, bytes } = logins.logIn()
      life.overtakers.add(text)
      life.faulty = true
      placeOf(accident.place).inject('write', { kind: 'overtaken', by: bytes }, 1)
      return
    }
    case 'damage':
      return damage(life, machineOf(accident.machine), accident.how)
  }
}

function endJob(machine: Machine | undefined): void {
  if (machine) machine.job = undefined
}

async function damage(life: Life, machine: Machine | undefined, how: Extract<Accident, { kind: 'damage' }>['how']): Promise<void> {
  if (machine?.job === undefined) return
  const file = await machine.world.file()
  switch (how) {
    case 'cut':
      return machine.world.put(Buffer.from((file ?? '').slice(0, 700)))
    case 'remove':
      return file === undefined ? undefined : machine.world.put(undefined)
    case 'api-key':
      return machine.world.put(unmanagedDocuments()['api-key'].bytes)
    case 'other-account':
      return machine.world.put(managedLogin().bytes)
    case 'old-copy':
      return machine.world.put(Buffer.from([...life.logins.written][0] ?? machine.seed.text))
    case 'seed':
      return machine.world.put(machine.seed.bytes)
  }
}

const machine = fc.nat(1)
const place = fc.nat(1)

type Fault = Extract<Accident, { kind: 'fault' }>

/** A fault of one operation at one place; only a write can lose its answer. */
export function faults(times: fc.Arbitrary<number>, ...common: InMemoryFault[]): fc.Arbitrary<Fault> {
  const of = (on: ('read' | 'write' | 'proveWritable')[], fault: InMemoryFault[]): fc.Arbitrary<Fault> =>
    fc.record({ kind: fc.constant('fault'), place, on: fc.constantFrom(...on), fault: fc.constantFrom(...fault), times })
  return fc.oneof(
    of(['read', 'proveWritable'], common),
    of(['write'], [...common, { kind: 'answer-lost', stored: true }, { kind: 'answer-lost', stored: false }]),
  )
}

const kinds = <K extends Happening['kind']>(...names: K[]): fc.Arbitrary<K> => fc.constantFrom(...names)

const damages = fc.record({
  kind: kinds('damage'),
  machine,
  how: fc.constantFrom('cut', 'remove', 'api-key', 'other-account', 'old-copy', 'seed'),
})
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kinds('start', 'codex', 'post'), machine }) },
  { weight: 1, arbitrary: fc.record({ kind: kinds('kill', 'wipe'), machine }) },
  { weight: 2, arbitrary: fc.record({ kind: kinds('both-post', 'reseed', 'heal') }) },
  { weight: 1, arbitrary: fc.record({ kind: kinds('store-reseed', 'overtake'), place }) },
  { weight: 1, arbitrary: damages },
  { weight: 2, arbitrary: faults(fc.constantFrom(1, 2, Infinity), { kind: 'unreachable' }, { kind: 'unauthorized' }) },
)
/** A whole job in one go: restored, perhaps rotated, perhaps damaged, written back. */
const wholeJob: fc.Arbitrary<Happening[]> = fc
  .record({ machine, rotations: fc.nat(2), damage: fc.option(damages) })
  .map(({ machine: index, rotations, damage: damaged }) => [
    { kind: 'start', machine: index },
    ...Array.from({ length: rotations }, () => ({ kind: 'codex', machine: index }) as const),
    ...(damaged ? [{ ...damaged, machine: index }] : []),
    { kind: 'post', machine: index },
  ])

/** What happens to a login: whole jobs, and single things in any order, jobs and rotations most often. */
export const history: fc.Arbitrary<Happening[]> = fc
  .array(fc.oneof({ weight: 3, arbitrary: happening.map((one) => [one]) }, { weight: 1, arbitrary: wholeJob }), {
    minLength: 3,
    maxLength: 16,
  })
  .map((parts) => parts.flat())
