import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AuthJsonError, parseAuthJson, type Credential, type ManagedCredential } from '../../src/credential/auth-json.ts'
import { fingerprintOf } from '../../src/credential/fingerprint.ts'
import { documentOf, jwt, loginDocument, managedLogin, unmanagedDocuments, type UnmanagedKind } from '../support/codex-login.ts'

const parse = (value: unknown): Credential =>
  parseAuthJson(typeof value === 'string' ? Buffer.from(value) : documentOf(value as object).bytes)

/** How parsing ended: the kind, the reason why not managed, or the error's text. */
function outcome(value: unknown): string {
  try {
    const credential = parse(value)
    return credential.kind === 'managed' ? 'managed' : credential.why
  } catch (error) {
    if (error instanceof AuthJsonError) return error.message
    throw error
  }
}

const login = managedLogin({
  accountId: 'acc-1',
  userId: 'user-1',
  issuedAt: 1_790_000_000,
  expiresIn: 1_000,
  lastRefresh: '2026-11-20T20:58:18.713319079Z',
})
const { tokens } = login
const time = '2026-11-20T20:58:18.713319079Z'
const chatgpt = { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: time }
const tokensWith = (change: object): object => ({ ...chatgpt, tokens: { ...tokens, ...change } })

describe('a login that Codex wrote', () => {
  test('is managed, with its exact bytes, tokens, account, plan and clocks', () => {
    const parts = {
      refreshToken: tokens.refresh_token,
      accessToken: tokens.access_token,
      account: { id: 'acc-1', user: 'user-1' },
      issued: { iat: 1_790_000_000, exp: login.claims.expiresAt, lastRefresh: time },
    }
    expect(parseAuthJson(login.bytes)).toEqual({
      kind: 'managed',
      bytes: login.bytes,
      ...parts,
      fingerprint: fingerprintOf(parts),
      plan: 'pro',
      lastRefresh: time,
    })
  })

  test('keeps the bytes it was given, not others that mean the same', () => {
    const compact = Buffer.from(JSON.stringify(JSON.parse(login.text)))
    expect(parseAuthJson(compact).bytes).toBe(compact)
  })

  test.each<[string, unknown]>([
    ['compact', JSON.stringify(chatgpt)],
    ['with blanks and newlines around it', `\n ${login.text}\r\n`],
    ['without auth_mode', { ...chatgpt, auth_mode: undefined }],
    ['with auth_mode null', { ...chatgpt, auth_mode: null }],
    ['without OPENAI_API_KEY', { ...chatgpt, OPENAI_API_KEY: undefined }],
    ['with an API key beside an explicit ChatGPT mode', { ...chatgpt, OPENAI_API_KEY: 'sk-proj-0123456789' }],
    ['with fields nobody knows', { ...tokensWith({ future: [1] }), future: { deep: true } }],
    ['with an opaque access token', tokensWith({ access_token: 'opaque-token' })],
    ['with a last_refresh in another zone', { ...chatgpt, last_refresh: '2026-11-20T22:58:18+02:00' }],
  ])('is managed %s', (_, value) => {
    expect(outcome(value)).toBe('managed')
  })

  test('an opaque access token leaves last_refresh as the only clock', () => {
    expect(parse(tokensWith({ access_token: 'opaque-token' }))).toMatchObject({ issued: { lastRefresh: time } })
    expect(Object.keys((parse(tokensWith({ access_token: 'a.b.c' })) as { issued: object }).issued)).toEqual(['lastRefresh'])
  })

  test.each([
    ['user_id when there is no chatgpt_user_id', { user_id: 'u2' }, { id: 'acc-1', user: 'u2' }],
    ['nobody when no token names a user', {}, { id: 'acc-1' }],
  ])('the user is %s', (_, auth, account) => {
    const token = jwt({ 'https://api.openai.com/auth': auth })
    expect(parse(tokensWith({ id_token: token, access_token: token }))).toMatchObject({ account })
  })

  test('the user is the one of the id token where both name one', () => {
    const other = jwt({ 'https://api.openai.com/auth': { chatgpt_user_id: 'u2' } })
    expect(parse(tokensWith({ id_token: other }))).toMatchObject({ account: { id: 'acc-1', user: 'u2' } })
  })

  test.each([
    ['when the id token says', 1_789_000_000, { loggedInAt: 1_789_000_000 }],
    ['at no time that is more than a day ahead', 1_790_100_001, {}],
  ])('the person logged in %s', (_, auth_time, expected) => {
    const { bytes } = documentOf(tokensWith({ id_token: jwt({ auth_time }) }))
    const { kind, loggedInAt } = parseAuthJson(bytes, 1_790_000_000) as Partial<ManagedCredential>
    expect({ kind, ...(loggedInAt !== undefined && { loggedInAt }) }).toEqual({ kind: 'managed', ...expected })
  })

  test('where no other time is given, the clock of this machine says which times cannot be true', () => {
    const { bytes } = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) + 2 * 86_400, lastRefresh: time })
    expect(parseAuthJson(bytes)).toMatchObject({ issued: { impossible: ['iat'] } })
  })

  test('the user is taken from the access token when the id token names none', () => {
    expect(parse(tokensWith({ id_token: jwt({}) }))).toMatchObject({ account: { id: 'acc-1', user: 'user-1' } })
  })

  test.each<[string, unknown]>([
    ['text', 'yesterday'],
    ['before 1970', -1],
    ['so late that no date can show it', 1e15],
    ['null', null],
  ])('a clock claim that is %s counts as absent', (_, value) => {
    const token = jwt({ iat: value, exp: value })
    expect(parse(tokensWith({ access_token: token }))).toMatchObject({ kind: 'managed', issued: { lastRefresh: time } })
  })

  test.each(['pro\n::warning::x', 'a|b', '', 'x'.repeat(41)])('a plan that could break a log line or a table is not shown: %j', (plan) => {
    expect(parse(tokensWith({ id_token: jwt({ 'https://api.openai.com/auth': { chatgpt_plan_type: plan } }) }))).not.toHaveProperty('plan')
  })
})

