import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runnerStore } from '../../../src/stores/runner/runner-store.ts'
import { text } from '../../support/documents.ts'
import { node24Path } from '../../support/fake-runner/node24.ts'

const script = fileURLToPath(new URL('../../support/runner-store-writer.ts', import.meta.url))

let parent: string
let directory: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'runner-store-'))
  directory = join(parent, 'slot')
})
afterEach(() => {
  rmSync(parent, { recursive: true })
})

test('of 20 processes at once one wins, in each of 50 rounds', async () => {
  const [writers, rounds] = [20, 50]
  const run = promisify(execFile)
  const results = await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const { stdout } = await run(node24Path(), [
        script,
        'race',
        directory,
        join(parent, 'barrier'),
        String(writer),
        String(writers),
        String(rounds),
      ])
      return { writer, won: JSON.parse(stdout) as number[] }
    }),
  )
  const winners = Array.from({ length: rounds }, (_, index) =>
    results.filter(({ won }) => won.includes(index + 1)).map(({ writer }) => writer),
  )
  expect(winners.map((of) => of.length)).toEqual(winners.map(() => 1))
  const last = await runnerStore({ name: 'runner', directory }).read()
  expect(last?.version).toBe(String(rounds))
  expect(text(last?.bytes)).toBe(JSON.stringify({ round: rounds, writer: String(winners[rounds - 1]?.[0]) }))
}, 120_000)

test('a writer that is killed -9 at any moment leaves a whole document, and the place usable', async () => {
  const store = runnerStore({ name: 'runner', directory })
  let newest = 0
  for (let round = 0; round < 8; round += 1) {
    const writer = spawn(node24Path(), [script, 'forever', directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => {
      writer.once('exit', (_, signal) => {
        resolve(signal)
      })
    })
    await new Promise((resolve) => {
      writer.stdout.once('data', resolve)
    })
    await new Promise((resolve) => {
      setTimeout(resolve, Math.random() * 40)
    })
    writer.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    const copy = await store.read()
    expect(copy?.bytes).toHaveLength(64 * 1024)
    expect(new Set(copy?.bytes).size).toBe(1)
    expect(Number(copy?.version)).toBeGreaterThan(newest)
    const outcome = await store.write(Buffer.alloc(64 * 1024, 'x'), copy?.version)
    if (outcome.kind !== 'written') throw new Error('The next write met a conflict.')
    newest = Number(outcome.version)
  }
}, 120_000)
