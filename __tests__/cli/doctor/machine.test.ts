import { describe, expect, test } from '@jest/globals'
import { checkCodex } from '../../../src/cli/doctor/codex-check.ts'
import { checkDocument, checkModes } from '../../../src/cli/doctor/file-check.ts'
import { exitCodeFor, type Finding } from '../../../src/cli/doctor/finding.ts'
import type { MachineFacts, Rest } from '../../../src/cli/doctor/machine-facts.ts'
import { checkShadows } from '../../../src/cli/doctor/shadow-check.ts'
import { unmanagedReasons, parseAuthJson, type UnmanagedReason } from '../../../src/credential/auth-json.ts'
import type { Hazard } from '../../../src/codex/hazard.ts'
import { isEarlier, testedVersions } from '../../../src/codex/tested-versions.ts'
import { managedLogin } from '../../support/codex-login.ts'
import { codexVersions } from '../../support/real-codex.ts'

const short = (findings: readonly Finding[]): string[] => findings.map(({ level, place, what }) => `${level} ${place}: ${what}`)

const bytes = managedLogin().bytes
const credential = parseAuthJson(bytes)
if (credential.kind !== 'managed') throw new Error('not managed')
const managed = { kind: 'managed', credential } as const

describe('Codex', () => {
  const path = '/usr/bin/codex'
  test.each([
    ['is not there', undefined, 'problem Codex: There is no codex in PATH.'],
    ['does not say its version', { path, version: undefined }, `warning Codex: ${path} does not say which version it is.`],
    ['is too old', { path, version: '0.149.0' }, `warning Codex: Codex 0.149.0 (${path}) is an old one.`],
    ['is the oldest', { path, version: testedVersions.oldest }, `ok Codex: Codex 0.149.1 (${path})`],
    ['is the newest', { path, version: testedVersions.newest }, `ok Codex: Codex 0.169.0 (${path})`],
    [
      'is newer',
      { path, version: '0.170.0-alpha.3' },
      `ok Codex: Codex 0.170.0-alpha.3 (${path}), newer than 0.169.0, the newest that the keeper is tested with`,
    ],
  ])('%s', (_, codex, expected) => {
    expect(short(checkCodex(codex))).toEqual([expected])
  })

  test('the tested versions are those of the tests', () => {
    expect(testedVersions).toEqual({ oldest: codexVersions.older, newest: codexVersions.pinned })
  })

  test.each([
    ['0.9.0', '0.10.0', true],
    ['0.10.0', '0.9.0', false],
    ['0.10.0', '0.10.0', false],
    ['0.10.0-alpha.1', '0.10.0', false],
    ['0.99.9', '1.0.0', true],
    ['1.0.1', '1.0.2', true],
  ])('%s before %s: %s', (one, other, expected) => {
    expect(isEarlier(one, other)).toBe(expected)
  })
})

describe('what shadows the login', () => {
  const facts = (hazards: readonly Hazard[], changes: Partial<MachineFacts> = {}) => ({
    hazards,
    hasApiKey: false,
    document: managed,
    authFile: '/h/auth.json',
    ...changes,
  })
  const refuse: Hazard = { severity: 'refuse', message: '/h/config.toml sets a = "b": Codex then ignores auth.json.', remedy: 'Set it.' }
  const clean = 'ok Surroundings: No variable and no configuration keeps Codex from the login.'

  test('nothing', () => {
    expect(short(checkShadows(facts([])))).toEqual([clean])
  })

  test('a hazard that ends a job is a problem, with what, why and way out apart', () => {
    expect(checkShadows(facts([refuse]))).toEqual([
      {
        area: 'machine',
        check: 'shadows',
        place: 'Surroundings',
        level: 'problem',
        what: '/h/config.toml sets a = "b".',
        why: 'Codex then ignores auth.json.',
        wayOut: 'Set it.',
      },
    ])
  })

  test('the setting that --fix can correct is one', () => {
    const setting = { path: '/h/config.toml', name: 'cli_auth_credentials_store' } as const
    expect(checkShadows(facts([{ ...refuse, setting }]))).toEqual([
      expect.objectContaining({ mend: { kind: 'credentials-store', path: '/h/config.toml' } }),
    ])
  })

  test.each([
    [
      'a warning',
      [{ ...refuse, severity: 'warn' as const, message: 'Something is odd.' }],
      {},
      ['warning Surroundings: Something is odd.'],
    ],
    ['a note', [{ ...refuse, severity: 'note' as const, message: 'A: b.' }], {}, ['ok Surroundings: A: b.', clean]],
    ['a key that Codex ignores', [], { hasApiKey: true }, [clean]],
    [
      'a key without a login',
      [],
      { hasApiKey: true, document: { kind: 'missing' as const } },
      ['warning Surroundings: OPENAI_API_KEY is set, and there is no ChatGPT login.'],
    ],
  ])('%s', (_, hazards, changes, expected) => {
    expect(short(checkShadows(facts(hazards, changes)))).toEqual(expected)
  })
})

