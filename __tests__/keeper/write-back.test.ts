import { describe, expect, test } from '@jest/globals'
import type { ObservedFile } from '../../src/codex/codex-home.ts'
import { standingAfter, writeBack, type WriteBackRequest } from '../../src/keeper/write-back.ts'
import { loginDocument, managedLogin, type Login } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'
import { fingerprintOfLogin, outcomes, placesNamed, refreshed } from '../support/keeper-world.ts'
import type { InMemoryPlace } from '../support/in-memory-store.ts'
import { base, held, holding, managed, older, other, postRequest, reseed, rotated, writeBackTo } from '../support/post-request.ts'

/** The login with the refresh token of another one. */
function withRefreshToken(login: Login, { tokens: { refresh_token } }: Login): Login {
  return { ...login, ...loginDocument({ ...login.tokens, refresh_token }, '2026-01-01T00:00:00Z') }
}

describe('one store', () => {
  test('gets the rotated file, byte for byte, with one read and one write', async () => {
    const place = holding(base)
    expect(await writeBackTo(place)).toEqual({
      results: [{ name: 'git', guarantee: 'compare-and-set', outcome: { kind: 'written' } }],
      rotated: true,
      verdict: 'safe',
      confirmed: rotated.bytes,
    })
    expect(text(place.bytes())).toBe(rotated.text)
    expect(place.count).toEqual({ read: 1, write: 1, proveWritable: 0 })
  })

  test('that holds the file since restore is not even read', async () => {
    const place = holding(base)
    expect(await writeBackTo(place, { file: managed(base) })).toMatchObject({ rotated: false, verdict: 'safe', confirmed: base.bytes })
    expect(place.count).toEqual({ read: 0, write: 0, proveWritable: 0 })
  })

  test('that was unreadable at restore is read again, and written when it turns out to be behind', async () => {
    const place = holding(older)
    expect(outcomes(await writeBackTo(place, { copies: ['unreadable'] }))).toEqual({ git: 'written' })
  })

  test('that was unreadable at restore and is now a reseed stays as it is', async () => {
    const place = holding(reseed)
    expect(outcomes(await writeBackTo(place, { copies: ['unreadable'] }))).toEqual({ git: 'superseded' })
  })

  test.each([
    ['goes on from it is written', rotated, refreshed(rotated), 'written'],
    ['is older leaves it alone', refreshed(rotated), rotated, 'superseded'],
  ])('that this job has stored itself in between: a file that %s', async (_, copy, file, outcome) => {
    const place = holding(copy)
    const given = postRequest([place], { file: managed(file) })
    const ours = [fingerprintOfLogin(rotated), fingerprintOfLogin(refreshed(rotated)), fingerprintOfLogin(copy)]
    expect(outcomes(await writeBack({ ...given, standing: { ...given.standing, ours } }))).toEqual({ git: outcome })
  })

  test('that another job has written stays as it is, also where this job has stored a later one in between', async () => {
    const place = holding(refreshed(base, 30))
    const given = postRequest([place], { file: managed(refreshed(rotated)) })
    const standing = { ...given.standing, ours: [fingerprintOfLogin(rotated)] }
    expect(outcomes(await writeBack({ ...given, standing }))).toEqual({ git: 'superseded' })
  })

  test('that was emptied in between gets the file', async () => {
    const place = holding()
    expect(outcomes(await writeBackTo(place))).toEqual({ git: 'written' })
  })

  test('that nothing is remembered of counts as unreadable until it was read', async () => {
    const place = holding(rotated)
    const given = postRequest([place])
    expect(outcomes(await writeBack({ ...given, standing: { ...given.standing, lastSeen: {} } }))).toEqual({ git: 'unchanged' })
    expect(place.count.read).toBe(1)
  })

  test.each<[string, ObservedFile, string]>([
    ['is missing', { kind: 'missing' }, 'file-missing'],
    ['is damaged', { kind: 'damaged', problem: 'cut', bytes: rotated.bytes.subarray(9) }, 'damaged'],
    ['is an API key', { kind: 'unmanaged', credential: { kind: 'unmanaged', bytes: rotated.bytes, why: 'api-key' } }, 'not-managed'],
    ['belongs to another account', managed(other), 'different-account'],
  ])('is not touched when the file %s', async (_, file, reason) => {
    const place = holding(base)
    const result = await writeBackTo(place, { file })
    expect(outcomes(result)).toEqual({ git: reason })
    expect(result).toMatchObject({ rotated: false, verdict: 'safe', confirmed: undefined })
    expect([text(place.bytes()), place.count.read, place.count.write]).toEqual([base.text, 0, 0])
  })

  test('is not touched when the file is an older copy, and the job is red: that refresh token may be nowhere else', async () => {
    const place = holding(base)
    const result = await writeBackTo(place, { file: managed(older) })
    expect([outcomes(result), result.verdict, result.rotated]).toEqual([{ git: 'older-than-base' }, 'lost', false])
    expect([text(place.bytes()), place.count.read, place.count.write]).toEqual([base.text, 0, 0])
  })

  test.each<[string, Partial<Parameters<typeof writeBackTo>[1] & object>]>([
    ['the seed', { seed: older, copies: [held(base)] }],
    ['another store at restore', { copies: [held(older)] }],
  ])('is not touched when the file is an older copy that is in %s, and nothing is lost', async (_, facts) => {
    const result = await writeBackTo(holding(base), { file: managed(older), ...facts })
    expect(result).toMatchObject({ rotated: false, verdict: 'safe' })
  })

  test('never gets the seed, and the file stays unconfirmed', async () => {
    const place = holding()
    const result = await writeBackTo(place, { file: managed(base), seed: base, copies: ['none'] })
    expect(outcomes(result)).toEqual({ git: 'is-seed' })
    expect([result.confirmed, place.history]).toEqual([undefined, []])
  })

  test('that refuses a file with a new access token beside the known refresh token: red, the new one is nowhere else', async () => {
    const place = holding(base)
    place.inject('write', { kind: 'refused' })
    const result = await writeBackTo(place, { file: managed(withRefreshToken(rotated, base)) })
    expect([outcomes(result), result.verdict, result.rotated]).toEqual([{ git: 'failed' }, 'lost', true])
  })

  test('that held the refresh token of an older file at restore: green, the token is known', async () => {
    const place = holding(base)
    const copies = [held(withRefreshToken(refreshed(older, -60), older))]
    const result = await writeBackTo(place, { file: managed(older), copies })
    expect([outcomes(result), result.verdict]).toEqual([{ git: 'older-than-base' }, 'safe'])
  })

  test('gets what Codex made of the seed', async () => {
    const place = holding()
    expect(await writeBackTo(place, { seed: base, copies: ['none'] })).toMatchObject({ rotated: true, verdict: 'safe' })
    expect(text(place.bytes())).toBe(rotated.text)
  })
})

