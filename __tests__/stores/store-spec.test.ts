import { describe, expect, test } from '@jest/globals'
import { parseStores, storeForms } from '../../src/stores/store-spec.ts'

describe('the store input', () => {
  test('is one store per line, in their order; blanks, blank lines and CRLF do not count', () => {
    expect(parseStores('  runner \r\n\n\tgit\ncache\n')).toEqual({
      problems: [],
      specs: [
        { kind: 'runner', line: 'runner', path: undefined },
        { kind: 'git', line: 'git', address: undefined },
        { kind: 'cache', line: 'cache' },
      ],
    })
  })

  test.each([
    ['runner: /var/lib/codex', { kind: 'runner', path: '/var/lib/codex' }],
    ['runner:/var/lib/codex', { kind: 'runner', path: '/var/lib/codex' }],
    ['runner: /with blanks/in it', { kind: 'runner', path: '/with blanks/in it' }],
    ['runner:', { kind: 'runner', path: undefined }],
    [
      'git: https://github.com/your-org/logins?ref=refs/codex-auth/ci',
      { kind: 'git', address: 'https://github.com/your-org/logins?ref=refs/codex-auth/ci' },
    ],
    ['command', { kind: 'command' }],
    ['ssh: ci@host.example:2222/srv/auth.json', { kind: 'ssh' }],
    ['github-secret: CODEX_AUTH?environment=prod', { kind: 'github-secret' }],
  ])('%s', (line, spec) => {
    expect(parseStores(line)).toMatchObject({ problems: [], specs: [{ ...spec, line }] })
  })

  test.each([
    ['runner: relative/path', 'needs an absolute path'],
    ['cache: x', 'takes nothing after it'],
    ['command: cat', 'takes nothing after it'],
    ['github-secret', 'store: github-secret: '],
    ['ssh', 'store: ssh: '],
    ['ssh: no-path', 'store: ssh: '],
    ['s3: bucket', 'is not one of runner | '],
    ['Runner', 'is not one of'],
    ['runner git', 'is not one of'],
    ['runner\nrunner', 'is listed twice'],
    ['github-secret: ONE\ngithub-secret: TWO', 'only one github-secret line'],
  ])('%j is refused', (input, problem) => {
    expect(parseStores(input).problems).toEqual([expect.stringContaining(problem)])
  })

  test('has a problem per wrong line, and the good ones are read all the same', () => {
    const { specs, problems } = parseStores('runner\ns3\ncache: x\ngit')
    expect(specs.map(({ kind }) => kind)).toEqual(['runner', 'git'])
    expect(problems).toHaveLength(2)
  })

  test.each(['', ' \n '])('is required, and %j lists the choices with one line each', (input) => {
    const {
      specs,
      problems: [problem, ...others],
    } = parseStores(input)
    expect([specs, others]).toEqual([[], []])
    expect(problem?.split('\n').slice(1)).toEqual(storeForms.map((form) => `  ${form}`))
  })

  test('every form that is listed is understood, and every kind is listed', () => {
    const kinds = storeForms.map((form) => {
      const line =
        form
          .split(/\s{2,}/, 1)[0]
          ?.replace('refs/…', 'refs/codex-auth/ci')
          .replace(':port', ':22') ?? ''
      const { specs, problems } = parseStores(line)
      expect(problems).toEqual([])
      return specs[0]?.kind
    })
    expect(new Set(kinds)).toEqual(new Set(['runner', 'git', 'cache', 'github-secret', 'ssh', 'command']))
  })
})
