import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { whyForgotten } from '../../../src/stores/runner/runner-settings.ts'
import { runnerStore } from '../../../src/stores/runner/runner-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { becomeOrdinary } from '../../support/ordinary-user.ts'
import { describeStore } from '../store-contract.ts'

const notForRoot = 'file modes do not stop root, who cannot become another user here'
const canBeDenied = becomeOrdinary()
canBeDenied?.()

describeStore('runner', {
  guarantee: 'compare-and-set',
  proof: 'proved',
  garbage: 'returned-as-it-is',
  cannot: {
    foreignKey: 'it holds plain bytes',
    answerLost: 'a call to the disk has no answer to lose',
    writeInterrupted: 'a killed writer has a test of its own',
  },
  ...(!canBeDenied && { cannotHere: { readDenied: notForRoot, writeDenied: notForRoot } }),
  harness: () => {
    const asBefore = becomeOrdinary()
    const parent = mkdtempSync(join(tmpdir(), 'runner-store-'))
    const directory = join(parent, 'slot')
    const aside = join(parent, 'aside')
    mkdirSync(directory)
    const heal = (): void => {
      if (existsSync(aside)) {
        rmSync(directory)
        renameSync(aside, directory)
      }
      chmodSync(directory, 0o700)
    }
    return {
      open: () => Promise.resolve(runnerStore({ name: 'runner', directory })),
      faults: {
        unreachable: () => {
          renameSync(directory, aside)
          writeFileSync(directory, 'no directory')
        },
        garbage: (bytes) => {
          writeFileSync(join(directory, newestFile(directory)), bytes)
        },
        emptied: () => {
          for (const file of readdirSync(directory)) rmSync(join(directory, file))
        },
        readDenied: () => {
          chmodSync(directory, 0)
        },
        writeDenied: () => {
          chmodSync(directory, 0o500)
        },
      },
      heal,
      cleanup: () => {
        heal()
        rmSync(parent, { recursive: true })
        asBefore?.()
      },
    }
  },
})

function newestFile(directory: string): string {
  return (
    readdirSync(directory)
      .filter((file) => file.startsWith('auth.'))
      .sort()
      .at(-1) ?? ''
  )
}

let parent: string
let directory: string
let store: Store
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'runner-store-'))
  directory = join(parent, 'deep', 'slot')
  store = runnerStore({ name: 'runner', directory })
})
afterEach(() => {
  rmSync(parent, { recursive: true })
})

/** Writes documents `1` to `count`, each over the one before. */
async function write(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    expect(await store.write(login(String(number)), number === 1 ? undefined : String(number - 1))).toEqual({
      kind: 'written',
      version: String(number),
    })
  }
}
const files = (): [string, number][] =>
  readdirSync(directory)
    .sort()
    .map((file) => [file, statSync(join(directory, file)).size])

