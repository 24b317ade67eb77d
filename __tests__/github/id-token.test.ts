import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { idTokenRightOf } from '../../src/github/id-token-right.ts'
import { requestIdToken } from '../../src/github/id-token.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { loopbackIdTokens, type LoopbackIdTokens } from '../support/loopback-id-tokens.ts'

let issuer: LoopbackIdTokens
let secrets: string[]
beforeEach(async () => {
  issuer = await loopbackIdTokens()
  secrets = []
})
afterEach(() => issuer.close())

const ask = (audience?: string, more: Readonly<Record<string, string>> = {}): ReturnType<typeof requestIdToken> =>
  requestIdToken({
    audience,
    right: idTokenRightOf({
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
      ...more,
    }),
    networkEnv: {},
    onSecret: (secret) => secrets.push(secret),
  })
const refusal = async (asking: Promise<unknown>): Promise<[string, string]> => {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof KeeperError)) throw new Error('no KeeperError')
  expect(`${error.message} ${error.remedy}`).not.toContain(issuer.requestToken)
  return [error.code, `${error.message} ${error.remedy}`]
}

test('asks for the audience, tells the secrets first, and shows subject and audience alone', async () => {
  issuer.claims['email'] = 'someone@example.com'
  const { token, claims } = await ask('https://vault.example.com/a&b')
  expect(token).toBe(issuer.given[0])
  expect(secrets).toEqual([issuer.requestToken, token])
  expect(claims).toBe('subject repo:your-org/your-repo:ref:refs/heads/main, audience https://vault.example.com/a&b')
  expect((await ask()).claims).toContain('audience https://github.com/your-org')
})

test('what GitHub puts into a claim starts nothing in a log', async () => {
  issuer.claims['sub'] = 'repo:your-org/your-repo:environment:a\n::add-mask::b ##[error]c'
  expect((await ask('a')).claims).toBe('subject repo:your-org/your-repo:environment:a ::add-mask::b ## [error]c, audience a')
})

test('a job without the permission is told which', async () => {
  for (const more of [{ ACTIONS_ID_TOKEN_REQUEST_URL: '' }, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }]) {
    expect(await refusal(ask('a', more))).toEqual(['store-unauthorized', expect.stringContaining('permissions: id-token: write')])
  }
})

test.each<[number, string]>([
  [401, 'store-unauthorized'],
  [404, 'store-unauthorized'],
  [429, 'store-unreachable'],
  [500, 'store-unreachable'],
])('status %i is %s', async (status, code) => {
  issuer.refuse(status)
  expect(await refusal(ask('a'))).toEqual([code, expect.stringContaining(String(status))])
})

test('no answer, and an answer without a token', async () => {
  const { issuer: origin } = issuer
  expect(await refusal(ask('a', { ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/jwks` }))).toEqual([
    'store-unreachable',
    expect.stringContaining('holds no token'),
  ])
  expect(await refusal(ask('a', { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/' }))).toEqual([
    'store-unreachable',
    expect.stringContaining('ECONNREFUSED'),
  ])
})
