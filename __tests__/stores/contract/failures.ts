import { expect, test } from '@jest/globals'
import { login, sized, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import type { StoreContract, StoreFaults } from '../store-contract.ts'
import { settled, type ContractPlace } from './place.ts'

const faultNames = [
  'unreachable',
  'readDenied',
  'writeDenied',
  'garbage',
  'foreignKey',
  'answerLost',
  'writeInterrupted',
  'emptied',
] as const satisfies readonly (keyof StoreFaults)[]

/** Outages, denials, damage, lost answers and interruptions: told apart, and the old copy whole. */
export function failureTests(contract: StoreContract, place: ContractPlace): void {
  const faulty = (fault: keyof StoreFaults, title: string, body: () => Promise<void>): void => {
    const notHere = contract.cannotHere?.[fault]
    if (notHere !== undefined) test.skip(`${title} (${notHere})`, body)
    else if (contract.cannot?.[fault] === undefined) test(title, body)
  }

  test('every fault has a switch or a reason, and not both', () => {
    for (const fault of faultNames) {
      expect([fault, place.has(fault)]).toEqual([fault, contract.cannot?.[fault] === undefined])
    }
  })

  faulty('emptied', 'a place that was emptied behind our back is certainly empty and takes a new copy', async () => {
    const { version } = await place.seeded()
    await place.inject('emptied')
    const store = await place.open()
    expect(await store.read()).toBeUndefined()
    if (contract.guarantee !== 'last-writer-wins') {
      expect(await store.write(login('stale'), version)).toEqual({ kind: 'conflict' })
    }
    expect(await store.write(login('new'), undefined)).toMatchObject({ kind: 'written' })
    expect(text(await place.stored())).toBe(text(place.held(login('new'))))
  })

  faulty('unreachable', 'no answer is never an empty place', async () => {
    const store = await place.open()
    await place.inject('unreachable')
    expect((await failure(store.read())).code).toBe('store-unreachable')
  })

  faulty('unreachable', 'a write without an answer says so and leaves the old copy', async () => {
    const { store, version } = await place.seeded()
    await place.inject('unreachable')
    expect(['store-unreachable', 'store-unknown-outcome']).toContain((await failure(store.write(login('lost'), version))).code)
    await place.heal()
    expect(text(await place.stored())).toBe(text(place.held(login('first'))))
    expect(await store.write(login('second'), version)).toMatchObject({ kind: 'written' })
  })

  faulty('readDenied', 'a denied read is told from an outage and from an empty place', async () => {
    const store = await place.open()
    await place.inject('readDenied')
    expect((await failure(store.read())).code).toBe('store-unauthorized')
  })

  faulty('writeDenied', 'a denied write is told from an outage and from a conflict, and leaves the old copy', async () => {
    const { store, version } = await place.seeded()
    await place.inject('writeDenied')
    expect(['store-unauthorized', 'store-refused']).toContain((await failure(store.write(login('denied'), version))).code)
    await place.heal()
    expect(text(await place.stored())).toBe(text(place.held(login('first'))))
  })

  faulty('answerLost', 'a lost answer is known as such or resolved, and the document is whole', async () => {
    const { store, version } = await place.seeded()
    await place.inject('answerLost')
    const outcome = await settled(store.write(login('second'), version))
    await place.heal()
    expect(['written', 'store-unknown-outcome']).toContain(outcome)
    expect(text(await place.stored())).toBe(text(place.held(login('second'))))
  })

  faulty('writeInterrupted', 'an interrupted write leaves the old copy whole and the place usable', async () => {
    const { store, version } = await place.seeded()
    await place.inject('writeInterrupted')
    const outcome = await settled(store.write(sized(16 * 1024), version))
    await place.heal()
    expect(['store-unreachable', 'store-refused', 'store-unknown-outcome']).toContain(outcome)
    expect(text(await place.stored())).toBe(text(place.held(login('first'))))
    const next = await place.open()
    expect(await next.write(login('next'), (await next.read())?.version)).toMatchObject({ kind: 'written' })
    expect(text(await place.stored())).toBe(text(place.held(login('next'))))
  })

  faulty('garbage', `garbage in the store is ${contract.garbage ?? 'damaged'}`, async () => {
    await place.seeded()
    const garbage = Buffer.from('<html>not what you stored</html>')
    await place.plant(garbage)
    if (contract.garbage === 'returned-as-it-is') expect(text(await place.stored())).toBe(text(garbage))
    else expect((await failure(place.stored())).code).toBe('store-damaged')
  })

  faulty('foreignKey', 'a copy that is sealed for another key is damaged, and nothing is written over it', async () => {
    const { version, store } = await place.seeded()
    await place.inject('foreignKey')
    expect((await failure(place.stored())).code).toBe('store-damaged')
    if (contract.guarantee !== 'last-writer-wins') {
      expect(await store.write(login('over'), version)).toEqual({ kind: 'conflict' })
      expect((await failure(place.stored())).code).toBe('store-damaged')
    }
  })

  test(`proveWritable answers ${contract.proof} and changes nothing, on an empty place and on a stored copy`, async () => {
    const store = await place.open()
    expect(await store.proveWritable()).toBe(contract.proof)
    expect(await (await place.open()).read()).toBeUndefined()
    const { version, store: second } = await place.seeded()
    expect(await second.proveWritable()).toBe(contract.proof)
    const copy = await (await place.open()).read()
    expect({ bytes: text(copy?.bytes), version: copy?.version }).toEqual({ bytes: text(place.held(login('first'))), version })
    expect(await second.write(login('second'), version)).toMatchObject({ kind: 'written' })
  })

  test('a read and a proof at the same time do not disturb each other', async () => {
    const { version } = await place.seeded()
    const store = await place.open()
    const [copy, proof] = await Promise.all([store.read(), store.proveWritable()])
    expect([text(copy?.bytes), copy?.version, proof]).toEqual([text(place.held(login('first'))), version, contract.proof])
    expect(await store.write(login('second'), version)).toMatchObject({ kind: 'written' })
  })

  faulty('writeDenied', 'proveWritable never answers proved when writing is denied', async () => {
    const store = await place.open()
    await place.inject('writeDenied')
    const answer = await settled(store.proveWritable())
    expect(contract.proof === 'proved' ? ['store-unauthorized', 'store-refused'] : ['unprovable']).toContain(answer)
  })

  test('closing twice is harmless', async () => {
    const { store } = await place.seeded()
    await store.close?.()
    await expect(
      (async () => {
        await store.close?.()
      })(),
    ).resolves.toBeUndefined()
  })
}
