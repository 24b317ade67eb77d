import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareAge, isSame, isSameAccount, type Fingerprint } from '../../src/credential/fingerprint.ts'
import {
  decideWriteBack,
  isRotated,
  type CopyState,
  type FileState,
  type WriteBackDecision,
  type WriteBackFacts,
} from '../../src/credential/write-back-decision.ts'
import { anyPrint, print } from '../support/fingerprints.ts'

const base = print('base', { iat: 1_000 })
const otherAccount = print('other account', { account: 'other', iat: 5_000 })
const files = {
  missing: 'missing',
  damaged: 'damaged',
  unmanaged: 'unmanaged',
  'other account': otherAccount,
  same: base,
  rotated: print('file', { iat: 2_000 }),
  'same instant': print('file', { iat: 1_000 }),
  older: print('file', { iat: 500 }),
} satisfies Record<string, FileState>
type FileName = keyof typeof files

/** What a store can hold; `mine` is what the file holds. */
const copies = ['none', 'unreadable', 'mine', 'base', 'older', 'instant', 'newer', 'newest', 'foreign'] as const
type CopyName = (typeof copies)[number]

function copyOf(name: CopyName, file: FileState): CopyState {
  switch (name) {
    case 'none':
    case 'unreadable':
      return name
    case 'mine':
      return typeof file === 'object' ? file : base
    case 'base':
      return base
    case 'older':
      return print('copy', { iat: 700 })
    case 'instant':
      return print('copy', { iat: 1_000 })
    case 'newer':
      return print('copy', { iat: 1_500 })
    case 'newest':
      return print('copy', { iat: 3_000 })
    case 'foreign':
      return print('copy', { iat: 700, account: 'third' })
  }
}

function decide(file: FileName, copy: CopyName, seed?: Fingerprint): string {
  return words(decideWriteBack({ base, seed, file: files[file], copy: copyOf(copy, files[file]) }))
}

function words(decision: WriteBackDecision): string {
  return decision.kind === 'keep' ? decision.reason : decision.kind
}

describe('each row of the table', () => {
  test.each<[row: string, file: FileName, copies: readonly CopyName[], decision: string, seed?: Fingerprint]>([
    ['a missing file is kept out: file-missing', 'missing', copies, 'file-missing'],
    ['a file that does not parse: damaged', 'damaged', copies, 'damaged'],
    ['an API key, external tokens or no refresh token: not-managed', 'unmanaged', copies, 'not-managed'],
    ['another account than base: different-account', 'other account', copies, 'different-account'],
    ['the same as the seed: is-seed', 'same', copies, 'is-seed', base],
    ['the same as the copy: unchanged', 'rotated', ['mine'], 'unchanged'],
    ['issued earlier than base: older-than-base', 'older', ['none', 'unreadable', 'base', 'older', 'newer'], 'older-than-base'],
    ['any other, and certainly no copy: write', 'rotated', ['none'], 'write'],
    ['any other, and the copy is unreadable: never write over it', 'rotated', ['unreadable'], 'copy-unreadable'],
    ['rotated, and the copy is base: write', 'rotated', ['base'], 'write'],
    ['rotated at the same instant, and the copy is base: write', 'same instant', ['base'], 'write'],
    ['rotated, and the copy is older than base: write', 'rotated', ['older'], 'write'],
    ['rotated, and the copy is newer than base and not ours: superseded', 'rotated', ['newer', 'newest'], 'superseded'],
    ['rotated, and the copy is another of the instant of base: superseded', 'rotated', ['instant'], 'superseded'],
    ['the same as base, base not from the seed, and the copy is older: write', 'same', ['older'], 'write'],
    ['the same as base, and the copy is newer: superseded', 'same', ['newer', 'newest'], 'superseded'],
  ])('%s', (...[, file, held, decision, seed]) => {
    for (const copy of held) expect([copy, decide(file, copy, seed)]).toEqual([copy, decision])
  })
})