describe('auth.json', () => {
  const authFile = '/h/auth.json'
  test.each([
    ['missing', { kind: 'missing' as const }, 'ok /h/auth.json: There is no login on this machine.'],
    ['a login', managed, 'ok /h/auth.json: It holds a ChatGPT login that can be refreshed.'],
    [
      'damaged',
      { kind: 'damaged' as const, problem: 'auth.json: the document is empty', bytes },
      'problem /h/auth.json: The file cannot be used: auth.json: the document is empty.',
    ],
    ['unreadable', { kind: 'unreadable' as const, problem: 'Permission denied.' }, 'problem /h/auth.json: Permission denied.'],
  ])('%s', (_, document, expected) => {
    expect(short(checkDocument({ authFile, document }))).toEqual([expected])
  })

  test.each(Object.entries(unmanagedReasons))('%s is a warning', (why, words) => {
    const document = { kind: 'unmanaged', credential: { kind: 'unmanaged', bytes, why: why as UnmanagedReason } } as const
    expect(short(checkDocument({ authFile, document }))).toEqual([`warning /h/auth.json: The file ${words}.`])
  })
})

describe('modes', () => {
  const folder = (changes: Partial<NonNullable<Rest>> = {}): Rest => ({
    isFolder: true,
    mode: 0o700,
    isOurs: true,
    canWrite: true,
    ...changes,
  })
  const file = (changes: Partial<NonNullable<Rest>> = {}): Rest => ({ ...folder(), isFolder: false, mode: 0o600, ...changes }) as Rest
  const checked = (home: Rest, document: Rest): Finding[] => checkModes({ codexHome: '/h', home, authFile: '/h/auth.json', file: document })

  test.each<[string, Rest, Rest, string[]]>([
    ['no folder yet', undefined, undefined, []],
    ['as Codex makes them', folder(), file(), ['ok /h: Nobody else can read the login.']],
    ['no file', folder(), undefined, ['ok /h: Nobody else can look into it.']],
    ['a file in its place', folder({ isFolder: false }), undefined, ['problem /h: It is no folder.']],
    ['a folder that others read', folder({ mode: 0o755 }), file(), ['warning /h: Others can look into this folder (mode 0755).']],
    ['a folder that others pass', folder({ mode: 0o711 }), file(), ['warning /h: Others can look into this folder (mode 0711).']],
    ['a folder of a group', folder({ mode: 0o770 }), file(), ['problem /h: Others can write to this folder (mode 0770).']],
    ['a folder of everybody', folder({ mode: 0o777 }), file(), ['problem /h: Others can write to this folder (mode 0777).']],
    ['a folder that is read-only', folder({ canWrite: false }), file(), ['problem /h: You cannot write to this folder.']],
    ['a file that others read', folder(), file({ mode: 0o604 }), ['problem /h/auth.json: Others can read or write this file (mode 0604).']],
    [
      'a file that a group reads',
      folder(),
      file({ mode: 0o640 }),
      ['problem /h/auth.json: Others can read or write this file (mode 0640).'],
    ],
    [
      'a file that others write',
      folder(),
      file({ mode: 0o602 }),
      ['problem /h/auth.json: Others can read or write this file (mode 0602).'],
    ],
    ['a file that only its owner reads', folder(), file({ mode: 0o400 }), ['ok /h: Nobody else can read the login.']],
    ["another user's folder", folder({ isOurs: false }), file(), ['warning /h: It belongs to another user.']],
    ["another user's file", folder(), file({ isOurs: false }), ['warning /h/auth.json: It belongs to another user.']],
  ])('%s', (_, home, document, expected) => {
    expect(short(checked(home, document))).toEqual(expected)
  })

  test('can be mended, to what Codex gives them', () => {
    const mends = checked(folder({ mode: 0o775 }), file({ mode: 0o666 })).map((finding) => finding.level !== 'ok' && finding.mend)
    expect(mends).toEqual([
      { kind: 'mode', path: '/h', mode: 0o700 },
      { kind: 'mode', path: '/h/auth.json', mode: 0o600 },
    ])
  })
})

test.each<[string, readonly Partial<Finding>[], number]>([
  ['nothing', [], 0],
  ['all well', [{ level: 'ok' }], 0],
  ['warnings', [{ level: 'ok' }, { level: 'warning' }], 0],
  ['a problem', [{ level: 'warning' }, { level: 'problem' }], 1],
  ['a problem and a login that is needed', [{ level: 'problem' }, { level: 'problem', needsLogin: true }], 3],
])('%s: exit code', (_, findings, code) => {
  expect(exitCodeFor(findings as readonly Finding[])).toBe(code)
})
