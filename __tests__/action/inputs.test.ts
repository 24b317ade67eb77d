import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseInputs, type Inputs } from '../../src/action/inputs.ts'
import { parsePostInputs, type PostInputs } from '../../src/action/post-inputs.ts'
import type { Masks } from '../../src/action/runner/masks.ts'
import type { RunContext } from '../../src/action/runner/run-context.ts'
import { storeRunOf } from '../../src/action/store-inputs.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { someIdentity } from '../support/sealing.ts'
import { someRun, someSshKey } from '../support/store-run.ts'

const manifest = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default: string }>
}
const identity = await someIdentity()

const inputs = (given: Record<string, string>): Inputs => parseInputs((name) => ({ store: 'runner', ...given })[name] ?? '', someRun())
const secretStore = 'github-secret: CODEX_AUTH'

/** The problems of the one error, one per line. */
function problems(given: Record<string, string>): string[] {
  try {
    inputs(given)
    return []
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error
    expect([error.code, error.remedy]).toEqual(['invalid-inputs', expect.stringContaining('README')])
    const [first = '', ...lines] = error.message.split('\n- ')
    return lines.length > 0 ? lines : [first]
  }
}

describe('inputs that are not set', () => {
  test('mean what action.yml says, whether the runner fills it in or not', () => {
    const constant = Object.entries(manifest.inputs).filter(([, input]) => !input.default.includes('${{'))
    const defaults: Record<string, string> = Object.fromEntries(constant.map(([name, input]) => [name, input.default]))
    expect(inputs({ ...defaults, store: 'runner' })).toEqual(inputs({}))
    expect(inputs({})).toEqual({
      authJson: undefined,
      stores: [{ kind: 'runner', name: 'runner', directory: '/home/ci/.codex-auth-keeper/default', mustExist: undefined }],
      slot: 'default',
      githubToken: undefined,
      codexHome: undefined,
      expectedAccount: undefined,
      refresh: 'auto',
      refreshWindow: 43_200,
      retryFor: 240,
      writeThrough: 'auto',
      smokeTest: false,
      reseedIssue: false,
      allowPublicRepository: false,
      allowUntrustedEvent: false,
      jobTotal: 1,
      runFacts: {
        visibility: undefined,
        isHidden: false,
        defaultBranch: undefined,
        repositoryId: '',
        pullRequestHead: '',
        workflowRunHead: '',
        workflowRunEvent: '',
      },
    })
  })

  test('are read under the names that action.yml has, each of them', () => {
    const read = new Set<string>()
    const reads = (name: string): string => {
      read.add(name)
      return name === 'store' ? 'runner' : ''
    }
    parseInputs(reads, someRun())
    parsePostInputs(reads, { stores: 'runner', slot: 'default', retryFor: 240 }, someRun())
    expect([...read].sort()).toEqual(Object.keys(manifest.inputs).sort())
  })
})

