import { describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { leaksOf, type CliRun } from '../support/cli.ts'
import type { Login } from '../support/codex-login.ts'
import { processesThatKnow } from '../support/fake-runner/processes/process-table.ts'
import { findLeaks, type Sink } from '../support/leak-search.ts'
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

test('a file that was there before stays, and is brought up to date', async () => {
  await inRunWorld('git', async ({ openai, store, run, authFile, authJson }) => {
    const login = openai.login({ expiresIn: -60 })
    await store.put(login)
    mkdirSync(join(authFile, '..'), { recursive: true })
    const older = openai.login({ ...login.claims, issuedAt: login.claims.issuedAt - 60, expiresIn: -120 })
    writeFileSync(authFile, older.text, { mode: 0o600 })
    expect((await run(codexWords)).code).toBe(0)
    expect(authJson()).toContain((JSON.parse(await store.stored()) as { tokens: { refresh_token: string } }).tokens.refresh_token)
    expect(authJson()).not.toBe(older.text)
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

test('a command that puts the old file back after a refresh is told of it', async () => {
  await inRunWorld('git', async ({ openai, store, run, authFile }) => {
    await store.put(openai.login())
    openai.enforce(true)
    openai.expireAccessTokens()
    const codex = codexWords.map((word) => `'${word}'`).join(' ')
    const putsBack = ['sh', '-c', `cp '${authFile}' ../before; ${codex} < /dev/null && cp ../before '${authFile}'`]
    const told = await run(putsBack, { options: ['--write-through', 'never'] })
    expect(shownBy(told)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: auth.json was written while the command ran') as unknown,
    })
  })
})

test('a store that is away at the end: exit code 1, the only good copy stays and is named, and the next run stores it', async () => {
  await inRunWorld('git', async ({ openai, store, run, authJson, authFile, newest }) => {
    const login = openai.login()
    await store.put(login)
    openai.enforce(true)
    openai.expireAccessTokens()
    await store.reachable(false)
    const options = ['--retry-for', '1s']
    const lost = await run(codexWords, { options })
    expect(shownBy(lost)).toMatchObject({ code: 1, stderr: expect.stringContaining(`${authFile} is the only good copy`) as unknown })
    expect(authJson()).toContain(newest())
    expect(await store.stored()).toBe(login.text)
    expect((await run(['sh', '-c', 'exit 7'], { options })).code).toBe(7)
    await store.reachable(true)
    expect((await run(['true'])).code).toBe(0)
    expect(await store.stored()).toContain(newest())
  })
})

test('two runs at once on one due login make one exchange, and both go on', async () => {
  await inRunWorld('git', async ({ openai, store, run, root, outcomes, newest }) => {
    await store.put(openai.login({ expiresIn: -60 }))
    const homes = ['one', 'two'].map((name) => join(root, name))
    const held = openai.holdNextExchange('before rotating')
    const runs = homes.map((home) => run(['grep', '-c', 'refresh_token', join(home, 'auth.json')], { options: ['--codex-home', home] }))
    await held.begun
    held.release()
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0])
    expect(outcomes()).toEqual([['rotated'], []])
    expect(await store.stored()).toContain(newest())
    expect(homes.map((home) => existsSync(join(home, 'auth.json')))).toEqual([false, false])
  })
})

describe('--refresh always', () => {
  test('refreshes a login that is not due, stores it before the command starts, and every time', async () => {
    await inRunWorld('runner', async ({ openai, store, run, outcomes, newest }) => {
      await store.put(openai.login())
      for (const exchanges of [1, 2]) {
        const result = await run(codexWords, { options: ['--refresh', 'always'] })
        expect(shownBy(result)).toMatchObject({ code: 0, stderr: expect.stringContaining('refreshed and stored') as unknown })
        expect(outcomes().flat()).toEqual(Array.from({ length: exchanges }, () => 'rotated'))
        expect(await store.stored()).toContain(newest())
      }
      expect(openai.ledger().modelRefusals).toBe(0)
    })
  })
})

describe('--smoke-test', () => {
  test('has Codex answer before the command starts', async () => {
    await inRunWorld('runner', async ({ openai, store, run }) => {
      await store.put(openai.login())
      expect(shownBy(await run(['true'], { options: ['--smoke-test'] }))).toMatchObject({ code: 0 })
      expect(openai.ledger()).toMatchObject({ modelRequests: 1, modelRefusals: 0 })
    })
  })

  test('that fails ends it with the reason, and the command does not start', async () => {
    await inRunWorld('runner', async ({ openai, store, run, workspace }) => {
      const login = openai.login()
      await store.put(login)
      openai.enforce(true)
      openai.revoke(login)
      openai.expireAccessTokens()
      const result = await run(['touch', 'started'], { options: ['--smoke-test'] })
      expect(result.code).not.toBe(0)
      expect(result.stderr).toMatch(/Way out:/)
      expect(existsSync(join(workspace, 'started'))).toBe(false)
      expect(leaksOf(result, tokensOf(login))).toEqual([])
    })
  })
})

describe('--expected-account', () => {
  test('another one: exit code 1 and the reason; nothing is written, and the command does not start', async () => {
    await inRunWorld('runner', async ({ openai, store, run, workspace, authJson }) => {
      const login = openai.login({ expiresIn: -60 })
      await store.put(login)
      const result = await run(['touch', 'started'], { options: ['--expected-account', '0123456789ab'] })
      expect(shownBy(result)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('expected-account') as unknown })
      expect({ started: existsSync(join(workspace, 'started')), file: authJson() }).toEqual({ started: false, file: undefined })
      expect([openai.ledger().requests, await store.stored()]).toEqual([[], login.text])
    })
  })

  test('the right one: the command starts', async () => {
    await inRunWorld('runner', async ({ openai, store, run }) => {
      const login = openai.login()
      await store.put(login)
      expect(await run(['true'], { options: ['--expected-account', login.claims.accountId] })).toMatchObject({ code: 0 })
    })
  })
})

describe.each(['CI_PROJECT_DIR', 'WORKSPACE', 'GITHUB_WORKSPACE'])('programs in the folder that %s names', (variable) => {
  test('are not run as the git and the codex of the keeper, but are there for the command', async () => {
    await inRunWorld('git', async ({ openai, store, run, workspace, env, outcomes }) => {
      const bin = join(workspace, 'node_modules', '.bin')
      mkdirSync(bin, { recursive: true })
      for (const name of ['git', 'codex', 'mine']) {
        writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >> '${workspace}/ran'\nexit 1\n`, { mode: 0o755 })
      }
      await store.put(openai.login({ expiresIn: -60 }))
      const PATH = `${bin}:.:${env['PATH'] ?? ''}`
      expect(shownBy(await run(['mine'], { env: { [variable]: workspace, PATH } }))).toMatchObject({ code: 1 })
      expect([readFileSync(join(workspace, 'ran'), 'utf8'), outcomes()]).toEqual(['mine\n', [['rotated'], []]])
    })
  })
})

test('SIGHUP goes to the command, and what it has left is stored', async () => {
  await inRunWorld('runner', async ({ openai, store, run, root, workspace }) => {
    const login = openai.login()
    await store.put(login)
    const next = openai.login({ ...login.claims, issuedAt: login.claims.issuedAt + 60 })
    writeFileSync(join(root, 'next.json'), next.text)
    const script = `trap 'cp "${root}/next.json" "$CODEX_HOME/auth.json"; exit 9' HUP; touch ready; while :; do sleep 0.1; done`
    const result = await run(['sh', '-c', script], {
      options: ['--write-through', 'never'],
      started: (child) => {
        void (async () => {
          while (!existsSync(join(workspace, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 50))
          child.kill('SIGHUP')
        })()
      },
    })
    expect(shownBy(result)).toMatchObject({ code: 9 })
    expect(await store.stored()).toBe(next.text)
  })
})

describe('SIGTERM', () => {
  test('goes to the command, whose end is waited for; what it has left is stored, and a second one cuts nothing short', async () => {
    await inRunWorld('git', async ({ openai, store, run, root, workspace, authJson }) => {
      const login = openai.login()
      await store.put(login)
      const next = openai.login({ ...login.claims, issuedAt: login.claims.issuedAt + 60 })
      writeFileSync(join(root, 'next.json'), next.text)
      const script = `trap 'cp "${root}/next.json" "$CODEX_HOME/auth.json"; exit 9' TERM; touch ready; while :; do sleep 0.1; done`
      const result = await run(['sh', '-c', script], {
        options: ['--write-through', 'never'],
        started: (child) => {
          void (async () => {
            while (!existsSync(join(workspace, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 50))
            child.kill('SIGTERM')
            while (authJson() !== next.text) await new Promise((resolve) => setTimeout(resolve, 20))
            await new Promise((resolve) => setTimeout(resolve, 200))
            child.kill('SIGTERM')
          })()
        },
      })
      expect(shownBy(result)).toMatchObject({ code: 9 })
      expect(await store.stored()).toBe(next.text)
      expect(authJson()).toBeUndefined()
      expect(leaksOf(result, [...tokensOf(login), ...tokensOf(next), ...store.secrets])).toEqual([])
    })
  })

  test('of which the command dies: 128 and the number of the signal', async () => {
    await inRunWorld('runner', async ({ openai, store, run }) => {
      await store.put(openai.login())
      expect((await run(['sh', '-c', 'kill -TERM $$'])).code).toBe(143)
    })
  })

  test('in the middle of the early refresh: the new login is stored, and the command does not start', async () => {
    await inRunWorld('git', async ({ openai, store, run, workspace, newest, authJson }) => {
      await store.put(openai.login({ expiresIn: -60 }))
      const held = openai.holdNextExchange('after rotating')
      const result = await run(['touch', 'started'], {
        started: (child) => {
          void held.begun.then(() => {
            child.kill('SIGTERM')
            setTimeout(held.release, 300)
          })
        },
      })
      expect(shownBy(result)).toMatchObject({ code: 143 })
      expect(await store.stored()).toContain(newest())
      expect({ started: existsSync(join(workspace, 'started')), file: authJson() }).toEqual({ started: false, file: undefined })
    })
  })
})

test('no secret is in an argument, in the environment of any child, or in a file beside auth.json', async () => {
  await inRunWorld('git', async ({ openai, store, run, root, workspace, authFile, newest }) => {
    const seed = openai.login({ expiresIn: -60 })
    const seen = new Map<string, Sink>()
    let own = 0
    const look = (): void => {
      for (const { pid, argv, environ, image } of processesThatKnow(root)) {
        seen.set(`arguments ${pid} ${image}`, { name: `arguments of ${argv.join(' ').slice(0, 60)}`, content: argv.join(' ') })
        if (pid !== own) seen.set(`environment ${pid} ${image}`, { name: `environment of ${argv.join(' ')}`, content: environ.join(' ') })
      }
    }
    const held = openai.holdNextExchange('before rotating')
    const result = await run(['sh', '-c', `touch ready; while [ ! -e go ]; do sleep 0.1; done`], {
      env: { CODEX_AUTH_SEED: seed.text },
      started: (child) => {
        own = child.pid ?? 0
        void (async () => {
          await held.begun
          look()
          held.release()
          while (!existsSync(join(workspace, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 20))
          look()
          for (const path of filesIn(root)) {
            if (path !== authFile) seen.set(path, { name: path, content: readFileSync(path) })
          }
          writeFileSync(join(workspace, 'go'), '')
        })()
      },
    })
    expect(result.code).toBe(0)
    const names = [...seen.values()].map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([expect.stringContaining('app-server'), expect.stringContaining('environment of sh')]))
    const secrets = [...tokensOf(seed), newest(), ...store.secrets]
    expect(leaksOf(result, secrets)).toEqual([])
    expect(findLeaks(secrets, [...seen.values()]).map(({ sink }) => sink)).toEqual([])
    for (const path of filesIn(root)) expect(findLeaks(secrets, [{ name: path, content: readFileSync(path) }])).toEqual([])
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}
