import { describe, expect, test } from '@jest/globals'
import { failureOfExec, failureOfRefresh, failureWords, type CodexFailure } from '../../src/codex/failure.ts'

const stamp = '2026-11-21T00:50:08.058054Z ERROR codex_login::auth::manager: '
const tail = 'Please log out and sign in again.'

describe('What app-server says on its standard error', () => {
  test.each<[string, string, CodexFailure | undefined]>([
    ['0.169, asked', `${stamp}Failed to refresh token status=401 Unauthorized`, 'refused'],
    ['0.169, asked', `${stamp}Failed to refresh token status=400 Bad Request`, 'refused'],
    ['0.169, asked', `${stamp}Failed to refresh token status=500 Internal Server Error`, 'server-error'],
    ['0.169, asked', `${stamp}Failed to refresh token status=429 Too Many Requests`, 'server-error'],
    [
      '0.169, run out',
      `${stamp}Failed to refresh token: Your access token could not be refreshed because your refresh token was already used. ${tail}`,
      'reused',
    ],
    [
      '0.169, run out',
      `${stamp}Failed to refresh token: Your access token could not be refreshed because your refresh token has expired. ${tail}`,
      'expired',
    ],
    [
      '0.169, run out',
      `${stamp}Failed to refresh token: Your access token could not be refreshed because your refresh token was revoked. ${tail}`,
      'revoked',
    ],
    ['0.169, run out', `${stamp}Failed to refresh token: Your access token could not be refreshed. ${tail}`, 'refused'],
    ['0.169, run out', `${stamp}Failed to refresh token: Failed to refresh token: 503 Service Unavailable`, 'server-error'],
    ['0.169, run out', `${stamp}Failed to refresh token: error sending request for url (http://127.0.0.1:1/oauth/token)`, 'network'],
    ['0.150', `${stamp}Failed to refresh token: 401 Unauthorized: {"error":{"message":"…","code":"refresh_token_reused"}}`, 'reused'],
    ['0.150', `${stamp}Failed to refresh token: 401 Unauthorized: {"error":{"message":"…","code":"refresh_token_expired"}}`, 'expired'],
    ['0.150', `${stamp}Failed to refresh token: 401 Unauthorized: {"error":{"message":"…","code":"refresh_token_invalidated"}}`, 'revoked'],
    ['0.150', `${stamp}Failed to refresh token: 400 Bad Request: {"error":"invalid_grant"}`, 'refused'],
    ['0.150', `${stamp}Failed to refresh token: 500 Internal Server Error: {"error":{"message":"…"}}`, 'server-error'],
    ['in colours', '\u001b[31mERROR\u001b[0m Failed to refresh \u001b[1mtoken\u001b[0m status=401 Unauthorized', 'refused'],
    ['something else that went wrong', `${stamp}failed to refresh available models: 401 Unauthorized`, undefined],
    ['something else that went wrong', 'WARN analytics: error sending request for url (https://example.com): timed out', undefined],
    ['nothing', '', undefined],
  ])('%s: %s', (_, line, expected) => {
    expect(failureOfRefresh(`WARNING: proceeding\n${line}\nanother line\n`)).toBe(expected)
  })
})

describe('What codex exec --json says', () => {
  const event = (message: string): string =>
    [
      '{"type":"thread.started","thread_id":"01a1fb97-2c88-7429-9abe-b733d5ef0503"}',
      '{"type":"turn.started"}',
      JSON.stringify({ type: 'error', message }),
      JSON.stringify({ type: 'turn.failed', error: { message } }),
    ].join('\n')

  test.each<[string, CodexFailure | undefined]>([
    ['You’ve hit your usage limit. Visit https://chatgpt.com/settings/usage to purchase more credits or try again later.', 'quota'],
    ['Quota exceeded. Check your plan and billing details.', 'quota'],
    ['exceeded retry limit, last status: 429 Too Many Requests', 'quota'],
    ['We’re currently experiencing high demand, which may cause temporary errors.', 'server-error'],
    ['Failed to refresh token: 500 Internal Server Error', 'server-error'],
    ['stream disconnected before completion: error sending request', 'network'],
    ['unexpected status 401 Unauthorized: Provided authentication token is expired. Please try signing in again., url: …', 'logged-out'],
    [`Your access token could not be refreshed because your refresh token was revoked. ${tail}`, 'revoked'],
    [
      'Your access token could not be refreshed because you have since logged out or signed in to another account. Please sign in again.',
      'other-account',
    ],
    ['The model refused to say OK.', undefined],
  ])('%s', (message, expected) => {
    expect(failureOfExec(event(message), 'Reading additional input from stdin...\n')).toBe(expected)
    // Each of the two events tells by itself.
    for (const line of event(message).split('\n').slice(-2)) expect(failureOfExec(line, '')).toBe(expected)
    // Without events, as older releases put it.
    expect(failureOfExec('', `ERROR: ${message}\n`)).toBe(expected)
  })

  test('what the model itself says is not a failure', () => {
    const item = { type: 'item.completed', item: { type: 'agent_message', text: 'Your refresh token was already used.' } }
    expect(failureOfExec(JSON.stringify(item), '')).toBeUndefined()
  })
})

test('every failure has a cause and a way out; those that need a person say how to log in again', () => {
  for (const { cause, wayOut, needsPerson } of Object.values(failureWords)) {
    expect(cause).toMatch(/^[A-Z].*\.$/)
    expect(wayOut).toMatch(/^[A-Z].*\.$/)
    expect(wayOut.includes('codex login --device-auth')).toBe(needsPerson)
  }
})
