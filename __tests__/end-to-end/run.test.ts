import { describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { leaksOf, type CliRun } from '../support/cli.ts'
import type { Login } from '../support/codex-login.ts'
import { codexWords, inRunWorld } from '../support/run-world.ts'

const tokensOf = ({ tokens: { id_token, access_token, refresh_token } }: Login): string[] => [id_token, access_token, refresh_token]
const shownBy = (run: CliRun): object => ({ code: run.code, stdout: run.stdout, stderr: run.stderr })

describe.each(['git', 'ssh', 'runner'] as const)('run with the store %s', (store) => {
  test('takes a due seed, has Codex refresh it, stores it before the command starts, and the command works with it', async () => {
    await inRunWorld(store, async ({ openai, store, run, outcomes, newest, authJson }) => {
      const seed = openai.login({ expiresIn: -60 })
      const first = await run(codexWords, { env: { CODEX_AUTH_SEED: seed.text } })
      expect(shownBy(first)).toMatchObject({ code: 0, stdout: expect.stringContaining('OK') as unknown })
      expect(first.stderr).toContain('codex-auth-keeper: Codex login')
      expect(first.stderr).toContain('refreshed and stored')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await store.stored()).toContain(newest())
      // A store that is this very machine keeps the file, as in a job.
      expect(authJson() === undefined).toBe(!store.line.startsWith('runner'))
      const again = await run(codexWords, { env: { CODEX_AUTH_SEED: seed.text } })
      expect(again.code).toBe(0)
      expect(outcomes()).toEqual([['rotated'], []])
      expect(openai.ledger().modelRefusals).toBe(0)
    })
  })
})

test('the command has the input and output, the exit code and CODEX_HOME, and none of the secrets of the keeper', async () => {
  await inRunWorld('git', async ({ openai, store, run, codexHome }) => {
    const seed = openai.login()
    await store.put(openai.login({ ...seed.claims, issuedAt: seed.claims.issuedAt + 60 }))
    const result = await run(['sh', '-c', 'cat; env; tr "\\0" "\\n" < /proc/$$/cmdline; exit 7'], {
      stdin: 'what it is given\n',
      env: { CODEX_AUTH_SEED: seed.text, CODEX_AUTH_TOKEN: 'ghp_0123456789abcdefghij', CODEX_AUTH_MISSPELT: 'x', MINE: 'stays' },
    })
    expect(result.code).toBe(7)
    expect(result.stdout).toMatch(/^what it is given\n/)
    expect(result.stdout.split('\n')).toEqual(expect.arrayContaining([`CODEX_HOME=${codexHome}`, 'MINE=stays']))
    expect(result.stdout).not.toContain('CODEX_AUTH_')
    expect(leaksOf(result, [...tokensOf(seed), ...store.secrets])).toEqual([])
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('a command that cannot be started', () => {
  test.each([
    ['is not there', 'frobnicate', 127],
    ['is no program', './notes', 126],
  ])('that %s: nothing is restored', async (_, name, code) => {
    await inRunWorld('runner', async ({ openai, store, run, workspace, authJson }) => {
      writeFileSync(join(workspace, 'notes'), 'text')
      await store.put(openai.login({ expiresIn: -60 }))
      expect(await run([name])).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(name.slice(2)) as unknown })
      expect({ file: authJson(), requests: openai.ledger().requests }).toEqual({ file: undefined, requests: [] })
    })
  })
})

test('without a login anywhere, exit code 3, and the command does not start', async () => {
  await inRunWorld('runner', async ({ run, workspace }) => {
    const result = await run(['touch', 'started'])
    expect(result.code).toBe(3)
    expect(result.stderr).toContain('CODEX_AUTH_SEED')
    expect(existsSync(join(workspace, 'started'))).toBe(false)
  })
})

test('a login that OpenAI refuses: exit code 3, and the stored copy stays', async () => {
  await inRunWorld('git', async ({ openai, store, run, workspace, authJson }) => {
    const login = openai.login({ expiresIn: -60 })
    await store.put(login)
    openai.revoke(login)
    const result = await run(['touch', 'started'])
    expect(shownBy(result)).toMatchObject({ code: 3, stdout: '' })
    expect(existsSync(join(workspace, 'started'))).toBe(false)
    expect(await store.stored()).toBe(login.text)
    expect(authJson()).toBeUndefined()
  })
})

describe('wrong usage', () => {
  test.each([
    ['no store', ['run', '--', 'true'], '--store'],
    ['no command', ['run', '--store', 'runner: /var/lib/x'], 'command'],
    ['a time that is none', ['run', '--store', 'runner: /var/lib/x', '--retry-for', 'soon', '--', 'true'], '--retry-for'],
    ['a store that only a job can reach', ['run', '--store', 'cache', '--', 'true'], 'cache'],
  ])('%s: exit code 2', async (_, args, shown) => {
    const { runCli } = await import('../support/cli.ts')
    const { code, stderr } = await runCli({ args })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(shown) as unknown })
  })
})

test('a file that was there before stays', async () => {
  await inRunWorld('git', async ({ openai, store, run, authFile, authJson, newest }) => {
    const login = openai.login({ expiresIn: -60 })
    await store.put(login)
    mkdirSync(join(authFile, '..'), { recursive: true })
    writeFileSync(authFile, login.text, { mode: 0o600 })
    expect((await run(codexWords)).code).toBe(0)
    expect(authJson()).toContain(newest())
  })
})

test('what Codex refreshes while the command runs is stored at once, so that a run that is killed has lost nothing', async () => {
  await inRunWorld('git', async ({ openai, store, run, newest, outcomes }) => {
    await store.put(openai.login())
    openai.enforce(true)
    openai.expireAccessTokens()
    const held = openai.holdNextModelRequest()
    held.release()
    let atTheKill = ''
    const result = await run(['sh', '-c', `${codexWords.map((word) => `'${word}'`).join(' ')} < /dev/null; exec sleep 600 >&- 2>&-`], {
      started: (child) => {
        void (async () => {
          while (atTheKill === '') {
            await new Promise((resolve) => setTimeout(resolve, 200))
            const stored = await store.stored()
            if (outcomes().length === 2 && stored.includes(newest())) atTheKill = stored
          }
          child.kill('SIGKILL')
        })()
      },
    })
    expect(result.signal).toBe('SIGKILL')
    expect(outcomes()).toEqual([['rotated'], []])
    expect(await store.stored()).toContain(newest())
  })
})
