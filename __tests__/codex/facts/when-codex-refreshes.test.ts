import { describe, expect, test } from '@jest/globals'
import { codexTime, loginDocument, managedLogin } from '../../support/codex-login.ts'
import { codexExec } from '../../support/real-codex.ts'
import { due, machines, without } from './machines.ts'

const machine = machines()
const days = (count: number): string => codexTime(Date.now() / 1000 - count * 86_400)

describe('When Codex refreshes', () => {
  test('an access token that has ended is refreshed once, before the model is asked', async () => {
    const { openai, seed, home, seedToken } = await machine({ login: due, enforce: true })
    const end = await codexExec(home)
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code: 0, stdout: 'OK\n' })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'], reasons: ['proactive_expiry'] })
    const [, next] = openai.ledger().tokens
    expect(openai.ledger().modelRefusals).toBe(0)
    expect(await home.authJson()).toContain(next?.refreshToken)
    expect(await home.authJson()).not.toContain(seed.tokens.access_token)
  })

  test('an access token that ends within five minutes is refreshed', async () => {
    const { home, seedToken } = await machine({ login: { expiresIn: 270 } })
    await codexExec(home)
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
  })

  test('an access token that ends later than in five minutes is not refreshed', async () => {
    const { seed, home, posts } = await machine({ login: { expiresIn: 420 } })
    const end = await codexExec(home)
    expect({ code: end.code, posts: posts() }).toEqual({ code: 0, posts: 0 })
    expect(await home.authJson()).toBe(seed.text)
  })

  test('a last_refresh of nine days ago does not make Codex refresh a JWT that has not ended', async () => {
    const { seed, home, posts } = await machine({ login: { lastRefresh: days(9) } })
    const end = await codexExec(home)
    expect({ code: end.code, posts: posts() }).toEqual({ code: 0, posts: 0 })
    expect(await home.authJson()).toBe(seed.text)
  })

  test.each([
    { age: 7, refreshed: 0 },
    { age: 9, refreshed: 1 },
  ])('an opaque access token of $age days ago is refreshed $refreshed times', async ({ age, refreshed }) => {
    const document = loginDocument({ ...managedLogin().tokens, access_token: 'opaque-access-token' }, days(age))
    const { openai, home } = await machine({
      document: (seed) => ({
        ...document,
        bytes: Buffer.from(document.text.replace(/rt_[\w-]+/, seed.tokens.refresh_token)),
      }),
    })
    await codexExec(home)
    expect(openai.ledger().tokens[0]).toMatchObject({ presented: refreshed })
  })

  test('a 401 of the model makes Codex refresh once and ask again', async () => {
    const { openai, home, seedToken } = await machine()
    openai.expireAccessTokens()
    const end = await codexExec(home)
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code: 0, stdout: 'OK\n' })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'], reasons: ['unauthorized_recovery'] })
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('without account_id Codex never refreshes', async () => {
    const { home, posts } = await machine({
      login: due,
      enforce: true,
      document: (seed) => without(seed, 'account_id'),
    })
    const before = await home.authJson()
    const end = await codexExec(home)
    expect({ code: end.code, posts: posts(), file: await home.authJson() }).toEqual({ code: 1, posts: 0, file: before })
    expect(end.stderr).toContain(
      'Your access token could not be refreshed because you have since logged out or signed in to another account.',
    )
  })

  test('an external login (chatgptAuthTokens) is never refreshed, even when it has ended', async () => {
    const { home, posts } = await machine({
      login: due,
      document: ({ tokens }) => loginDocument({ ...tokens, refresh_token: '' }, days(0), { auth_mode: 'chatgptAuthTokens' }),
    })
    await codexExec(home)
    expect(posts()).toBe(0)
  })
})
