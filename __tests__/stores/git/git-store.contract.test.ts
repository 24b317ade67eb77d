import { afterAll } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareRepository } from '../../support/bare-repository.ts'
import { gitStoreFor, slotRef } from '../../support/git-store-for.ts'
import { loopbackGit } from '../../support/loopback-git.ts'
import { startLoopbackSshd, type LoopbackSshd } from '../../support/loopback-sshd.ts'
import { describeStore } from '../store-contract.ts'

const common = {
  guarantee: 'compare-and-set',
  proof: 'proved',
  cannot: { foreignKey: 'it carries sealed bytes as they come' },
} as const

describeStore('git over http', {
  ...common,
  harness: async () => {
    const server = await loopbackGit()
    const tempDir = await mkdtemp(join(tmpdir(), 'git-store-'))
    return {
      open: () => Promise.resolve(gitStoreFor(`${server.url}?ref=${slotRef}`, { token: server.token, tempDir, serverUrl: server.origin })),
      faults: {
        unreachable: () => {
          server.fault({ kind: 'no-answer' })
        },
        readDenied: () => {
          server.fault({ kind: 'status', status: 401, side: 'read' })
        },
        writeDenied: () => {
          server.fault({ kind: 'status', status: 403, side: 'write' })
        },
        garbage: async (bytes) => {
          await server.git(['update-ref', slotRef, await server.git(['hash-object', '-w', '--stdin'], bytes)])
        },
        answerLost: () => {
          server.fault({ kind: 'answer-lost' })
        },
        writeInterrupted: () => {
          server.fault({ kind: 'push-cut' })
        },
        emptied: async () => {
          await server.git(['update-ref', '-d', slotRef])
        },
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
/** What a forge does for a deploy key that may only read. */
const readOnly = String.raw`command="case \"$SSH_ORIGINAL_COMMAND\" in *receive-pack*) echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2; exit 1;; *) exec sh -c \"$SSH_ORIGINAL_COMMAND\";; esac"`

describeStore('git over ssh, on a branch', {
  ...common,
  harness: async () => {
    started ??= startLoopbackSshd()
    const sshd = await started
    const directory = await mkdtemp(join(tmpdir(), 'git-store-'))
    const bare = await bareRepository(join(directory, 'bare.git'))
    const heal = async (): Promise<void> => {
      await sshd.listen(true)
      await sshd.authorize('')
      await bare.hook('pre-receive', undefined)
      await bare.hook('post-receive', undefined)
    }
    await heal()
    return {
      open: () =>
        Promise.resolve(
          gitStoreFor(`ssh://${sshd.user}@${sshd.host}:${sshd.port}${bare.directory}?ref=${branch}`, {
            ssh: { path: '/usr/bin/ssh', key: sshd.key, knownHosts: sshd.knownHosts },
            tempDir: directory,
          }),
        ),
      faults: {
        unreachable: () => sshd.listen(false),
        readDenied: () => sshd.authorize(undefined),
        writeDenied: () => sshd.authorize(readOnly),
        garbage: async (bytes) => {
          await bare.plant(branch, 'README.md', bytes)
        },
        answerLost: () => bare.hook('post-receive', 'kill -9 $PPID'),
        writeInterrupted: () => bare.hook('pre-receive', 'kill -9 $PPID'),
        emptied: async () => {
          await bare.git(['update-ref', '-d', branch])
        },
      },
      heal,
      cleanup: () => rm(directory, { recursive: true, force: true }),
    }
  },
})
