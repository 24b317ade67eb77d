import { describe, expect, test } from '@jest/globals'
import { parseSshAddress } from '../../../src/stores/ssh/ssh-address.ts'

describe('the address of an ssh store', () => {
  test.each([
    ['codex@host.example:2222/srv/codex/auth.json', { user: 'codex', host: 'host.example', port: 2222, path: '/srv/codex/auth.json' }],
    ['codex@host/auth.json', { user: 'codex', host: 'host', port: 22, path: '/auth.json' }],
    ['  a.b-c_d@10.0.0.7:22/~/.codex/auth.json\n', { user: 'a.b-c_d', host: '10.0.0.7', port: 22, path: '/~/.codex/auth.json' }],
    ['codex@[::1]:2222/auth.json', { user: 'codex', host: '::1', port: 2222, path: '/auth.json' }],
    ['codex@[fe80::1%eth0]/a/auth.json', { user: 'codex', host: 'fe80::1%eth0', port: 22, path: '/a/auth.json' }],
    [
      'codex@host:22/with@sign/a:b,c=d+e%20/auth.json',
      { user: 'codex', host: 'host', port: 22, path: '/with@sign/a:b,c=d+e%20/auth.json' },
    ],
  ])('%j is understood', (text, address) => {
    expect(parseSshAddress(text)).toEqual({ kind: 'address', address })
  })

  test.each([
    ['', /must look like/],
    ['host/path', /must look like/],
    ['codex@host', /must look like/],
    ['codex@host:22', /must look like/],
    ['codex@::1/auth.json', /IPv6 in brackets/],
    ['-oProxyCommand=evil@host/auth.json', /user name/],
    ['@host/auth.json', /user name/],
    ['a b@host/auth.json', /user name/],
    ['codex@-oProxyCommand=evil/auth.json', /host must/],
    ['codex@/auth.json', /host must/],
    ['codex@ho st/auth.json', /host must/],
    ['codex@ho$(x)st/auth.json', /host must/],
    ['codex@[-oX]/auth.json', /IPv6/],
    ['codex@[host]/auth.json', /IPv6/],
    ['codex@host:/auth.json', /port/],
    ['codex@host:0/auth.json', /port/],
    ['codex@host:65536/auth.json', /port/],
    ['codex@host:-1/auth.json', /port/],
    ['codex@host:22 -oX/auth.json', /port/],
    ['codex@host/', /name of a file/],
    ['codex@host/dir/.', /name of a file/],
    ['codex@host/dir/..', /name of a file/],
    ['codex@host/a/../auth.json', /go up/],
    ['codex@host/a b/auth.json', /path may hold/],
    ['codex@host/a\nb/auth.json', /path may hold/],
    ['codex@host/a\u0000b', /path may hold/],
    ["codex@host/a'b", /path may hold/],
    ['codex@host/a"b', /path may hold/],
    ['codex@host/$(evil)', /path may hold/],
    ['codex@host/a`b`', /path may hold/],
    ['codex@host/a;b', /path may hold/],
    ['codex@host/a\\b', /path may hold/],
    ['codex@host/a*', /path may hold/],
  ])('%j is refused', (text, problem) => {
    const parsed = parseSshAddress(text)
    expect(parsed.kind === 'problems' && parsed.problems.join(' ')).toMatch(problem)
  })

  test('all problems are told at once', () => {
    const parsed = parseSshAddress('-u@-h:0/a b/')
    expect(parsed.kind === 'problems' && parsed.problems).toHaveLength(5)
  })
})
