import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { authFileChangedAt } from '../../src/codex/codex-home.ts'
import { findCodexProcesses, waitUntilStill, type StillnessRequest } from '../../src/codex/stillness.ts'
import { node24Path } from '../support/fake-runner/node24.ts'
import { virtualClock, type VirtualClock } from '../support/keeper-world.ts'

let codexHome: string
let file: string
let clock: VirtualClock
beforeEach(() => {
  codexHome = mkdtempSync(join(tmpdir(), 'stillness-'))
  file = join(codexHome, 'auth.json')
  clock = virtualClock(1_800_000_000_000)
})
afterEach(() => {
  rmSync(codexHome, { recursive: true })
})

/** The file as it was changed that many milliseconds ago. */
function changed(ago: number): void {
  writeFileSync(file, '{}')
  utimesSync(file, (clock.now() - ago) / 1000, (clock.now() - ago) / 1000)
}

async function waited(changes: Partial<StillnessRequest> = {}): Promise<[still: boolean, milliseconds: number]> {
  const start = clock.now()
  const still = await waitUntilStill({
    codexHome,
    cancelled: false,
    ownChange: undefined,
    trackingId: 'job',
    clock,
    codexProcesses: () => [],
    started: undefined,
    ...changes,
  })
  return [still, clock.now() - start]
}

describe('post waits', () => {
  test.each([
    ['long ago', 60_000, 0],
    ['two seconds ago', 2_000, 0],
    ['just now', 0, 2_000],
    ['a second ago', 1_000, 1_000],
    ['in the future', -60_000, 0],
  ])('for a file that was changed %s', async (_, ago, milliseconds) => {
    changed(ago)
    expect(await waited()).toEqual([true, milliseconds])
  })

  test('not for a file that is not there', async () => {
    expect(await waited()).toEqual([true, 0])
  })

  test('not for our own change', async () => {
    changed(100)
    expect(await waited({ ownChange: await authFileChangedAt(codexHome) })).toEqual([true, 0])
  })

  test('two seconds after a cancel, when a process may not have shown itself yet', async () => {
    changed(60_000)
    expect(await waited({ cancelled: true })).toEqual([true, 2_000])
  })

  test('for a Codex process of this job, and asks for that job alone', async () => {
    const answers = [[1], [1, 2], []]
    const asked: unknown[] = []
    expect(
      await waited({
        codexProcesses: (job) => {
          asked.push(job)
          return answers.shift() ?? []
        },
      }),
    ).toEqual([true, 500])
    expect(asked).toEqual(['job', 'job', 'job'])
  })

  test('for a file that goes on changing, until it stops', async () => {
    changed(0)
    const sleep = clock.sleep.bind(clock)
    const writing: typeof clock = {
      ...clock,
      sleep: async (milliseconds) => {
        await sleep(milliseconds)
        if (clock.waits.length < 20) changed(0)
      },
    }
    expect(await waited({ clock: writing })).toEqual([true, 19 * 250 + 2_000])
  })

  test('longer than the token request of Codex, but not for ever', async () => {
    const [still, milliseconds] = await waited({ codexProcesses: () => [1] })
    expect([still, milliseconds >= 45_000, milliseconds < 60_000]).toEqual([false, true, true])
  })
})

describe('a Codex process that restore has started', () => {
  test('is waited for while it lives, and not after', async () => {
    const child = spawn(node24Path(), ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const ended = new Promise((resolve) => {
      child.once('exit', resolve)
    })
    expect((await waited({ started: child.pid }))[0]).toBe(false)
    child.kill('SIGKILL')
    await ended
    expect(await waited({ started: child.pid })).toEqual([true, 0])
  })
})

const onLinux = process.platform === 'linux' ? test : test.skip
onLinux('a process counts by its name and the tracking id of this job', async () => {
  const codex = join(codexHome, 'codex')
  await copyFile('/bin/sleep', codex)
  const children = [
    spawn(codex, ['60'], { env: { RUNNER_TRACKING_ID: 'github_ours' }, stdio: 'ignore' }),
    spawn(codex, ['60'], { env: { RUNNER_TRACKING_ID: 'github_ours_not' }, stdio: 'ignore' }),
    spawn('/bin/sleep', ['60'], { env: { RUNNER_TRACKING_ID: 'github_ours' }, stdio: 'ignore' }),
    spawn(codex, ['60'], { env: { RUNNER_TRACKING_ID: '' }, stdio: 'ignore' }),
  ]
  const ended = Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) => {
          child.once('exit', resolve)
        }),
    ),
  )
  try {
    expect(findCodexProcesses('github_ours')).toEqual([children[0]?.pid])
    for (const none of [undefined, '']) expect(findCodexProcesses(none)).toEqual([])
    expect(findCodexProcesses('github_nobody')).toEqual([])
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await ended
  }
})
