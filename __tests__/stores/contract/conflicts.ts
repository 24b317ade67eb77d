import { expect, test } from '@jest/globals'
import { KeeperError } from '../../../src/keeper-error.ts'
import { login, text } from '../../support/documents.ts'
import type { StoreContract } from '../store-contract.ts'
import { type ContractPlace } from './place.ts'

/** Two writers at once: what the guarantee promises, no less and no more. */
export function conflictTests(contract: StoreContract, place: ContractPlace): void {
  if (contract.guarantee === 'last-writer-wins') {
    test('of two writers the later one is stored, unless the earlier write was noticed', async () => {
      const { store: one, version } = await place.seeded()
      const two = await place.open()
      const seen = (await two.read())?.version
      expect(await one.write(login('one'), version)).toMatchObject({ kind: 'written' })
      const outcome = await two.write(login('two'), seen)
      expect(text(await place.stored())).toBe(text(place.held(login(outcome.kind === 'written' ? 'two' : 'one'))))
    })
  } else {
    test('a writer that read an older copy is told, and changes nothing', async () => {
      const { store: one, version } = await place.seeded()
      const two = await place.open()
      const seen = (await two.read())?.version
      expect(await one.write(login('one'), version)).toMatchObject({ kind: 'written' })
      expect(await two.write(login('two'), seen)).toEqual({ kind: 'conflict' })
      expect(text(await place.stored())).toBe(text(place.held(login('one'))))
    })

    test('a writer that read two copies ago is told', async () => {
      const { store, version } = await place.seeded()
      const second = await store.write(login('second'), version)
      if (second.kind === 'conflict') throw new Error('the second write met a conflict')
      await store.write(login('third'), second.version)
      expect(await (await place.open()).write(login('late'), version)).toEqual({ kind: 'conflict' })
      expect(text(await place.stored())).toBe(text(place.held(login('third'))))
    })

    test('a writer that found the place empty is told when it no longer is', async () => {
      const late = await place.open()
      expect(await late.read()).toBeUndefined()
      await place.seeded()
      expect(await late.write(login('late'), undefined)).toEqual({ kind: 'conflict' })
      expect(text(await place.stored())).toBe(text(place.held(login('first'))))
    })

    test('after a conflict, reading again and writing again succeeds', async () => {
      const { store, version } = await place.seeded()
      await (await place.open()).write(login('other'), version)
      expect(await store.write(login('mine'), version)).toEqual({ kind: 'conflict' })
      const again = await place.open()
      expect(await again.write(login('mine'), (await again.read())?.version)).toMatchObject({ kind: 'written' })
      expect(text(await place.stored())).toBe(text(place.held(login('mine'))))
    })

    test.each([
      ['an empty place', false],
      ['a stored copy', true],
    ])('of five writers at once on %s one wins', async (_, has) => {
      if (has) await place.seeded()
      const writers = await Promise.all(
        [1, 2, 3, 4, 5].map(async (number) => {
          const store = await place.open()
          return { number, store, version: (await store.read())?.version }
        }),
      )
      const outcomes = await Promise.all(
        writers.map(async ({ number, store, version }) => {
          try {
            return { number, outcome: await store.write(login(`writer ${number}`), version) }
          } catch (error) {
            // Under a rush a backend may fail to answer; it may not crown two.
            if (error instanceof KeeperError && error.code.startsWith('store-un')) return undefined
            throw error
          }
        }),
      )
      const winners = outcomes.filter((each) => each?.outcome.kind === 'written')
      expect(winners).toHaveLength(1)
      expect(text(await place.stored())).toBe(text(place.held(login(`writer ${winners[0]?.number ?? 'nobody'}`))))
    })
  }
}
