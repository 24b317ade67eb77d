import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { observeAuthFile } from '../../src/codex/codex-home.ts'
import { parseAuthJson, type ManagedCredential } from '../../src/credential/auth-json.ts'
import { bringToMachine } from '../../src/keeper/bring-to-machine.ts'
import { syncPlaces } from '../../src/keeper/sync.ts'
import { managedLogin, type Login } from '../support/codex-login.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'

const now = Math.floor(Date.now() / 1000)
const account = { accountId: 'one-account', userId: 'one-user' }
const issued = (age: number): Login => managedLogin({ ...account, issuedAt: now - age })
const [newest, newer, old] = [issued(10), issued(500), issued(2_000)]

let codexHome: string
const file = (): string => join(codexHome, 'auth.json')

beforeEach(() => {
  codexHome = mkdtempSync(join(tmpdir(), 'sync-'))
})
afterEach(() => {
  rmSync(codexHome, { recursive: true, force: true })
})

function credentialOf({ bytes }: Login): ManagedCredential {
  const credential = parseAuthJson(bytes)
  if (credential.kind !== 'managed') throw new Error('The test made another kind.')
  return credential
}

test('a login that Codex writes on this machine just before it would be replaced stays', async () => {
  writeFileSync(file(), old.text)
  const seen = await observeAuthFile(codexHome, systemClock)
  writeFileSync(file(), newest.text)
  const outcome = await bringToMachine({ codexHome, clock: systemClock, dryRun: false, credential: credentialOf(newer), seen })
  expect(outcome).toEqual({ kind: 'kept', reason: 'superseded' })
  expect(readFileSync(file(), 'utf8')).toBe(newest.text)
})

test('a newer login that somebody stores meanwhile is brought to all places too', async () => {
  writeFileSync(file(), newer.text)
  const [overtaken, other] = [inMemoryPlace({ name: 'a', bytes: old.bytes }), inMemoryPlace({ name: 'b', bytes: old.bytes })]
  overtaken.inject('write', { kind: 'overtaken', by: newest.bytes }, 1)
  const { places } = await syncPlaces({
    codexHome,
    stores: [overtaken.open(), other.open()],
    clock: systemClock,
    dryRun: false,
    onCredential: () => undefined,
  })
  expect(places.map(({ outcome }) => outcome.kind)).toEqual(['written', 'kept', 'written'])
  expect([readFileSync(file()), overtaken.bytes(), other.bytes()].map((bytes) => Buffer.from(bytes ?? '').toString())).toEqual([
    newest.text,
    newest.text,
    newest.text,
  ])
})

test('another login of the same moment stays where it is, and no place is looked at a second time for it', async () => {
  const places = [inMemoryPlace({ name: 'a', bytes: newest.bytes }), inMemoryPlace({ name: 'b', bytes: issued(10).bytes })]
  const stores = places.map((place) => place.open())
  const synced = await syncPlaces({ codexHome, stores, clock: systemClock, dryRun: false, onCredential: () => undefined })
  expect(synced.places.map(({ outcome }) => outcome)).toMatchObject([
    { kind: 'written' },
    { reason: 'unchanged' },
    { reason: 'superseded' },
  ])
  expect(places.map(({ count }) => count)).toMatchObject([
    { read: 1, write: 0 },
    { read: 1, write: 0 },
  ])
})

test('a place that holds the newest login and cannot give it to the programs that read it there has failed', async () => {
  const error = new Error('The disk is full.')
  const store = { ...inMemoryPlace({ bytes: newest.bytes }).open(), publish: () => Promise.reject(error) }
  const synced = await syncPlaces({ codexHome, stores: [store], clock: systemClock, dryRun: false, onCredential: () => undefined })
  expect(synced.places[1]?.outcome).toEqual({ kind: 'failed', error })
})