describe('an input', () => {
  test.each<[string, Record<string, string>, object]>([
    [
      'with blanks around it',
      { slot: ' ci ', 'codex-home': ' /srv/codex\n', 'expected-account': ' abc ' },
      { slot: 'ci', codexHome: '/srv/codex', expectedAccount: 'abc' },
    ],
    [
      'of several lines is kept as it is',
      {
        'auth-json': '{\n}\n',
        store: 'command\nssh: ci@host.example:22/srv/auth.json',
        'read-command': 'a\nb\n',
        'write-command': ' c',
        'ssh-key': someSshKey,
        'ssh-known-hosts': 'h\n',
      },
      {
        authJson: '{\n}\n',
        stores: [
          { kind: 'command', readCommand: 'a\nb\n', writeCommand: ' c' },
          { kind: 'ssh', key: someSshKey, knownHosts: 'h\n' },
        ],
      },
    ],
    [
      'of blanks alone is not set',
      { 'auth-json': ' \n', 'github-token': ' ', 'encryption-key': '\n' },
      { authJson: undefined, githubToken: undefined },
    ],
    [
      'that is true in any case',
      { 'smoke-test': 'TRUE', 'reseed-issue': 'True', 'allow-public-repository': 'true', 'allow-untrusted-event': ' true ' },
      { smokeTest: true, reseedIssue: true, allowPublicRepository: true, allowUntrustedEvent: true },
    ],
    ['write-through', { 'write-through': 'always' }, { writeThrough: 'always' }],
    ['refresh', { refresh: 'never', 'refresh-window': '2d' }, { refresh: 'never', refreshWindow: 172_800 }],
    ['retry-for, by default', {}, { retryFor: 240 }],
    ['retry-for', { 'retry-for': '30s' }, { retryFor: 30 }],
    ['no further try', { 'retry-for': '0' }, { retryFor: 0 }],
    [
      'app-id with its key',
      { store: secretStore, 'app-id': '12', 'app-private-key': 'PEM' },
      {
        stores: [{ auth: { kind: 'app', appId: '12', privateKey: 'PEM', owner: 'your-org', repo: 'your-repo' } }],
      },
    ],
    [
      'secret-writer-token',
      { store: secretStore, 'secret-writer-token': ' github_pat_1\n' },
      { stores: [{ auth: { kind: 'token', token: 'github_pat_1' } }] },
    ],
    [
      'encryption-key',
      { store: 'git', 'encryption-key': `# created\n${identity}\n` },
      { stores: [{ sealing: { keys: [{ kind: 'identity', secret: identity }] } }] },
    ],
    ['job-total', { 'job-total': '3' }, { jobTotal: 3 }],
    ['job-total outside a matrix', { 'job-total': 'null' }, { jobTotal: 1 }],
  ])('%s', (_, given, expected) => {
    expect(inputs(given)).toMatchObject(expected)
  })

  test.each<[string, Record<string, string>, string]>([
    ['no store', { store: '' }, 'store is required'],
    ['an unknown store', { store: 'sftp' }, 'is not one of'],
    ['a truth that is none', { 'smoke-test': 'yes' }, 'smoke-test must be true or false.'],
    ['a refresh that is none', { refresh: 'sometimes' }, 'refresh must be auto, always or never.'],
    ['a write-through that is none', { 'write-through': 'maybe' }, 'write-through must be auto, always or never.'],
    ['a window that is none', { 'refresh-window': '12 hours' }, 'refresh-window must be a time such as 30m, 12h or 2d.'],
    ['a time for further tries that is none', { 'retry-for': 'soon' }, 'retry-for must be a time such as 30m, 12h or 2d.'],
    ['a slot with a slash', { slot: 'a/b' }, 'slot must be letters'],
    ['a slot with two dots', { slot: 'a..b' }, 'slot must be'],
    ['a slot that starts with a dot', { slot: '.a' }, 'slot must be'],
    ['a slot that ends with a dot', { slot: 'a.' }, 'slot must be'],
    ['a slot that ends with .lock', { slot: 'a.lock' }, 'slot must be'],
    ['a slot of 64 characters', { slot: 'a'.repeat(64) }, 'slot must be'],
    ['a slot that no ref can have, of a store in a ref,', { store: 'git', 'encryption-key': identity, slot: 'a..b' }, 'slot must be'],
    ['git without a key', { store: 'git' }, 'encryption-key is needed'],
    ['cache without a key', { store: 'cache' }, 'encryption-key is needed'],
    ['a key that is none', { 'encryption-key': 'short' }, 'encryption-key, line 1'],
    ['command without its commands', { store: 'command', 'read-command': 'cat' }, 'read-command and write-command'],
    ['an app without its key', { 'app-id': '12' }, 'app-id and app-private-key go together'],
    ['a key without its app', { 'app-private-key': 'PEM' }, 'app-id and app-private-key go together'],
    ['github-secret without a token', { store: secretStore }, 'secret-writer-token'],
    ['github-secret with half an app', { store: secretStore, 'app-id': '12' }, 'app-id and app-private-key go together'],
    ['git with a key that is none', { store: 'git\ncache', 'encryption-key': 'short' }, 'encryption-key, line 1'],
    ['ssh without host keys', { store: 'ssh: ci@host.example:22/srv/auth.json', 'ssh-key': someSshKey }, 'ssh-known-hosts is needed'],
    [
      'ssh without a key and an agent',
      { store: 'ssh: ci@host.example:22/srv/auth.json', 'ssh-known-hosts': 'host.example ssh-ed25519 AAAA' },
      'Neither ssh-key nor an ssh agent',
    ],
  ])('%s is a problem', (_, given, problem) => {
    expect(problems(given)).toEqual([expect.stringContaining(problem)])
  })

  test.each(['a', 'A-1_b.c', '0', 'a'.repeat(63)])('the slot %s is fine', (slot) => {
    expect(inputs({ slot }).slot).toBe(slot)
  })
})

describe('all problems', () => {
  test('are listed in one error', () => {
    const found = problems({
      store: 'git\ns3\ncommand',
      slot: 'a/b',
      refresh: 'x',
      'refresh-window': 'y',
      'smoke-test': 'z',
      'allow-public-repository': '1',
      'app-id': '12',
    })
    expect(found).toHaveLength(9)
    for (const name of [
      's3',
      'slot',
      'refresh ',
      'refresh-window',
      'smoke-test',
      'allow-public-repository',
      'encryption-key',
      'read-command',
      'app-id',
    ]) {
      expect(found.filter((problem) => problem.includes(name))).toHaveLength(1)
    }
    expect(problems({ slot: 'a/b', 'encryption-key': 'one\ntwo' })).toHaveLength(3)
  })

  test('never quote the value of an input that can be a secret', () => {
    const secret = 'canary-0123456789-canary'
    const open = ['store', 'slot', 'codex-home', 'expected-account']
    for (const name of Object.keys(manifest.inputs).filter((input) => !open.includes(input))) {
      expect([name, problems({ store: 'git\ncommand', slot: 'a/b', [name]: secret }).join(' ')]).toEqual([
        name,
        expect.not.stringContaining(secret),
      ])
    }
  })
})

