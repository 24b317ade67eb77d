import { describe, expect, test } from '@jest/globals'
import { judgeStores, storeForms } from '../../src/stores/store-settings.ts'
import type { StoreInputs, StoreRun } from '../../src/stores/store-line.ts'
import { someRun, someSshKey, someStoreInputs } from '../support/store-run.ts'

const judge = (text: string, given: Partial<StoreInputs> = {}, run: Partial<StoreRun> = {}): ReturnType<typeof judgeStores> =>
  judgeStores(text, someStoreInputs(given), someRun(run))
const problemsOf = (text: string, given?: Partial<StoreInputs>, run?: Partial<StoreRun>): string[] => judge(text, given, run).problems
const known = 'host.example ssh-ed25519 AAAA'
const access = { kind: 'http', token: 'ghs_job', tokenInput: 'github-token' } as const
const github = { kind: 'http', origin: 'https://github.com' } as const
const slotRef = 'refs/codex-auth/default'

describe('the store input', () => {
  test('is one store per line, in their order; blanks, blank lines and CRLF do not count', () => {
    const { stores, problems } = judge('  runner \r\n\n\tgit\ncache\n')
    expect(problems).toEqual([])
    expect(stores.map(({ kind, name }) => [kind, name])).toEqual([
      ['runner', 'runner'],
      ['git', 'git'],
      ['cache', 'cache'],
    ])
  })

  test.each([
    ['runner: relative/path', 'needs an absolute path'],
    ['cache: x', 'takes nothing after it'],
    ['command: cat', 'takes nothing after it'],
    ['github-secret', 'store: github-secret: '],
    ['ssh', 'store: ssh: '],
    ['ssh: no-path', 'store: ssh: '],
    ['vault', 'store: vault: '],
    ['git: http://host.example/a/b', 'store: git: '],
    ['s3: bucket', 'store: s3: '],
    ['s4: bucket/key', 'is not one of runner | '],
    ['Runner', 'is not one of'],
    ['runner git', 'is not one of'],
    ['constructor', 'is not one of'],
    ['runner\nrunner', 'is listed twice'],
    ['github-secret: ONE\ngithub-secret: TWO', 'only one github-secret line'],
  ])('%j is refused', (input, problem) => {
    expect(problemsOf(input)).toEqual([expect.stringContaining(problem)])
  })

  test('has a problem per wrong line, and the good ones are read all the same', () => {
    const { stores, problems } = judge('runner\ns3\ncache: x\ngit')
    expect(stores.map(({ kind }) => kind)).toEqual(['runner', 'git'])
    expect(problems).toHaveLength(2)
  })

  test.each(['', ' \n '])('is required, and %j lists the choices with one line each', (input) => {
    const {
      stores,
      problems: [problem, ...others],
    } = judge(input)
    expect([stores, others]).toEqual([[], []])
    expect(problem?.split('\n').slice(1)).toEqual(storeForms.map((form) => `  ${form}`))
  })

  test('every form that is listed is understood, and every kind is listed', () => {
    const kinds = storeForms.map((form) => {
      const line =
        form
          .split(/\s{2,}/, 1)[0]
          ?.replace('refs/…', 'refs/codex-auth/ci')
          .replace(':port', ':22')
          .replace('=ARN', '=arn:aws:iam::123456789012:role/codex-auth')
          .replace('=NAME', '=name') ?? ''
      const { stores, problems } = judge(line, { storeToken: 'other' })
      expect(problems).toEqual([])
      return stores[0]?.kind
    })
    expect(new Set(kinds)).toEqual(new Set(['runner', 'git', 'cache', 'github-secret', 'ssh', 'kubernetes', 'vault', 's3', 'command']))
  })
})

