import { afterEach, describe, expect, test } from '@jest/globals'
import type { Login } from '../support/codex-login.ts'
import { jwt, loginDocument, managedLogin, tenDays } from '../support/codex-login.ts'
import { authFileText, keeperStep, putAuthFile, runWorkflow } from '../support/keeper-workflow.ts'
import { refreshed } from '../support/keeper-world.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld } from '../support/rotating-jobs.ts'
import { call } from '../support/store-world.ts'

afterEach(endRotatingWorlds)

const year9999 = 253_402_300_799

/** The same login, of which somebody has changed nothing but times. */
function poisoned(
  { claims, tokens }: Login,
  times: { iat?: number; exp?: number; lastRefresh?: string },
): { bytes: Uint8Array; text: string } {
  const [, payload = ''] = tokens.access_token.split('.')
  const claimed = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  const { iat, exp, lastRefresh } = times
  const token = jwt({ ...claimed, ...(iat !== undefined && { iat }), ...(exp !== undefined && { exp }) })
  return loginDocument({ ...tokens, access_token: token }, lastRefresh ?? new Date(claims.issuedAt * 1000).toISOString())
}

describe('a step that moves a time of the file to the year 9999', () => {
  test.each([
    ['iat', 'success', { iat: year9999 }],
    ['exp', 'success', { exp: year9999 }],
    ['last_refresh', 'success', { lastRefresh: '9999-12-31T23:59:59Z' }],
    // With no time that counts it is older than anything, and so goes nowhere.
    ['all of them', 'failure', { iat: year9999, exp: year9999, lastRefresh: '9999-12-31T23:59:59Z' }],
  ])('%s: the rotations that follow are stored, and a reseed is used', async (_, conclusion, times) => {
    const { machine, store, seed, next, inputs, secrets } = rotatingWorld()
    const poison = call('poison', () => {
      putAuthFile(machine, poisoned(next, times).bytes)
    })
    const first = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next), poison], { secrets })
    expect(first.stage('keeper', 'post').conclusion).toBe(conclusion)

    const later = refreshed(next)
    const second = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, later)], { secrets })
    expect([second.conclusion, store.text()]).toEqual(['success', later.text])

    const reseed = managedLogin({ ...seed.claims, issuedAt: later.claims.issuedAt + 60, expiresIn: tenDays })
    const third = await runWorkflow(machine, [keeperStep(inputs)], { secrets: { SEED: JSON.stringify(JSON.parse(reseed.text)) } })
    expect([third.conclusion, third.stage('keeper').outputs['source']]).toEqual(['success', 'seed'])
  })
})

test('a refresh token that was never seen before and that no store takes is red, whatever its times say', async () => {
  const { machine, store, seed, inputs, secrets } = rotatingWorld()
  const older = managedLogin({ ...seed.claims, issuedAt: seed.claims.issuedAt - 60, expiresIn: tenDays })
  const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, older)], { secrets })
  expect([job.conclusion, store.text()]).toEqual(['failure', undefined])
  expect(errorsOf(job, 'post')).toMatch(/a refresh token that no store has.*it is older than the login that was restored/)
  expect(authFileText(machine)).toBe(older.text)
})

test("another's tokens under our account id are not stored", async () => {
  const { machine, store, seed, next, inputs, secrets } = rotatingWorld()
  const stranger = managedLogin()
  const planted = loginDocument(
    { ...stranger.tokens, account_id: seed.tokens.account_id, id_token: next.tokens.id_token },
    new Date().toISOString(),
  )
  const plant = call('plant', () => {
    putAuthFile(machine, planted.bytes)
  })
  const job = await runWorkflow(machine, [keeperStep(inputs), plant], { secrets })
  expect(store.text()).toBeUndefined()
  expect(job.stage('keeper', 'post').summary).toContain('(damaged)')
})

describe('a login that Codex would refresh at another server than OpenAI', () => {
  const issuer = 'https://auth.example.com'
  const redirected = ({ tokens, claims }: Login): { bytes: Uint8Array; text: string } =>
    loginDocument({}, new Date(claims.issuedAt * 1000).toISOString(), {
      tokens: { ...tokens, oauth_provenance: { issuer, client_id: 'app' } },
    })

  test('is not restored', async () => {
    const { machine, seed, inputs } = rotatingWorld()
    const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets: { SEED: JSON.stringify(JSON.parse(redirected(seed).text)) } })
    expect([job.conclusion, authFileText(machine)]).toEqual(['failure', undefined])
    expect(errorsOf(job, 'main')).toContain('tokens.oauth_provenance.issuer names another server than OpenAI')
  })

  test('is not stored where a step has made it so', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const redirect = call('redirect', () => {
      putAuthFile(machine, redirected(next).bytes)
    })
    const job = await runWorkflow(machine, [keeperStep(inputs), redirect], { secrets })
    expect(store.text()).toBeUndefined()
    expect(job.stage('keeper', 'post').summary).toContain('(damaged)')
  })
})
