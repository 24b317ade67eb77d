import { describe, expect, test } from '@jest/globals'
import { parseVaultAddress } from '../../../src/stores/vault/vault-address.ts'

const address = (text: string): unknown => {
  const parsed = parseVaultAddress(text)
  if (parsed.kind === 'problems') return parsed.problems
  return parsed.address
}
const plain = {
  server: 'https://vault.example.com',
  mount: 'secret',
  path: 'ci/codex',
  namespace: undefined,
  role: undefined,
  auth: 'jwt',
  audience: undefined,
}

test.each<[string, object]>([
  ['https://vault.example.com/secret/ci/codex', plain],
  [' https://vault.example.com/secret/ci/codex/ ', plain],
  ['https://vault.example.com:8200/secret/codex', { ...plain, server: 'https://vault.example.com:8200', path: 'codex' }],
  ['http://127.0.0.1:8200/secret/codex', { ...plain, server: 'http://127.0.0.1:8200', path: 'codex' }],
  ['secret/ci/codex', { ...plain, server: undefined }],
  ['https://vault.example.com/team%2Fkv/ci/codex', { ...plain, mount: 'team/kv' }],
  [
    'https://vault.example.com/secret/ci/codex?role=codex-auth&auth=jwt/github&audience=https%3A%2F%2Fvault.example.com&namespace=admin/team/',
    { ...plain, role: 'codex-auth', auth: 'jwt/github', audience: 'https://vault.example.com', namespace: 'admin/team' },
  ],
  ['https://vault.example.com/secret/codex?role=a&audience=https://b=c', { ...plain, path: 'codex', role: 'a', audience: 'https://b=c' }],
])('understands %s', (text, expected) => {
  expect(address(text)).toEqual(expected)
})

describe('problems', () => {
  const like = 'It must look like https://vault.example.com/mount/path.'
  test.each<[string, string[]]>([
    ['', [like]],
    ['https://vault.example.com', [like]],
    ['https://vault.example.com/secret', [like]],
    ['http://vault.example.com/secret/codex', ['http:// would show the login and the token on the way; use https://.']],
    ['ftp://vault.example.com/secret/codex', ['The server must be https://host or https://host:port.']],
    [
      'https://vault.example.com/v1/secret/data/codex',
      ['Write mount/path as "kv get" takes them, without the /v1/ of the server\'s own addresses.'],
    ],
    ['https://vault.example.com/secret/data/codex', ['Write mount/path as "kv get" takes them: the data/ of the API is added.']],
    ['https://vault.example.com/secret/codex?region=a', ['After the "?" only role=…, auth=…, audience=…, namespace=… are allowed.']],
    ['https://vault.example.com/secret/codex?role=', ['role= has no value.']],
    ['https://vault.example.com/secret/codex?role=a&role=b', ['role= is given twice.']],
    ['https://vault.example.com/secret/codex?role=%zz', ['role= has no value.']],
    ['https://vault.example.com/secret/codex?role=a%0Ab', ['role= has characters that no such value needs.']],
    ['https://vault.example.com/secret/codex?role=a/b', ['role= must be the name of a role.']],
    ['https://vault.example.com/secret/codex?audience=a', ['auth= and audience= are for the login with role=.']],
    ['https://vault.example.com/secret/codex?namespace=a//b', ['namespace= must be a name, or names with / between them.']],
    ['secret/codex?namespace=a', ['namespace= goes with an address in the line; without one, VAULT_ADDR and VAULT_NAMESPACE count.']],
  ])('%s', (text, expected) => {
    expect(address(text)).toEqual(expected)
  })

  test.each(['secret/../sys/raw', 'secret//codex', 'secret/%2e%2e/sys', 'secret/a%2Fb', 'secret/.hidden', 'secret/a b', 'se%0Acret/codex'])(
    'no way out of the mount: %s',
    (text) => {
      expect(address(`https://vault.example.com/${text}`)).toEqual([
        'Mount and path may hold letters, digits and . _ - @ + = : alone, and no part may be empty or begin with a dot.',
      ])
    },
  )

  test.each(['https://hvs.CAESIcanary@vault.example.com/secret/codex', 'https://vault.example.com/secret/codex?token=hvs.CAESIcanary'])(
    'a token in the line is not repeated: %s',
    (text) => {
      const problems = address(text)
      expect(problems).toEqual([expect.any(String)])
      expect(JSON.stringify(problems)).not.toContain('canary')
    },
  )

  test('all are listed', () => {
    expect(address('http://vault.example.com/v1/codex?role=&x=y')).toHaveLength(4)
  })
})
