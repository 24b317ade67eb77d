import { describe, expect, test } from '@jest/globals'
import { leaseBytes, leaseHolder, parseLease, refusedToken, type LeaseDocument } from '../../src/keeper/lease-document.ts'
import { judgeLease, type SeenLease } from '../../src/keeper/lease-judgement.ts'

const holder = { run: 'https://github.com/your-org/your-repo/actions/runs/7', attempt: 2, job: 'test' }
const nonce = '0b3f1d9e-6a52-4f57-9c64-6f0f3a2d1e11'
const held: LeaseDocument = { state: 'held', holder, nonce, turn: 1, lasts: 90 }
const token = 'a'.repeat(64)
const refused: LeaseDocument = { state: 'refused', holder, nonce, turn: 3, token: refusedToken(token, nonce), failure: 'reused' }

describe('a lease as it is stored', () => {
  test.each([held, { ...held, state: 'exchanging' } as const, refused, { state: 'free' } as const])(
    '%j comes back as it was',
    (document) => {
      expect(parseLease(leaseBytes(document))).toEqual(document)
      expect(Buffer.from(leaseBytes(document)).toString()).toMatch(/^\{.*\}\n$/)
    },
  )

  test.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['another state', JSON.stringify({ ...held, state: 'mine' })],
    ['no holder', JSON.stringify({ ...held, holder: undefined })],
    ['no turn', JSON.stringify({ ...held, turn: undefined })],
    ['no time', JSON.stringify({ ...held, lasts: 0 })],
    ['a time without an end', JSON.stringify({ ...held, lasts: 601 })],
    ['a time that is none', JSON.stringify({ ...held, lasts: 'long' })],
    ['a nonce with a space', JSON.stringify({ ...held, nonce: 'no nonce at all' })],
    ['an attempt that is none', JSON.stringify({ ...held, holder: { ...holder, attempt: 1.5 } })],
    ['a refusal without its token', JSON.stringify({ ...refused, token: '' })],
    ['a refusal for no known reason', JSON.stringify({ ...refused, failure: 'mood' })],
    ...['::error::x', '##[error]x', 'a\nb', '\u001b[31mred', 'a b', ''].map((run) => [
      `a run that is ${JSON.stringify(run)}`,
      JSON.stringify({ ...held, holder: { ...holder, run } }),
    ]),
    ['a job with a sign', JSON.stringify({ ...held, holder: { ...holder, job: '::debug::' } })],
  ])('%s is not a lease', (_, document) => {
    expect(parseLease(Buffer.from(document))).toBeUndefined()
  })

  test.each([
    [holder, holder],
    [
      { run: 'run of ::set-env name=x::y\n', attempt: 0, job: '' },
      { run: 'run-of-:set-env-name-x:y-', attempt: 1, job: '-' },
    ],
    [
      { run: 'r'.repeat(999), attempt: 1.5, job: 'ä'.repeat(999) },
      { run: 'r'.repeat(300), attempt: 1, job: '-'.repeat(100) },
    ],
  ])('a holder of any name has one that is read again', (names, expected) => {
    expect(leaseHolder(names)).toEqual(expected)
    expect(parseLease(leaseBytes({ ...held, holder: leaseHolder(names) }))).toMatchObject({ holder: expected })
  })

  test('which token was refused is told to those who have it alone, and differently each time', () => {
    expect(refusedToken(token, nonce)).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set([token, refusedToken(token, nonce), refusedToken(token, `${nonce}2`), refusedToken('b'.repeat(64), nonce)]).size).toBe(4)
  })
})

describe('what a look at a lease means', () => {
  const judge = (document: LeaseDocument | undefined, seen: Partial<SeenLease> = {}) =>
    judgeLease({ document, unchangedFor: 0, token, waitedFor: new Set(), ...seen })
  const open = { kind: 'open', overtakes: undefined }
  const exchanging: LeaseDocument = { state: 'exchanging', holder, nonce, turn: 1, lasts: 300 }

  test.each([
    ['nothing', undefined, {}, open],
    ['a free one', { state: 'free' }, {}, open],
    ['a held one', held, {}, { kind: 'taken', holder, endsIn: 90 }],
    ['a held one, seen for a while', held, { unchangedFor: 89 }, { kind: 'taken', holder, endsIn: 1 }],
    ['a held one, seen for its life', held, { unchangedFor: 90 }, open],
    ['one that spends the token', exchanging, { unchangedFor: 299 }, { kind: 'taken', holder, endsIn: 1 }],
    ['one that spent the token, seen for its life', exchanging, { unchangedFor: 300 }, { kind: 'open', overtakes: holder }],
    ['a refusal of this token', refused, {}, { kind: 'refused', holder, failure: 'reused' }],
    ['a refusal of another token', refused, { token: 'b'.repeat(64) }, open],
    ['a refusal that may have been a fault', { ...refused, failure: 'refused' }, {}, open],
    [
      'the same, of one that we have waited for',
      { ...refused, failure: 'refused' },
      { waitedFor: new Set([nonce]) },
      { kind: 'refused', holder, failure: 'refused' },
    ],
    ['the same, of another token', { ...refused, failure: 'refused' }, { waitedFor: new Set([nonce]), token: 'b'.repeat(64) }, open],
  ] as const)('%s', (_, document, seen, judgement) => {
    expect(judge(document, seen)).toEqual(judgement)
  })
})
