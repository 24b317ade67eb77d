import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { judgeLeftover, reclaimLeftovers } from '../../src/codex/leftover-files.ts'
import { temporaryName, temporaryNames } from '../../src/codex/temporary-name.ts'
import { managedLogin, unmanagedDocuments, type LoginDocument } from '../support/codex-login.ts'
import { credentialOf, refreshed } from '../support/keeper-world.ts'

const login = managedLogin()
const newer = refreshed(login)
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'
/** A process that was and is no longer. */
const { pid: gone } = spawnSync(process.execPath, ['-e', ''])
const leftover = `.auth-${gone}-${uuid}`

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'leftover-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const put = (name: string, { bytes }: Pick<LoginDocument, 'bytes'>): void => {
  writeFileSync(join(home, name), bytes, { mode: 0o600 })
}
const names = (): string[] => readdirSync(home).sort()
const authJson = (): string => readFileSync(join(home, 'auth.json'), 'utf8')
const cut = { bytes: login.bytes.subarray(0, 700) }

test('the names we make are those we look for', () => {
  expect(temporaryName()).toMatch(temporaryNames)
  expect(temporaryNames.exec(temporaryName())?.[1]).toBe(String(process.pid))
})

describe('a whole login that was left behind', () => {
  test.each<[string, { bytes: Uint8Array } | undefined]>([
    ['there is no file', undefined],
    ['the file is older', login],
    ['the file is damaged', cut],
  ])('becomes the file where %s', async (_, file) => {
    if (file) put('auth.json', file)
    put(leftover, newer)
    await reclaimLeftovers(home)
    expect([names(), authJson()]).toEqual([['auth.json'], newer.text])
  })

  test.each([
    ['newer', newer],
    ['the same', login],
  ])('is removed where the file is %s', async (_, file) => {
    put('auth.json', file)
    put(leftover, login)
    await reclaimLeftovers(home)
    expect([names(), authJson()]).toEqual([['auth.json'], file.text])
  })

  test.each([
    ["another account's", managedLogin()],
    ['an API key', unmanagedDocuments()['api-key']],
  ])('stays beside a file that is %s', async (_, file) => {
    put('auth.json', file)
    put(leftover, login)
    await reclaimLeftovers(home)
    expect([names(), authJson()]).toEqual([[leftover, 'auth.json'], file.text])
  })

  test('stays while its process lives', async () => {
    const name = `.auth-${process.ppid}-${uuid}`
    put(name, newer)
    put('auth.json', login)
    await reclaimLeftovers(home)
    expect(names()).toEqual([name, 'auth.json'])
  })

  test('without a process in its name is taken once it is a minute old', async () => {
    const name = `.auth-${uuid}`
    put(name, newer)
    await reclaimLeftovers(home)
    expect(names()).toEqual([name])
    const old = Date.now() / 1000 - 61
    utimesSync(join(home, name), old, old)
    await reclaimLeftovers(home)
    expect([names(), authJson()]).toEqual([['auth.json'], newer.text])
  })
})

test('a whole login stays where nobody can tell what the file is', async () => {
  expect(judgeLeftover({ kind: 'managed', credential: credentialOf(login) }, undefined)).toBe('leave')
  mkdirSync(join(home, 'auth.json'))
  put(leftover, login)
  await reclaimLeftovers(home)
  expect(names()).toEqual([leftover, 'auth.json'])
})

test('half a document is removed, and what is not ours stays', async () => {
  put('auth.json', login)
  put(leftover, cut)
  put('.auth-Ab3dEf', newer) // Codex's own way to name one
  put('.auth-mine', newer)
  symlinkSync('/etc/hostname', join(home, `.auth-${gone}-${uuid.replace('0', '1')}`))
  await reclaimLeftovers(home)
  expect([names().length, authJson()]).toEqual([4, login.text])
})

test('of several, the newest becomes the file', async () => {
  const newest = refreshed(newer)
  put('auth.json', login)
  put(leftover, newest)
  put(`.auth-${gone}-${uuid.replace('0', '1')}`, newer)
  await reclaimLeftovers(home)
  expect([names(), authJson()]).toEqual([['auth.json'], newest.text])
})

test('a directory that is not there is not an error', async () => {
  await expect(reclaimLeftovers(join(home, 'nowhere'))).resolves.toBeUndefined()
})
