import { describe, expect, test } from '@jest/globals'
import { codexTime, loginDocument, unmanagedDocuments, type LoginDocument } from '../../support/codex-login.ts'
import { startCodex, type CodexEnd, type CodexHome } from '../../support/real-codex.ts'
import { due, machines, without } from './machines.ts'

const machine = machines()
const status = (home: CodexHome): Promise<CodexEnd> => startCodex(home, ['login', 'status']).ended
const raw = (text: string): LoginDocument => ({ text, bytes: Buffer.from(text) })

describe('codex login status', () => {
  test('says "Logged in using ChatGPT" on stderr of a login that is dead, without a request', async () => {
    const { openai, seed, home } = await machine({ login: due })
    openai.revoke(seed)
    const end = await status(home)
    expect(end).toMatchObject({ code: 0, stdout: '' })
    expect(end.stderr.trim().split('\n').at(-1)).toBe('Logged in using ChatGPT')
    expect(openai.ledger().requests).toEqual([])
  })

  test('exits 1 without a file', async () => {
    const { home } = await machine({ document: () => undefined })
    const end = await status(home)
    expect({ code: end.code, said: end.stderr.includes('Not logged in') }).toEqual({ code: 1, said: true })
  })

  const opaque = { id_token: 'opaque', access_token: 'opaque', refresh_token: 'rt', account_id: 'a' }
  test.each([
    { what: 'a byte order mark', change: (seed: string) => raw(`\uFEFF${seed}`) },
    { what: 'half of the file', change: (seed: string) => raw(seed.slice(0, seed.length / 2)) },
    { what: 'an empty file', change: () => raw('') },
    { what: 'an unknown auth_mode', change: (seed: string) => raw(seed.replace('"chatgpt"', '"telepathy"')) },
    { what: 'a last_refresh without zone', change: (seed: string) => raw(seed.replace(/(_refresh": "[^"]*)Z/, '$1')) },
    { what: 'an id_token that is not a JWT', change: () => loginDocument(opaque, codexTime(0)) },
    { what: 'no refresh_token', change: (seed: string) => without(raw(seed), 'refresh_token') },
  ])('exits 1 with a file that Codex rejects: $what', async ({ change }) => {
    const { home } = await machine({ document: (seed) => change(seed.text) })
    const end = await status(home)
    expect(end.stderr).toContain('Error checking login status')
    expect(end.code).toBe(1)
  })

  test.each([
    'api-key',
    'api-key without mode',
    'external-tokens',
    'bedrock',
    'bedrock keys',
    'no tokens',
    'no refresh token',
    'no account id',
    'no last_refresh',
  ] as const)('exits 0 with what is not a ChatGPT login to keep: %s', async (kind) => {
    const { home } = await machine({ document: () => unmanagedDocuments()[kind] })
    expect((await status(home)).code).toBe(0)
  })

  test('is not offline with a personal access token: it asks OpenAI who that is', async () => {
    const { openai, home } = await machine({ document: () => unmanagedDocuments()['personal-access-token'] })
    expect((await status(home)).code).toBe(1)
    expect(openai.ledger().outside).toContain('auth.openai.com:443')
  })
})
