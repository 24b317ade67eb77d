import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AuthJsonError, parseAuthJson } from '../../src/credential/auth-json.ts'
import { compareAge, isSame, isSameAccount, type Fingerprint } from '../../src/credential/fingerprint.ts'
import type { WriteBack } from '../../src/keeper/write-back.ts'
import type { Guarantee } from '../../src/stores/store.ts'
import { text } from '../support/documents.ts'
import {
  befall,
  faults,
  history,
  newLife,
  runCodex,
  runPost,
  start,
  type Happening,
  type Life,
  type Machine,
} from '../support/job-histories.ts'
import { endWorlds } from '../support/keeper-world.ts'

afterEach(endWorlds)

const guarantees = fc.array(fc.constantFrom<Guarantee>('compare-and-set', 'detects-conflicts', 'last-writer-wins'), {
  minLength: 1,
  maxLength: 2,
})

/** The fingerprint of a managed document; undefined for anything else. */
function printOf(document: string | undefined): Fingerprint | undefined {
  try {
    const credential = parseAuthJson(Buffer.from(document ?? ''))
    return credential.kind === 'managed' ? credential.fingerprint : undefined
  } catch (error) {
    if (error instanceof AuthJsonError) return undefined
    throw error
  }
}

const contents = ({ places }: Life): (string | undefined)[] => places.map((place) => text(place.bytes()))
const lengths = ({ places }: Life): number[] => places.map(({ history }) => history.length)

/**
 * Invariants 1, 2 and 3, for what was stored since `before`. The seed is the one the job was given: an earlier one that was
 * left in CODEX_HOME is a file like any other.
 */
function checkStored(life: Life, before: readonly number[], writers: readonly Machine[]): void {
  life.places.forEach((place, index) => {
    place.history.slice(before[index]).forEach((bytes, offset) => {
      const document = text(bytes) ?? ''
      expect(writers.length > 0 && writers.every(({ seed }) => seed.text === document)).toBe(false)
      const print = printOf(document)
      if (print === undefined) throw new Error('Something was stored that is not a managed credential.')
      const previous = printOf(text(place.history[(before[index] ?? 0) + offset - 1]))
      const unseen = place.open().guarantee === 'last-writer-wins' && (writers.length > 1 || life.overtakers.size > 0)
      if (previous === undefined || unseen || life.overtakers.has(document)) return
      expect(compareAge(print, previous)).not.toBe('older')
    })
  })
}

/** Whether the file is a rotation of what the job restored, told without the keeper. */
function rotation({ job }: Machine, file: string | undefined): Fingerprint | undefined {
  const found = printOf(file)
  if (found === undefined || job === undefined || !isSameAccount(found, job.standing.base) || isSame(found, job.standing.base))
    return undefined
  return (job.standing.seed !== undefined && isSame(found, job.standing.seed)) || compareAge(found, job.standing.base) === 'older'
    ? undefined
    : found
}

/** Whether the file is older than what was restored and yet brings a refresh token that the job has met nowhere. */
function isUnseenOldToken({ job }: Machine, file: string | undefined): boolean {
  const found = printOf(file)
  if (found === undefined || job === undefined || !isSameAccount(found, job.standing.base)) return false
  const { base, seed, lastSeen } = job.standing
  const met = [base, seed, ...Object.values(lastSeen).map(({ copy }) => copy)]
  const isMet = met.some((known) => typeof known === 'object' && known.refreshToken === found.refreshToken)
  return compareAge(found, base) === 'older' && !isMet
}

/** Invariants 2, 3, 6, 7 and 9 of one post that runs alone. */
async function checkPost(life: Life, machine: Machine): Promise<void> {
  const { job } = machine
  if (job === undefined) return
  const file = await machine.world.file()
  const before = { contents: contents(life), lengths: lengths(life) }
  const { faulty, unreadable } = { faulty: life.faulty, unreadable: new Set(life.unreadable) }
  const result = await runPost(machine)

  life.places.forEach((place, index) => {
    const added = place.history
      .slice(before.lengths[index])
      .map(text)
      .filter((document) => !life.overtakers.has(document ?? ''))
    expect(added.every((document) => document === file)).toBe(true)
    if (unreadable.has(place)) expect(place.history).toHaveLength(before.lengths[index] ?? 0)
    const held = printOf(before.contents[index])
    const isOurs = before.contents[index] === file || (held !== undefined && isSame(held, job.standing.base))
    if (!isOurs && held !== undefined && compareAge(held, job.standing.base) !== 'older' && life.overtakers.size === 0) {
      expect(text(place.bytes())).toBe(before.contents[index])
    }
  })
  if (isUnseenOldToken(machine, file)) expect([result.verdict, result.rotated]).toEqual(['lost', false])
  else checkVerdict(life, result, { job, rotated: rotation(machine, file), faulty })
  if (faulty) return
  const after = { contents: contents(life), lengths: lengths(life) }
  const again = await runPost(machine)
  expect({ contents: contents(life), lengths: lengths(life) }).toEqual(after)
  expect([again.verdict, again.rotated]).toEqual([result.verdict, result.rotated])
}

