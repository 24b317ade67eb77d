import { systemClock, type Clock } from '../../src/clock.ts'
import { githubApi, type GithubAuth } from '../../src/github/github-api.ts'
import { parseSecretAddress } from '../../src/stores/github-secret/github-secret-name.ts'
import { githubSecretStore, type GithubSecretStore, type SecretHandover } from '../../src/stores/github-secret/github-secret-store.ts'
import { startLoopbackGithub, type LoopbackGithub, type Permissions, type QueuedRun, type Vault } from './loopback-github.ts'

const repository = 'your-org/your-repo'
const everything: Permissions = { secrets: 'write', environments: 'write', actions_variables: 'write' }

/** A repository with one secret that the keeper looks after, and jobs that use it. */
export interface SecretJobs {
  readonly github: LoopbackGithub
  /** Where the secret and its variable are. */
  readonly vault: Vault
  readonly token: string
  queue(): QueuedRun
  /** The store as one stage of a job has it; a job that starts now unless its queued run is given. */
  open(stage?: StageOptions): GithubSecretStore
  close(): Promise<void>
}

export interface StageOptions {
  readonly run?: QueuedRun
  readonly handover?: SecretHandover | undefined
  readonly auth?: GithubAuth
  readonly address?: string
  /** Instead of what `${{ secrets.CODEX_AUTH }}` would give. */
  readonly value?: string | undefined
  readonly clock?: Clock
}

export async function secretJobs(address: string, options: { permissions?: Permissions; delayMs?: number } = {}): Promise<SecretJobs> {
  const github = await startLoopbackGithub({ delayMs: options.delayMs ?? 0 })
  github.repository(repository, { environments: ['prod'] })
  const token = github.token({ permissions: options.permissions ?? everything })
  const { environment } = nameIn(address)
  return {
    github,
    token,
    vault: github.vault(repository, environment),
    queue: () => github.snapshotAtQueue(repository),
    open: (stage = {}) => {
      const { run = github.snapshotAtQueue(repository), handover, auth = { kind: 'token', token }, clock = systemClock } = stage
      const secret = nameIn(stage.address ?? address)
      return githubSecretStore({
        name: `github-secret: ${stage.address ?? address}`,
        secret,
        repository: { owner: 'your-org', repo: 'your-repo' },
        clock,
        handover,
        currentValue: 'value' in stage ? stage.value : run.snapshotAtStart(environment)['CODEX_AUTH'],
        api: githubApi({ baseUrl: github.url, auth, clock: systemClock, secondLasts: 2 }),
      })
    },
    close: () => github.close(),
  }
}

function nameIn(address: string): Extract<ReturnType<typeof parseSecretAddress>, { kind: 'name' }>['name'] {
  const parsed = parseSecretAddress(address)
  if (parsed.kind === 'problem') throw new Error(parsed.problem)
  return parsed.name
}