describe('a line is judged to all that its backend takes', () => {
  test('a prove-command of blanks is none: to bash it would be one that succeeds', () => {
    expect(judge('command', { proveCommand: ' \n' }).stores[0]).not.toHaveProperty('proveCommand')
  })

  const keys = [{ kind: 'passphrase', secret: 'p'.repeat(32) }]
  test.each<[string, object, Partial<StoreInputs>?, Partial<StoreRun>?]>([
    ['runner', { kind: 'runner', directory: '/home/ci/.codex-auth-keeper/default', mustExist: undefined }],
    ['runner:', { kind: 'runner', directory: '/home/ci/.codex-auth-keeper/default', mustExist: undefined }],
    ['runner: /var/lib/codex', { kind: 'runner', directory: '/var/lib/codex/ci', mustExist: '/var/lib/codex' }, { slot: 'ci' }],
    ['runner:/var/lib/codex', { kind: 'runner', directory: '/var/lib/codex/default', mustExist: '/var/lib/codex' }],
    ['runner: /with blanks/in it', { kind: 'runner', directory: '/with blanks/in it/default', mustExist: '/with blanks/in it' }],
    [
      'git',
      {
        kind: 'git',
        address: {
          url: 'https://ghe.example/your-org/your-repo',
          ref: 'refs/codex-auth/ci',
          transport: { kind: 'http', origin: 'https://ghe.example' },
        },
        access,
        slot: 'ci',
        git: '/usr/bin/git',
        tempDir: '/temp',
        networkEnv: { HTTPS_PROXY: 'http://proxy.example', SSH_AUTH_SOCK: '/agent' },
        pack: { file: expect.stringMatching(/^\/temp\/codex-auth-[0-9a-f]{16}\.pack$/) as unknown, forNextStage: true },
        sealing: { keys, place: 'git slot=ci ref=refs/codex-auth/ci' },
      },
      { slot: 'ci' },
      {
        serverUrl: 'https://ghe.example',
        tempDirectory: '/temp',
        userEnv: { HTTPS_PROXY: 'http://proxy.example', SSH_AUTH_SOCK: '/agent', FOO: 'bar' },
      },
    ],
    [
      'git: https://github.com/your-org/logins?ref=refs/codex-auth/ci',
      { kind: 'git', address: { url: 'https://github.com/your-org/logins', ref: 'refs/codex-auth/ci', transport: github }, access },
    ],
    [
      'git: https://git.example/your-org/logins',
      {
        kind: 'git',
        access: { kind: 'http', token: 'other', tokenInput: 'store-token' },
      },
      { storeToken: 'other' },
    ],
    ['git', { kind: 'git', access }, { storeToken: 'other' }],
    ['git: http://127.0.0.1:80/a/b', { kind: 'git', access: { kind: 'http', token: undefined, tokenInput: 'store-token' } }],
    [
      'git: git@host.example:a/b',
      {
        kind: 'git',
        address: { url: 'git@host.example:a/b', ref: slotRef, transport: { kind: 'ssh' } },
        access: { kind: 'ssh', ssh: { path: '/usr/bin/ssh', key: someSshKey, knownHosts: known } },
      },
    ],
    ['git: file:///srv/logins.git', { kind: 'git', access: { kind: 'file' } }],
    // The same place under another address, as after a rename.
    ['git: https://github.com/your-org/renamed', { kind: 'git', sealing: { keys, place: `git slot=default ref=${slotRef}` } }],
    ['git: ?ref=refs/heads/logins', { kind: 'git', sealing: { keys, place: 'git slot=default ref=refs/heads/logins' } }],
    [
      'cache',
      {
        kind: 'cache',
        slot: 'default',
        ref: 'refs/heads/main',
        tempDir: '/tmp',
        env: { A: 'b' },
        sealing: { keys, place: 'cache slot=default' },
      },
      {},
      { env: { A: 'b' } },
    ],
    [
      'command',
      {
        kind: 'command',
        slot: 'default',
        readCommand: 'cat file',
        writeCommand: 'cat >file',
        proveCommand: 'test -w file',
        bash: '/bin/bash',
        env: { A: 'b' },
        tempDirectory: '/tmp',
      },
      {},
      { userEnv: { A: 'b' } },
    ],
    ['command', { kind: 'command', readCommand: 'cat /home/ci/work/x' }, { readCommand: 'cat /home/ci/work/x' }, { hasNextStage: false }],
    [
      'kubernetes: codex/codex-auth',
      { kind: 'kubernetes', address: { namespace: 'codex', name: 'codex-auth' }, cluster: { host: '10.96.0.1', port: 443 } },
      {},
      { userEnv: { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' } },
    ],
    [
      'kubernetes: codex/codex-auth',
      { kind: 'kubernetes', cluster: { host: 'fd00::1', port: 6443 } },
      {},
      { userEnv: { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' } },
    ],
    ['kubernetes: codex/codex-auth', { kind: 'kubernetes', cluster: undefined }, {}, { userEnv: { KUBERNETES_SERVICE_HOST: '10.96.0.1' } }],
    [
      'kubernetes: codex/codex-auth',
      { kind: 'kubernetes', cluster: undefined },
      {},
      { userEnv: { KUBERNETES_SERVICE_HOST: 'a/b', KUBERNETES_SERVICE_PORT: '443' } },
    ],
    [
      'ssh: ci@host.example:2222/srv/auth.json',
      {
        kind: 'ssh',
        address: { user: 'ci', host: 'host.example', port: 2222, path: '/srv/auth.json' },
        key: someSshKey,
        knownHosts: known,
        ssh: '/usr/bin/ssh',
        tempDir: '/tmp',
      },
    ],
    [
      'vault: https://vault.example.com/secret/codex?role=ci',
      {
        kind: 'vault',
        address: { server: 'https://vault.example.com', mount: 'secret', path: 'codex', role: 'ci' },
        variables: { values: { VAULT_TOKEN: 'hvs.a', HTTPS_PROXY: 'http://proxy.example' }, lost: ['VAULT_CACERT'] },
        idTokenRight: { url: 'https://tokens.example', token: 'b' },
      },
      {},
      {
        userEnv: { VAULT_TOKEN: 'hvs.a', HTTPS_PROXY: 'http://proxy.example', FOO: 'bar' },
        lostVariables: ['BAR', 'VAULT_CACERT'],
        env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://tokens.example', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b' },
      },
    ],
    [
      's3: your-bucket/codex/auth.json?region=eu-central-1',
      {
        kind: 's3',
        address: { bucket: 'your-bucket', key: 'codex/auth.json', region: 'eu-central-1' },
        variables: { values: { AWS_ACCESS_KEY_ID: 'AKIA', NO_PROXY: 'a' }, lost: ['AWS_REGION'] },
        idTokenRight: undefined,
        sessionName: 'codex-auth-keeper-7',
        handover: { conditional: true },
        sealing: { keys, place: 's3 slot=default bucket=your-bucket key=codex/auth.json' },
      },
      {},
      {
        userEnv: { AWS_ACCESS_KEY_ID: 'AKIA', NO_PROXY: 'a', FOO: 'bar' },
        lostVariables: ['AWS_REGION', 'VAULT_TOKEN'],
        env: { GITHUB_RUN_ID: '7' },
        handovers: { 's3: your-bucket/codex/auth.json?region=eu-central-1': { conditional: true } },
      },
    ],
    [
      's3: your-bucket/auth.json?endpoint=https://s3.example.com',
      { kind: 's3', sessionName: 'codex-auth-keeper', handover: undefined },
      { encryptionKey: undefined },
      { env: { GITHUB_RUN_ID: 'not a number' } },
    ],
    ['vault: secret/codex', { kind: 'vault', variables: { values: {}, lost: [] }, idTokenRight: undefined }],
    ['ssh: ci@host.example:2222/srv/auth.json', { kind: 'ssh', key: `\n ${someSshKey}` }, { sshKey: `\n ${someSshKey}` }],
    [
      'ssh: ci@host.example:2222/srv/auth.json',
      { kind: 'ssh', agentSocket: '/agent' },
      { sshKey: undefined },
      { userEnv: { SSH_AUTH_SOCK: '/agent' } },
    ],
    [
      'github-secret: CODEX_AUTH?environment=prod',
      {
        kind: 'github-secret',
        secret: { secret: 'CODEX_AUTH', environment: 'prod', variable: 'CODEX_AUTH_FINGERPRINT' },
        repository: { owner: 'your-org', repo: 'your-repo' },
        currentValue: '{}',
        apiUrl: 'https://api.github.com',
        auth: { kind: 'token', token: 'github_pat_1' },
        handover: { fingerprint: 'f' },
      },
      {},
      { handovers: { 'github-secret: CODEX_AUTH?environment=prod': { fingerprint: 'f' } } },
    ],
    [
      'github-secret: CODEX_AUTH',
      { kind: 'github-secret', auth: { kind: 'app', appId: '12', privateKey: 'PEM', owner: 'your-org', repo: 'your-repo' } },
      { secretWriter: { kind: 'settings', settings: { kind: 'app', appId: '12', privateKey: 'PEM' } } },
    ],
  ])('%s', (line, settings, given = {}, run = {}) => {
    expect(judge(line, given, run)).toMatchObject({ problems: [], stores: [{ ...settings, name: line }] })
  })
})

describe('s3 is sealed where restore had a key for it', () => {
  const line = 's3: your-bucket/auth.json?region=eu-central-1'
  const digest = 'd'.repeat(64)
  const sealingIn = (given: Partial<StoreInputs>, run: Partial<StoreRun>): unknown => {
    const { problems, stores } = judge(line, given, run)
    expect(problems).toEqual([])
    return stores.map((store) => ('sealing' in store ? (store.sealing.keys === undefined ? 'without its key' : 'sealed') : 'plain'))
  }

  test.each<[string, Partial<StoreInputs>, Partial<StoreRun>]>([
    ['sealed', {}, {}],
    ['plain', { encryptionKey: undefined }, {}],
    ['without its key', { encryptionKey: undefined }, { hasNextStage: false, sealedFor: digest }],
    ['without its key', {}, { hasNextStage: false, sealedFor: digest }],
    // A step that brings a key of its own must not have the login sealed for it.
    ['plain', {}, { hasNextStage: false }],
  ])('%s, with %j in a stage %j', (expected, given, run) => {
    expect(sealingIn(given, run)).toEqual([expected])
  })
})

describe('what a store needs and does not have is told at once', () => {
  const bare: Partial<StoreInputs> = {
    secretWriter: undefined,
    readCommand: undefined,
    writeCommand: undefined,
    sshKey: undefined,
    sshKnownHosts: undefined,
  }
  const ssh = 'ssh: ci@host.example:2222/srv/auth.json'
  const git = 'git: ssh://git@host.example:2222/a/b'

  test.each<[string, string, string[], Partial<StoreInputs>?, Partial<StoreRun>?]>([
    ['no sealing key', 'git', ['encryption-key is needed'], { encryptionKey: undefined }],
    ['no sealing key for two stores', 'git\ncache', ['encryption-key is needed'], { encryptionKey: undefined }],
    ['a wrong sealing key', 'cache', ['line 1'], { encryptionKey: { kind: 'problems', problems: ['encryption-key, line 1: wrong'] } }],
    [
      'a wrong sealing key for s3',
      's3: your-bucket/a',
      ['line 1'],
      { encryptionKey: { kind: 'problems', problems: ['encryption-key, line 1: wrong'] } },
    ],
    ['no git', 'git', ['"git" needs git, and there is none in PATH'], {}, { tools: {} }],
    ['a Secret without a namespace', 'kubernetes: codex-auth', ['the form is kubernetes: namespace/secret-name']],
    ['no token of another server', 'git: https://git.example/a/b', ['Give a token of https://git.example as store-token']],
    [
      "the job's token for another server",
      'git: https://git.example/a/b',
      ['store-token is the same as github-token'],
      { storeToken: 'ghs_job' },
    ],
    [
      'one token for two servers',
      'git: https://git.example/a/b\ngit: https://other.example/a/b\ngit',
      ['git stores on https://git.example and https://other.example'],
      { storeToken: 'other' },
    ],
    ['no bash', 'command', ['needs bash'], {}, { tools: {} }],
    ['one command of two', 'command', ['read-command and write-command'], { writeCommand: undefined }],
    [
      'a command of the workspace',
      'command',
      ['must name nothing in the workspace (/home/ci/work/x)'],
      { readCommand: 'cat /home/ci/work/x' },
    ],
    [
      'a proof of the workspace',
      'command',
      ['must name nothing in the workspace (/home/ci/work/x)'],
      { proveCommand: 'test -w /home/ci/work/x' },
    ],
    ['a command of blanks', 'command', ['read-command and write-command'], { readCommand: ' \n' }],
    ['no writer', 'github-secret: CODEX_AUTH', ['secret-writer-token'], { secretWriter: undefined }],
    ['half an app', 'github-secret: CODEX_AUTH', ['together'], { secretWriter: { kind: 'problems', problems: ['They go together.'] } }],
    ['no ssh', ssh, ['needs ssh'], {}, { tools: {} }],
    ['nothing for ssh', ssh, ['Neither ssh-key nor an ssh agent', 'ssh-keyscan -p 2222 host.example', 'needs ssh'], bare, { tools: {} }],
    ['no host keys', ssh, ['ssh-known-hosts is needed'], { sshKnownHosts: undefined }],
    ['what is not a private key', ssh, ['BEGIN line'], { sshKey: 'ssh-ed25519 AAAA keycanary' }],
    [
      'nothing for git over ssh',
      git,
      ['needs ssh', 'Neither ssh-key nor', 'ssh-keyscan -p 2222 host.example'],
      bare,
      { tools: { git: '/git' } },
    ],
    ['no host keys for git over ssh', 'git: git@host.example:a/b', ['ssh-keyscan -p 22 host.example"'], { sshKnownHosts: undefined }],
    ['no host keys for an IPv6 address', 'git: ssh://git@[::1]/a/b', ['ssh-keyscan -p 22 ::1"'], { sshKnownHosts: undefined }],
    [
      'a machine that forgets',
      'runner',
      ['cannot keep anything here: a GitHub-hosted runner'],
      {},
      { env: { RUNNER_ENVIRONMENT: 'github-hosted' } },
    ],
    ['no server', 'git', ['this repository is not known'], {}, { serverUrl: '' }],
  ])('%s', (_, text, expected, given = {}, run = {}) => {
    const problems = problemsOf(text, given, run)
    expect(problems).toEqual(expected.map((problem) => expect.stringContaining(problem)))
    expect(problems.join(' ')).not.toContain('keycanary')
  })

  test('of all stores together', () => {
    const text = `git\ncache\ncommand\ngithub-secret: CODEX_AUTH\n${ssh}`
    expect(problemsOf(text, { ...bare, encryptionKey: undefined }, { tools: {} })).toHaveLength(8)
  })
})