describe('a document that Codex knows and the keeper must not store', () => {
  const expected: Record<UnmanagedKind, string> = {
    'api-key': 'api-key',
    'api-key without mode': 'api-key',
    'external-tokens': 'external-tokens',
    headers: 'headers',
    'agent-identity': 'agent-identity',
    'personal-access-token': 'personal-access-token',
    bedrock: 'bedrock',
    'bedrock keys': 'bedrock',
    'no tokens': 'no-tokens',
    'no refresh token': 'no-refresh-token',
    'no account id': 'no-account-id',
    'no last_refresh': 'no-last-refresh',
  }
  test.each(Object.entries(unmanagedDocuments()))('%s', (kind, document) => {
    expect(parseAuthJson(document.bytes)).toEqual({ kind: 'unmanaged', bytes: document.bytes, why: expected[kind as UnmanagedKind] })
  })

  test.each<[string, unknown, string]>([
    ['chatgpt mode without tokens', { auth_mode: 'chatgpt', last_refresh: time }, 'no-tokens'],
    ['an empty object', {}, 'no-tokens'],
    ['an empty access token', tokensWith({ access_token: '' }), 'no-tokens'],
    ['external tokens that have a refresh token', { ...chatgpt, auth_mode: 'chatgptAuthTokens' }, 'external-tokens'],
    ['an absent account_id', tokensWith({ account_id: undefined }), 'no-account-id'],
    ['an empty account_id', tokensWith({ account_id: '' }), 'no-account-id'],
    ['an absent last_refresh', { ...chatgpt, last_refresh: undefined }, 'no-last-refresh'],
    ['an id token of two parts', tokensWith({ id_token: 'YQ.e30' }), 'id-token-not-jwt'],
    ['an id token with an empty signature', tokensWith({ id_token: jwt({}).replace(/[^.]+$/, '') }), 'id-token-not-jwt'],
    ['an id token whose payload is not JSON', tokensWith({ id_token: 'YQ.YQ.YQ' }), 'id-token-not-jwt'],
    ['an id token whose payload is not an object', tokensWith({ id_token: 'YQ.W10.YQ' }), 'id-token-not-jwt'],
    ['an id token with padding', tokensWith({ id_token: 'YQ.e30=.YQ' }), 'id-token-not-jwt'],
  ])('%s', (_, value, why) => {
    expect(outcome(value)).toBe(why)
  })
})

