import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { authFileChangedAt, installAuthFile, observeAuthFile, removeAuthFile } from '../../src/codex/codex-home.ts'
import { managedLogin, unmanagedDocuments } from '../support/codex-login.ts'
import { sized } from '../support/documents.ts'
import { virtualClock, type VirtualClock } from '../support/keeper-world.ts'

const login = managedLogin()
const other = managedLogin()

let parent: string
let codexHome: string
let path: string
let clock: VirtualClock
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'codex-home-'))
  codexHome = join(parent, 'deep', 'home')
  path = join(codexHome, 'auth.json')
  clock = virtualClock()
})
afterEach(() => {
  rmSync(parent, { recursive: true })
})

const mode = (of: string): number => statSync(of).mode & 0o777
const put = (bytes: string | Uint8Array): void => {
  mkdirSync(codexHome, { recursive: true })
  writeFileSync(path, bytes)
}

describe('installing', () => {
  test('makes the directory 0700 and the file 0600, whatever the umask, and leaves nothing else', async () => {
    const before = process.umask(0)
    try {
      await installAuthFile(codexHome, login.bytes)
    } finally {
      process.umask(before)
    }
    expect([mode(codexHome), mode(path)]).toEqual([0o700, 0o600])
    expect(readdirSync(codexHome)).toEqual(['auth.json'])
    expect(readFileSync(path)).toEqual(Buffer.from(login.bytes))
  })

  test('closes a directory and replaces a file that others could read', async () => {
    put(other.bytes)
    execFileSync('chmod', ['755', codexHome])
    execFileSync('chmod', ['644', path])
    await installAuthFile(codexHome, login.bytes)
    expect([mode(codexHome), mode(path), readFileSync(path, 'utf8')]).toEqual([0o700, 0o600, login.text])
  })

  test('keeps a symbolic link and replaces its target', async () => {
    const target = join(parent, 'elsewhere.json')
    put('')
    rmSync(path)
    writeFileSync(target, other.bytes)
    symlinkSync(target, path)
    await installAuthFile(codexHome, login.bytes)
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect([readFileSync(target, 'utf8'), mode(target)]).toEqual([login.text, 0o600])
    expect(readdirSync(parent).sort()).toEqual(['deep', 'elsewhere.json'])
  })

  test('never shows a reader a part: it meets the old one or the new one', async () => {
    const [a, b] = [sized(200_000), sized(150_000)]
    await installAuthFile(codexHome, a)
    const seen = new Set<number>()
    const installing = { done: false }
    const reading = (async () => {
      while (!installing.done) seen.add((await readFile(path)).length)
    })()
    for (let round = 0; round < 40; round += 1) await installAuthFile(codexHome, round % 2 === 0 ? b : a)
    installing.done = true
    await reading
    expect([...seen].sort()).toEqual([150_000, 200_000])
  })

  test.each([
    [
      'a file stands where the directory should be',
      () => {
        writeFileSync(join(parent, 'deep'), '')
      },
    ],
    [
      'a directory stands where the file should be',
      () => {
        mkdirSync(path, { recursive: true })
      },
    ],
  ])('fails with the way out when %s, and leaves no temporary file', async (_, obstruct) => {
    obstruct()
    await expect(installAuthFile(codexHome, login.bytes)).rejects.toMatchObject({
      code: 'install-failed',
      remedy: expect.stringContaining('codex-home') as unknown,
    })
    if (existsSync(codexHome)) expect(readdirSync(codexHome)).toEqual(['auth.json'])
  })
})

