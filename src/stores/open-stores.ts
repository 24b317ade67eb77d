import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import { networkVariables } from '../process/network-variables.ts'
import { sha256 } from '../sha256.ts'
import type { SealingKeys } from './sealed/sealing-keys.ts'
import type { StoreSpec } from './store-spec.ts'
import type { Store } from './store.ts'
import type { ToolName, Tools } from '../process/tools.ts'

/** What the stores need to know of this run; each takes only its part. Nothing else of the environment reaches them. */
export interface StoreContext {
  readonly slot: string
  /** HOME as it was before any later step could change it. */
  readonly home: string
  /** Emptied by the runner before and after each job. */
  readonly tempDirectory: string
  readonly tools: Tools
  /** The runner's own variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The variables no step has changed, for the user's own commands. */
  readonly userEnv: Readonly<Record<string, string>>
  readonly sealingKeys: SealingKeys | undefined
  readonly githubToken: string | undefined
  readonly readCommand: string | undefined
  readonly writeCommand: string | undefined
  readonly sshKey: string | undefined
  readonly sshKnownHosts: string | undefined
  readonly repository: string
  readonly defaultBranch: string | undefined
  readonly ref: string
  readonly serverUrl: string
  readonly apiUrl: string
  readonly runUrl: string
  /** The input auth-json: with the store github-secret, that store's copy. */
  readonly authJson: string | undefined
  /** Who may write the secret of the store github-secret. */
  readonly secretWriter: SecretWriter | undefined
  /** Whether another stage of this job will open the same stores. */
  readonly hasNextStage: boolean
  /** What the stores of an earlier stage of this job left, by their line of the `store` input. */
  readonly memories: Readonly<Record<string, unknown>>
}

export type SecretWriter =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string }

/**
 * Opens the stores of the `store` input; each backend is loaded only when it is used.
 * @throws KeeperError when a store cannot be used in this run at all
 */
export function openStores(specs: readonly StoreSpec[], context: StoreContext): Promise<Store[]> {
  return Promise.all(specs.map((spec) => open(spec, context)))
}

/** Removes what the stores have left on this machine. */
export async function closeStores(stores: readonly Store[]): Promise<void> {
  await Promise.all(stores.map(async (store) => store.close?.()))
}

async function open(spec: StoreSpec, context: StoreContext): Promise<Store> {
  switch (spec.kind) {
    case 'runner':
      return openRunner(spec, context)
    case 'cache':
      return sealed(await openCache(spec.line, context), context)
    case 'command':
      return openCommand(spec.line, context)
    case 'git':
      return sealed(await openGit(spec, context), context)
    case 'ssh':
      return openSsh(spec, context)
    case 'github-secret':
      return openSecret(spec, context)
  }
}

async function openRunner(spec: Extract<StoreSpec, { kind: 'runner' }>, { slot, home, env }: StoreContext): Promise<Store> {
  const { runnerStore, whyForgotten } = await import('./runner/runner-store.ts')
  const directory = join(spec.path ?? join(home, '.codex-auth-keeper'), slot)
  const forgotten = whyForgotten(directory, env)
  if (forgotten !== undefined) {
    throw new KeeperError(
      'store-refused',
      `The store runner cannot keep anything here: ${forgotten}.`,
      'Use the store git (or another one that is not on this machine), or run the job on a self-hosted runner outside containers.',
    )
  }
  return runnerStore({ name: spec.line, directory, mustExist: spec.path })
}

async function openCache(name: string, context: StoreContext): Promise<Store> {
  const { cacheStore } = await import('./cache/cache-store.ts')
  const { slot, tempDirectory, env, ref, defaultBranch } = context
  if (defaultBranch === undefined) {
    throw new KeeperError(
      'store-refused',
      'The store cache works on the default branch only, and nobody could tell which that is.',
      'Give github-token the permission "contents: read".',
    )
  }
  return cacheStore({ name, slot, tempDir: tempDirectory, env, ref, defaultBranch })
}

async function openCommand(name: string, context: StoreContext): Promise<Store> {
  const { commandStore } = await import('./command/command-store.ts')
  const { slot, readCommand, writeCommand, tempDirectory, userEnv } = context
  // To bash, no command at all is one that succeeded: an empty place, and a write that was taken.
  if (!readCommand?.trim() || !writeCommand?.trim()) {
    throw new KeeperError('invalid-inputs', `${name} needs read-command and write-command.`, 'Give both to this step.')
  }
  return commandStore({
    name,
    slot,
    readCommand,
    writeCommand,
    bash: tool(context, 'bash', name),
    env: userEnv,
    cwd: context.env['GITHUB_WORKSPACE'] ?? tempDirectory,
  })
}

