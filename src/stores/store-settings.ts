import { judgeCache, type CacheSettings } from './cache/cache-settings.ts'
import { judgeCommand, type CommandSettings } from './command/command-settings.ts'
import { judgeKubernetes } from './kubernetes/kubernetes-settings.ts'
import type { KubernetesStoreOptions } from './kubernetes/kubernetes-store.ts'
import { judgeGit, type GitSettings } from './git/git-settings.ts'
import { judgeGithubSecret, type GithubSecretSettings } from './github-secret/github-secret-settings.ts'
import { judgeRunner } from './runner/runner-settings.ts'
import type { RunnerStoreOptions } from './runner/runner-store.ts'
import { judgeS3, type S3Settings } from './s3/s3-settings.ts'
import { judgeSsh } from './ssh/ssh-settings.ts'
import type { SshStoreOptions } from './ssh/ssh-store.ts'
import { judgeVault } from './vault/vault-settings.ts'
import type { VaultStoreOptions } from './vault/vault-store.ts'
import type { Judged, StoreInputs, StoreLine, StoreRun } from './store-line.ts'

/** One line of the `store` input with all that its backend needs; opening it asks nothing again. */
export type StoreSettings =
  | ({ readonly kind: 'runner' } & RunnerStoreOptions)
  | ({ readonly kind: 'git' } & GitSettings)
  | ({ readonly kind: 'cache' } & CacheSettings)
  | ({ readonly kind: 'github-secret' } & GithubSecretSettings)
  | ({ readonly kind: 'ssh' } & SshStoreOptions)
  | ({ readonly kind: 'kubernetes' } & KubernetesStoreOptions)
  | ({ readonly kind: 'vault' } & VaultStoreOptions)
  | ({ readonly kind: 's3' } & S3Settings)
  | ({ readonly kind: 'command' } & CommandSettings)

/** The forms of a `store` line, one line each, as error messages and the README list them. */
export const storeForms: readonly string[] = [
  'runner                                     a directory of this machine that outlives jobs (self-hosted)',
  'runner: /path                              the same, in a directory of your choice',
  'git                                        a ref of this repository, sealed',
  'git: ?ref=refs/heads/codex-auth/SLOT       a ref of your choice, sealed, where the server refuses others',
  'git: https://host/owner/repo?ref=refs/…    a ref of another repository, sealed',
  'cache                                      the Actions cache, sealed, default branch only',
  'github-secret: NAME?environment=prod       an environment secret, or without the ? a repository secret',
  'ssh: user@host:port/path/auth.json         a file on a host of yours',
  'kubernetes: namespace/secret-name          a Secret of the cluster that the runner pod is in',
  'vault: https://host/mount/path?role=NAME   a secret in HashiCorp Vault or OpenBao (KV v2)',
  's3: bucket/key?region=NAME&role=ARN        an object in AWS S3; with endpoint=URL on another S3 server',
  'command                                    your own read-command and write-command',
]

/**
 * Judges the `store` input.
 * @param text one store per line; blank lines do not count
 * @param given the inputs that stores are made of
 * @param run what the stores need to know of this run
 * @returns the stores in their order and the problems, each one once
 */
export function judgeStores(text: string, given: StoreInputs, run: StoreRun): { stores: StoreSettings[]; problems: string[] } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) {
    return {
      stores: [],
      problems: [
        `store is required: it says where the refreshed login is kept. Give one or more, one per line:\n${storeForms.map((form) => `  ${form}`).join('\n')}`,
      ],
    }
  }
  const stores: StoreSettings[] = []
  const problems = new Set<string>()
  const kinds: string[] = []
  for (const name of new Set(lines)) {
    const [, kind = '', rest] = /^([a-z][a-z0-9-]*)(?::\s*(.*))?$/.exec(name) ?? []
    kinds.push(kind)
    const judged = isKind(kind) ? judges[kind]({ name, address: rest === '' ? undefined : rest, given, run }) : unknownLine(name)
    if (judged.kind === 'settings') stores.push(judged.settings)
    else for (const problem of judged.problems) problems.add(problem)
    if (lines.indexOf(name) !== lines.lastIndexOf(name)) problems.add(`store: "${name}" is listed twice.`)
  }
  for (const kind of ['cache', 'command', 'github-secret'] as const) {
    if (kinds.filter((listed) => listed === kind).length > 1) problems.add(`store: only one ${kind} line is allowed.`)
  }
  const origins = new Set(stores.flatMap(otherServerOf))
  if (origins.size > 1) problems.add(`store: store-token is for one server, and there are git stores on ${[...origins].join(' and ')}.`)
  return { stores, problems: [...problems] }
}

/** The server that would get store-token. */
function otherServerOf(store: StoreSettings): string[] {
  if (store.kind !== 'git' || store.address.transport.kind !== 'http' || store.access.kind !== 'http') return []
  return store.access.tokenInput === 'store-token' ? [store.address.transport.origin] : []
}

type Kind = StoreSettings['kind']

const judges: { readonly [kind in Kind]: (line: StoreLine) => Judged<StoreSettings> } = {
  runner: (line) => ofKind('runner', judgeRunner(line)),
  git: (line) => ofKind('git', judgeGit(line)),
  cache: (line) => ofKind('cache', addressProblem(line) ?? judgeCache(line)),
  'github-secret': (line) => ofKind('github-secret', judgeGithubSecret(line)),
  ssh: (line) => ofKind('ssh', judgeSsh(line)),
  kubernetes: (line) => ofKind('kubernetes', judgeKubernetes(line)),
  vault: (line) => ofKind('vault', judgeVault(line)),
  s3: (line) => ofKind('s3', judgeS3(line)),
  command: (line) => ofKind('command', addressProblem(line) ?? judgeCommand(line)),
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(judges, text)
}

function ofKind<K extends Kind, Settings>(kind: K, judged: Judged<Settings>): Judged<{ readonly kind: K } & Settings> {
  return judged.kind === 'problems' ? judged : { kind: 'settings', settings: { kind, ...judged.settings } }
}

function addressProblem({ name, address }: StoreLine): Judged<never> | undefined {
  if (address === undefined) return undefined
  return { kind: 'problems', problems: [`store: "${name.split(':', 1)[0] ?? ''}" takes nothing after it.`] }
}

function unknownLine(name: string): Judged<never> {
  const forms = storeForms.map((form) => form.split(/\s{2,}/, 1)[0] ?? '').join(' | ')
  return { kind: 'problems', problems: [`store: "${name}" is not one of ${forms}.`] }
}
