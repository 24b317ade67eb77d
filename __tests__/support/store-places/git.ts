import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { loopbackGit } from '../loopback-git.ts'
import type { StorePlace, Times } from '../store-places.ts'
import { sealing } from './sealed.ts'
import { seeded } from './seeded.ts'

const ref = 'refs/codex-auth/default'

/** A ref of the workflow's own repository, looked at on the server's disk. */
export async function gitStorePlace(): Promise<StorePlace> {
  const server = await loopbackGit()
  const key = await sealing()
  await server.git(['config', 'core.logAllRefUpdates', 'always'])
  const fail = (side: 'read' | 'write', times: Times): Promise<void> => {
    let left = times === 'always' ? Infinity : times
    const here = `git-${side === 'read' ? 'upload' : 'receive'}-pack`
    server.fault({ kind: 'status', status: 503, side })
    server.during(() => {
      if (server.requests.at(-1)?.url.includes(here) && --left < 0) server.fault(undefined)
      return Promise.resolve()
    })
    return Promise.resolve()
  }
  return {
    ...seeded(
      'git',
      { 'encryption-key': '${{ secrets.KEY }}' },
      {
        secrets: { KEY: key.identity },
        githubToken: server.token,
        serverUrl: server.origin,
      },
    ),
    name: 'git',
    line: 'git',
    machineKind: 'hosted',
    machineEnv: {},
    contents: async () => {
      if ((await server.oidOf(ref)) === undefined) return undefined
      const { stdout } = await promisify(execFile)('git', ['--git-dir', server.directory, 'cat-file', 'blob', `${ref}:auth.age`], {
        encoding: 'buffer',
      })
      return key.open(stdout)
    },
    empty: async () => {
      await server.git(['update-ref', '-d', ref])
    },
    put: async (bytes) => {
      await server.plant(ref, 'auth.age', await key.seal(bytes))
    },
    putLease: async (bytes) => {
      await server.plant(`${ref},lease`, 'lease.json', bytes)
    },
    failReads: (times) => fail('read', times),
    failWrites: (times) => fail('write', times),
    loseAnswers: (times) => {
      let left = times === 'always' ? Infinity : times
      server.fault({ kind: 'answer-lost' })
      server.during(() => {
        const { method, url = '' } = server.requests.at(-1) ?? {}
        if (method === 'POST' && url.includes('git-receive-pack') && --left < 0) server.fault(undefined)
        return Promise.resolve()
      })
      return Promise.resolve()
    },
    slow: (milliseconds) => {
      server.during(() => sleep(milliseconds))
      return Promise.resolve()
    },
    heal: () => {
      server.fault(undefined)
      server.during(() => Promise.resolve())
      return Promise.resolve()
    },
    // An order to move a ref that arrived, and was not for the lease; a proof of write access orders nothing.
    writes: async () => {
      const orders = server.requests.filter(({ method, url }) => method === 'POST' && url.includes('git-receive-pack')).length
      const leases = await server.git(['log', '--walk-reflogs', '--format=%H', `${ref},lease`, '--']).catch(() => '')
      return orders - leases.split('\n').filter((line) => line !== '').length
    },
    close: () => server.close(),
  }
}
