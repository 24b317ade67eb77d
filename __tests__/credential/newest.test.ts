import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareAge, isSame, isSameAccount, type Fingerprint } from '../../src/credential/fingerprint.ts'
import { chooseNewest, listAccounts, originName, type Candidate, type NewestFacts, type Origin } from '../../src/credential/newest.ts'
import { anyPrint, credentialWith, print } from '../support/fingerprints.ts'

const git: Origin = { kind: 'store', name: 'git' }
const cache: Origin = { kind: 'store', name: 'cache' }
const file: Origin = { kind: 'file' }
const seed: Origin = { kind: 'seed' }

const at = (origin: Origin, fingerprint: Fingerprint): Candidate => ({ origin, credential: credentialWith(fingerprint) })
const choose = (candidates: Candidate[], facts: Partial<NewestFacts> = {}): ReturnType<typeof chooseNewest> =>
  chooseNewest({ candidates, unread: false, isDue: () => false, isExpected: undefined, ...facts })
const chosen = (candidate: Candidate, others: { foreign?: Candidate[]; rivals?: Candidate[] } = {}): object => ({
  kind: 'chosen',
  candidate,
  foreign: [],
  rivals: [],
  ...others,
})
const alice = ({ account }: Fingerprint): boolean => account === 'alice'

const old = print('old', { iat: 100 })
const current = print('current', { iat: 200 })
const late = print('late', { iat: 300 })

describe('the newest of what was found', () => {
  test('nothing found gives none', () => {
    expect(choose([])).toEqual({ kind: 'none' })
    expect(choose([], { unread: true })).toEqual({ kind: 'none' })
  })

  test.each<[string, Candidate[], number]>([
    ['the store that is ahead', [at(git, old), at(cache, current)], 1],
    ['a file that is ahead of all stores', [at(git, old), at(file, late), at(cache, current)], 1],
    ['a store that is ahead of the file', [at(git, current), at(file, old)], 0],
    ['a reseed, issued later than every copy', [at(git, old), at(file, current), at(seed, late)], 2],
    ['never an older seed', [at(git, current), at(seed, old)], 0],
    ['never an older seed, the file alone being there', [at(file, current), at(seed, old)], 0],
    ['the seed when there is nothing else', [at(seed, old)], 0],
    ['the store before the file and the seed, all being the same', [at(seed, old), at(file, old), at(git, old)], 2],
    ['the file before the seed, both being the same', [at(seed, old), at(file, old)], 1],
    ['the first of two stores that hold the same', [at(cache, old), at(git, old)], 0],
  ])('%s', (_, candidates, index) => {
    expect(choose(candidates)).toEqual(chosen(candidates[index] ?? at(seed, old)))
  })

  test('of one instant with other tokens the stored copy is used, and each other one is named', () => {
    const [one, two, three] = [at(seed, print('one', { iat: 200 })), at(file, print('two', { iat: 200 })), at(git, current)]
    const four = at(cache, print('four', { iat: 200 }))
    expect(choose([one, two, three, four, at(cache, old)])).toEqual(chosen(three, { rivals: [one, two, four] }))
  })
})

describe('a store that could not be read', () => {
  test('puts the seed out, though it be the newest', () => {
    expect(choose([at(seed, late)], { unread: true })).toEqual({ kind: 'only-seed-but-unread' })
    expect(choose([at(seed, late), at(git, old)], { unread: true })).toEqual(chosen(at(git, old)))
    expect(choose([at(seed, late), at(file, old)], { unread: true })).toEqual(chosen(at(file, old)))
  })

  test('lets another copy serve only while it is not due', () => {
    const isDue = (fingerprint: Fingerprint): boolean => fingerprint === old
    expect(choose([at(git, old)], { unread: true, isDue })).toEqual({ kind: 'due-but-unread', candidate: at(git, old) })
    expect(choose([at(git, old), at(file, current)], { unread: true, isDue })).toEqual(chosen(at(file, current)))
    expect(choose([at(git, old)], { unread: false, isDue })).toEqual(chosen(at(git, old)))
  })

  test('does not name the seed as a rival that was passed over', () => {
    expect(choose([at(git, current), at(seed, print('rival', { iat: 200 }))], { unread: true })).toEqual(chosen(at(git, current)))
  })
})

