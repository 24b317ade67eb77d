import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AuthJsonError, parseAuthJson } from '../../src/credential/auth-json.ts'
import { seedBytes } from '../../src/credential/seed.ts'
import { managedLogin } from '../support/codex-login.ts'

const login = managedLogin({ email: 'jörg?>~@example.com' })
const compact = JSON.stringify(JSON.parse(login.text))
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const wrapped = (text: string, end = '\n'): string => text.replace(/.{76}/g, `$&${end}`)
const text = (seed: string): string => Buffer.from(seedBytes(seed)).toString('utf8')

describe('a seed as people paste it', () => {
  test.each([
    ['pretty', login.text, login.text],
    ['compact', compact, compact],
    ['with a byte order mark', `\uFEFF${login.text}`, login.text],
    ['with blanks and newlines around it', `\n\t ${login.text} \r\n\n`, login.text],
    ['with a byte order mark after a blank', ` \uFEFF ${compact}`, compact],
    ['with CRLF', login.text.replaceAll('\n', '\r\n'), login.text.replaceAll('\n', '\r\n')],
    ['base64', base64(login.text), login.text],
    ['base64 without padding', base64(compact).replace(/=+$/, ''), compact],
    ['base64, wrapped at 76 with a final newline', `${wrapped(base64(login.text))}\n`, login.text],
    ['base64, wrapped with CRLF', wrapped(base64(login.text), '\r\n'), login.text],
    ['base64 with blanks around it', `  ${base64(login.text)}\t`, login.text],
    ['base64 of a document with a byte order mark and a final newline', base64(`\uFEFF${login.text}\n`), login.text],
    ['base64url', base64url(login.text), login.text],
    ['base64url, wrapped', wrapped(base64url(compact)), compact],
  ])('%s', (_, seed, document) => {
    expect(text(seed)).toBe(document)
    expect(parseAuthJson(seedBytes(seed))).toMatchObject({ kind: 'managed', refreshToken: login.tokens.refresh_token })
  })

  test.each([
    ['nothing', '', 'is empty'],
    ['blanks alone', ' \r\n\uFEFF ', 'is empty'],
    ['a file name', '~/.codex/auth.json', 'is neither JSON nor base64'],
    ['a quoted document', JSON.stringify(compact), 'is neither JSON nor base64'],
    ['a list', '[]', 'is neither JSON nor base64'],
    ['one base64 character', 'A', 'is base64 that does not decode to text'],
    ['base64 of no text', Buffer.from([0xff, 0xfe, 0x00]).toString('base64'), 'is base64 that does not decode to text'],
  ])('refused: %s', (_, seed, problem) => {
    expect(() => seedBytes(seed)).toThrow(new AuthJsonError('the seed', problem))
  })

  test('no text makes it throw anything but a parse error, and none that quotes the text', () => {
    const some = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json())
    fc.assert(
      fc.property(some, (seed) => {
        try {
          parseAuthJson(seedBytes(seed))
        } catch (error) {
          expect(error).toBeInstanceOf(AuthJsonError)
          if (seed.length > 12) expect((error as Error).message).not.toContain(seed)
        }
      }),
      { numRuns: 300 },
    )
  })
})