function checkVerdict(
  life: Life,
  { verdict, rotated: claimed }: WriteBack,
  { job, rotated, faulty }: { job: NonNullable<Machine['job']>; rotated: Fingerprint | undefined; faulty: boolean },
): void {
  expect(claimed).toBe(rotated !== undefined)
  const safe =
    rotated === undefined ||
    contents(life).some((document) => {
      const held = printOf(document)
      if (held === undefined || !isSameAccount(held, job.standing.base)) return false
      return isSame(held, rotated) || (!isSame(held, job.standing.base) && compareAge(held, job.standing.base) !== 'older')
    })
  if (verdict === 'safe') expect(safe).toBe(true)
  else if (!faulty) expect(safe).toBe(false)
  if (rotated === undefined || !faulty) expect(verdict).toBe('safe')
}

async function checkStart(life: Life, machine: Machine): Promise<void> {
  const before = lengths(life)
  const { unreadable } = life
  const restored = await start(life, machine)
  expect(lengths(life)).toEqual(before)
  if (restored === undefined) return
  expect(await machine.world.file()).toBe(text(restored.credential.bytes))
  if (unreadable.size > 0) expect([restored.origin.kind === 'seed', restored.due]).toEqual([false, false])
  for (const document of life.faulty ? [] : contents(life)) {
    const held = printOf(document)
    if (held !== undefined) expect(compareAge(held, restored.standing.base)).not.toBe('newer')
  }
}

async function live(life: Life, event: Happening): Promise<void> {
  const before = lengths(life)
  const machine = 'machine' in event ? life.machines[event.machine] : undefined
  const busy = life.machines.filter(({ job }) => job !== undefined)
  switch (event.kind) {
    case 'start':
      if (machine) await checkStart(life, machine)
      break
    case 'codex':
      if (machine) await runCodex(life, machine)
      break
    case 'post':
      if (machine) await checkPost(life, machine)
      break
    case 'both-post':
      await Promise.all(busy.map(runPost))
      break
    default:
      await befall(life, event)
  }
  checkStored(life, before, event.kind === 'both-post' ? busy : event.kind === 'post' && machine ? [machine] : [])
}

describe('whatever happens', () => {
  test('the seed is never stored, no store goes back, a reseed stays, only what Codex wrote is written, post twice is post once, an unread store is not an empty one, and what is lost is said', async () => {
    await fc.assert(
      fc.asyncProperty(guarantees, history, async (kinds, events) => {
        const life = await newLife(kinds)
        for (const event of events) await live(life, event)
      }),
      { numRuns: 80 },
    )
  }, 120_000)

  const trouble: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({ kind: fc.constantFrom('reseed', 'heal') }),
    fc.record({ kind: fc.constant('store-reseed'), place: fc.nat(1) }),
    faults(fc.constantFrom(1, 2), { kind: 'unreachable' }),
  )
  const job = fc.record({
    machine: fc.nat(1),
    wiped: fc.boolean(),
    before: fc.option(trouble),
    during: fc.option(trouble),
    rotations: fc.nat(2),
  })

  test('a login whose jobs run one after the other never spends a token twice, through short outages, lost answers and reseeds', async () => {
    await fc.assert(
      fc.asyncProperty(guarantees, fc.array(job, { minLength: 2, maxLength: 6 }), async (kinds, jobs) => {
        const life = await newLife(kinds)
        for (const { machine: index, wiped, before, during, rotations } of jobs) {
          const machine = life.machines[index]
          if (machine === undefined) continue
          // Faults that add up to three in a row are an outage that a job may stop at, not a short one.
          await befall(life, { kind: 'heal' })
          if (wiped) await befall(life, { kind: 'wipe', machine: index })
          if (before) await live(life, before)
          if ((await start(life, machine)) === undefined) continue
          for (let rotation = 0; rotation < rotations; rotation += 1) expect(await runCodex(life, machine)).toBe(true)
          await befall(life, { kind: 'heal' })
          if (during) await live(life, during)
          const { verdict } = await runPost(machine)
          expect(verdict).toBe('safe')
          machine.job = undefined
        }
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})