describe('accounts', () => {
  const hers = at(git, print('hers', { account: 'alice', iat: 100 }))
  const his = at(cache, print('his', { account: 'bob', iat: 300 }))

  test('two of them are an error unless one is named', () => {
    expect(choose([hers, his])).toEqual({ kind: 'two-accounts', found: [hers, his] })
    expect(choose([hers, his], { isExpected: alice })).toEqual(chosen(hers, { foreign: [his] }))
    expect(choose([hers, at(seed, his.credential.fingerprint)], { unread: true })).toMatchObject({ kind: 'two-accounts' })
  })

  test('two users of one workspace are two accounts, also when a third copy names no user', () => {
    const shared = [
      at(cache, print('c', { account: 'w' })),
      at(git, print('a', { account: 'w', user: 'one' })),
      at(file, print('b', { account: 'w', user: 'two' })),
    ]
    expect(choose(shared)).toEqual({ kind: 'two-accounts', found: shared })
    expect(choose(shared.slice(0, 2))).toMatchObject({ kind: 'chosen' })
  })

  test('none of the named account is an error that lists what was found', () => {
    expect(choose([his], { isExpected: alice })).toEqual({ kind: 'none-expected', found: [his] })
    expect(choose([], { isExpected: alice })).toEqual({ kind: 'none' })
    expect(choose([his, at(seed, hers.credential.fingerprint)], { isExpected: alice, unread: true })).toEqual({
      kind: 'only-seed-but-unread',
    })
  })

  test('are listed by origin and hash alone', () => {
    expect(
      listAccounts([at(git, print('a', { account: '0123456789abcdef' })), at(seed, print('b', { account: 'fedcba9876543210' }))]),
    ).toBe('git: 0123456789ab, seed: fedcba987654')
    expect([git, file, seed].map(originName)).toEqual(['git', 'file', 'seed'])
  })
})

test('whatever was found, the choice is of one account, not due when a store is unread, and by no clock older than another', () => {
  const clock = (fingerprint: Fingerprint): Fingerprint => ({
    ...fingerprint,
    issued: { iat: fingerprint.issued.iat ?? 0, lastRefresh: '' },
  })
  const candidate = fc.record({ origin: fc.constantFrom(git, cache, file, seed), credential: anyPrint.map(clock).map(credentialWith) })
  fc.assert(
    fc.property(fc.array(candidate, { maxLength: 5 }), fc.boolean(), fc.boolean(), (candidates, unread, named) => {
      const isDue = ({ issued }: Fingerprint): boolean => issued.iat === 1
      const isExpected = named ? ({ account }: Fingerprint): boolean => account === 'account' : undefined
      const choice = chooseNewest({ candidates, unread, isDue, isExpected })
      if (choice.kind !== 'chosen') return
      const { candidate: best, foreign, rivals } = choice
      if (unread) expect([best.origin.kind === 'seed', isDue(best.credential.fingerprint)]).toEqual([false, false])
      for (const other of candidates) {
        expect(foreign.includes(other)).toBe(named && other.credential.fingerprint.account !== 'account')
        if (foreign.includes(other) || (unread && other.origin.kind === 'seed')) continue
        expect(isSameAccount(other.credential.fingerprint, best.credential.fingerprint)).toBe(true)
        const order = compareAge(other.credential.fingerprint, best.credential.fingerprint)
        expect(order).not.toBe('newer')
        expect(rivals.includes(other)).toBe(order === 'same-instant' && !isSame(other.credential.fingerprint, best.credential.fingerprint))
      }
    }),
  )
})
