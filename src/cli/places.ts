import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rmSync } from 'node:fs'
import { messageOf } from '../keeper-error.ts'
import { findTools } from '../process/tools.ts'
import { parseSecretWriter } from '../stores/github-secret/github-secret-writer.ts'
import { remembering, type RememberingStore } from '../stores/known-copy.ts'
import { closeStores, openStores } from '../stores/open-stores.ts'
import { parseSealingKeys } from '../stores/sealed/sealing-keys.ts'
import type { StoreInputs, StoreRun } from '../stores/store-line.ts'
import { judgeStores, type StoreSettings } from '../stores/store-settings.ts'
import type { CliContext } from './context.ts'
import type { PlaceOptions } from './place-options.ts'
import { githubServer, githubToken, repositoryOfClone } from './repository.ts'
import { sshDefaults } from './ssh-defaults.ts'
import { storeLineOf } from './ssh-host.ts'
import { literal } from './expressions.ts'
import type { WorkflowStep } from './workflow-step.ts'
import { wrongUsage } from './wrong-usage.ts'

/** All places of one login: the file of this machine, and the stores. */
export interface Places {
  readonly codexHome: string
  readonly slot: string
  /** In the order in which they were named; opening them has asked nobody yet. */
  readonly stores: readonly RememberingStore[]
  /** What each store is made of, in the same order. */
  readonly settings: readonly StoreSettings[]
  /** Lines that mean nothing outside a job, with the reason. */
  readonly outOfReach: readonly { readonly name: string; readonly why: string }[]
  /** `owner/name`; undefined where no store asks for it, or nobody has told. */
  readonly repository: string | undefined
  /** A folder of this run alone, removed with it. */
  readonly tempDirectory: string
  /** Removes what the stores have left on this machine; never throws. */
  close(): Promise<void>
}

/**
 * Opens the places that the options and the environment name. Whoever opens them closes them; should the program be interrupted before,
 * that is done for him.
 * @throws KeeperError invalid-inputs with all that is wrong with the stores, in one list
 */
