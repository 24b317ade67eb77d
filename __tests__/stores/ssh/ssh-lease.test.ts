import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../../src/sha256.ts'
import { sshStore } from '../../../src/stores/ssh/ssh-store.ts'
import type { LeasePlace, Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { hostFile, scriptFile, shells } from '../../support/host-script.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../../support/loopback-sshd.ts'
import { describeLeasePlace } from '../lease-contract.ts'

let sshd: LoopbackSshd
beforeAll(async () => {
  sshd = await startLoopbackSshd()
})
afterAll(() => sshd.stop())

let root = ''
let file = ''
beforeEach(async () => {
  root = await mkdtemp(join(sshd.directory, 'place-'))
  file = join(root, 'codex', 'auth.json')
  await sshd.authorize('')
})
const leases = (): string => join(root, 'codex', '.auth.json.keeper', 'lease')

function open(): Store {
  const { user, host, port, key, knownHosts } = sshd
  return sshStore({ name: 'ssh', address: { user, host, port, path: file }, key, knownHosts, ssh: '/usr/bin/ssh', tempDir: root })
}

function placeOf(store: Store): LeasePlace {
  if (store.leasePlace === undefined) throw new Error('This store offers no place for a lease.')
  return store.leasePlace
}

describeLeasePlace('ssh', {
  seenBy: 'all-jobs',
  harness: () => ({
    open: () => Promise.resolve(open()),
    garbage: async (bytes) => {
      await mkdir(leases(), { recursive: true })
      await writeFile(join(leases(), 'g1'), bytes)
    },
    unreachable: () => sshd.listen(false),
    heal: () => sshd.listen(true),
    cleanup: () => undefined,
  }),
})

describe('a key with a forced command', () => {
  test('whose script is of today serves copy and lease', async () => {
    await sshd.authorize(`restrict,command="${scriptFile} ${file}"`)
    const store = open()
    await store.write(login('copy'), undefined)
    const outcome = await placeOf(store).write(Buffer.from('{}'), undefined)
    expect(text((await placeOf(store).read())?.bytes)).toBe('{}')
    expect(outcome.kind).toBe('written')
    expect(text((await store.read())?.bytes)).toBe(text(login('copy')))
    await store.close?.()
  })

  test('whose script was installed before there were leases says that it holds none, and keeps the copy', async () => {
    const older = join(root, 'codex-auth-store')
    await writeFile(older, await beforeLeases(), { mode: 0o755 })
    await chmod(older, 0o755)
    await sshd.authorize(`restrict,command="${older} ${file}"`)
    const store = open()
    await store.write(login('copy'), undefined)
    const error = await failure(placeOf(store).read())
    expect([error.code, error.remedy]).toEqual(['store-without-lease', expect.stringContaining('codex-auth-store.sh')])
    expect((await failure(placeOf(store).write(Buffer.from('{}'), undefined))).code).toBe('store-refused')
    expect(await readFile(file, 'utf8')).toBe(text(login('copy')))
    await store.close?.()
  })
})

/** The script without what this version has brought. */
async function beforeLeases(): Promise<string> {
  const text = (await readFile(scriptFile, 'utf8')).replace(/\n {2}lease-(read|write):[25]\).*/g, '')
  expect(text).not.toMatch(/^ {2}lease-read:/m)
  return text
}

describe.each(shells)('on a host whose sh is $name', (shell) => {
  test('a lease of the day before is removed, never the newest', async () => {
    const host = hostFile(shell, file)
    const write = async (version: string): Promise<string> => {
      const { code, stdout, stderr } = await host.run(['lease-write', version, sha256('{}'), '2', file], { stdin: '{}' })
      expect([code, stderr]).toEqual([0, ''])
      return stdout.toString().trim()
    }
    const second = await write(await write('none'))
    const yesterday = new Date(Date.now() - 49 * 3_600_000)
    for (const name of readdirSync(leases())) await utimes(join(leases(), name), yesterday, yesterday)
    expect((await host.run(['lease-read', file])).code).toBe(0)
    await write(second)
    expect(readdirSync(leases())).toEqual(['g3'])
    expect(existsSync(file)).toBe(false)
  })

  test('what is wrong with the place of a lease is never taken for an older script', async () => {
    const host = hostFile(shell, file)
    await mkdir(join(root, 'codex', '.auth.json.keeper'), { recursive: true })
    await writeFile(leases(), '')
    for (const answer of [
      await host.run(['lease-write', 'none', sha256('{}'), '2', file], { stdin: '{}' }),
      await host.run(['lease-read', 'relative']),
    ]) {
      expect(answer.code).not.toBe(64)
      expect(answer.code).not.toBe(0)
    }
  })
})
