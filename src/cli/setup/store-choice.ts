import { parseSecretAddress } from '../../stores/github-secret/github-secret-name.ts'
import { parseKubernetesAddress } from '../../stores/kubernetes/kubernetes-address.ts'
import { parseS3Address } from '../../stores/s3/s3-address.ts'
import { parseSshAddress } from '../../stores/ssh/ssh-address.ts'
import { parseVaultAddress } from '../../stores/vault/vault-address.ts'
import type { CliContext } from '../context.ts'
import type { Choice } from '../terminal/questions.ts'
import { wrongUsage } from '../wrong-usage.ts'

/** Where the jobs run. */
export type RunnerKind = 'github-hosted' | 'self-hosted'

/** A store that setup can bring, with the example that it is made from. */
export type StoreKind = (typeof stores)[number]['value']

/** What the workflows are made for. */
export interface ChosenStore {
  readonly kind: StoreKind
  readonly runner: RunnerKind
  /** The line of the input `store`; undefined: as the example has it. */
  readonly line: string | undefined
}

/** The stores of README.md, "Which store?", the default of each kind of runner first. */
const stores = [
  { value: 'git', on: 'github-hosted', label: 'in the repository itself, sealed', hint: 'needs nothing else' },
  { value: 'runner', on: 'self-hosted', label: 'on the disk of the runner', hint: 'for one machine that stays' },
  { value: 'ssh', on: 'github-hosted', label: 'on a host of yours, over SSH', form: 'ssh: user@host:22/path/auth.json' },
  { value: 'github-secret', on: 'github-hosted', label: 'in a secret of an environment', hint: 'needs a token that may write it' },
  { value: 'cache', on: 'github-hosted', label: 'in the Actions cache, sealed', hint: 'the weakest: needs two runs a week' },
  {
    value: 'kubernetes',
    on: 'self-hosted',
    label: 'in a Secret of the cluster of the runner pods',
    form: 'kubernetes: namespace/secret-name',
  },
  { value: 'vault', on: 'github-hosted', label: 'in HashiCorp Vault or OpenBao', form: 'vault: https://host/mount/path?role=NAME' },
  { value: 's3', on: 'github-hosted', label: 'in a bucket of AWS S3, sealed', form: 's3: bucket/key?region=NAME&role=ARN' },
] as const satisfies readonly (Choice<string> & { readonly on: RunnerKind; readonly form?: string })[]

/**
 * What the flags say, what a person answers, and else the default: the kind of runner, the store on it, and its address where it needs one.
 * @param asks false: nobody is asked, and what has no default is wrong usage
 * @throws KeeperError invalid-inputs
 */
export async function chosenStore(
  given: { readonly runner: RunnerKind | undefined; readonly store: string | undefined },
  asks: boolean,
  context: CliContext,
): Promise<ChosenStore> {
  const line = given.store?.trim()
  const named = line === undefined ? undefined : storeOfLine(line)
  const runner = given.runner ?? named?.on ?? (asks ? await askedRunner(context) : 'github-hosted')
  if (named !== undefined && named.on !== runner) {
    throw wrongUsage(
      `Setup brings the store ${named.value} on runners that are ${named.on}, and --runner says ${runner}.`,
      `Leave out --runner, or start from examples/${named.value}.yml.`,
    )
  }
  const kind = named?.value ?? (asks ? await askedStore(runner, context) : defaultOn(runner))
  const form = formOf(kind)
  if (form === undefined) return { kind, runner, line: line === kind ? undefined : line }
  if (line !== undefined && line !== kind) return { kind, runner, line }
  if (!asks) throw wrongUsage(`The store ${kind} needs its address.`, `Name it with --store '${form}'.`)
  // Whoever is asked for the address of a host may leave out that it is one over ssh.
  const whole = (text: string): string => (kindOf(text.trim()) === kind ? text.trim() : `${kind}: ${text.trim()}`)
  const asked = await context.questions.text(`The line of the store, ${form}`, {
    flag: '--store',
    problem: (text) => lineProblem(whole(text)),
  })
  return { kind, runner, line: whole(asked) }
}

function storeOfLine(line: string): (typeof stores)[number] {
  const store = stores.find(({ value }) => value === kindOf(line))
  const problem = store === undefined ? `Setup brings no store "${line}".` : line === store.value ? undefined : lineProblem(line)
  if (store === undefined || problem !== undefined) {
    throw wrongUsage(
      `--store: ${problem ?? ''}`,
      `It brings ${stores.map(({ value }) => value).join(', ')}; for others see docs/stores.md.`,
    )
  }
  return store
}

/** What is wrong with a line that has an address, as a sentence. */
function lineProblem(line: string): string | undefined {
  const kind = kindOf(line)
  const address = line.replace(/^[^:]*:?\s*/, '')
  if (/[\n\r]/.test(line)) return 'Only one line is taken.'
  switch (kind) {
    case 'git':
      return address.startsWith('?') ? undefined : 'Setup brings the store git of this repository alone, "git" or "git: ?ref=refs/…".'
    case 'runner':
      return address.startsWith('/') ? undefined : 'It must look like runner: /path.'
    case 'ssh':
      return problemsIn(parseSshAddress(address))
    case 'github-secret': {
      const parsed = parseSecretAddress(address)
      if (parsed.kind === 'problem') return `The store ${parsed.problem.replace(/^a name/, 'github-secret: a name')}`
      // A run that waited for another one would get what a secret of the repository was when it was queued.
      return parsed.name.environment === undefined ? 'Name the environment of the secret: github-secret: NAME?environment=NAME.' : undefined
    }
    case 'kubernetes': {
      const parsed = parseKubernetesAddress(address)
      return parsed.kind === 'problem' ? parsed.problem : undefined
    }
    case 'vault':
      return problemsIn(parseVaultAddress(address))
    case 's3':
      return problemsIn(parseS3Address(address))
    default:
      return `The store ${kind} takes nothing after it.`
  }
}

function problemsIn(parsed: { readonly kind: string; readonly problems?: readonly string[] }): string | undefined {
  return parsed.problems?.join(' ')
}

function kindOf(line: string): string {
  return line.split(':', 1)[0]?.trim() ?? ''
}

function formOf(kind: StoreKind): string | undefined {
  const store: (Choice<string> & { readonly form?: string }) | undefined = stores.find(({ value }) => value === kind)
  return store?.form
}

function defaultOn(runner: RunnerKind): StoreKind {
  return runner === 'github-hosted' ? 'git' : 'runner'
}

function askedRunner({ questions }: CliContext): Promise<RunnerKind> {
  return questions.choose<RunnerKind>(
    'Where do the jobs run?',
    [
      { value: 'github-hosted', label: 'on runners of GitHub' },
      { value: 'self-hosted', label: 'on machines or in a cluster of yours' },
    ],
    { flag: '--runner, or --yes', byDefault: 'github-hosted' },
  )
}

function askedStore(runner: RunnerKind, { questions }: CliContext): Promise<StoreKind> {
  const choices: Choice<StoreKind>[] = stores.filter(({ on }) => on === runner)
  return questions.choose('Where does the login rest?', choices, { flag: '--store, or --yes', byDefault: defaultOn(runner) })
}
