import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { takeLease, type LeaseRequest, type TakenLease } from '../../src/keeper/lease.ts'
import type { LeasePlace, Store } from '../../src/stores/store.ts'
import { login, text } from '../support/documents.ts'
import { checkedFailure, failure } from '../support/failure.ts'
import { virtualClock } from '../support/keeper-world.ts'

export interface LeaseHarness {
  /** One more handle on the same place, as another job would open it. */
  open(): Promise<Store>
  /** Puts these bytes where the lease lies. */
  garbage(bytes: Uint8Array): Promise<void> | void
  /** The place does not answer, until `heal`. */
  unreachable(): Promise<void> | void
  heal(): Promise<void> | void
  cleanup(): Promise<void> | void
}

export interface LeaseContract {
  readonly seenBy: LeasePlace['seenBy']
  harness(): Promise<LeaseHarness> | LeaseHarness
}

const lease = (label: string): Uint8Array => Buffer.from(`{"lease":"${label}"}\n`)
const spent = 'a'.repeat(64)

/** The one suite that every place for a lease passes: what it promises, and what the keeper does with it there. */
export function describeLeasePlace(name: string, contract: LeaseContract): void {
  describe(`place for a lease: ${name}`, () => {
    let harness: LeaseHarness
    let opened: Store[]
    beforeEach(async () => {
      opened = []
      harness = await contract.harness()
    })
    afterEach(async () => {
      await harness.heal()
      for (const store of opened) await store.close?.()
      await harness.cleanup()
    })
    const open = async (): Promise<{ store: Store; place: LeasePlace }> => {
      const store = await harness.open()
      opened.push(store)
      if (store.leasePlace === undefined) throw new Error('This store offers no place for a lease.')
      return { store, place: store.leasePlace }
    }
    const many = (count: number): Promise<{ store: Store; place: LeasePlace }[]> => Promise.all(Array.from({ length: count }, open))
    const versionOf = async (written: ReturnType<LeasePlace['write']>): Promise<string> => {
      const outcome = await written
      if (outcome.kind === 'conflict') throw new Error('This write met a conflict.')
      return outcome.version
    }

    describe('the place', () => {
      test('is empty at first, says who sees it, and gives exactly what was written, to all', async () => {
        const { place } = await open()
        expect([place.seenBy, await place.read()]).toEqual([contract.seenBy, undefined])
        const version = await versionOf(place.write(lease('first'), undefined))
        for (const { place: each } of [{ place }, await open()]) {
          const found = await each.read()
          expect([text(found?.bytes), found?.version]).toEqual([text(lease('first')), version])
        }
      })

      test('tells a writer that read something else, and changes nothing', async () => {
        const { place: one } = await open()
        const { place: two } = await open()
        const first = await versionOf(one.write(lease('first'), undefined))
        expect(await two.write(lease('late'), undefined)).toEqual({ kind: 'conflict' })
        const second = await versionOf(two.write(lease('second'), first))
        expect(await one.write(lease('late'), first)).toEqual({ kind: 'conflict' })
        expect([second === first, text((await one.read())?.bytes)]).toEqual([false, text(lease('second'))])
      })

      test.each([
        ['nothing', false],
        ['a lease', true],
      ])(
        'of 20 writers at once on %s one wins',
        async (_, has) => {
          const version = has ? await versionOf((await open()).place.write(lease('first'), undefined)) : undefined
          const outcomes = await Promise.all(
            (await many(20)).map(async ({ place }, number) => {
              const outcome = await place.write(lease(`writer ${number}`), version).catch(failed)
              return { number, kind: outcome.kind }
            }),
          )
          const winners = outcomes.filter(({ kind }) => kind === 'written')
          expect(winners).toHaveLength(1)
          expect(text((await (await open()).place.read())?.bytes)).toBe(text(lease(`writer ${winners[0]?.number ?? 'nobody'}`)))
        },
        120_000,
      )

      test('has nothing to do with the stored copy', async () => {
        const { store, place } = await open()
        await versionOf(place.write(lease('first'), undefined))
        expect(await store.read()).toBeUndefined()
        await store.write(login('copy'), undefined)
        const copy = await store.read()
        const version = (await place.read())?.version
        await versionOf(place.write(lease('second'), version))
        expect(await store.read()).toEqual(copy)
        await store.write(login('newer'), copy?.version)
        expect(text((await place.read())?.bytes)).toBe(text(lease('second')))
        expect(text((await (await open()).store.read())?.bytes)).toBe(text(login('newer')))
      })

      test('gives garbage with a version, so that it can be replaced', async () => {
        await harness.garbage(Buffer.from('<html>no lease</html>'))
        const { place } = await open()
        const version = (await place.read())?.version
        expect(version).toBeDefined()
        await versionOf(place.write(lease('after'), version))
        expect(text((await (await open()).place.read())?.bytes)).toBe(text(lease('after')))
      })

      test('without an answer is not an empty one', async () => {
        const { place } = await open()
        await harness.unreachable()
        expect((await failure(place.read())).code).toBe('store-unreachable')
        expect(['store-unreachable', 'store-unknown-outcome']).toContain((await failure(place.write(lease('lost'), undefined))).code)
        await harness.heal()
        expect(await place.read()).toBeUndefined()
      })
    })

    describe('the keeper there', () => {
      const request = (
        { store, place }: { store: Store; place: LeasePlace },
        changes: Partial<LeaseRequest<string>> = {},
      ): LeaseRequest<string> => ({
        place,
        holder: { run: 'https://github.com/your-org/your-repo/actions/runs/1', attempt: 1, job: 'test' },
        token: spent,
        clock: virtualClock(),
        random: Math.random,
        onWaiting: () => undefined,
        findNewer: async () => {
          const copy = await store.read()
          return copy && text(copy.bytes)
        },
        ...changes,
      })

      test('of 20 jobs at once one may spend the token, and the others go on with what it brings', async () => {
        const jobs = await Promise.all(
          (await many(20)).map(async (job) => {
            const taken = await takeLease(request(job, { clock: systemClock }))
            if (taken.kind === 'exchanging') {
              await job.store.write(login('refreshed'), undefined)
              await taken.lease.giveBack()
            }
            return brief(taken)
          }),
        )
        expect(jobs.filter((kind) => kind === 'exchanging')).toHaveLength(1)
        expect(jobs.filter((kind) => kind === text(login('refreshed')))).toHaveLength(19)
        expect(text((await (await open()).place.read())?.bytes)).toBe('{"state":"free"}\n')
      }, 240_000)

      test.each([
        ['before it spent the token', 'held', 10],
        ['while it may have spent it', 'exchanging', 20],
      ] as const)(
        'a holder that died %s is overtaken by the stopwatch of those who wait, whatever the date is',
        async (_, state, lasts) => {
          const { place } = await open()
          const dead = {
            state,
            holder: { run: 'https://github.com/dead', attempt: 1, job: 'test' },
            nonce: 'dead-dead-dead',
            turn: 1,
            lasts,
          }
          await versionOf(place.write(Buffer.from(JSON.stringify(dead)), undefined))
          const clock = virtualClock()
          const dates = [0, Date.now() + 1e12, Date.now()]
          const findNewer = (): Promise<undefined> => {
            clock.setDate(dates[clock.waits.length % dates.length] ?? 0)
            return Promise.resolve(undefined)
          }
          const taken = await takeLease(request(await open(), { clock, findNewer }))
          expect(brief(taken)).toBe('exchanging')
          expect(taken).toMatchObject({ overtakes: state === 'held' ? undefined : dead.holder })
          expect(clock.elapsed()).toBeGreaterThanOrEqual(lasts * 1000)
          expect(clock.elapsed()).toBeLessThan((lasts + 10) * 1000)
        },
        120_000,
      )

      test('garbage is a lease that nobody holds', async () => {
        await harness.garbage(Buffer.from('<html>no lease</html>'))
        const clock = virtualClock()
        expect(brief(await takeLease(request(await open(), { clock })))).toBe('exchanging')
        expect(clock.elapsed()).toBe(0)
      })

      test('a lease that cannot be had is an outage', async () => {
        const job = await open()
        await harness.unreachable()
        expect((await failure(takeLease(request(job)))).code).toBe('store-unreachable')
      }, 120_000)
    })
  })
}

function brief(taken: TakenLease<string>): string {
  return taken.kind === 'newer' ? taken.newer : taken.kind
}

/** Under a rush a place may fail to answer; it may not crown two. */
function failed(error: unknown): { kind: string } {
  return { kind: checkedFailure(error).code }
}
