import { describe, expect, test } from '@jest/globals'
import type { CodexFailure } from '../../src/codex/failure.ts'
import { takeLease, type LeaseRequest } from '../../src/keeper/lease.ts'
import { leaseBytes, parseLease, refusedToken, type LeaseDocument } from '../../src/keeper/lease-document.ts'
import { judgeLease, type LeaseJudgement } from '../../src/keeper/lease-judgement.ts'
import type { LeaseWait } from '../../src/keeper/lease-waiting.ts'
import type { Lease } from '../../src/keeper/own-lease.ts'
import type { LeasePlace } from '../../src/stores/store.ts'
import { failure } from '../support/failure.ts'
import { virtualClock, type VirtualClock } from '../support/keeper-world.ts'
import { inMemoryPlace, type InMemoryPlace } from '../support/in-memory-store.ts'

const token = 'a'.repeat(64)
const other = { run: 'https://github.com/your-org/your-repo/actions/runs/2', attempt: 3, job: 'other' }
const holder = { run: 'https://github.com/your-org/your-repo/actions/runs/1', attempt: 1, job: 'test' }
const held: LeaseDocument = { state: 'held', holder: other, nonce: 'other-other-other', turn: 1, lasts: 90 }

interface World {
  readonly lease: InMemoryPlace
  readonly clock: VirtualClock
  readonly waits: readonly LeaseWait[]
  place(): LeasePlace
  take(changes?: Partial<LeaseRequest<string>>): ReturnType<typeof takeLease<string>>
  document(): LeaseDocument | undefined
}

function world(document?: LeaseDocument): World {
  const copies = inMemoryPlace()
  const { lease } = copies
  if (lease === undefined) throw new Error('This place holds no lease.')
  if (document) lease.put(leaseBytes(document))
  const clock = virtualClock()
  const waits: LeaseWait[] = []
  const place = (): LeasePlace => {
    const { leasePlace } = copies.open()
    if (leasePlace === undefined) throw new Error('This place holds no lease.')
    return leasePlace
  }
  return {
    lease,
    clock,
    waits,
    place,
    take: (changes) =>
      takeLease({
        place: place(),
        holder,
        token,
        clock,
        random: () => 0.5,
        findNewer: () => Promise.resolve(undefined),
        onWaiting: (wait) => waits.push(wait),
        ...changes,
      }),
    document: () => {
      const bytes = lease.bytes()
      return bytes && parseLease(bytes)
    },
  }
}

/** The n-th look for a newer login finds one. */
function newerAt(look: number): { findNewer: () => Promise<string | undefined>; looks: () => number } {
  let looks = 0
  return {
    findNewer: () => {
      looks += 1
      return Promise.resolve(looks >= look ? 'newer' : undefined)
    },
    looks: () => looks,
  }
}

async function taken(w: World, changes?: Partial<LeaseRequest<string>>): Promise<Lease> {
  const result = await w.take(changes)
  if (result.kind !== 'exchanging') throw new Error(`The lease was to be taken, and it was ${result.kind}.`)
  return result.lease
}

describe('taking a lease that nobody holds', () => {
  test('says first that it is held, then that the token may be spent, in four operations, without waiting', async () => {
    const w = world()
    const { findNewer, looks } = newerAt(2)
    await taken(w, { findNewer })
    expect(w.lease.history.map(parseLease).map((document) => [document?.state, document && 'lasts' in document && document.lasts])).toEqual(
      [
        ['held', 90],
        ['exchanging', 300],
      ],
    )
    expect(w.document()).toMatchObject({ holder })
    expect([w.lease.count, looks(), w.clock.waits, w.waits]).toEqual([{ proveWritable: 0, read: 1, write: 2 }, 1, [], []])
  })

  test('gives it back where a newer login came in the meantime', async () => {
    const w = world({ state: 'free' })
    expect(await w.take(newerAt(1))).toEqual({ kind: 'newer', newer: 'newer' })
    expect(w.document()).toEqual({ state: 'free' })
  })

  test('gives it back where nobody can find out whether a newer login came', async () => {
    const w = world()
    await expect(w.take({ findNewer: () => Promise.reject(new Error('no answer')) })).rejects.toThrow('no answer')
    expect(w.document()).toEqual({ state: 'free' })
  })

  test('spends nothing where another job was faster', async () => {
    const w = world()
    w.lease.inject('write', { kind: 'overtaken', by: leaseBytes(held) }, 1)
    expect(await w.take(newerAt(1))).toEqual({ kind: 'newer', newer: 'newer' })
    expect(w.lease.history).toHaveLength(1)
    expect(w.waits[0]).toMatchObject({ holder: other })
  })

  test('spends nothing where it was overtaken before it could say that it will', async () => {
    const w = world()
    let overtaken = false
    const findNewer = (): Promise<string | undefined> => {
      if (overtaken) return Promise.resolve('newer')
      overtaken = true
      w.lease.put(leaseBytes(held))
      return Promise.resolve(undefined)
    }
    expect(await w.take({ findNewer })).toEqual({ kind: 'newer', newer: 'newer' })
    expect(w.document()).toEqual(held)
  })

  test.each([true, false])('an answer that was lost is looked up (stored: %s)', async (stored) => {
    const w = world()
    w.lease.inject('write', { kind: 'answer-lost', stored }, 1)
    await taken(w)
    expect(w.lease.history.map(parseLease).map((document) => document?.state)).toEqual(['held', 'exchanging'])
  })

  test.each(['unreachable', 'unauthorized', 'refused'] as const)('a write that is %s is an outage', async (kind) => {
    const w = world()
    w.lease.inject('write', { kind })
    expect((await failure(w.take())).code).toBe(`store-${kind}`)
    expect(w.lease.history).toEqual([])
  })

  test('a read that fails for a moment is tried again, one that goes on failing is an outage', async () => {
    const w = world()
    w.lease.inject('read', { kind: 'unreachable' }, 2)
    await taken(w)
    w.lease.inject('read', { kind: 'unreachable' })
    expect((await failure(w.take())).code).toBe('store-unreachable')
  })
})

