import { expect, test } from '@jest/globals'
import { anyBytes, login, sized, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import type { StoreContract } from '../store-contract.ts'
import type { ContractPlace } from './place.ts'

/** Certainly empty, read after write, exact bytes, size. */
export function fidelityTests(contract: StoreContract, place: ContractPlace): void {
  test('tells its name and its guarantee', async () => {
    // Some stores know it only by what they have read.
    const { store } = await place.seeded()
    expect(store.guarantee).toBe(contract.guarantee)
    expect(store.name).not.toBe('')
  })

  test('an untouched place is certainly empty', async () => {
    expect(await (await place.open()).read()).toBeUndefined()
  })

  test('what was written is read by the next job', async () => {
    const { store, version } = await place.seeded()
    expect(version).not.toBe('')
    expect(await store.write(login('second'), version)).toMatchObject({ kind: 'written' })
    expect(text(await place.stored())).toBe(text(place.held(login('second'))))
  })

  if (contract.snapshot === undefined) {
    test('the handle that wrote reads its own write, under the version that write returned', async () => {
      const { store, version } = await place.seeded()
      const outcome = await store.write(login('second'), version)
      const copy = await store.read()
      expect(outcome).toEqual({ kind: 'written', version: copy?.version })
      expect(text(copy?.bytes)).toBe(text(place.held(login('second'))))
      expect(copy?.version).not.toBe(version)
    })
  } else {
    test(`a handle keeps what it saw first (${contract.snapshot})`, async () => {
      const { store, version } = await place.seeded()
      await store.write(login('second'), version)
      expect(text((await store.read())?.bytes)).toBe(text(place.held(login('first'))))
    })
  }

  test('reading changes nothing, and the same copy keeps its version', async () => {
    const { store, version } = await place.seeded()
    expect((await store.read())?.version).toBe(version)
    expect(text(await place.stored())).toBe(text(place.held(login('first'))))
  })

  if (contract.holds === 'compact-json') {
    test('holds the same document on one line', async () => {
      await place.seeded(login('unicode \u{1f511} "quoted" \\ line\nbreak'))
      const bytes = await place.stored()
      expect(text(bytes)).not.toContain('\n')
      expect(JSON.parse(text(bytes) ?? '')).toEqual(JSON.parse(text(login('unicode \u{1f511} "quoted" \\ line\nbreak')) ?? ''))
    })
  } else {
    test.each([
      ...(contract.holds === 'exact-json' ? [] : [['every byte value', anyBytes()] as const]),
      ['CRLF and a final newline', Buffer.from('{\r\n  "a": 1\r\n}\r\n')],
      ['no final newline', Buffer.from('{\n  "a": 1\n}')],
      ['blanks and newlines at both ends', Buffer.from('\n\n {"a":1} \n\n')],
    ])('keeps exact bytes: %s', async (_, document) => {
      const store = await place.open()
      expect(await store.write(document, undefined)).toMatchObject({ kind: 'written' })
      expect(Buffer.from((await place.stored()) ?? []).toString('hex')).toBe(Buffer.from(document).toString('hex'))
    })
  }

  const largest = contract.limit?.bytes ?? 64 * 1024
  test(`takes a document of ${largest} bytes${contract.limit ? ` (${contract.limit.reason})` : ''}`, async () => {
    const { store, version } = await place.seeded()
    expect(await store.write(sized(largest), version)).toMatchObject({ kind: 'written' })
    expect(text(await place.stored())).toBe(text(place.held(sized(largest))))
  })
  if (contract.limit) {
    test('refuses a larger document and keeps the old copy', async () => {
      const { store, version } = await place.seeded()
      expect((await failure(store.write(sized(largest + 1), version))).code).toBe('store-refused')
      expect(text(await place.stored())).toBe(text(place.held(login('first'))))
    })
  }
}