describe('observing', () => {
  test('tells a managed login, another kind of login, and none', async () => {
    expect(await observeAuthFile(codexHome, clock)).toEqual({ kind: 'missing' })
    put(login.bytes)
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({
      kind: 'managed',
      credential: { refreshToken: login.tokens.refresh_token },
    })
    put(unmanagedDocuments()['api-key'].bytes)
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({ kind: 'unmanaged', credential: { why: 'api-key' } })
    expect(clock.waits).toEqual([])
  })

  test('a CODEX_HOME that is a file, and a link to nowhere, have none', async () => {
    writeFileSync(join(parent, 'deep'), '')
    expect(await observeAuthFile(join(parent, 'deep'), clock)).toEqual({ kind: 'missing' })
    symlinkSync(join(parent, 'nowhere'), join(parent, 'auth.json'))
    expect(await observeAuthFile(parent, clock)).toEqual({ kind: 'missing' })
  })

  test.each([50, 250, 500])('a file that is half-written and whole after %i ms is read', async (whole) => {
    put(login.text.slice(0, 900))
    const writer: typeof clock = {
      ...clock,
      sleep: async (milliseconds) => {
        await clock.sleep(milliseconds)
        if (clock.waits.length * 50 === whole) put(login.bytes)
      },
    }
    expect(await observeAuthFile(codexHome, writer)).toMatchObject({ kind: 'managed' })
    expect(clock.waits).toHaveLength(whole / 50)
  })

  test('one that stays so for half a second is damaged, with its bytes and without them in the text', async () => {
    const half = login.bytes.subarray(0, 900)
    put(half)
    const seen = await observeAuthFile(codexHome, clock)
    expect(seen).toEqual({ kind: 'damaged', problem: 'auth.json: the document is not complete JSON', bytes: new Uint8Array(half) })
    expect(clock.waits).toHaveLength(10)
  })

  test.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'is empty'],
    ['a document with a byte order mark', `\uFEFF${login.text}`, 'byte order mark'],
    ['a file of 256 KiB and one byte', new Uint8Array(256 * 1024 + 1).fill(32), 'is larger than 256 KiB'],
  ])('%s is damaged', async (_, content, problem) => {
    put(content)
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({ kind: 'damaged', problem: expect.stringContaining(problem) as unknown })
  })

  test('neither a directory, a pipe nor a device is read for ever', async () => {
    mkdirSync(path, { recursive: true })
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({
      kind: 'damaged',
      problem: expect.stringContaining('not a regular file') as unknown,
    })
    rmSync(path, { recursive: true })
    execFileSync('mkfifo', [path])
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({ kind: 'damaged' })
    rmSync(path)
    symlinkSync('/dev/zero', path)
    expect(await observeAuthFile(codexHome, clock)).toMatchObject({ kind: 'damaged' })
  })

  test('when it was last changed is known while it is there', async () => {
    expect(await authFileChangedAt(codexHome)).toBeUndefined()
    put(login.bytes)
    expect(await authFileChangedAt(codexHome)).toBe(statSync(path).mtimeMs)
  })
})

describe('removing', () => {
  test('takes away the document that is safe elsewhere, and nothing else', async () => {
    put(login.bytes)
    writeFileSync(join(codexHome, 'config.toml'), '')
    expect(await removeAuthFile(codexHome, login.bytes)).toBe(true)
    expect(readdirSync(codexHome)).toEqual(['config.toml'])
    expect(await removeAuthFile(codexHome, login.bytes)).toBe(false)
  })

  test.each<[string, () => void, () => void]>([
    [
      'one byte more',
      () => {
        put(`${login.text}\n`)
      },
      () => {
        expect(readFileSync(path, 'utf8')).toBe(`${login.text}\n`)
      },
    ],
    [
      'another login',
      () => {
        put(other.bytes)
      },
      () => {
        expect(readFileSync(path, 'utf8')).toBe(other.text)
      },
    ],
    [
      'a file too large to be one',
      () => {
        put(sized(300_000))
      },
      () => {
        expect(statSync(path).size).toBe(300_000)
      },
    ],
    [
      'a pipe',
      () => {
        put('')
        rmSync(path)
        execFileSync('mkfifo', [path])
      },
      () => {
        expect(statSync(path).isFIFO()).toBe(true)
      },
    ],
    [
      'a directory',
      () => {
        mkdirSync(join(path, 'x'), { recursive: true })
      },
      () => {
        expect(existsSync(join(path, 'x'))).toBe(true)
      },
    ],
  ])('leaves %s in its place', async (_, prepare, check) => {
    prepare()
    expect(await removeAuthFile(codexHome, login.bytes)).toBe(false)
    check()
    expect(readdirSync(codexHome)).toEqual(['auth.json'])
  })

  test('behind a symbolic link takes away the target, and leaves a changed one', async () => {
    const target = join(parent, 'elsewhere.json')
    put('')
    rmSync(path)
    symlinkSync(target, path)
    writeFileSync(target, other.bytes)
    expect(await removeAuthFile(codexHome, login.bytes)).toBe(false)
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, other.text])
    writeFileSync(target, login.bytes)
    expect(await removeAuthFile(codexHome, login.bytes)).toBe(true)
    expect(existsSync(target)).toBe(false)
  })

  /** Lets the removal and the writer meet at many different moments. */
  async function meet(before: Uint8Array, check: (removed: boolean) => void): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      await installAuthFile(codexHome, before)
      const later = async (): Promise<boolean> => {
        for (let tick = 0; tick < round % 30; tick += 1)
          await new Promise((resolve) => {
            setImmediate(resolve)
          })
        return removeAuthFile(codexHome, login.bytes)
      }
      const [removed] = await Promise.all([later(), installAuthFile(codexHome, other.bytes)])
      check(removed)
      expect(readdirSync(codexHome)).toEqual(['auth.json'])
    }
  }

  test('while Codex writes never loses what Codex wrote', async () => {
    await meet(login.bytes, () => {
      expect(readFileSync(path, 'utf8')).toBe(other.text)
    })
  })

  test('does not put a changed file back over a newer one', async () => {
    await meet(managedLogin().bytes, (removed) => {
      expect([removed, readFileSync(path, 'utf8')]).toEqual([false, other.text])
    })
  })
})
