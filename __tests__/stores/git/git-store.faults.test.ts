import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bareRepository } from '../../support/bare-repository.ts'
import { failure } from '../../support/failure.ts'
import { first, gitPlace, second, type GitPlace } from '../../support/git-place.ts'
import { slotRef } from '../../support/git-store-for.ts'
import { startLoopbackSshd } from '../../support/loopback-sshd.ts'

let place: GitPlace
beforeEach(async () => {
  place = await gitPlace()
})
afterEach(() => place.close())

describe('a push that is refused', () => {
  test('by a hook: the reason is told, in one bounded line, without what the server may repeat of the token', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    const basic = Buffer.from(`x-access-token:${place.server.token}`).toString('base64')
    await place.server.hook(
      'pre-receive',
      `printf 'not allowed here\\n::error::x %s %s\\n' ${place.server.token} ${basic} >&2; seq 1 2000 >&2; exit 1`,
    )
    const { code, message, remedy } = await failure(store.write(second, version))
    expect(code).toBe('store-refused')
    expect(message).toMatch(/pre-receive hook declined.*not allowed here/)
    expect(message).not.toMatch(/\n/)
    expect(message.length).toBeLessThan(600)
    expect(message).not.toContain(place.server.token)
    expect(message).not.toContain(basic)
    expect(remedy).toContain('refs/heads/codex-auth/')
    expect(await place.server.oidOf(slotRef)).toBe(version)
  })

  test('because another push holds the ref: nothing was written, and trying again may help', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    const lock = join(place.server.directory, `${slotRef}.lock`)
    await writeFile(lock, '')
    expect((await failure(store.write(second, version))).code).toBe('store-unreachable')
    await rm(lock)
    expect((await store.write(second, version)).kind).toBe('written')
  })
})

describe('a server that does not answer as it should', () => {
  test.each([
    [{ kind: 'no-answer' }, 'store-unreachable'],
    [{ kind: 'status', status: 500, side: 'both' }, 'store-unreachable'],
    [{ kind: 'status', status: 429, side: 'both' }, 'store-unreachable'],
    [{ kind: 'status', status: 401, side: 'both' }, 'store-unauthorized'],
    [{ kind: 'status', status: 403, side: 'both' }, 'store-unauthorized'],
    [{ kind: 'status', status: 404, side: 'both' }, 'store-unauthorized'],
    [{ kind: 'status', status: 301, side: 'both', headers: { location: 'http://127.0.0.1:9/elsewhere' } }, 'store-refused'],
    [{ kind: 'advertisement-cut' }, 'store-unreachable'],
    [{ kind: 'page', body: '' }, 'store-unreachable'],
    [{ kind: 'page', body: '<html>Please log in to this network</html>' }, 'store-unreachable'],
  ] as const)('%j: never empty, never proved, never a conflict', async (fault, code) => {
    const store = place.open()
    const version = await place.seeded(store)
    place.server.fault(fault)
    const failed = await failure(place.open().read())
    expect(failed.code).toBe(code)
    expect(failed.message).not.toMatch(/couldn't find|: $/)
    expect((await failure(store.proveWritable())).code).toBe(code)
    expect((await failure(store.write(second, version))).code).toBe(code)
    place.server.fault(undefined)
    expect(await place.server.oidOf(slotRef)).toBe(version)
  })

  test('a closed port', async () => {
    const text = place.server.url
    await place.server.close()
    expect(await failure(place.open({}, text).read())).toMatchObject({
      code: 'store-unreachable',
      message: expect.stringContaining('connect'),
    })
  })

  test('an answer that was lost is looked up; when that fails too, the outcome is unknown', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    place.server.fault({ kind: 'answer-lost' })
    const outcome = await store.write(second, version)
    expect(outcome).toEqual({ kind: 'written', version: await place.server.oidOf(slotRef) })
    place.server.fault({ kind: 'answer-lost', thenNothing: true })
    expect((await failure(store.write(first, await place.server.oidOf(slotRef)))).code).toBe('store-unknown-outcome')
    place.server.fault(undefined)
    expect((await place.open().read())?.bytes).toEqual(new Uint8Array(first))
  })

  test('a server that gets no token is named with the input that its token belongs in', async () => {
    const elsewhere = place.open({ serverUrl: 'https://github.com', token: undefined })
    expect(await failure(elsewhere.read())).toMatchObject({ code: 'store-unauthorized', remedy: expect.stringContaining('store-token') })
    const own = place.open({ token: undefined })
    expect(await failure(own.read())).toMatchObject({ code: 'store-unauthorized', remedy: expect.stringContaining('github-token') })
    expect(place.server.requests.map(({ authorization }) => authorization)).toEqual([undefined, undefined])
  })

  test('git that is missing is told', async () => {
    expect(await failure(place.open({ git: '/nonexistent/git' }).read())).toMatchObject({ code: 'store-refused' })
  })
})

describe('over ssh', () => {
  test('only the pinned host key and the given key count, and the message tells which was missing', async () => {
    const sshd = await startLoopbackSshd()
    place.atEnd(() => sshd.stop())
    const bare = await bareRepository(join(sshd.directory, 'bare.git'))
    const text = `ssh://${sshd.user}@${sshd.host}:${sshd.port}${bare.directory}`
    const ssh = { path: '/usr/bin/ssh', key: sshd.key.replaceAll('\n', '\r\n').trimEnd(), knownHosts: sshd.knownHosts }
    const store = place.open({ ssh }, text)
    await place.seeded(store)
    expect((await store.read())?.bytes).toEqual(new Uint8Array(first))
    expect(await readdir(join(place.tempDir, (await readdir(place.tempDir))[0] ?? ''))).toEqual(
      expect.arrayContaining(['key', 'known_hosts']),
    )
    await store.close?.()
    expect(await readdir(place.tempDir)).toEqual([])

    expect((await failure(place.open({ ssh: { ...ssh, knownHosts: '' } }, text).read())).code).toBe('store-refused')
    const otherHost = sshd.knownHosts.replace(/AAAA\S+/, (await readFile(join(sshd.directory, 'user.pub'), 'utf8')).split(' ')[1] ?? '')
    expect((await failure(place.open({ ssh: { ...ssh, knownHosts: otherHost } }, text).read())).message).toMatch(
      /IDENTIFICATION HAS CHANGED.*[^@]$/,
    )
    const otherKey = join(place.directory, 'other')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', otherKey])
    expect((await failure(place.open({ ssh: { ...ssh, key: await readFile(otherKey, 'utf8') } }, text).read())).code).toBe(
      'store-unauthorized',
    )
    expect((await failure(place.open({ ssh: { path: ssh.path, knownHosts: ssh.knownHosts } }, text).read())).code).toBe(
      'store-unauthorized',
    )
    expect((await failure(place.open({ ssh }, `${text}-none`).read())).code).toBe('store-refused')
  })
})
