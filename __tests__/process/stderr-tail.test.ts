import { describe, expect, test } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { stderrTail } from '../../src/process/stderr-tail.ts'
import { managedLogin } from '../support/codex-login.ts'
import { findLeaks } from '../support/leak-search.ts'

const login = managedLogin()
const { refresh_token: refreshToken, access_token: accessToken, id_token: idToken } = login.tokens
const hex = Buffer.from(login.text).toString('hex')

function inLines(text: string, width: number, before = ''): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => before + line).join('\n')
}

describe('of a login nothing is shown', () => {
  test.each<[string, string]>([
    ['whole', login.text],
    ['hex', inLines(hex, 60)],
    ['hex in lines as long as a digest', inLines(hex, 64)],
    ['hex of 32 bytes of a token', Buffer.from(refreshToken.slice(0, 32)).toString('hex')],
    ['hex in capitals', hex.slice(0, 250).toUpperCase()],
    ['a token in lines of 30', inLines(accessToken, 30)],
    ['a token in lines of 8', inLines(refreshToken, 8)],
    ['a token in lines of 20, with blanks before them', inLines(accessToken, 20, '    ')],
    ['a token that begins behind words', `error: cannot parse ${refreshToken.slice(0, 12)}\n${refreshToken.slice(12)} at line 3`],
    ['the beginning of a token', `token ${refreshToken.slice(0, 24)} is refused`],
    ['a piece of a token', `token ${idToken.slice(200, 230)} is refused`],
    ['base64 that begins with a slash', `/${Buffer.from(login.text).toString('base64').slice(40, 100)}`],
    ['percent-encoded', `body=${encodeURIComponent(JSON.stringify({ a: refreshToken }))}`],
    ['groups of hex', hex.slice(0, 480).replace(/(.{4})/g, '$1 ')],
    ['letter by letter', Array.from(refreshToken).join(' ')],
  ])('%s', (_, said) => {
    for (const stderr of [said, `before\n${said}\n`, `${said}\nafter\n`]) {
      expect(findLeaks([refreshToken, accessToken, idToken], [{ name: 'tail', content: stderrTail(stderr) }])).toEqual([])
    }
  })

  test('whatever piece of random letters it is', () => {
    for (let round = 0; round < 2_000; round += 1) {
      const token = randomBytes(24).toString('base64url')
      expect(stderrTail(`no ${token} here`)).toBe('no *** here')
    }
  })

  test('a long line is left out whole', () => {
    expect(stderrTail(`short\n${'a word '.repeat(100)}\nend\n`)).toBe('short | (a long line) | end')
  })
})

describe('what a person needs is shown', () => {
  const digest = createHash('sha256').update('x').digest('hex')
  test.each([
    'cat: /var/lib/codex/your-repo/auth.json: No such file or directory',
    'curl: (6) Could not resolve host: secrets-manager.eu-central-1.your-org.example.com',
    'An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: not there',
    'codex-auth-store: may not write in /var/lib/codex-auth-keeper/default',
    'ssh: connect to host keeper.example.com port 2222: Connection refused',
    'error: the server https://vault.example.com:8200/v1/secret/data/codex answered 503 Service Unavailable',
    '2026-11-20T21:14:00.123Z WARN retrying in 3 s, attempt 2 of 5',
    `expected checksum ${digest}`,
    'Permission denied (publickey,keyboard-interactive).',
    'bash: line 1: kubectl: command not found',
  ])('%s', (line) => {
    expect(stderrTail(`${line}\n`)).toBe(line)
    expect(stderrTail(`first\n${line}\nlast\n`)).toBe(`first | ${line} | last`)
  })

  test('without the blanks around a line, and without lines of blanks', () => {
    expect(stderrTail('  a word\n   \n\tand another  \n')).toBe('a word | and another')
  })

  test('its last five lines, without colours', () => {
    expect(stderrTail('\n1 a\n2 a\n3 a\n4 a\n\n5 a\n\u001b[31m6 a\u001b[0m\r\n')).toBe('2 a | 3 a | 4 a | 5 a | 6 a')
  })
})

test('a hostile text costs no time', () => {
  for (const text of ['word\n', '\n', 'ab ', 'ab12 : ', '- ', `${'a'.repeat(40)}\n`]) stderrTail(`${text.repeat(200_000)}!`)
})