async function openGit(spec: Extract<StoreSpec, { kind: 'git' }>, context: StoreContext): Promise<Store> {
  const [{ gitStore }, { parseGitAddress }] = await Promise.all([import('./git/git-store.ts'), import('./git/git-address.ts')])
  const { slot, githubToken, tempDirectory, serverUrl, repository, runUrl, sshKey, sshKnownHosts, tools, userEnv } = context
  const parsed = parseGitAddress(spec.address, { serverUrl, repository, slot })
  if (parsed.kind === 'problems')
    throw new KeeperError('invalid-inputs', parsed.problems.join(' '), 'Correct this line of the input store.')
  return gitStore({
    name: spec.line,
    address: parsed.address,
    slot,
    token: githubToken,
    git: tool(context, 'git', spec.line),
    ssh:
      tools.ssh !== undefined && sshKnownHosts !== undefined
        ? { path: tools.ssh, knownHosts: sshKnownHosts, ...(sshKey !== undefined && { key: sshKey }) }
        : undefined,
    tempDir: tempDirectory,
    serverUrl,
    commitNote: { run: runUrl, now: () => new Date() },
    networkEnv: gitEnvironment(userEnv),
    kept: { file: join(tempDirectory, `codex-auth-${sha256(spec.line).slice(0, 16)}.pack`), forNextStage: context.hasNextStage },
  })
}

async function openSsh(spec: Extract<StoreSpec, { kind: 'ssh' }>, context: StoreContext): Promise<Store> {
  const { sshStore } = await import('./ssh/ssh-store.ts')
  const { sshKey, sshKnownHosts = '', tempDirectory, userEnv } = context
  return sshStore({
    name: spec.line,
    address: spec.address,
    knownHosts: sshKnownHosts,
    ssh: tool(context, 'ssh', spec.line),
    tempDir: tempDirectory,
    ...(sshKey !== undefined && { key: sshKey }),
    ...(userEnv['SSH_AUTH_SOCK'] !== undefined && { agentSocket: userEnv['SSH_AUTH_SOCK'] }),
  })
}

async function openSecret(spec: Extract<StoreSpec, { kind: 'github-secret' }>, context: StoreContext): Promise<Store> {
  const [{ githubSecretStore, secretMemory }, { githubApi }] = await Promise.all([
    import('./github-secret/github-secret-store.ts'),
    import('../github/github-api.ts'),
  ])
  const { secretWriter, apiUrl, repository, authJson, memories } = context
  if (secretWriter === undefined) {
    throw new KeeperError(
      'invalid-inputs',
      `${spec.line} needs secret-writer-token, or app-id and app-private-key.`,
      'GITHUB_TOKEN can never write secrets.',
    )
  }
  const [owner = '', repo = ''] = repository.split('/')
  return githubSecretStore({
    name: spec.line,
    secret: spec.address,
    repository: { owner, repo },
    currentValue: authJson,
    clock: systemClock,
    api: githubApi({
      baseUrl: apiUrl,
      clock: systemClock,
      auth: secretWriter.kind === 'app' ? { ...secretWriter, owner, repo } : secretWriter,
    }),
    memory: secretMemory.parse(memories[spec.line]),
  })
}

async function sealed(store: Store, { sealingKeys }: StoreContext): Promise<Store> {
  if (sealingKeys === undefined) throw new KeeperError('invalid-inputs', `${store.name} needs encryption-key.`, 'Make one with age-keygen.')
  const { sealedStore } = await import('./sealed/sealed-store.ts')
  return sealedStore(store, sealingKeys)
}

function tool({ tools }: StoreContext, name: ToolName, store: string): string {
  const path = tools[name]
  if (path !== undefined) return path
  throw new KeeperError(
    'store-refused',
    `The store ${store} needs ${name}, and there is none in PATH.`,
    `Install ${name} before this step.`,
  )
}

/** What git and its ssh may have of the environment. */
function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => networkVariables.includes(name) || name === 'SSH_AUTH_SOCK'))
}