describe('post', () => {
  const post = (given: Record<string, string>, stores = 'runner', slot = 'default'): PostInputs =>
    parsePostInputs((name) => given[name] ?? '', { stores, slot, retryFor: 240 }, someRun({ hasNextStage: false }))

  test('takes the stores and the slot from the restore, whatever the inputs say by now', () => {
    expect(post({ store: 'command', slot: '../other', 'job-status': ' cancelled' }, 'runner', 'ci')).toEqual({
      stores: [{ kind: 'runner', name: 'runner', directory: '/home/ci/.codex-auth-keeper/ci', mustExist: undefined }],
      slot: 'ci',
      githubToken: undefined,
      reseedIssue: false,
      jobStatus: 'cancelled',
      retryFor: 90,
    })
  })

  test.each([
    ['success', 240, 240],
    ['failure', 240, 240],
    ['cancelled', 240, 90],
    ['cancelled', 30, 30],
  ])('of a job with the status %s that may try for %i s tries for %i s, whatever the input says by now', (status, retryFor, expected) => {
    const given: Record<string, string> = { 'job-status': status, 'retry-for': '1s' }
    expect(
      parsePostInputs((name) => given[name] ?? '', { stores: 'runner', slot: 'ci', retryFor }, someRun({ hasNextStage: false })),
    ).toMatchObject({
      retryFor: expected,
    })
  })

  test('takes the secrets of the stores as they are now', () => {
    const { githubToken, stores } = post({ 'github-token': 'ghs_a', 'encryption-key': identity }, 'git')
    expect([githubToken, stores]).toEqual([
      'ghs_a',
      [expect.objectContaining({ sealing: expect.objectContaining({ keys: [{ kind: 'identity', secret: identity }] }) as unknown })],
    ])
  })

  test.each<[string, boolean]>([
    ['TRUE', true],
    ['false', false],
    ['maybe', false],
  ])('takes reseed-issue %s for %s', (value, expected) => {
    expect(post({ 'reseed-issue': value }).reseedIssue).toBe(expected)
  })

  test.each<[string, Record<string, string>]>([
    ['an app without its key', { 'app-id': '12' }],
    ['a sealing key that is none', { 'encryption-key': 'short' }],
    ['a refresh that is none', { refresh: 'x', 'refresh-window': 'y', 'smoke-test': 'z' }],
  ])('does not mind %s where no store needs it', (_, given) => {
    expect(() => post(given)).not.toThrow()
  })

  test('says what a store has lost', () => {
    expect(() => post({ 'app-id': '12' }, `git\n${secretStore}`)).toThrow(
      /2 inputs need attention:\n- encryption-key is needed.*\n- app-id and app-private-key go together\./,
    )
  })
})

describe('what the stores know of the run', () => {
  const context: RunContext = {
    ...someRun(),
    eventName: 'push',
    actor: 'someone',
    home: '/changed',
    path: '/bin',
    runAttempt: 1,
    job: 'test',
  }
  const tools = { git: '/usr/bin/git' }
  const masked: string[] = []
  const masks: Masks = { add: (values) => masked.push(...values), clean: (text) => text }
  const environment = { home: '/home/ci', path: '/usr/bin', values: {}, salt: 's', hashes: {} }

  test('is, at restore, all of it but what an earlier stage left', () => {
    const run = storeRunOf(context, { tools, environment }, masks)
    expect({ ...run, onSecret: undefined }).toEqual({
      ...someRun({ tools, env: process.env, userEnv: { HOME: '/home/ci', PATH: '/usr/bin' } }),
      onSecret: undefined,
    })
  })

  test('is, in post, as it was at restore, with what restore left', () => {
    const run = storeRunOf(context, { tools, environment }, masks, { handovers: { git: 1 }, sealedFor: 'identity:1' })
    expect(run).toMatchObject({ home: '/home/ci', hasNextStage: false, sealedFor: 'identity:1', handovers: { git: 1 } })
  })

  test('has a secret that a store gets for itself masked', () => {
    storeRunOf(context, { tools, environment }, masks).onSecret('a token')
    expect(masked).toEqual(['a token'])
  })
})
