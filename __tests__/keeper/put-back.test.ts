import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { KeepReason } from '../../src/credential/write-back-decision.ts'
import { isPutBack, type PutBackFacts } from '../../src/keeper/put-back.ts'
import type { StoreOutcome } from '../../src/keeper/write-back.ts'
import { managedLogin } from '../support/codex-login.ts'
import { credentialOf } from '../support/keeper-world.ts'

const { fingerprint } = credentialOf(managedLogin())
const standing = { base: fingerprint, lastSeen: {} }
let codexHome: string

beforeEach(async () => {
  codexHome = await mkdtemp(join(tmpdir(), 'put-back-'))
})

afterEach(async () => {
  await rm(codexHome, { recursive: true, force: true })
})
const kept = (reason: KeepReason): StoreOutcome => ({ kind: 'kept', reason })

/** With a file that was written so many milliseconds after the keeper had. */
async function judged(later: number, outcomes: readonly StoreOutcome[], facts: Partial<PutBackFacts> = {}): Promise<boolean> {
  const ownChange = 1_700_000_000_000
  const path = join(codexHome, 'auth.json')
  await writeFile(path, 'as it was')
  await utimes(path, new Date(), new Date(ownChange + later))
  const results = outcomes.map((outcome, index) => ({ name: `store ${index}`, guarantee: 'compare-and-set' as const, outcome }))
  return isPutBack({ codexHome, ownChange, standing, ...facts }, { results, rotated: false, verdict: 'safe', confirmed: undefined })
}

test('a file that somebody has written after the keeper, and that holds what it held before, was put back', async () => {
  expect(await judged(1_000, [kept('unchanged')])).toBe(true)
  expect(await judged(1_000, [kept('is-seed'), kept('unchanged')])).toBe(true)
})

test('a file that the keeper itself has written last was not', async () => {
  expect(await judged(0, [kept('unchanged')])).toBe(false)
  expect(await judged(1_000, [kept('unchanged')], { ownChange: undefined })).toBe(false)
})

test('nor was one that holds something else, or that is known to', async () => {
  for (const other of [kept('superseded'), kept('older-than-base'), { kind: 'written' } as const]) {
    expect(await judged(1_000, [kept('unchanged'), other])).toBe(false)
  }
})

test('what write-through has stored is not gone', async () => {
  expect(await judged(1_000, [kept('unchanged')], { standing: { ...standing, ours: [fingerprint] } })).toBe(false)
})

test('a file that is gone was not put back', async () => {
  const standingOf = { codexHome, ownChange: 0, standing }
  const results = [{ name: 'git', guarantee: 'compare-and-set' as const, outcome: kept('unchanged') }]
  expect(await isPutBack(standingOf, { results, rotated: false, verdict: 'safe', confirmed: undefined })).toBe(false)
})
