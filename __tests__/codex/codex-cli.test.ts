import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { codexCli, type CodexCli, type Limits, type RefreshCall } from '../../src/codex/codex-cli.ts'
import { codexEnvironment } from '../../src/codex/codex-environment.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { answersWell, appServer, withoutAppServer } from '../support/codex-stand-ins.ts'
import { node24Path } from '../support/fake-runner/node24.ts'
import { startLoopbackOpenAI } from '../support/loopback-openai.ts'
import { codexBinary, makeCodexHome, type CodexRelease } from '../support/real-codex.ts'

let folder = ''
let started: number[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codex-cli-'))
  await mkdir(join(folder, 'cwd'))
  started = []
})
afterEach(async () => {
  for (const pid of started.filter(isAlive)) process.kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

const short: Limits = { answer: 300, exit: 300, terminate: 300, smokeTest: 300 }
const call = (changes: Partial<RefreshCall> = {}): RefreshCall => ({
  refreshesFrom: Infinity,
  hasChanged: () => Promise.resolve(false),
  onStart,
  ...changes,
})
const onStart = (pid: number): void => {
  started.push(pid)
}

/** A program in place of Codex; its `log` writes a line that `logged` reads. */
async function program(script: string, limits?: Limits): Promise<CodexCli> {
  const file = join(folder, 'codex')
  await writeFile(file, script.replace('\n', `\nlog() { echo "$1" >> '${folder}/log'; }\n`), { mode: 0o755 })
  return codexCli({ program: file, env: { PATH: '/usr/bin:/bin', ONLY: 'this' }, cwd: join(folder, 'cwd'), ...(limits && { limits }) })
}

async function logged(): Promise<string[]> {
  return existsSync(join(folder, 'log')) ? (await readFile(join(folder, 'log'), 'utf8')).trimEnd().split('\n') : []
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('A Codex that does not end', () => {
  /** Answers once its trap for SIGTERM is set, and goes on after the end of its input. */
  const goesOn = (onTerm: string): string =>
    `${appServer(answersWell).replace('\n', `\ntrap '${onTerm}' TERM\n`)}log 'end of input'\nwhile :; do sleep 0.05; done\n`

  test('gets the end of its input, then one SIGTERM, then is left alone', async () => {
    const codex = await program(goesOn('log TERM'), { ...short, answer: 10_000, exit: 1_000, terminate: 1_000 })
    expect(await codex.refresh(call())).toEqual({ kind: 'left-running', pid: started[0] })
    expect(await logged()).toEqual(['end of input', 'TERM'])
    expect(started.map(isAlive)).toEqual([true])
  })

  test('after the end of its input is waited for, without a signal', async () => {
    const codex = await program(
      `#!/bin/bash
trap 'log TERM' TERM
cat >/dev/null; sleep 0.1; log done
`,
      { ...short, exit: 10_000 },
    )
    expect(await codex.refresh(call())).toEqual({ kind: 'ended', ok: true, failure: undefined })
    expect(await logged()).toEqual(['done'])
  })

  test('but does at SIGTERM has ended', async () => {
    const codex = await program(goesOn('log TERM; exit 0'), { ...short, answer: 10_000, exit: 1_000, terminate: 10_000 })
    expect(await codex.refresh(call())).toEqual({ kind: 'ended', ok: true, failure: undefined })
    expect(await logged()).toEqual(['end of input', 'TERM'])
  })

  test('in the smoke test is left alone at once: a signal would cost the login', async () => {
    const codex = await program(
      `#!/bin/bash
trap 'log TERM' TERM; trap 'log INT' INT
while :; do sleep 0.05; done
`,
      short,
    )
    expect(await codex.smokeTest(onStart)).toEqual({ kind: 'left-running', pid: started[0] })
    expect([await logged(), started.map(isAlive)]).toEqual([[], [true]])
  })
})

describe('The request', () => {
  const asks = appServer(`log "$line"; ${answersWell}`)
  const asked = async (): Promise<unknown> => (JSON.parse((await logged())[0] ?? '') as { params: unknown }).params
  const now = (): number => Date.now() / 1000

  test.each([
    {
      name: 'a refresh, of a token that Codex would not refresh yet',
      changes: { refreshesFrom: Date.now() / 1000 + 60 },
      refreshToken: true,
    },
    { name: 'none, of a token that Codex refreshes as it starts', changes: { refreshesFrom: now() - 1 }, refreshToken: false },
    { name: 'none, where the file has changed already', changes: { hasChanged: () => Promise.resolve(true) }, refreshToken: false },
  ])('asks for $name', async ({ changes, refreshToken }) => {
    const codex = await program(asks)
    expect(await codex.refresh(call(changes))).toEqual({ kind: 'ended', ok: true, failure: undefined })
    expect(await asked()).toEqual({ refreshToken })
  })

  test('runs in an environment of its own, in a group of its own, and leaves no file behind', async () => {
    const codex = await program(`#!/bin/bash
log "$(env | cut -d= -f1 | sort | tr '\\n' ' ')"
log "$(ps -o pgid= -p $$ | tr -d ' ')"
log "$(ls | wc -l)"
`)
    await codex.refresh(call())
    const [names, group, files] = await logged()
    expect(names?.split(' ').filter((name) => !['PWD', 'SHLVL', '_', ''].includes(name))).toEqual(['ONLY', 'PATH'])
    expect([Number(group), files]).toEqual([started[0], '0'])
    expect(await readdir(join(folder, 'cwd'))).toEqual([])
  })

  test('an answer without an account is a refusal', async () => {
    const codex = await program(appServer(`echo '{"method":"account/updated"}'; echo '{"id":1,"result":{"account":null}}'`))
    expect(await codex.refresh(call())).toEqual({ kind: 'ended', ok: false, failure: 'refused' })
  })

  test('a flood of other lines hides nothing', async () => {
    const codex = await program(
      appServer(
        `head -c 900000 /dev/zero | tr '\\0' x | fold -w 1000; echo no json; echo 'Failed to refresh token status=401' >&2; ${answersWell}`,
      ),
    )
    expect(await codex.refresh(call())).toEqual({ kind: 'ended', ok: false, failure: 'refused' })
  })

  test.each([
    ['without app-server', withoutAppServer],
    ['that takes app-server for a prompt', '#!/bin/bash\necho "Error: stdin is not a terminal" >&2; exit 1\n'],
  ])('to a Codex %s is not supported', async (_, script) => {
    expect(await (await program(script)).refresh(call())).toEqual({ kind: 'unsupported' })
  })

  test('to a Codex that crashes has simply ended', async () => {
    expect(await (await program('#!/bin/bash\nexit 101\n')).refresh(call())).toEqual({ kind: 'ended', ok: true, failure: undefined })
  })

  test('to a Codex that cannot be started is an error with a way out', async () => {
    const codex = await program('#!/nonexistent/interpreter\n')
    await expect(codex.refresh(call())).rejects.toThrow(KeeperError)
    await expect(codex.smokeTest(onStart)).rejects.toMatchObject({
      code: 'codex-failed',
      remedy: expect.stringContaining('Install a Codex CLI') as unknown,
    })
    expect([started, await readdir(join(folder, 'cwd'))]).toEqual([[], []])
  })
})

/** A process of the keeper that has just started Codex; the result kills it. */
async function keeper(operation: string, codex: string, cwd: string, env: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const runner = fileURLToPath(new URL('../support/codex-cli-runner.ts', import.meta.url))
  const child = spawn(node24Path(), [runner, operation, codex, cwd], { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  started.push(Number(line.toString()))
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

describe('When the keeper is killed in the middle of the exchange', () => {
  test.each(['refresh', 'smoke test'])('Codex can still print, or it would die of that (%s)', async (operation) => {
    const file = join(folder, 'codex')
    await program(`#!/bin/bash
until [ -e '${folder}/killed' ]; do sleep 0.02; done
echo an event || exit 1
echo a warning >&2 || exit 1
log printed
`)
    const kill = await keeper(operation, file, join(folder, 'cwd'), { PATH: '/usr/bin:/bin' })
    await kill()
    await writeFile(join(folder, 'killed'), '')
    while (started.some(isAlive)) await sleep(20)
    expect(await logged()).toEqual(['printed'])
  })

  const releases: CodexRelease[] = ['pinned', 'older']
  test.each(releases.flatMap((release) => (['refresh', 'smoke test'] as const).map((operation) => ({ release, operation }))))(
    'the $release Codex goes on and saves ($operation)',
    async ({ release, operation }) => {
      const openai = await startLoopbackOpenAI({ enforce: true })
      const home = await makeCodexHome(openai, openai.login())
      if (operation === 'smoke test') openai.expireAccessTokens()
      try {
        const exchange = openai.holdNextExchange('after rotating')
        const kill = await keeper(operation, codexBinary(release), home.workspace, home.env)
        await exchange.begun
        await kill()
        exchange.release()
        while (started.some(isAlive)) await sleep(20)
        expect(openai.ledger().tokens.map(({ outcomes }) => outcomes)).toEqual([['rotated'], []])
        expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
        expect((await readdir(home.workspace)).filter((name) => name.startsWith('codex-'))).toEqual([])
      } finally {
        await openai.close()
        await home.remove()
      }
    },
  )
})

test('codexEnvironment passes on what Codex needs, and no input, state, runner token or API key', () => {
  const env = {
    PATH: '/usr/bin',
    HOME: '/home/ci',
    HTTPS_PROXY: 'http://proxy.example:8080',
    RUNNER_TRACKING_ID: 'github_1',
    LANG: 'C.UTF-8',
    'INPUT_AUTH-JSON': 'secret',
    STATE_restored: '{}',
    ACTIONS_RUNTIME_TOKEN: 'secret',
    GITHUB_TOKEN: 'secret',
    CODEX_API_KEY: 'secret',
    CODEX_ACCESS_TOKEN: 'secret',
    OPENAI_API_KEY: 'secret',
    LD_PRELOAD: 'x',
    RUST_LOG: 'trace',
    CODEX_HOME: '/elsewhere',
  }
  expect(codexEnvironment(env, '/home/ci/.codex')).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/ci',
    HTTPS_PROXY: 'http://proxy.example:8080',
    RUNNER_TRACKING_ID: 'github_1',
    LANG: 'C.UTF-8',
    CODEX_HOME: '/home/ci/.codex',
  })
})
