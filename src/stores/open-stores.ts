import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { CacheSettings } from './cache/cache-settings.ts'
import type { CommandSettings } from './command/command-settings.ts'
import type { GithubSecretSettings } from './github-secret/github-secret-settings.ts'
import type { S3Settings } from './s3/s3-settings.ts'
import type { Sealing } from './sealed/judge-sealing.ts'
import type { StoreSettings } from './store-settings.ts'
import type { Store } from './store.ts'

/** What is found out only after the inputs were judged. */
export interface FoundOut {
  readonly defaultBranch?: string | undefined
}

/**
 * Opens the stores of the `store` input; each backend is loaded only when it is used.
 * @throws KeeperError store-refused when a store cannot be used in this run at all
 */
export async function openStores(stores: readonly StoreSettings[], found: FoundOut): Promise<Store[]> {
  const attempts = await Promise.allSettled(stores.map((settings) => open(settings, found)))
  const opened = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const refused = attempts.find((attempt) => attempt.status === 'rejected')
  if (refused === undefined) return opened
  await closeStores(opened)
  throw refused.reason
}

/** Removes what the stores have left on this machine. */
export async function closeStores(stores: readonly Store[]): Promise<void> {
  await Promise.all(stores.map(async (store) => store.close?.()))
}

async function open(settings: StoreSettings, found: FoundOut): Promise<Store> {
  switch (settings.kind) {
    case 'runner':
      return (await import('./runner/runner-store.ts')).runnerStore(settings)
    case 'git':
      return sealed((await import('./git/git-store.ts')).gitStore(settings), settings)
    case 'cache':
      return sealed(await openCache(settings, found), settings)
    case 'github-secret':
      return openGithubSecret(settings)
    case 'ssh':
      return (await import('./ssh/ssh-store.ts')).sshStore(settings)
    case 'kubernetes':
      return (await import('./kubernetes/kubernetes-store.ts')).kubernetesStore(settings)
    case 'vault':
      return (await import('./vault/vault-store.ts')).vaultStore(settings)
    case 's3':
      return openS3(settings)
    case 'command':
      return openCommand(settings)
  }
}

async function openCache(settings: CacheSettings, { defaultBranch }: FoundOut): Promise<Store> {
  if (defaultBranch === undefined) {
    throw new KeeperError(
      'store-refused',
      'The store cache works on the default branch only, and nobody could tell which that is.',
      'Give github-token the permission "contents: read".',
    )
  }
  const { cacheStore } = await import('./cache/cache-store.ts')
  return cacheStore({ ...settings, defaultBranch })
}

/** Its commands run in an empty directory of ours: nothing that they look up beside themselves is a step's. */
async function openCommand({ tempDirectory, ...setup }: CommandSettings): Promise<Store> {
  const { commandStore } = await import('./command/command-store.ts')
  await mkdir(tempDirectory, { recursive: true })
  const cwd = await mkdtemp(join(tempDirectory, 'codex-auth-command-'))
  return Object.assign(commandStore({ ...setup, cwd }), {
    close: () => rm(cwd, { recursive: true, force: true }).catch(() => undefined),
  })
}

async function openGithubSecret({ apiUrl, auth, handover, ...setup }: GithubSecretSettings): Promise<Store> {
  const [{ githubSecretStore, secretHandover }, { githubApi }] = await Promise.all([
    import('./github-secret/github-secret-store.ts'),
    import('../github/github-api.ts'),
  ])
  const api = githubApi({ baseUrl: apiUrl, clock: systemClock, auth })
  return githubSecretStore({ ...setup, clock: systemClock, api, handover: secretHandover.parse(handover) })
}

async function openS3({ sealing, ...options }: S3Settings): Promise<Store> {
  const store = (await import('./s3/s3-store.ts')).s3Store(options)
  return sealing === undefined ? store : sealed(store, { sealing })
}

async function sealed(store: Store, { sealing: { keys, place } }: { readonly sealing: Sealing }): Promise<Store> {
  if (keys === undefined) return (await import('./sealed/store-without-key.ts')).storeWithoutKey(store)
  const { sealedStore } = await import('./sealed/sealed-store.ts')
  return sealedStore(store, { keys, place })
}