describe('a conflict', () => {
  const overtaken = (times: number, by: Login): InMemoryPlace => {
    const place = holding(base)
    place.inject('write', { kind: 'overtaken', by: by.bytes }, times)
    return place
  }

  test.each([
    [1, 'written', 2, 2],
    [2, 'written', 3, 3],
    [3, 'failed', 4, 3],
    [9, 'failed', 4, 3],
  ])('%i times means: read again, decide again, three writes at most', async (times, outcome, reads, writes) => {
    const place = overtaken(times, older)
    const result = await writeBackTo(place)
    expect(outcomes(result)).toEqual({ git: outcome })
    expect(result.verdict).toBe(outcome === 'failed' ? 'lost' : 'safe')
    expect([place.count.read, place.count.write]).toEqual([reads, writes])
    expect(text(place.bytes())).toBe(outcome === 'failed' ? older.text : rotated.text)
  })

  test('with a reseed ends with the reseed in place, and nothing is lost', async () => {
    const place = overtaken(1, reseed)
    const result = await writeBackTo(place)
    expect(outcomes(result)).toEqual({ git: 'superseded' })
    expect(result).toMatchObject({ rotated: true, verdict: 'safe', confirmed: undefined })
    expect(text(place.bytes())).toBe(reseed.text)
  })

  test('with another account ends with that account in place, and red', async () => {
    const place = overtaken(1, other)
    expect(await writeBackTo(place)).toMatchObject({ verdict: 'lost' })
    expect(text(place.bytes())).toBe(other.text)
  })

  test('with our own document is none', async () => {
    expect(outcomes(await writeBackTo(overtaken(1, rotated)))).toEqual({ git: 'unchanged' })
  })

  test('with an empty place is one too', async () => {
    const place = holding()
    place.inject('write', { kind: 'overtaken', by: older.bytes }, 1)
    expect(outcomes(await writeBackTo(place, { copies: ['none'] }))).toEqual({ git: 'written' })
    expect(text(place.bytes())).toBe(rotated.text)
  })
})

describe('a store that was behind', () => {
  test('is brought up to date although nothing rotated, the others are left alone', async () => {
    const places = placesNamed({ name: 'ahead', bytes: base.bytes }, { name: 'behind', bytes: older.bytes }, { name: 'empty' })
    const result = await writeBack(postRequest(places, { file: managed(base), copies: [held(base), held(older), 'none'] }))
    expect(outcomes(result)).toEqual({ ahead: 'unchanged', behind: 'written', empty: 'written' })
    expect(places.map((place) => text(place.bytes()))).toEqual([base.text, base.text, base.text])
  })
})

describe('a second write-back in one job', () => {
  /** An early write-back to these places, and the request of post after it. */
  async function early(places: readonly InMemoryPlace[]): Promise<WriteBackRequest> {
    const given = postRequest(places)
    const result = await writeBack(given)
    const file = fingerprintOfLogin(rotated)
    return { ...given, standing: { ...standingAfter(given.standing, result, file), base: file } }
  }

  test('keeps what the first one stored without a look, and tries the store again that failed', async () => {
    const places = placesNamed({ name: 'good', bytes: base.bytes }, { name: 'bad', bytes: base.bytes })
    places[1]?.inject('write', { kind: 'refused' }, 1)
    const later = await early(places)
    const result = await writeBack(later)
    expect(outcomes(result)).toEqual({ good: 'unchanged', bad: 'written' })
    expect(places[0]?.count).toMatchObject({ read: 1, write: 1 })
    expect(result.verdict).toBe('safe')
  })

  test('does not overwrite the reseed that the first one has met, though the file is newer by now', async () => {
    const soon = managedLogin({ ...base.claims, issuedAt: base.claims.issuedAt + 30 })
    const places = placesNamed({ name: 'ours', bytes: base.bytes }, { name: 'reseeded', bytes: soon.bytes })
    const again = refreshed(rotated)
    const result = await writeBack({ ...(await early(places)), file: managed(again) })
    expect(outcomes(result)).toEqual({ ours: 'written', reseeded: 'superseded' })
    expect(places.map((place) => text(place.bytes()))).toEqual([again.text, soon.text])
  })
})