describe('auth_mode', () => {
  test.each([
    ['apikey', 'api-key'],
    ['chatgpt', 'managed'],
    ['chatgptAuthTokens', 'external-tokens'],
    ['headers', 'headers'],
    ['agentIdentity', 'agent-identity'],
    ['personalAccessToken', 'personal-access-token'],
    ['bedrockApiKey', 'bedrock'],
    ['bedrockAccessKeys', 'bedrock'],
  ])('%s is %s, whatever else is in the document', (auth_mode, kind) => {
    const everything = { personal_access_token: 'p', bedrock_api_key: {}, OPENAI_API_KEY: 'k' }
    expect(outcome({ ...chatgpt, ...everything, auth_mode })).toBe(kind)
  })

  test.each<[string, object, string]>([
    [
      'personal_access_token, bedrock, OPENAI_API_KEY',
      { personal_access_token: 'p', bedrock_api_key: {}, OPENAI_API_KEY: 'k' },
      'personal-access-token',
    ],
    ['bedrock_api_key, OPENAI_API_KEY', { bedrock_api_key: {}, OPENAI_API_KEY: 'k' }, 'bedrock'],
    ['bedrock_access_keys, OPENAI_API_KEY', { bedrock_access_keys: {}, OPENAI_API_KEY: 'k' }, 'bedrock'],
    ['OPENAI_API_KEY', { OPENAI_API_KEY: 'k' }, 'api-key'],
    ['null everywhere', { personal_access_token: null, bedrock_api_key: null, OPENAI_API_KEY: null }, 'managed'],
  ])('absent, beside tokens and %s, is inferred as Codex infers it', (_, extra, kind) => {
    expect(outcome({ ...chatgpt, auth_mode: undefined, ...extra })).toBe(kind)
  })
})

describe('a document that Codex rejects', () => {
  test.each<[string, unknown, string]>([
    ['nothing', '', 'auth.json: the document is empty'],
    ['blanks', ' \n', 'auth.json: the document is empty'],
    ['a byte order mark', `\uFEFF${login.text}`, 'auth.json: the document starts with a byte order mark, which Codex rejects'],
    ['half a document', login.text.slice(0, login.text.length / 2), 'auth.json: the document is not complete JSON'],
    ['two documents', `${login.text}${login.text}`, 'auth.json: the document is not complete JSON'],
    ['a list', '[]', 'auth.json: the document must be object'],
    ['null', 'null', 'auth.json: the document must be object'],
    ['an unknown auth_mode', { ...chatgpt, auth_mode: 'ChatGPT' }, 'auth.json: auth_mode has a value Codex does not know'],
    ['an auth_mode that is a number', { ...chatgpt, auth_mode: 7 }, 'auth.json: auth_mode has a value Codex does not know'],
    ['an API key that is a number', { ...chatgpt, OPENAI_API_KEY: 7 }, 'auth.json: OPENAI_API_KEY must be string'],
    ['tokens that are a list', { ...chatgpt, tokens: [] }, 'auth.json: tokens must be object'],
    ['no id_token', tokensWith({ id_token: undefined }), 'auth.json: tokens.id_token must be string'],
    ['no access_token', tokensWith({ access_token: null }), 'auth.json: tokens.access_token must be string'],
    ['no refresh_token', tokensWith({ refresh_token: undefined }), 'auth.json: tokens.refresh_token must be string'],
    [
      'the access token of another account',
      tokensWith({ access_token: managedLogin().tokens.access_token }),
      'auth.json: tokens.access_token belongs to another account than tokens.account_id',
    ],
    ['an account_id that is a number', tokensWith({ account_id: 7 }), 'auth.json: tokens.account_id must be string'],
    [
      'a last_refresh without zone',
      { ...chatgpt, last_refresh: '2026-11-20T20:58:18' },
      'auth.json: last_refresh is not an RFC 3339 time with a zone',
    ],
    ['a last_refresh that is a number', { ...chatgpt, last_refresh: 1_790_000_000 }, 'auth.json: last_refresh must be string'],
    [
      'a bad last_refresh beside an API key',
      { auth_mode: 'apikey', OPENAI_API_KEY: 'k', last_refresh: 'x' },
      'auth.json: last_refresh is not an RFC 3339 time with a zone',
    ],
  ])('%s', (_, value, message) => {
    expect(outcome(value)).toBe(message)
  })

  test('bytes that are no UTF-8', () => {
    expect(() => parseAuthJson(Uint8Array.from([0x7b, 0xff, 0x7d]))).toThrow(new AuthJsonError('the document', 'is not UTF-8 text'))
  })
})

