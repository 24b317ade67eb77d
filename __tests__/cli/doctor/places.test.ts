import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../../src/cli/doctor/finding.ts'
import { checkAlive, checkOnePlace, type LoginFacts } from '../../../src/cli/doctor/login-check.ts'
import { checkOutOfReach, checkStore, storesUnnamed } from '../../../src/cli/doctor/store-check.ts'
import type { StoreFacts } from '../../../src/cli/doctor/store-facts.ts'
import { parseAuthJson, type ManagedCredential } from '../../../src/credential/auth-json.ts'
import { accountHash } from '../../../src/credential/fingerprint.ts'
import { managedLogin, type LoginOptions } from '../../support/codex-login.ts'

const now = Date.now() / 1000
const short = (findings: readonly Finding[]): string[] => findings.map(({ level, place, what }) => `${level} ${place}: ${what}`)

function credential(options: LoginOptions, loggedInAt?: number): ManagedCredential {
  const found = parseAuthJson(managedLogin(options).bytes)
  if (found.kind !== 'managed') throw new Error('not managed')
  return { ...found, ...(loggedInAt !== undefined && { loggedInAt }) }
}

const account = { accountId: 'acc-1', userId: 'user-1' }
const old = credential({ ...account, issuedAt: Math.floor(now) - 86_400 })
const later = credential({ ...account, issuedAt: Math.floor(now) - 3_600 })
const other = credential({ accountId: 'acc-2', userId: 'user-2' })
const hash = accountHash(old.fingerprint)

const missing = { kind: 'missing' } as const
const none = { kind: 'none' } as const
const unreadable = { kind: 'unreadable', why: 'The host did not answer.', wayOut: 'Start it.' } as const
const held = (found: ManagedCredential) => ({ kind: 'held', credential: found }) as const
const onMachine = (found: ManagedCredential) => ({ kind: 'managed', credential: found }) as const

type StoreHere = LoginFacts['stores'][number]
const store = (copy: StoreHere['copy'], more: Partial<StoreHere> = {}): StoreHere => ({
  name: 'git',
  isOfThisMachine: false,
  copy,
  ...more,
})
const facts = (document: LoginFacts['machine']['document'], ...stores: StoreHere[]): LoginFacts => ({
  machine: { authFile: '/h/auth.json', document },
  stores,
  mayBeElsewhere: false,
})

describe('one store', () => {
  const checked = (copy: StoreFacts['copy'], proof: StoreFacts['proof']): string[] =>
    short(checkStore({ name: 'git', isOfThisMachine: false, copy, proof }))
  const refused = { kind: 'refused', why: 'The token may not.', wayOut: 'Give it the right.' } as const
  test.each<[string, StoreFacts['copy'], StoreFacts['proof'], string[]]>([
    [
      'held and proved',
      held(old),
      { kind: 'proved' },
      [`ok git: It can be read, and holds a login of the account ${hash}; it can be written.`],
    ],
    ['empty and proved', none, { kind: 'proved' }, ['ok git: It can be read, and holds no login yet; it can be written.']],
    [
      'unprovable',
      none,
      { kind: 'unprovable' },
      ['ok git: It can be read, and holds no login yet; whether it can be written only a write shows.'],
    ],
    ['not counted', none, { kind: 'not-counted' }, ['ok git: It can be read, and holds no login yet.']],
    [
      'hidden',
      { kind: 'hidden' },
      { kind: 'proved' },
      ['ok git: GitHub shows no secret to anybody, so it was not read; it can be written.'],
    ],
    [
      'hidden and refused',
      { kind: 'hidden' },
      refused,
      [
        'ok git: GitHub shows no secret to anybody, so it was not read.',
        'problem git: It cannot be written: a refreshed login would be lost.',
      ],
    ],
    [
      'refused',
      held(old),
      refused,
      [
        `ok git: It can be read, and holds a login of the account ${hash}.`,
        'problem git: It cannot be written: a refreshed login would be lost.',
      ],
    ],
    ['unreadable', unreadable, { kind: 'not-counted' }, ['problem git: It cannot be read.']],
  ])('%s', (_, copy, proof, expected) => {
    expect(checked(copy, proof)).toEqual(expected)
  })

  test('says why, and the way out', () => {
    const [finding] = checkStore({ name: 'git', isOfThisMachine: false, copy: unreadable, proof: { kind: 'not-counted' } })
    expect(finding).toMatchObject({ why: 'The host did not answer.', wayOut: 'Start it.' })
  })

  test('out of reach, or not named', () => {
    expect(short([...checkOutOfReach({ name: 'cache', why: 'only a job can' }), storesUnnamed()])).toEqual([
      'ok cache: Not looked at: only a job can.',
      'ok Stores: Those of the workflows were not looked at: name one of them with --workflow.',
    ])
  })
})

