import { afterEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { node24Path } from './support/fake-runner/node24.ts'
import { processesThatKnow } from './support/fake-runner/processes/process-table.ts'
import { findTool } from '../src/process/tools.ts'

const demo = fileURLToPath(new URL('../demo/demo.ts', import.meta.url))
const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'demo-test-')))
  made.push(folder)
  return folder
}

/** Runs the demonstration; `temporary` is where it may put files, and `onText` sees all it has printed so far. */
async function runDemo({
  env = {},
  onText,
}: {
  env?: Readonly<Record<string, string>>
  onText?: (text: string, interrupt: () => void) => void
} = {}): Promise<{ code: number | null; text: string; files: readonly string[]; processes: readonly string[] }> {
  const temporary = newFolder()
  const child = spawn(node24Path(), ['--disable-warning=ExperimentalWarning', demo], {
    env: { PATH: process.env['PATH'], HOME: temporary, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      onText?.(text, () => {
        child.kill('SIGINT')
      })
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text, files: readdirSync(temporary), processes: processesThatKnow(temporary).map(({ argv }) => argv.join(' ')) }
}

const counts = [
  /^ +0 {3}the person \(the seed\) +[2-9] {3}rotated, then (\d × )?refused: already used$/m,
  /^ +1 {3}Codex on machine one +1 {3}rotated$/m,
]

test('tells the story of seven machines with the counts of the server, and leaves nothing behind', async () => {
  const { code, text, files, processes } = await runDemo()

  expect(text).not.toContain('✗')
  expect(
    text.match(/^[1-5]\. .+$|^ +keeper, \w+ +\|.+$|^ +codex exec +\|.{0,30}/gm)?.map((line) => line.trim().replace(/ +\| /, ': ')),
  ).toEqual([
    '1. A person logs in, once',
    '2. Machine one: the keeper restores the login, "codex exec" refreshes it, the keeper stores it',
    'keeper, main: Codex login restored from seed',
    'codex exec: OK',
    'keeper, post: Codex login refreshed and stored',
    '3. Machine two: new and empty; here the keeper has Codex refresh at once (refresh: always)',
    'keeper, main: Codex login restored from git: file://…/store.git',
    'codex exec: OK',
    'keeper, post: Codex login: nothing new to store',
    '4. Machine three: the seed again, without the keeper',
    'codex exec: ERROR: Your access token coul',
    '5. Four machines at once, and the login is due: a matrix without "concurrency"',
  ])
  for (const line of [
    ...counts,
    /^ +2 {3}Codex on machine two +1 {3}rotated$/m,
    /^ +3 {3}Codex on one of the four +0 {3}waits for the next job$/m,
  ]) {
    expect(text).toMatch(line)
  }
  expect(text).toMatch(/^ +machine [4-7] +\| Codex login refreshed before the job goes on$/m)
  expect(text).toContain('The story came out as told')
  expect(text).not.toMatch(/rt_[\w-]{8}|eyJ[\w-]{8}|AGE-SECRET-KEY/)
  expect({ code, files, processes }).toEqual({ code: 0, files: [], processes: [] })
})

test('needs no git', async () => {
  const bin = newFolder()
  const mkfifo = findTool('mkfifo', process.env['PATH'] ?? '')
  symlinkSync(mkfifo ?? '', join(bin, 'mkfifo'))

  const { code, text, files } = await runDemo({ env: { PATH: bin } })

  expect(text).toContain('Codex login restored from command')
  for (const line of [...counts, /^ +2 {3}Codex on machine two +0 {3}waits for the next job$/m]) expect(text).toMatch(line)
  expect(text).not.toContain('Four machines at once')
  expect({ code, files }).toEqual({ code: 0, files: [] })
})

test('ends with 1 and says what is not so, when Codex does not refresh', async () => {
  const idle = join(newFolder(), 'codex')
  writeFileSync(idle, '#!/bin/sh\necho OK\n')
  chmodSync(idle, 0o755)

  const { code, text, files, processes } = await runDemo({ env: { CODEX_BINARY: idle } })

  expect(text).toContain('✗ NOT SO: Codex spent the refresh token of the seed')
  expect(text).toContain('The story did not come out as told')
  expect({ code, files, processes }).toEqual({ code: 1, files: [], processes: [] })
})

test('cleans up when it is interrupted in the middle of a job', async () => {
  let interrupted = false
  const { code, text, files, processes } = await runDemo({
    onText: (told, interrupt) => {
      if (interrupted || !told.includes('3. Machine two')) return
      interrupted = true
      setTimeout(interrupt, 300)
    },
  })

  expect(text).toContain('Interrupted. Everything is cleaned up.')
  expect(text).not.toContain('4. Machine three')
  expect({ code, files, processes }).toEqual({ code: 130, files: [], processes: [] })
})