describe('whatever the document is', () => {
  /** Throws on anything but an answer or a parse error, and gives the error's text. */
  const errorText = (bytes: Uint8Array): string => {
    try {
      parseAuthJson(bytes)
      return ''
    } catch (error) {
      if (!(error instanceof AuthJsonError)) throw error
      return JSON.stringify(error, Object.getOwnPropertyNames(error))
    }
  }

  test('bytes are answered or refused with a parse error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        errorText(bytes)
      }),
      { numRuns: 300 },
    )
  })

  test('JSON is answered or refused with a parse error, also ten thousand levels deep', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        errorText(Buffer.from(text))
      }),
      { numRuns: 300 },
    )
    errorText(Buffer.from(`{"tokens":${'['.repeat(10_000)}${']'.repeat(10_000)}}`))
  })

  test('no error holds a value of the document', () => {
    const canary = 'canary-7f3a91c2'
    const value = fc.oneof(fc.constantFrom(canary, { [canary]: canary }, [canary], null, 7, tokens.id_token), fc.jsonValue())
    const fields = ['auth_mode', 'OPENAI_API_KEY', 'last_refresh', 'personal_access_token', 'bedrock_api_key', canary]
    const tokenFields = ['id_token', 'access_token', 'refresh_token', 'account_id', canary]
    const records = (keys: string[]): fc.Arbitrary<object> =>
      fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] })
    let refused = 0
    fc.assert(
      fc.property(
        records(fields),
        fc.oneof(records(tokenFields), value),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outer, inner, cut) => {
          const text = JSON.stringify({ ...outer, tokens: inner })
          for (const shown of [errorText(Buffer.from(text)), errorText(Buffer.from(text.slice(0, text.length * cut)))]) {
            if (shown !== '') refused += 1
            expect(shown).not.toContain(canary)
          }
        },
      ),
      { numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  test('a login without extra fields is never refused for its tokens', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (access_token, refresh_token) => {
        expect(parseAuthJson(loginDocument({ ...tokens, access_token, refresh_token }, time).bytes)).toMatchObject({
          kind: 'managed',
          accessToken: access_token,
          refreshToken: refresh_token,
        })
      }),
    )
  })
})

describe('where Codex would refresh it', () => {
  const of = (provenance: unknown): string => outcome(tokensWith({ oauth_provenance: provenance }))

  test.each<[string, unknown]>([
    ['nothing is said, as by older versions', undefined],
    ['null', null],
    ['no issuer', { client_id: 'app' }],
    ['OpenAI', { issuer: 'https://auth.openai.com', client_id: 'app' }],
    ['OpenAI, with a slash', { issuer: 'https://auth.openai.com/' }],
    ['a server of this machine', { issuer: 'http://127.0.0.1:8080' }],
  ])('%s: managed', (_, provenance) => {
    expect(of(provenance)).toBe('managed')
  })

  test.each<[string, unknown]>([
    ['another server', 'https://auth.example.com'],
    ['without TLS', 'http://auth.openai.com'],
    ['another port', 'https://auth.openai.com:8443'],
    ['a name that begins like it', 'https://auth.openai.com.example.com'],
    ['a user before another server', 'https://auth.openai.com@example.com'],
    ['a user before OpenAI', 'https://someone@auth.openai.com'],
    ['a loopback name of another', 'http://127.0.0.1.example.com'],
    ['not an address', 'auth.openai.com'],
    ['not a text', 7],
  ])('%s: refused without being quoted', (_, issuer) => {
    expect(of({ issuer })).toBe(
      'auth.json: tokens.oauth_provenance.issuer names another server than OpenAI, and Codex would send the refresh token there',
    )
  })
})
