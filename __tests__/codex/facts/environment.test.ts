import { describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { codexExec, startCodex } from '../../support/real-codex.ts'
import { due, machines } from './machines.ts'

const machine = machines()

describe('What shadows or endangers auth.json', () => {
  test('CODEX_ACCESS_TOKEN outranks the file, which is neither used nor refreshed', async () => {
    const { openai, seed, home, posts } = await machine({ login: due })
    await codexExec(home, { env: { CODEX_ACCESS_TOKEN: openai.login().tokens.access_token } })
    expect({ posts: posts(), file: await home.authJson() }).toEqual({ posts: 0, file: seed.text })
  })

  test('with CODEX_API_KEY the file is still refreshed', async () => {
    const { openai, home, seedToken } = await machine({ login: due })
    await codexExec(home, { env: { CODEX_API_KEY: 'sk-loopback-key' } })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('OPENAI_API_KEY is ignored: the model sees the login', async () => {
    const { openai, home } = await machine({ enforce: true })
    const end = await codexExec(home, { env: { OPENAI_API_KEY: 'sk-loopback-key' } })
    expect({ code: end.code, refused: openai.ledger().modelRefusals }).toEqual({ code: 0, refused: 0 })
  })

  test.each([
    { name: 'forced_login_method = "api"', line: 'forced_login_method = "api"' },
    { name: 'another forced_chatgpt_workspace_id', line: `forced_chatgpt_workspace_id = "${randomUUID()}"` },
  ])('$name makes exec delete the file and exit 1', async ({ line }) => {
    const { home } = await machine()
    await home.configure(line)
    expect((await codexExec(home)).code).toBe(1)
    expect(await home.authJson()).toBeUndefined()
  })

  test('cli_auth_credentials_store = "ephemeral" ignores the file: no refresh, no login', async () => {
    const { seed, home, posts } = await machine({ login: due, enforce: true })
    const flags = ['-c', 'cli_auth_credentials_store="ephemeral"', '--sandbox', 'read-only']
    const end = await codexExec(home, { flags })
    expect({ posts: posts(), file: await home.authJson() }).toEqual({ posts: 0, file: seed.text })
    expect(end.code).toBe(1)
  })

  test('--ephemeral keeps no session, yet refreshes and saves', async () => {
    const { openai, home } = await machine({ login: due })
    expect((await codexExec(home, { flags: ['--ephemeral', '--sandbox', 'read-only'] })).code).toBe(0)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('codex logout revokes the login at the server and deletes the file', async () => {
    const { openai, home } = await machine()
    await startCodex(home, ['logout']).ended
    expect(openai.ledger().revocations).toBe(1)
    expect(await home.authJson()).toBeUndefined()
  })

  test('whoever sets CODEX_REFRESH_TOKEN_URL_OVERRIDE receives the refresh token', async () => {
    const { home, posts } = await machine({ login: due })
    const elsewhere = await machine()
    await codexExec(home, { env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: elsewhere.openai.tokenUrl } })
    expect({ here: posts(), elsewhere: elsewhere.openai.ledger().strangers > 0 }).toEqual({ here: 0, elsewhere: true })
  })
})
