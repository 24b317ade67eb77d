import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseGitAddress } from '../../../src/stores/git/git-address.ts'
import { login, text } from '../../support/documents.ts'
import { bareRepository } from '../../support/bare-repository.ts'
import { gitPlace } from '../../support/git-place.ts'
import { gitStoreFor, slotRef } from '../../support/git-store-for.ts'
import { loopbackGit } from '../../support/loopback-git.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../../support/loopback-sshd.ts'
import { describeLeasePlace } from '../lease-contract.ts'

describeLeasePlace('git over http', {
  seenBy: 'all-jobs',
  harness: async () => {
    const server = await loopbackGit()
    const tempDir = await mkdtemp(join(tmpdir(), 'git-lease-'))
    return {
      open: () => Promise.resolve(gitStoreFor(server.url, { token: server.token, tempDir, serverUrl: server.origin })),
      garbage: async (bytes) => {
        await server.git(['update-ref', `${slotRef},lease`, await server.git(['hash-object', '-w', '--stdin'], bytes)])
      },
      unreachable: () => {
        server.fault({ kind: 'no-answer' })
      },
      heal: () => {
        server.fault(undefined)
      },
      cleanup: async () => {
        await server.close()
        await rm(tempDir, { recursive: true, force: true })
      },
    }
  },
})

let started: Promise<LoopbackSshd> | undefined
afterAll(async () => {
  await (await started)?.stop()
})

const branch = 'refs/heads/codex-auth/default'

describeLeasePlace('git over ssh, on a branch', {
  seenBy: 'all-jobs',
  harness: async () => {
    started ??= startLoopbackSshd()
    const sshd = await started
    const directory = await mkdtemp(join(tmpdir(), 'git-lease-'))
    const bare = await bareRepository(join(directory, 'bare.git'))
    return {
      open: () =>
        Promise.resolve(
          gitStoreFor(`ssh://${sshd.user}@${sshd.host}:${sshd.port}${bare.directory}?ref=${branch}`, {
            ssh: { path: '/usr/bin/ssh', key: sshd.key, knownHosts: sshd.knownHosts },
            tempDir: directory,
          }),
        ),
      garbage: async (bytes) => {
        await bare.plant(`${branch},lease`, 'README.md', bytes)
      },
      unreachable: () => sshd.listen(false),
      heal: () => sshd.listen(true),
      cleanup: () => rm(directory, { recursive: true, force: true }),
    }
  },
})

test('no slot and no address can name the ref of a lease', () => {
  const here = { serverUrl: 'https://github.com', repository: 'your-org/your-repo', slot: 'default' }
  expect(parseGitAddress(`?ref=${slotRef},lease`, here).kind).toBe('problems')
  expect(parseGitAddress(`?ref=${slotRef}`, here).kind).toBe('address')
})

test('a lease says what it is in its commit, and a look at one that stays costs one request', async () => {
  const place = await gitPlace()
  try {
    const store = place.open()
    const lease = store.leasePlace
    const outcome = await lease?.write(Buffer.from('{"state":"free"}\n'), undefined)
    expect(outcome?.kind).toBe('written')
    const message = await place.server.git(['log', '-1', '--format=%B', `${slotRef},lease`])
    expect(message).toContain('Say who may refresh the Codex login of slot default')
    expect(await place.server.git(['cat-file', 'blob', `${slotRef},lease:lease.json`])).toBe('{"state":"free"}')
    await lease?.read()
    expect(await place.requestsOf(() => lease?.read() ?? Promise.reject(new Error('no place')))).toBe(1)
    await store.write(login('copy'), undefined)
    expect(text((await store.read())?.bytes)).toBe(text(login('copy')))
  } finally {
    await place.close()
  }
}, 60_000)