describe('every other combination', () => {
  const late = 'different-account'
  test.each<[FileName, readonly string[]]>([
    //                 none               unreadable         mine         base               older              instant            newer              newest             foreign
    [
      'same',
      /*     */ [
        'write',
        /*     */ 'copy-unreadable',
        'unchanged',
        'unchanged',
        /* */ 'write',
        /*     */ 'superseded',
        /**/ 'superseded',
        /**/ 'superseded',
        /**/ late,
      ],
    ],
    [
      'rotated',
      /*  */ [
        'write',
        /*     */ 'copy-unreadable',
        'unchanged',
        'write',
        /*     */ 'write',
        /*     */ 'superseded',
        /**/ 'superseded',
        /**/ 'superseded',
        /**/ late,
      ],
    ],
    [
      'same instant',
      [
        'write',
        /*      */ 'copy-unreadable',
        'unchanged',
        'write',
        /*     */ 'write',
        /*     */ 'superseded',
        /**/ 'superseded',
        /**/ 'superseded',
        /**/ late,
      ],
    ],
    [
      'older',
      /*    */ [
        'older-than-base',
        'older-than-base',
        'unchanged',
        'older-than-base',
        'older-than-base',
        'older-than-base',
        'older-than-base',
        'older-than-base',
        'older-than-base',
      ],
    ],
  ])('a file that is %s, without a seed, with one that was rotated before, and with one of another login', (file, decisions) => {
    for (const seed of [undefined, print('seed', { iat: 100 }), print('seed', { account: 'other' })]) {
      expect(Object.fromEntries(copies.map((copy) => [copy, decide(file, copy, seed)]))).toEqual(
        Object.fromEntries(copies.map((copy, index) => [copy, decisions[index]])),
      )
    }
  })

  test('a rotated file is stored although base was the seed', () => {
    expect(copies.map((copy) => decide('rotated', copy, base))).toEqual(copies.map((copy) => decide('rotated', copy)))
  })

  test.each<[FileName, string]>([
    ['rotated', 'is-seed'],
    ['same instant', 'is-seed'],
    ['older', 'older-than-base'],
  ])('a file that is %s and is the seed is never stored: %s', (file, reason) => {
    const state = files[file]
    if (typeof state === 'string') throw new Error(state)
    for (const copy of copies) expect(decide(file, copy, state)).toBe(reason)
  })

  test('a seed that shares one token with the file is another credential', () => {
    expect(decide('same', 'none', { ...base, accessToken: 'x' })).toBe('write')
    expect(decide('same', 'none', { ...base, refreshToken: 'x' })).toBe('write')
  })

  test('the account is looked at before the seed, and another user of one workspace is another account', () => {
    expect(decide('other account', 'none', otherAccount)).toBe('different-account')
    const file = print('file', { iat: 2_000, user: 'two' })
    expect(words(decideWriteBack({ base: { ...base, user: 'one' }, seed: undefined, file, copy: 'none' }))).toBe('different-account')
  })

  test('a copy that shares a later clock with the file than with base is not overwritten', () => {
    const file = print('file', { iat: undefined, exp: 150 })
    const copy: CopyState = print('copy', { iat: 5, exp: 200 })
    expect(words(decideWriteBack({ base: print('base', { iat: 10, exp: 100 }), seed: undefined, file, copy }))).toBe('superseded')
  })
})

describe('whatever the facts are', () => {
  const facts: fc.Arbitrary<WriteBackFacts> = fc.record({
    base: anyPrint,
    seed: fc.option(anyPrint, { nil: undefined }),
    file: fc.oneof(fc.constant<FileState>('missing'), fc.constant<FileState>('damaged'), {
      arbitrary: anyPrint,
      weight: 8,
    }),
    copy: fc.oneof(fc.constant<CopyState>('none'), fc.constant<CopyState>('unreadable'), {
      arbitrary: anyPrint,
      weight: 4,
    }),
  })

  test('a write never stores the seed, another account or an older credential, and never over what could not be read', () => {
    let writes = 0
    fc.assert(
      fc.property(facts, (given) => {
        if (decideWriteBack(given).kind !== 'write') return
        writes += 1
        const { base: from, seed, file, copy } = given
        if (typeof file === 'string' || copy === 'unreadable') throw new Error('written without a file or over an unread copy')
        expect(isSameAccount(file, from)).toBe(true)
        expect(seed !== undefined && isSame(seed, file)).toBe(false)
        expect(compareAge(file, from)).not.toBe('older')
        if (copy === 'none') return
        expect(isSame(copy, file)).toBe(false)
        expect(isSameAccount(copy, from)).toBe(true)
        expect(isSame(copy, from) || compareAge(copy, from) === 'older').toBe(true)
        expect(compareAge(file, copy)).not.toBe('older')
      }),
      { numRuns: 3_000 },
    )
    expect(writes).toBeGreaterThan(50)
  })

  test('deciding again after the write keeps what was written', () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (decideWriteBack(given).kind !== 'write' || typeof given.file === 'string') return
        const copy = given.file
        expect(decideWriteBack({ ...given, copy })).toEqual({ kind: 'keep', reason: 'unchanged' })
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('rotated', () => {
  test.each<[FileName, boolean]>([
    ['missing', false],
    ['damaged', false],
    ['unmanaged', false],
    ['other account', false],
    ['same', false],
    ['rotated', true],
    ['same instant', true],
    ['older', false],
  ])('a file that is %s: %s', (file, rotated) => {
    expect(isRotated({ base, seed: undefined, file: files[file] })).toBe(rotated)
    expect(isRotated({ base, seed: base, file: files[file] })).toBe(rotated)
  })

  test('a file that is the seed is not rotated, although base was another copy', () => {
    const seed = print('file', { iat: 2_000 })
    expect(isRotated({ base, seed, file: seed })).toBe(false)
  })
})
