import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cleanUp, type CleanUpFacts } from '../../src/keeper/clean-up.ts'
import type { WriteBack } from '../../src/keeper/write-back.ts'
import { managedLogin } from '../support/codex-login.ts'
import { credentialOf, refreshed } from '../support/keeper-world.ts'

const login = managedLogin()
const later = refreshed(login)
let codexHome: string

beforeEach(async () => {
  codexHome = await mkdtemp(join(tmpdir(), 'clean-up-'))
  await writeFile(join(codexHome, 'auth.json'), login.bytes)
})

afterEach(async () => {
  await rm(codexHome, { recursive: true, force: true })
})

const atTheEnd = async (changes: Partial<CleanUpFacts> = {}): Promise<[string, string | undefined]> => {
  const outcome = await cleanUp({
    inputs: { stores: [{ kind: 'git' }] },
    state: { codexHome, installed: true },
    file: { kind: 'managed', credential: credentialOf(login) },
    result: after(login.bytes),
    isStill: true,
    ...changes,
  })
  return [outcome, await readFile(join(codexHome, 'auth.json'), 'utf8').catch(() => undefined)]
}

/** A write-back after which a store is confirmed to hold this document. */
function after(confirmed: Uint8Array | undefined): WriteBack {
  return { results: [], rotated: true, verdict: 'safe', confirmed }
}

test('the login that restore has put there is removed once a store is confirmed to hold it', async () => {
  expect(await atTheEnd()).toEqual(['removed', undefined])
})

test.each<[string, (home: string) => Partial<CleanUpFacts>]>([
  ['that no store is confirmed to hold', () => ({ result: after(undefined) })],
  ['that somebody may still be writing', () => ({ isStill: false })],
  ['in the place of another one that a store holds', () => ({ result: after(later.bytes) })],
])('a login %s stays', async (_, changes) => {
  expect(await atTheEnd(changes(codexHome))).toEqual(['stays', login.text])
})

test.each<[string, (home: string) => Partial<CleanUpFacts>]>([
  ['on a machine that keeps its logins', () => ({ inputs: { stores: [{ kind: 'git' }, { kind: 'runner' }] } })],
  ['that was there before', (home) => ({ state: { codexHome: home, installed: false } })],
  ['that Codex has written after it was looked for', () => ({ file: { kind: 'missing' } })],
])('a login %s is not ours to remove', async (_, changes) => {
  expect(await atTheEnd(changes(codexHome))).toEqual(['not-ours', login.text])
})
