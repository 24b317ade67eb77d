import { expect, test } from '@jest/globals'
import { secretValues } from '../../src/credential/secret-values.ts'
import { secretsIn, type GivenSecrets } from '../../src/keeper/given-secrets.ts'
import { managedLogin } from '../support/codex-login.ts'

const login = managedLogin()
const nothing: GivenSecrets = { keyFiles: [undefined], tokens: [undefined] }
const lines =
  Buffer.from(login.text)
    .toString('base64')
    .match(/.{1,76}/g) ?? []

test.each<[string, Partial<GivenSecrets>, readonly string[]]>([
  ['nothing: nothing', {}, []],
  ['an empty seed: nothing', { authJson: ' \n' }, []],
  ['a seed as it is: its tokens, and not its lines', { authJson: `\n${login.text}` }, secretValues(login.text)],
  [
    'a seed in base64: its tokens, and each line of the base64',
    { authJson: lines.map((line) => `  ${line}`).join('\n') },
    [...secretValues(login.text), ...lines],
  ],
  ['a seed that was cut: what looks like a token', { authJson: login.text.slice(0, -2) }, secretValues(login.text.slice(0, -2))],
  [
    'a seed that is a bare token: that token',
    { authJson: 'rt_0123456789.abcdefghij' },
    ['rt_0123456789.abcdefghij', 'rt_0123456789', 'abcdefghij'],
  ],
  [
    'keys: each of them, and no comment',
    { encryptionKey: '# created by age-keygen\n first-key-0123456789 \nsecond-key-0123456789\n' },
    ['first-key-0123456789', 'second-key-0123456789'],
  ],
  [
    'a file of a key: each of its lines, and not those that say what it is',
    { keyFiles: ['-----BEGIN KEY-----\n  b3BlbnNzaC1r\nAAAAG5vbmUtb\n-----END KEY-----\n', undefined, 'one-more-line'] },
    ['b3BlbnNzaC1r', 'AAAAG5vbmUtb', 'one-more-line'],
  ],
  [
    'tokens: each of them, without the blanks around it',
    { tokens: [' ghs_0123456789 \n', undefined, '', 'hunter_2'] },
    ['ghs_0123456789', 'hunter_2'],
  ],
  ['what is too short to be a secret: nothing', { encryptionKey: 'seven77', tokens: ['true', 'seven77'] }, []],
])('is masked of %s', (_, given, expected) => {
  expect(secretsIn({ ...nothing, ...given })).toEqual(expected)
})