describe('waiting', () => {
  test('is told at once and then every ten seconds, with who holds the lease and for how long at most', async () => {
    const w = world({ ...held, state: 'exchanging', lasts: 300 })
    expect(await w.take(newerAt(10))).toEqual({ kind: 'newer', newer: 'newer' })
    expect(w.waits[0]).toEqual({ holder: other, endsIn: 300, atMost: 600 })
    expect(w.waits.map(({ atMost }) => atMost)).toEqual([...w.waits.map(({ atMost }) => atMost)].sort((a, b) => b - a))
    expect(w.waits.length).toBe(1 + Math.floor((600 - (w.waits.at(-1)?.atMost ?? 0)) / 10))
    expect(w.waits.length).toBeGreaterThan(2)
    expect(w.document()).toMatchObject({ state: 'exchanging', holder: other })
  })

  test('its pauses grow, and differ by chance', async () => {
    const w = world(held)
    await w.take({ ...newerAt(7) })
    expect(w.clock.waits).toEqual([1_000, 1_500, 2_250, 3_375, 5_000, 5_000, 5_000])
    for (const [random, first] of [
      [0, 750],
      [0.999, 1_249.5],
    ] as const) {
      const another = world(held)
      await another.take({ ...newerAt(1), random: () => random })
      expect(another.clock.waits).toEqual([first])
    }
  })

  test('a holder that goes on is not overtaken, and one that does not is', async () => {
    const w = world(held)
    let beat = 0
    const alive = (): Promise<undefined> => {
      beat += 1
      if (beat <= 20) w.lease.put(leaseBytes(held))
      return Promise.resolve(undefined)
    }
    await taken(w, { findNewer: alive })
    expect(w.clock.elapsed()).toBeGreaterThan(20 * 4_000 + 90_000)
  })

  test('ends after ten minutes as an outage, and leaves what others hold', async () => {
    const w = world(held)
    const alive = (): Promise<undefined> => {
      w.lease.put(leaseBytes(held))
      return Promise.resolve(undefined)
    }
    const error = await failure(w.take({ findNewer: alive }))
    expect([error.code, error.message]).toEqual(['store-unreachable', expect.stringContaining(other.run)])
    expect(w.clock.elapsed()).toBeGreaterThanOrEqual(600_000)
    expect(w.clock.elapsed()).toBeLessThan(610_000)
    expect(w.document()).toEqual(held)
  })

  test('a refusal that comes while we wait holds for us, whatever its reason', async () => {
    const w = world()
    const first = await taken(w)
    const waiting = w.take({ findNewer: () => first.refuse('refused').then(() => undefined) })
    expect(await waiting).toEqual({ kind: 'refused', holder, failure: 'refused' })
    // A run that comes later asks again, unless OpenAI has spoken of the token itself.
    await (await taken(w)).refuse('expired')
    expect(await w.take()).toEqual({ kind: 'refused', holder, failure: 'expired' })
    await taken(w, { token: 'b'.repeat(64) })
  })
})

describe('our lease', () => {
  test('is made to last anew when it is older than half a minute', async () => {
    const w = world()
    const lease = await taken(w)
    w.clock.advance(29_000)
    expect([await lease.renew(), w.lease.count.write]).toEqual([true, 2])
    w.clock.advance(2_000)
    expect([await lease.renew(), w.lease.count.write]).toEqual([true, 3])
    expect(w.document()).toMatchObject({ state: 'exchanging', holder })
    await lease.giveBack()
    expect(w.document()).toEqual({ state: 'free' })
  })

  test('that others have overtaken is not theirs to give back, and says so before anything is spent', async () => {
    const w = world()
    const lease = await taken(w)
    w.lease.put(leaseBytes(held))
    w.clock.advance(400_000)
    expect(await lease.renew()).toBe(false)
    await lease.giveBack()
    await lease.refuse('reused')
    expect(w.document()).toEqual(held)
  })

  test('that cannot be made to last anew allows nothing more', async () => {
    const w = world()
    const lease = await taken(w)
    w.clock.advance(31_000)
    w.lease.inject('write', { kind: 'unreachable' })
    expect(await lease.renew()).toBe(false)
  })

  test('that cannot be given back stays until its time is over', async () => {
    const w = world()
    const lease = await taken(w)
    w.lease.inject('write', { kind: 'unreachable' })
    await expect(lease.giveBack()).resolves.toBeUndefined()
    w.lease.heal()
    expect(w.document()).toMatchObject({ state: 'exchanging' })
  })
})

test.each<[CodexFailure, LeaseJudgement['kind']]>([
  ['reused', 'refused'],
  ['expired', 'refused'],
  ['revoked', 'refused'],
  ['other-account', 'open'],
  ['refused', 'open'],
  ['logged-out', 'open'],
  ['quota', 'open'],
  ['network', 'open'],
  ['server-error', 'open'],
])('A token of which another job has said "%s" is %s to a run that has not waited for it', (said, kind) => {
  const nonce = 'the other one'
  const document = { state: 'refused', holder, nonce, turn: 1, token: refusedToken(token, nonce), failure: said } as const
  expect(judgeLease({ document, unchangedFor: 0, token, waitedFor: new Set() }).kind).toBe(kind)
  expect(judgeLease({ document, unchangedFor: 0, token, waitedFor: new Set([nonce]) }).kind).toBe('refused')
})
