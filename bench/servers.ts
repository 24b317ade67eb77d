import { join } from 'node:path'
import type { JobSpec } from '../__tests__/support/fake-runner/job-spec.ts'
import { startLoopbackCache } from '../__tests__/support/loopback-cache.ts'
import { loopbackGit } from '../__tests__/support/loopback-git.ts'
import { startLoopbackGithub } from '../__tests__/support/loopback-github.ts'
import { startLoopbackSshd } from '../__tests__/support/loopback-sshd.ts'
import { someIdentity } from '../__tests__/support/sealing.ts'
import { meterOf, type Meter } from './meter.ts'
import { slowLine } from './slow-line.ts'

/** A store with its server, which takes its time over each request. */
export interface SlowStore {
  readonly name: string
  /** What one request is here. */
  readonly request: string
  readonly meter: Meter
  /** The file that is another one after each write, where there is one. */
  readonly changes?: string
  /** The keeper's inputs, and what else GitHub gives a job that starts now. */
  job(): { readonly inputs: Readonly<Record<string, string>>; readonly spec: Omit<Partial<JobSpec>, 'steps'> }
  close(): Promise<void>
}

/** Opens the stores, each with a server that needs that many milliseconds per request. @param seed what a person set up */
export async function slowStores(delayMs: number, seed: string): Promise<SlowStore[]> {
  return Promise.all([gitStore(delayMs, seed), secretStore(delayMs, seed), sshStore(delayMs, seed), cacheStore(delayMs, seed)])
}

const seedInput = { 'auth-json': '${{ secrets.SEED }}' }

async function gitStore(delayMs: number, seed: string): Promise<SlowStore> {
  const server = await loopbackGit({ delayMs })
  const secrets = { SEED: seed, KEY: await someIdentity() }
  return {
    name: 'git',
    request: 'HTTP',
    meter: meterOf(portOf(server.origin)),
    changes: join(server.directory, 'refs/codex-auth/default'),
    job: () => ({
      inputs: { ...seedInput, store: 'git', 'encryption-key': '${{ secrets.KEY }}' },
      spec: { secrets, serverUrl: server.origin, githubToken: server.token },
    }),
    close: () => server.close(),
  }
}

async function secretStore(delayMs: number, seed: string): Promise<SlowStore> {
  const repository = 'your-org/your-repo'
  const github = await startLoopbackGithub({ delayMs })
  github.repository(repository, { environments: ['prod'] })
  github.vault(repository, 'prod').putSecret('CODEX_AUTH', seed)
  const writer = github.token({ permissions: { secrets: 'write', environments: 'write', actions_variables: 'write' } })
  return {
    name: 'github-secret',
    request: 'HTTP',
    meter: meterOf(portOf(github.url)),
    job: () => {
      github.advance(2) // GitHub's times are whole seconds, and jobs are further apart than that.
      return {
        inputs: {
          'auth-json': '${{ secrets.CODEX_AUTH }}',
          store: 'github-secret: CODEX_AUTH?environment=prod',
          'secret-writer-token': '${{ secrets.WRITER }}',
        },
        spec: { secrets: { ...github.snapshotAtQueue(repository).snapshotAtStart('prod'), WRITER: writer }, apiUrl: github.url },
      }
    },
    close: () => github.close(),
  }
}

async function sshStore(delayMs: number, seed: string): Promise<SlowStore> {
  const sshd = await startLoopbackSshd()
  const line = await slowLine(sshd.port, delayMs)
  return {
    name: 'ssh',
    request: 'connection',
    meter: line.meter,
    changes: join(sshd.directory, 'stored', 'auth.json'),
    job: () => ({
      inputs: {
        ...seedInput,
        store: `ssh: ${sshd.user}@${sshd.host}:${line.port}${join(sshd.directory, 'stored', 'auth.json')}`,
        'ssh-key': '${{ secrets.SSH_KEY }}',
        'ssh-known-hosts': sshd.knownHosts.replace(`]:${sshd.port} `, `]:${line.port} `),
      },
      spec: { secrets: { SEED: seed, SSH_KEY: sshd.key } },
    }),
    close: async () => {
      await line.close()
      await sshd.stop()
    },
  }
}

async function cacheStore(delayMs: number, seed: string): Promise<SlowStore> {
  const server = await startLoopbackCache({ delayMs })
  const { ACTIONS_RESULTS_URL: resultsUrl = '', ACTIONS_RUNTIME_TOKEN: runtimeToken = '' } = server.env
  const secrets = { SEED: seed, KEY: await someIdentity() }
  return {
    name: 'cache',
    request: 'HTTP',
    meter: meterOf(portOf(resultsUrl)),
    job: () => ({
      inputs: { ...seedInput, store: 'cache', 'encryption-key': '${{ secrets.KEY }}' },
      spec: { secrets, services: { resultsUrl, runtimeToken, cacheServiceV2: true } },
    }),
    close: () => server.close(),
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}