describe('a login that lives', () => {
  const levels = (found: LoginFacts): string[] =>
    checkAlive(found, now).map(
      (finding) => `${finding.level}${'needsLogin' in finding && finding.needsLogin ? ' login' : ''}: ${finding.what}`,
    )
  const unknown = 'ok: No login was seen; whether there is one in the places that were not read is unknown.'
  const refused = { why: 'OpenAI refused it.', wayOut: 'Log in.' }
  const ended = credential({ ...account, expiresIn: -7_200 })

  test.each<[string, LoginFacts, unknown[]]>([
    ['nowhere, no store named', facts(missing), ['problem login: There is no ChatGPT login on this machine.']],
    ['nowhere', facts(missing, store(none), store(none)), ['problem login: There is no ChatGPT login on this machine or in a store.']],
    [
      'a damaged file alone',
      facts({ kind: 'damaged', problem: 'x', bytes: new Uint8Array() }),
      ['problem login: There is no ChatGPT login on this machine.'],
    ],
    ['perhaps in a store that cannot be read', facts(missing, store(unreadable)), [unknown]],
    ['perhaps in a secret', facts(missing, store({ kind: 'hidden' })), [unknown]],
    ['perhaps elsewhere', { ...facts(missing), mayBeElsewhere: true }, [unknown]],
    ['perhaps in a file that cannot be read', facts({ kind: 'unreadable', problem: 'x' }), [unknown]],
    [
      'on this machine',
      facts(onMachine(old), store(none)),
      [expect.stringContaining(`ok: The newest copy (account ${hash}, in /h/auth.json) ends `)],
    ],
    ['in a store', facts(missing, store(held(old))), [expect.stringContaining(`ok: The newest copy (account ${hash}, in git) ends `)]],
    ['the newest of two', facts(onMachine(old), store(held(later))), [expect.stringContaining('in git) ends')]],
    ['the same twice', facts(onMachine(old), store(held(old))), [expect.stringContaining('in /h/auth.json) ends')]],
    [
      'two accounts',
      facts(onMachine(old), store(held(other))),
      [expect.stringContaining('/h/auth.json'), expect.stringContaining('in git')],
    ],
    ['that has ended', facts(onMachine(ended)), [expect.stringMatching(/^warning: The newest copy .* ended .* ago\)\.$/)]],
    [
      'that was refused',
      facts(missing, store(held(old), { refused })),
      ['problem login: OpenAI has refused the login in git.', expect.stringContaining('ok:')],
    ],
    [
      'that was refused before a later one came',
      facts(missing, store(held(old), { refused }), store(held(later))),
      [expect.stringContaining('ok:')],
    ],
    [
      "that was refused, beside this machine's own",
      facts(onMachine(later), store(held(old), { refused })),
      ['problem login: OpenAI has refused the login in git.', expect.stringContaining('ok:')],
    ],
  ])('%s', (_, found, expected) => {
    expect(levels(found)).toEqual(expected)
  })
})

describe('a login in one place', () => {
  const levels = (found: LoginFacts): string[] => short(checkOnePlace(found))
  const alone = 'ok Login: No other place was seen that uses the login of this machine.'
  const ours = { isOfThisMachine: true }

  test.each<[string, LoginFacts, unknown[]]>([
    ['no login here', facts(missing, store(held(old))), []],
    ['here alone', facts(onMachine(old), store(none)), [alone]],
    ['another account in the store', facts(onMachine(old), store(held(other))), [alone]],
    [
      'the same copy',
      facts(onMachine(old), store(held(old))),
      [expect.stringMatching(/^warning Login: This machine and git hold the same copy/)],
    ],
    ['the same copy in the store of this machine', facts(onMachine(old), store(held(old), ours)), [alone]],
    ['a later copy in the store of this machine', facts(onMachine(old), store(held(later), ours)), [alone]],
    [
      'a later one in the store',
      facts(onMachine(old), store(held(later))),
      [expect.stringMatching(/^problem Login: git has a later copy .* than this machine/)],
    ],
    [
      'a later one here',
      facts(onMachine(later), store(held(old))),
      [expect.stringMatching(/^problem Login: This machine has a later copy .* than git/)],
    ],
    [
      'a later one in the store, and who wrote it',
      facts(onMachine(old), store(held(later), { writer: 'https://github.com/o/r/actions/runs/1' })),
      [expect.stringMatching(/ UTC, last written by https:\/\/github\.com\/o\/r\/actions\/runs\/1\) than this machine/)],
    ],
    ['another login of the account', facts(onMachine({ ...later, loggedInAt: 1 }), store(held({ ...old, loggedInAt: 2 }))), [alone]],
    [
      'the same login, and both say so',
      facts(onMachine({ ...later, loggedInAt: 1 }), store(held({ ...old, loggedInAt: 1 }))),
      [expect.stringMatching(/^problem Login/)],
    ],
    ['two stores alike', facts(missing, store(held(old)), store(held(old), { name: 'ssh' })), []],
    [
      'a store behind',
      facts(missing, store(held(old)), store(held(later), { name: 'ssh' })),
      [expect.stringMatching(/^warning Stores: git is behind/)],
    ],
    [
      'two accounts in the stores',
      facts(missing, store(held(old)), store(held(other), { name: 'ssh' })),
      [expect.stringMatching(/^problem Stores: git holds a login of the account /)],
    ],
  ])('%s', (_, found, expected) => {
    expect(levels(found)).toEqual(expected)
  })
})
