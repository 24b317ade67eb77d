import { describe, expect, test } from '@jest/globals'
import { isOwnServer, parseGitAddress, type GitTransport } from '../../../src/stores/git/git-address.ts'

const here = { serverUrl: 'https://github.com', repository: 'your-org/your-repo', slot: 'default' }
const github: GitTransport = { kind: 'http', origin: 'https://github.com' }
const slotRef = 'refs/codex-auth/default'

describe('parseGitAddress', () => {
  test.each([
    [undefined, 'https://github.com/your-org/your-repo', slotRef, github],
    ['?ref=refs/heads/codex-auth/default', 'https://github.com/your-org/your-repo', 'refs/heads/codex-auth/default', github],
    ['https://github.com/your-org/logins', 'https://github.com/your-org/logins', slotRef, github],
    [
      'https://host.example:8443/a/b.git?ref=refs/codex-auth/team-1',
      'https://host.example:8443/a/b.git',
      'refs/codex-auth/team-1',
      { kind: 'http', origin: 'https://host.example:8443' },
    ],
    ['http://127.0.0.1:8080/a/b', 'http://127.0.0.1:8080/a/b', slotRef, { kind: 'http', origin: 'http://127.0.0.1:8080' }],
    ['ssh://git@host.example/a/b?ref=refs/heads/x', 'ssh://git@host.example/a/b', 'refs/heads/x', { kind: 'ssh' }],
    ['ssh://git@[::1]:2222/a/b', 'ssh://git@[::1]:2222/a/b', slotRef, { kind: 'ssh' }],
    ['git@host.example:a/b.git', 'git@host.example:a/b.git', slotRef, { kind: 'ssh' }],
    ['file:///srv/logins.git', 'file:///srv/logins.git', slotRef, { kind: 'file' }],
  ])('%s', (text, url, ref, transport) => {
    expect(parseGitAddress(text, here)).toEqual({ kind: 'address', address: { url, ref, transport } })
  })

  test('http:// is taken for the server that GitHub itself is reached at', () => {
    const inside = { ...here, serverUrl: 'http://github.internal.example/' }
    expect(parseGitAddress(undefined, inside)).toMatchObject({ address: { url: 'http://github.internal.example/your-org/your-repo' } })
    expect(parseGitAddress('http://github.internal.example/a/b', inside).kind).toBe('address')
    expect(parseGitAddress('http://other.example/a/b', inside).kind).toBe('problems')
  })

  test.each([
    ['a token', 'https://x-access-token:s3cret@github.com/a/b', /github-token/],
    ['a user name', 'https://s3cret@github.com/a/b', /github-token/],
    ['an ssh password', 'ssh://git:s3cret@host/a/b', /user name or password/],
    ['plain http elsewhere', 'http://host.example/a/b', /https:\/\/ or ssh:\/\//],
    ['a remote helper', 'ext::sh -c touch% /tmp/s3cret', /characters/],
    ['a remote helper without blanks', 'ext::s3cret', /must be/],
    ['a remote helper in a URL', 'https::https://host/a/b', /must be/],
    ['another protocol', 'git://host/a/b', /not one of/],
    ['a scheme git does not know', 'HTTPS://host/a/b', /must be/],
    ['an option', '--upload-pack=s3cret', /characters/],
    ['an option as ssh host', 'ssh://-oProxyCommand=s3cret/a/b', /no host|must be/],
    ['an escaped option as ssh host', 'ssh://%2doProxyCommand=x/a/b', /no host/],
    ['an option as ssh user', 'ssh://-oProxyCommand@host/a/b', /no host/],
    ['an option as scp host', 'git@-oProxyCommand:a/b', /must be/],
    ['a second line', 'https://host/a\nb', /characters/],
    ['a shell substitution', 'ssh://git@host/$(s3cret)', /characters/],
    ['a fragment', 'https://host/a/b#main', /characters/],
    ['a path', '/srv/logins.git', /characters/],
    ['a file on another host', 'file://host/srv/logins.git', /absolute path/],
    ['no repository', 'https://host/', /no repository/],
    ['another parameter', 'https://host/a/b?token=s3cret', /only ref=/],
    ['two questions', 'https://host/a/b?ref=refs/a/b?c', /one "\?"/],
  ])('refuses %s, without repeating it', (_, text, problem) => {
    const parsed = parseGitAddress(text, here)
    const problems = parsed.kind === 'problems' ? parsed.problems.join('\n') : ''
    expect(problems).toMatch(problem)
    expect(problems).not.toContain('s3cret')
  })

  test.each([
    'main',
    'refs/main',
    'refs//x',
    'refs/heads/',
    'refs/heads/a..b',
    'refs/heads/.a',
    'refs/heads/a.lock',
    'refs/heads/a.',
    'refs/heads/-a',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a:refs/heads/main',
    'refs/heads/*',
    'refs/heads/a^{}',
    'refs/heads/a\\b',
    '+refs/heads/a',
    '',
    `refs/heads/${'a'.repeat(200)}`,
  ])('refuses the ref "%s"', (ref) => {
    expect(parseGitAddress(`https://host/a/b?ref=${ref}`, here)).toMatchObject({ kind: 'problems' })
  })

  test('a slot that makes no ref is a problem, not another ref', () => {
    expect(parseGitAddress(undefined, { ...here, slot: 'a:refs/heads/main' }).kind).toBe('problems')
    expect(parseGitAddress(undefined, { ...here, slot: '../heads/main' }).kind).toBe('problems')
  })

  test('this repository must be known when it is meant', () => {
    expect(parseGitAddress(undefined, { ...here, repository: '' })).toMatchObject({
      problems: [expect.stringContaining('GITHUB_REPOSITORY')],
    })
  })

  test.each(['host.example', 'ssh://host.example', 'https://name@host.example', 'https://:s3cret@host.example'])(
    'this repository is not looked for on the server %s',
    (serverUrl) => {
      expect(parseGitAddress(undefined, { ...here, serverUrl })).toMatchObject({
        problems: [expect.stringContaining('GITHUB_SERVER_URL')],
      })
    },
  )

  test('every problem is listed', () => {
    expect(parseGitAddress('http://host.example/a/b?ref=main', here)).toMatchObject({ problems: [expect.any(String), expect.any(String)] })
  })
})

test.each([
  ['https://github.com', true],
  ['https://github.com:8443', false],
  ['http://github.com', false],
  ['https://github.com.example', false],
])('whether %s is the server of a job of https://github.com: %s', (origin, expected) => {
  expect(isOwnServer(origin, 'https://github.com')).toBe(expected)
})
