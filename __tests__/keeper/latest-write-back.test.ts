import { describe, expect, test } from '@jest/globals'
import type { ObservedFile } from '../../src/codex/codex-home.ts'
import type { CopyState } from '../../src/credential/write-back-decision.ts'
import { writeBackLatest } from '../../src/keeper/latest-write-back.ts'
import { text } from '../support/documents.ts'
import type { InMemoryPlace } from '../support/in-memory-store.ts'
import { outcomes, refreshed } from '../support/keeper-world.ts'
import { base, held, holding, managed, noRetry, older, other, postRequest, rotated } from '../support/post-request.ts'

describe('a file that goes on changing', () => {
  const further = refreshed(rotated)
  const last = refreshed(further)

  /** Looks that show these files, one after the other, and the last one from then on. */
  function looks(...files: ObservedFile[]): () => Promise<ObservedFile> {
    return () => Promise.resolve((files.length > 1 ? files.shift() : files[0]) ?? { kind: 'missing' })
  }
  const latest = (
    place: InMemoryPlace,
    observe: () => Promise<ObservedFile>,
    copies: readonly CopyState[] = [held(base)],
  ): ReturnType<typeof writeBackLatest> =>
    observe().then((file) => writeBackLatest({ ...postRequest([place], { copies }), file, observe, retry: noRetry }))

  test('is written back again, over what the first round has stored', async () => {
    const place = holding(base)
    const {
      request: { file },
      result,
    } = await latest(place, looks(managed(rotated), managed(further)))
    expect([file, result]).toMatchObject([managed(further), { rotated: true, verdict: 'safe', confirmed: further.bytes }])
    expect(place.history.map(text)).toEqual([base, rotated, further].map((login) => login.text))
  })

  test('is lost when no store takes the last of it', async () => {
    const place = holding(base)
    const observe = looks(managed(rotated), managed(further))
    let seen = 0
    const { result } = await latest(place, async () => {
      seen += 1
      if (seen === 2) place.inject('write', { kind: 'refused' })
      return observe()
    })
    expect(result).toMatchObject({ verdict: 'lost', confirmed: undefined })
    expect(text(place.bytes())).toBe(rotated.text)
  })

  test('does not overwrite a reseed that came between the rounds', async () => {
    const place = holding(base)
    const observe = looks(managed(rotated), managed(further))
    let seen = 0
    const { result } = await latest(place, async () => {
      seen += 1
      if (seen === 2) place.put(last.bytes)
      return observe()
    })
    expect(outcomes(result)).toEqual({ git: 'superseded' })
    expect(text(place.bytes())).toBe(last.text)
  })

  test('that was half written at the first look is written when it is whole', async () => {
    const place = holding(base)
    const { result } = await latest(place, looks({ kind: 'damaged', problem: 'cut', bytes: rotated.bytes.subarray(9) }, managed(rotated)))
    expect(outcomes(result)).toEqual({ git: 'written' })
  })

  test('is looked at once more where it stays, and three times at most', async () => {
    for (const [files, written] of [
      [[managed(rotated)], 1],
      [[managed(rotated), managed(further), managed(last), managed(refreshed(last))], 3],
    ] as const) {
      const place = holding(base)
      await latest(place, looks(...files))
      expect(place.count.write).toBe(written)
    }
  })

  test.each<[string, ObservedFile]>([
    ['gone', { kind: 'missing' }],
    ['the one before again', managed(base)],
    ['of another account', managed(other)],
  ])('that is %s at the second look changes nothing, neither of what was written nor of what is lost', async (_, second) => {
    const {
      request: { file },
      result,
    } = await latest(holding(base), looks(managed(rotated), second))
    expect([file, outcomes(result)]).toEqual([managed(rotated), { git: 'written' }])
    const refusing = holding(base)
    refusing.inject('write', { kind: 'refused' })
    expect((await latest(refusing, looks(managed(rotated), second))).result).toMatchObject({ verdict: 'lost', confirmed: undefined })
  })

  test('that brings a token nobody has seen, under an older time, stays lost when it is gone at the second look', async () => {
    const { request, result } = await latest(holding(base), looks(managed(older), { kind: 'missing' }))
    expect([request.file, outcomes(result)]).toEqual([managed(older), { git: 'older-than-base' }])
    expect(result).toMatchObject({ rotated: false, verdict: 'lost' })
  })

  test.each<[string, ObservedFile, string]>([
    ['gone', { kind: 'missing' }, 'file-missing'],
    ['half written', { kind: 'damaged', problem: 'cut', bytes: rotated.bytes.subarray(9) }, 'damaged'],
    ['of another account', managed(other), 'different-account'],
    ['rotated', managed(rotated), 'written'],
  ])('that is as restored at first and %s at the second look counts as it is then', async (_, second, outcome) => {
    const place = holding(base)
    const { request, result } = await latest(place, looks(managed(base), second))
    expect([request.file, outcomes(result)]).toEqual([second, { git: outcome }])
    expect(place.count).toMatchObject(outcome === 'written' ? { read: 1, write: 1 } : { read: 0, write: 0 })
  })

  test.each([
    ['was not refreshed', base, held(base), 0],
    ['is in no store yet', rotated, held(base), 1],
    ['a store was behind with, and refuses', base, held(older), 1],
  ])('that nobody has changed and that %s costs no second look at the store', async (_, file, copy, operations) => {
    const place = holding(older)
    place.inject('write', { kind: 'refused' }, file === base ? Infinity : 0)
    await latest(place, looks(managed(file)), [copy])
    expect(place.count).toMatchObject({ read: operations, write: operations })
  })

  test('that cannot be read at the second look is an error where nothing was at stake at the first', async () => {
    let looked = 0
    const cannotBeRead = (): Promise<ObservedFile> =>
      looked++ === 0 ? Promise.resolve(managed(base)) : Promise.reject(new Error('EACCES'))
    await expect(latest(holding(base), cannotBeRead)).rejects.toThrow('EACCES')
  })

  test('that cannot be read at the second look does not hide how the first round went', async () => {
    let looked = 0
    const { result } = await latest(holding(base), () =>
      looked++ === 0 ? Promise.resolve(managed(rotated)) : Promise.reject(new Error('EACCES')),
    )
    expect(outcomes(result)).toEqual({ git: 'written' })
  })
})
