import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { secretForms, secretValues, withoutForms } from '../../src/credential/secret-values.ts'
import { loginDocument, managedLogin } from '../support/codex-login.ts'

const login = managedLogin()
const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken, account_id: accountId } = login.tokens
const leaves = [idToken, accessToken, refreshToken, ...idToken.split('.'), ...accessToken.split('.')]

describe('what is masked', () => {
  test.each([
    ['as Codex writes it', login.text],
    ['compact', JSON.stringify(JSON.parse(login.text))],
    ['with CRLF', login.text.replaceAll('\n', '\r\n')],
  ])('of a document %s: each token and each part of a JWT, and nothing else', (_, text) => {
    expect(new Set(secretValues(text))).toEqual(new Set(leaves))
  })

  test('never the whole document, a brace, or an ordinary word', () => {
    for (const value of secretValues(login.text)) expect(value).toMatch(/^[\w.-]{20,}$/)
    expect(secretValues(login.text)).not.toContain(accountId)
    expect(secretValues('{"auth_mode":"chatgptAuthTokens","last_refresh":"2026-11-20T20:58:18Z","token_type":"Bearer-long"}')).toEqual([])
  })

  test('also values in fields that nobody knows yet, and keys of other kinds of login', () => {
    const { text } = loginDocument(login.tokens, null, {
      OPENAI_API_KEY: 'sk-proj-123456',
      future: [{ deep: 'a-new-kind-of-token' }, 'short', 12345678],
    })
    expect(secretValues(text)).toEqual(expect.arrayContaining(['sk-proj-123456', 'a-new-kind-of-token']))
    expect(secretValues(text)).not.toContain('short')
  })

  test('of a value with several lines each line, trimmed as the runner trims it, never all of them as one', () => {
    expect(secretValues(JSON.stringify({ key: '-----BEGIN KEY-----\r\n  first-line-of-key\nsecond-line-of-key\n}\n' }))).toEqual([
      '-----BEGIN KEY-----',
      'first-line-of-key',
      'second-line-of-key',
    ])
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of a document that was cut at %i ninths: what a token looks like, in whole', (ninths) => {
    const cut = login.text.slice(0, (login.text.length * ninths) / 9)
    const masked = secretValues(cut)
    for (const token of [idToken, accessToken, refreshToken]) if (cut.includes(token)) expect(masked).toContain(token)
    expect(masked.join('')).not.toMatch(/[{}\s"]/)
  })
})

const redacted = (text: string, secrets: Iterable<string>): string => withoutForms(text, secretForms(secrets))

describe('what is redacted', () => {
  test('the longest first, so that no end of a token stays', () => {
    expect(redacted(`x ${accessToken} y`, [...leaves].reverse())).toBe('x *** y')
    expect(redacted('ab 12345678901234 cd', ['12345678', '12345678901234'])).toBe('ab *** cd')
  })

  test('text without secrets stays as it is, and so does what is too short to be one', () => {
    expect(redacted('nothing to see: true', leaves)).toBe('nothing to see: true')
    expect(redacted('true', ['true', ''])).toBe('true')
  })

  test('a token of 300 kB and a value that is not well-formed text do not break it', () => {
    const huge = 'x'.repeat(300_000)
    expect(redacted(`a ${huge} b`, [huge])).toBe('a *** b')
    const lone = secretValues('{"a":"\\ud800-lone-surrogate"}')
    expect(redacted(`a ${lone[0] ?? ''} b`, lone)).toBe('a *** b')
  })
})

describe('whatever the text is', () => {
  const character = fc.constantFrom(...('abcXYZ019-_+/=.~?&%<>"\\ äß€𝒳'.match(/./gu) ?? []))
  const secret = fc.string({ unit: character, minLength: 8, maxLength: 40 })
  /** Every way in which the value can stand inside something encoded: raw, URI, and base64 at the three alignments. */
  const forms = (value: string): string[] => {
    const inside = [0, 1, 2].flatMap((pad) => {
      const bytes = Buffer.concat([Buffer.alloc(pad, '#'), Buffer.from(value), Buffer.alloc(3, '#')])
      const first = Math.ceil((pad * 8) / 6)
      const end = Math.floor(((pad + Buffer.byteLength(value)) * 8) / 6)
      return [bytes.toString('base64').slice(first, end), bytes.toString('base64url').slice(first, end)]
    })
    return [value, encodeURIComponent(value), ...inside]
  }
  const embed = (value: string, pad: number, form: number): string => {
    const inner = `${'#'.repeat(pad)}${value}${'#'.repeat(pad)}`
    return (
      [inner, encodeURIComponent(inner), Buffer.from(inner).toString('base64'), Buffer.from(inner).toString('base64url')][form] ?? inner
    )
  }

  test('nothing that was found is left in any of its forms', () => {
    const text = fc.array(
      fc.record({ index: fc.nat(2), pad: fc.nat(3), form: fc.nat(3), between: fc.string({ unit: character, maxLength: 5 }) }),
    )
    fc.assert(
      fc.property(fc.tuple(secret, secret, secret), text, (secrets, pieces) => {
        const shown = redacted(
          pieces.map(({ index, pad, form, between }) => between + embed(secrets[index] ?? '', pad, form)).join('\n'),
          secrets,
        )
        for (const value of secrets) for (const form of forms(value)) if (form.length >= 8) expect(shown).not.toContain(form)
      }),
      { numRuns: 200 },
    )
  })

  test('neither finding nor redacting throws', () => {
    const any = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a', '"', '\\') }))
    fc.assert(
      fc.property(any, any, (document, text) => {
        for (const value of secretValues(document)) expect(value.length).toBeGreaterThanOrEqual(8)
        expect(typeof redacted(text, secretValues(document))).toBe('string')
        expect(typeof redacted(text, [document, text])).toBe('string')
      }),
      { numRuns: 100 },
    )
    expect(secretValues(`${'['.repeat(20_000)}"${refreshToken}"${']'.repeat(20_000)}`)).toEqual([refreshToken])
  })
})