export async function openPlaces(options: PlaceOptions, context: CliContext): Promise<Places> {
  const { environment, home, cwd, interrupts } = context
  const { shared } = environment
  const step = await workflowStep(options, cwd)
  const named = options.store.length > 0 ? options.store.map(storeLineOf) : (step?.stores ?? [])
  const isAsked = named.some((line) => /^(?:git\s*$|git:\s*\?|github-secret\b)|\$\{\{/.test(line.trim()))
  const repository = options.repo ?? (isAsked ? await repositoryOfClone(cwd, shared, githubServer(shared)) : undefined)
  const slot = options.slot ?? step?.slot ?? 'default'
  const { lines, outOfReach } = withinReach(storeLines(named, repository))
  const tempDirectory = await mkdtemp(join(tmpdir(), 'codex-auth-keeper-'))
  const forget = interrupts.onInterrupt(() => {
    rmSync(tempDirectory, { recursive: true, force: true })
  })
  const removed = async (): Promise<void> => {
    await rm(tempDirectory, { recursive: true, force: true }).catch(() => undefined)
    forget()
  }
  try {
    const given = await storeInputs({ options, step, slot, lines, repository }, context)
    const { stores: settings, problems } =
      lines.length === 0 ? { stores: [], problems: [] } : judgeStores(lines.join('\n'), given, storeRun(context, tempDirectory, repository))
    if (problems.length > 0) throw wrongUsage(problems.join('\n'), 'Correct the options or the environment; --help lists them.')
    const stores = (await openStores(settings, {})).map(remembering)
    const closed = interrupts.onInterrupt(() => closeStores(stores))
    return {
      codexHome: resolve(cwd, options.codexHome ?? (shared['CODEX_HOME'] || join(home, '.codex'))),
      slot,
      stores,
      settings,
      outOfReach,
      repository,
      tempDirectory,
      close: async () => {
        await closeStores(stores)
        closed()
        await removed()
      },
    }
  } catch (error) {
    await removed()
    throw error
  }
}

async function workflowStep({ workflow, slot, store }: PlaceOptions, cwd: string): Promise<WorkflowStep | undefined> {
  if (workflow === undefined) return undefined
  const text = await readFile(resolve(cwd, workflow), 'utf8').catch((error: unknown) => {
    throw wrongUsage(`${workflow} cannot be read: ${messageOf(error)}`, 'Name a workflow file that is there.')
  })
  const { chosenStep, keeperStepsIn } = await import('./workflow-step.ts')
  const steps = keeperStepsIn(text, workflow)
  return store.length > 0 && steps.length !== 1 ? undefined : chosenStep(steps, slot, workflow)
}

function storeLines(named: readonly string[], repository: string | undefined): string[] {
  return named.map((line) => {
    const known = literal(line, repository)
    if (known === undefined)
      throw wrongUsage(`The workflow says "${line}", and only GitHub knows what that is.`, 'Name this store with --store.')
    return known
  })
}

function withinReach(lines: readonly string[]): { lines: string[]; outOfReach: { name: string; why: string }[] } {
  const isCache = (line: string): boolean => line.trim() === 'cache'
  return {
    lines: lines.filter((line) => !isCache(line)),
    outOfReach: lines.filter(isCache).map((name) => ({ name, why: 'only a job of GitHub Actions can reach its cache' })),
  }
}

interface Given {
  readonly options: PlaceOptions
  readonly step: WorkflowStep | undefined
  readonly slot: string
  readonly lines: readonly string[]
  readonly repository: string | undefined
}

async function storeInputs(
  { options, step, slot, lines, repository }: Given,
  { environment, terminal, home, cwd }: CliContext,
): Promise<StoreInputs> {
  const { secrets, shared } = environment
  const needsGithub = lines.some((line) => /^(?:git|github-secret)\b/.test(line))
  const token = needsGithub ? await githubToken(secrets.CODEX_AUTH_TOKEN, shared, cwd, githubServer(shared)) : undefined
  if (token !== undefined) terminal.secrets.add([token])
  const needsSsh = lines.some((line) => /^(?:ssh:|git:\s*(?:ssh:|[\w.-]+@))/.test(line))
  const ssh = needsSsh ? await sshDefaults(secrets, shared, home) : undefined
  const said = (input: string): string | undefined => literal(step?.inputs[input], repository)
  return {
    slot,
    authJson: secrets.CODEX_AUTH_SEED,
    encryptionKey: secrets.CODEX_AUTH_KEY === undefined ? undefined : parseSealingKeys(secrets.CODEX_AUTH_KEY),
    githubToken: token,
    storeToken: secrets.CODEX_AUTH_STORE_TOKEN?.trim(),
    secretWriter: parseSecretWriter({ token, appId: undefined, privateKey: undefined }),
    readCommand: options.readCommand ?? said('read-command'),
    writeCommand: options.writeCommand ?? said('write-command'),
    proveCommand: options.proveCommand ?? said('prove-command'),
    sshKey: ssh?.key,
    sshKnownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? said('ssh-known-hosts') ?? ssh?.knownHosts,
  }
}

function storeRun({ environment: { shared }, home, terminal }: CliContext, tempDirectory: string, repository = ''): StoreRun {
  return {
    home,
    tempDirectory,
    workspace: undefined,
    tools: findTools(shared['PATH'] ?? ''),
    env: shared,
    userEnv: shared,
    lostVariables: [],
    repository,
    ref: shared['GITHUB_REF'] ?? '',
    ...githubServer(shared),
    runUrl: whoWrites(shared),
    // This run is a first stage to them: none has restored before it.
    hasNextStage: true,
    sealedFor: undefined,
    handovers: {},
    onSecret: (secret) => {
      terminal.secrets.add([secret])
    },
  }
}

/** Where a person finds what has written a copy: the page of the CI job, else this machine. */
export function whoWrites(env: Readonly<Record<string, string | undefined>>): string {
  const { GITHUB_RUN_ID: run, GITHUB_REPOSITORY: repository } = env
  if (run && repository) return `${githubServer(env).serverUrl}/${repository}/actions/runs/${run}`
  return env['CI_JOB_URL'] ?? env['BUILD_URL'] ?? `codex-auth-keeper on ${hostname()}`
}
