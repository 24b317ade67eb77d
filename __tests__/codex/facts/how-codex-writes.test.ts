import { describe, expect, test } from '@jest/globals'
import { chmod, readdir, readlink, rename, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { documentOf, type LoginDocument } from '../../support/codex-login.ts'
import { codexExec, startExec, type CodexRelease } from '../../support/real-codex.ts'
import { due, machines, without } from './machines.ts'

const machine = machines()
const releases: CodexRelease[] = ['pinned', 'older']
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

describe('How Codex writes auth.json', () => {
  test('0.169 replaces the file: another inode, mode 0600 whatever it was, no temporary file left', async () => {
    const { home } = await machine({ login: due })
    await chmod(home.authFile, 0o644)
    const before = await stat(home.authFile)
    await codexExec(home)
    expect((await stat(home.authFile)).ino).not.toBe(before.ino)
    expect(await mode(home.authFile)).toBe('600')
    const names = (await readdir(home.path)).filter((name) => name.includes('auth')).sort()
    expect(names).toEqual(['auth.json', 'auth.json.lock', 'auth.lock'])
  })

  test('the older release writes into the same inode and leaves its mode as it was', async () => {
    const { openai, home } = await machine({ login: due })
    await chmod(home.authFile, 0o644)
    const before = await stat(home.authFile)
    await codexExec(home, { release: 'older' })
    expect((await stat(home.authFile)).ino).toBe(before.ino)
    expect(await mode(home.authFile)).toBe('644')
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test.each(releases)('%s: two-space JSON, no final newline, last_refresh in UTC with fractions', async (release) => {
    const { home } = await machine({ login: due })
    await codexExec(home, { release })
    const written = (await home.authJson()) ?? ''
    const document = JSON.parse(written) as { last_refresh: string; tokens: object }
    expect(written).toBe(documentOf(document).text)
    expect(Object.keys(document)).toEqual(['auth_mode', 'OPENAI_API_KEY', 'tokens', 'last_refresh'])
    expect(Object.keys(document.tokens)).toEqual(['id_token', 'access_token', 'refresh_token', 'account_id'])
    expect(document.last_refresh).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z$/)
  })

  test.each(releases)('%s: keys that Codex does not know load, and are gone after a refresh', async (release) => {
    const { home } = await machine({
      login: due,
      document: ({ text }) => {
        const { tokens, ...rest } = JSON.parse(text) as { tokens: object }
        return documentOf({ ...rest, tokens: { ...tokens, note: 'kept?' }, note: 'kept?' })
      },
    })
    expect((await codexExec(home, { release })).code).toBe(0)
    expect(await home.authJson()).not.toContain('kept?')
  })

  test('auth_mode stays absent when it was absent', async () => {
    const { home, seedToken } = await machine({ login: due, document: (seed) => without(seed, 'auth_mode') })
    await codexExec(home)
    expect(seedToken()).toMatchObject({ outcomes: ['rotated'] })
    expect(await home.authJson()).not.toContain('auth_mode')
  })

  test('a compact document loads and comes back with two spaces', async () => {
    const { openai, home } = await machine({
      login: due,
      document: ({ text }) => ({ text, bytes: Buffer.from(JSON.stringify(JSON.parse(text))) }),
    })
    expect((await codexExec(home)).code).toBe(0)
    expect(await home.authJson()).toContain('\n  "tokens": {\n')
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('through a symbolic link the target is written and the link stays', async () => {
    const { openai, home } = await machine({ login: due })
    const target = join(home.root, 'elsewhere.json')
    await rename(home.authFile, target)
    await symlink(target, home.authFile)
    await codexExec(home)
    expect(await readlink(home.authFile)).toBe(target)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test("three processes on one home: one spends the token, all end well, the file is the winner's", async () => {
    const { openai, home, seedToken } = await machine({ login: due, enforce: true })
    const ends = await Promise.all([1, 2, 3].map(() => codexExec(home)))
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(seedToken()?.outcomes.filter((outcome) => outcome === 'rotated')).toHaveLength(1)
    expect(openai.ledger().tokens).toHaveLength(2)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('two copies of one login on two machines: the second to refresh has lost it', async () => {
    const { seed, home, another } = await machine({ login: due, enforce: true })
    const copy = await another(seed)
    expect((await codexExec(home)).code).toBe(0)
    const end = await codexExec(copy)
    expect(end.code).toBe(1)
    expect(end.stderr).toContain('because your refresh token was already used.')
    expect(await copy.authJson()).toBe(seed.text)
  })

  test('killed during the exchange, exec has spent the token and saved nothing', async () => {
    const { openai, seed, home, seedToken } = await machine({ login: due })
    const exchange = openai.holdNextExchange('after rotating')
    const { child, ended } = startExec(home)
    await exchange.begun
    child.kill('SIGTERM')
    expect((await ended).signal).toBe('SIGTERM')
    expect(seedToken()?.outcomes).toEqual(['rotated'])
    expect(await home.authJson()).toBe(seed.text)
  })

  test.each(releases)('%s: killed in the middle of its work, exec leaves the refreshed file', async (release) => {
    const { openai, home, another } = await machine({ login: due, enforce: true })
    const work = openai.holdNextModelRequest()
    const { child, ended } = startExec(home, { release })
    await work.begun
    child.kill('SIGKILL')
    expect((await ended).signal).toBe('SIGKILL')
    const text = (await home.authJson()) ?? ''
    expect(text).toContain(openai.ledger().tokens[1]?.refreshToken)
    const copy: LoginDocument = { text, bytes: Buffer.from(text) }
    expect((await codexExec(await another(copy), { release })).code).toBe(0)
  })
})