describe('on the disk', () => {
  test('a generation is a file of its own, 0600 in a directory 0700, and nothing else stays', async () => {
    await store.proveWritable()
    await write(1)
    expect(readdirSync(directory)).toEqual(['auth.0000000001'])
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'auth.0000000001')).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'auth.0000000001')).nlink).toBe(1)
  })

  test('the last two generations are whole, older ones are empty but stay', async () => {
    await write(4)
    const size = login('4').length
    expect(files()).toEqual([
      ['auth.0000000001', 0],
      ['auth.0000000002', 0],
      ['auth.0000000003', size],
      ['auth.0000000004', size],
    ])
  })

  test('a very late writer cannot make an old number again', async () => {
    await write(3)
    expect(await store.write(login('late'), undefined)).toEqual({ kind: 'conflict' })
    expect(await store.write(login('late'), '1')).toEqual({ kind: 'conflict' })
    expect(text((await store.read())?.bytes)).toBe(text(login('3')))
  })

  test('after generation 9 comes 10, in number and not in text order', async () => {
    await write(11)
    expect((await store.read())?.version).toBe('11')
  })

  test('other files are not its generations', async () => {
    await write(1)
    for (const name of ['auth.2', 'auth.00000000003', 'auth.json', 'xauth.0000000004', 'auth.0000000005.tmp'])
      writeFileSync(join(directory, name), 'x')
    expect(await store.read()).toMatchObject({ version: '1' })
  })

  test.each(['auth.9999999999', 'auth.9999999990'])(
    '%s, after which none could be counted, is damage, and stays as it is',
    async (name) => {
      await write(2)
      writeFileSync(join(directory, name), 'planted')
      const before = readdirSync(directory)
      await expect(store.read()).rejects.toMatchObject({
        code: 'store-damaged',
        message: expect.stringContaining(name.slice(5)) as unknown,
      })
      for (const version of ['2', name.slice(5)])
        await expect(store.write(login('x'), version)).rejects.toMatchObject({ code: 'store-damaged' })
      expect(readdirSync(directory)).toEqual(before)
    },
  )

  test('a newest generation that is a pipe, or has no end, is damage and not waited for', async () => {
    await write(1)
    execFileSync('mkfifo', [join(directory, 'auth.0000000002')])
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
    writeFileSync(join(directory, 'auth.0000000003'), Buffer.alloc(2 * 1024 * 1024))
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
  })

  test('an emptied newest generation is damage, not an empty place', async () => {
    await write(1)
    writeFileSync(join(directory, 'auth.0000000001'), '')
    await expect(store.read()).rejects.toMatchObject({ code: 'store-damaged' })
  })

  test('reading makes no directory, and proving does', async () => {
    expect(await store.read()).toBeUndefined()
    expect(existsSync(directory)).toBe(false)
    expect(await store.proveWritable()).toBe('proved')
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('a directory that a person has named', () => {
  test('must be there: a disk that is not mounted is not an empty place, and nothing is made in its stead', async () => {
    const mount = join(parent, 'mount')
    const named = runnerStore({ name: 'runner', directory: join(mount, 'slot'), mustExist: mount })
    const refusal = {
      code: 'store-refused',
      message: `There is no directory ${mount}.`,
      remedy: expect.stringContaining('mounted') as unknown,
    }
    for (const operation of [() => named.read(), () => named.proveWritable(), () => named.write(login('1'), undefined)]) {
      await expect(operation()).rejects.toMatchObject(refusal)
    }
    expect(existsSync(mount)).toBe(false)
    writeFileSync(mount, 'a file')
    await expect(named.read()).rejects.toMatchObject(refusal)
    rmSync(mount)
    mkdirSync(mount)
    expect(await named.read()).toBeUndefined()
    expect(await named.write(login('1'), undefined)).toMatchObject({ kind: 'written' })
  })
})

describe('what a writer leaves that was killed', () => {
  const leave = (name: string, content: Uint8Array): string => {
    const path = join(directory, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }

  test.each<[string, () => void, string]>([
    [
      'before it had written all',
      () => {
        leave('.write-a', login('3').subarray(0, 20))
      },
      '2',
    ],
    [
      'before the link',
      () => {
        leave('.write-a', login('3'))
      },
      '2',
    ],
    [
      'after the link',
      () => {
        linkSync(leave('.write-a', login('3')), join(directory, 'auth.0000000003'))
      },
      '3',
    ],
    [
      'before it emptied the older ones',
      () => {
        leave('auth.0000000003', login('3'))
      },
      '3',
    ],
    [
      'while it proved its access',
      () => {
        linkSync(leave('.probe-a', new Uint8Array()), join(directory, '.probe-a-link'))
      },
      '2',
    ],
  ])('%s: the newest generation is whole, and the next write works', async (_, kill, newest) => {
    await write(2)
    kill()
    const copy = await store.read()
    expect([text(copy?.bytes), copy?.version]).toEqual([text(login(newest)), newest])
    expect(await store.write(login('next'), copy?.version)).toMatchObject({ kind: 'written' })
    expect(text((await store.read())?.bytes)).toBe(text(login('next')))
    expect(readFileSync(join(directory, `auth.${newest.padStart(10, '0')}`))).toEqual(Buffer.from(login(newest)))
  })

  test('is removed by a write an hour later, and not before: a slow writer may still need it', async () => {
    await write(1)
    const hourAgo = Date.now() / 1000 - 3_700
    const [old, oldProbe] = [leave('.write-old', login('x')), leave('.probe-old', new Uint8Array())]
    for (const path of [old, oldProbe]) utimesSync(path, hourAgo, hourAgo)
    leave('.write-fresh', login('y'))
    const unknown = leave('notes.txt', login('z'))
    utimesSync(unknown, hourAgo, hourAgo)
    await store.write(login('2'), '1')
    expect(readdirSync(directory).sort()).toEqual(['.write-fresh', 'auth.0000000001', 'auth.0000000002', 'notes.txt'])
  })
})

describe('a machine that forgets', () => {
  const runner = {
    HOME: '/home/ci',
    RUNNER_TEMP: '/srv/_work/_temp',
    RUNNER_WORKSPACE: '/srv/_work/repo',
    GITHUB_WORKSPACE: '/srv/_work/repo/repo',
  }
  test.each<[string, string, Record<string, string>, string | undefined]>([
    ['a self-hosted runner keeps its home', '/home/ci/.codex-auth-keeper/default', runner, undefined],
    ['and any other folder', '/var/lib/codex/default', { ...runner, RUNNER_ENVIRONMENT: 'self-hosted' }, undefined],
    ['a folder beside the work folder', '/srv/_work-keeper/default', runner, undefined],
    ['a folder above it', '/srv/default', runner, undefined],
    [
      'a GitHub-hosted runner',
      '/home/ci/.codex-auth-keeper/default',
      { ...runner, RUNNER_ENVIRONMENT: 'github-hosted' },
      'a GitHub-hosted runner is deleted after the job',
    ],
    ['a job container, known by HOME', '/data/default', { ...runner, HOME: '/github/home' }, 'a job container is deleted after the job'],
    [
      'a job container, known by its workspace',
      '/data/default',
      { ...runner, HOME: '/root', GITHUB_WORKSPACE: '/__w/repo/repo' },
      'a job container is deleted after the job',
    ],
    ['RUNNER_TEMP itself', '/srv/_work/_temp', runner, 'RUNNER_TEMP is emptied before and after each job'],
    ['a folder under RUNNER_TEMP', '/srv/_work/_temp/a/default', runner, 'RUNNER_TEMP is emptied before and after each job'],
    [
      'RUNNER_TEMP outside the work folder',
      '/tmp/runner/x',
      { ...runner, RUNNER_TEMP: '/tmp/runner' },
      'RUNNER_TEMP is emptied before and after each job',
    ],
    ['a folder under the work folder', '/srv/_work/keeper/default', runner, "the runner's work folder is cleaned between jobs"],
    [
      'a folder of the work folder whose name starts with dots',
      '/srv/_work/..keeper/default',
      runner,
      "the runner's work folder is cleaned between jobs",
    ],
    ['the checkout', '/srv/_work/repo/repo/.codex', runner, "the runner's work folder is cleaned between jobs"],
    ['no runner at all', '/data/default', {}, undefined],
  ])('%s', (_, path, env, why) => {
    expect(whyForgotten(path, env)).toBe(why)
  })
})
