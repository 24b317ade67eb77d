import { describe, expect, test } from '@jest/globals'
import { divideEnvironment } from '../../src/cli/environment.ts'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { literal } from '../../src/cli/expressions.ts'
import { inWordsOfTheCommandLine } from '../../src/cli/input-names.ts'
import { refuseSecrets } from '../../src/cli/refuse-secrets.ts'
import { githubServer, repositoryOf } from '../../src/cli/repository.ts'
import { chosenStep, keeperStepsIn } from '../../src/cli/workflow-step.ts'
import { KeeperError } from '../../src/keeper-error.ts'

describe('the environment', () => {
  test('is divided into our secrets and what others may have', () => {
    const env = { PATH: '/bin', CODEX_AUTH_KEY: 'k', CODEX_AUTH_SEED: ' ', CODEX_AUTH_TOKENS: 'misspelt', GONE: undefined }
    expect(divideEnvironment(env)).toEqual({ secrets: { CODEX_AUTH_KEY: 'k' }, shared: { PATH: '/bin' } })
  })
})

describe('a word of the command line', () => {
  test.each([
    [['status', '--store', 'ssh: user@host/home/user/.codex/auth.json']],
    [['status', '--repo', 'your-org/eyJ']],
    [['login', '--secret', 'CODEX_AUTH']],
    [['run', '--', 'deploy', '--token', `ghp_${'a'.repeat(36)}`]],
  ])('that is no secret is let through: %j', (words) => {
    expect(() => {
      refuseSecrets(words)
    }).not.toThrow()
  })

  test.each([
    ['a refresh token', `rt_${'a'.repeat(20)}`],
    ['a JWT', `eyJ${'h'.repeat(20)}.x.y`],
    ['a key of OpenAI', `sk-proj-${'a'.repeat(20)}`],
    ['a token of GitHub', `ghp_${'a'.repeat(36)}`],
    ['a fine-grained one', `github_pat_${'a'.repeat(30)}`],
    ['an age key', `AGE-SECRET-KEY-1${'Q'.repeat(58)}`],
    ['an auth.json', '{"tokens":{"refresh_token":"x"}}'],
  ])('that is %s is refused, wherever it stands, and not repeated', (_, secret) => {
    for (const words of [
      ['status', secret],
      ['status', '--slot', secret],
      ['status', `--store=vault: https://host/${secret}`],
    ]) {
      expect(() => {
        refuseSecrets(words)
      }).toThrow(expect.objectContaining({ code: 'invalid-inputs', message: expect.not.stringContaining(secret) as unknown }))
    }
  })
})

test.each([
  ['invalid-inputs', 2],
  ['no-credential', 3],
  ['needs-reseed', 3],
  ['store-unreachable', 1],
] as const)('%s ends with exit code %i', (code, exit) => {
  expect(exitCodeOf(new KeeperError(code, 'x', 'y'))).toBe(exit)
})

test('what is no error of ours ends with exit code 1', () => {
  expect(exitCodeOf(new Error('x'))).toBe(1)
})

test.each([
  ['encryption-key is needed: x', 'CODEX_AUTH_KEY is needed: x'],
  ['ssh-key and ssh-known-hosts', 'CODEX_AUTH_SSH_KEY and CODEX_AUTH_KNOWN_HOSTS'],
  ['secret-writer-token (or app-id and app-private-key) is needed', 'CODEX_AUTH_TOKEN is needed'],
  ['your-ssh-key-file', 'your-ssh-key-file'],
  ['make it; if there is one, see that the secret has this name and that the event is given secrets.', 'make it.'],
])('"%s" is said in words of the command line', (text, said) => {
  expect(inWordsOfTheCommandLine(text)).toBe(said)
})

describe('the repository of a clone', () => {
  test.each([
    ['https://github.com/your-org/your-repo.git', 'your-org/your-repo'],
    ['https://user@github.com/your-org/your-repo/', 'your-org/your-repo'],
    ['git@github.com:your-org/your-repo.git', 'your-org/your-repo'],
    ['ssh://git@github.com/your-org/your.repo', 'your-org/your.repo'],
    ['ssh://git@ssh.github.com:443/your-org/your-repo.git', 'your-org/your-repo'],
    ['https://example.com/your-org/your-repo', undefined],
    ['git@example.com:your-org/your-repo', undefined],
    ['/srv/git/your-repo.git', undefined],
    ['https://github.com/your-org/..', undefined],
    ['https://github.com/one/two/three', undefined],
  ])('%s is %s', (remote, repository) => {
    expect(repositoryOf(remote, 'https://github.com')).toBe(repository)
  })

  test('is on the GitHub that the environment names', () => {
    expect(githubServer({ GITHUB_SERVER_URL: 'https://github.example.com/' })).toEqual({
      serverUrl: 'https://github.example.com',
      apiUrl: 'https://github.example.com/api/v3',
    })
    expect(githubServer({})).toEqual({ serverUrl: 'https://github.com', apiUrl: 'https://api.github.com' })
  })
})

describe('a workflow', () => {
  const step = (inputs: string): string => `jobs:\n  a:\n    steps:\n      - uses: your-org/codex-auth-keeper@v1\n        with: ${inputs}\n`

  test('gives the stores, the slot and the other inputs of its keeper step', () => {
    const text = step('{ store: "git\\nssh: u@h/p/auth.json", slot: nightly, encryption-key: "${{ secrets.KEY }}", smoke-test: true }')
    expect(keeperStepsIn(text, 'x.yml')).toEqual([
      {
        stores: ['git', 'ssh: u@h/p/auth.json'],
        slot: 'nightly',
        inputs: { store: 'git\nssh: u@h/p/auth.json', slot: 'nightly', 'encryption-key': '${{ secrets.KEY }}', 'smoke-test': 'true' },
      },
    ])
  })

  test('with several logins wants to know which', () => {
    const text =
      'jobs:\n  a:\n    steps:\n' +
      ['one', 'two', 'one'].map((slot) => `      - { uses: ./, with: { store: git, slot: ${slot} } }\n`).join('')
    const steps = keeperStepsIn(text, 'x.yml')
    expect(chosenStep(steps, 'two', 'x.yml').slot).toBe('two')
    expect(() => chosenStep(steps, undefined, 'x.yml')).toThrow('in 2 ways')
    expect(() => chosenStep(steps, 'three', 'x.yml')).toThrow('no step')
  })

  test.each([['a: ['], ['[]'], ['on: push']])('that is none is refused: %s', (text) => {
    expect(() => keeperStepsIn(text, 'x.yml')).toThrow(expect.objectContaining({ code: 'invalid-inputs' }))
  })

  test('an expression is filled in where it names the repository, and unknown where it names anything else', () => {
    expect(literal('git: https://h/${{ github.repository }}', 'your-org/r')).toBe('git: https://h/your-org/r')
    expect(literal('ssh: ${{ vars.HOST }}', 'your-org/r')).toBeUndefined()
  })
})
