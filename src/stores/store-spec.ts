import { parseGitAddress } from './git/git-address.ts'
import { parseSecretAddress, type SecretName } from './github-secret/github-secret-name.ts'
import { parseSshAddress, type SshAddress } from './ssh/ssh-address.ts'

/** One line of the `store` input, understood. `line` is the text as the user wrote it and names the store in reports. */
export type StoreSpec =
  | { readonly kind: 'runner'; readonly line: string; readonly path: string | undefined }
  | { readonly kind: 'cache'; readonly line: string }
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'git'; readonly line: string; readonly address: string | undefined }
  | { readonly kind: 'github-secret'; readonly line: string; readonly address: SecretName }
  | { readonly kind: 'ssh'; readonly line: string; readonly address: SshAddress }

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
  'command                                    your own read-command and write-command',
]

/**
 * Reads the `store` input.
 * @param text one store per line; blank lines do not count
 * @returns the stores in their order and a sentence per problem
 */
export function parseStores(text: string): { specs: StoreSpec[]; problems: string[] } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) {
    return {
      specs: [],
      problems: [
        `store is required: where shall the refreshed login be kept? One per line:\n${storeForms.map((form) => `  ${form}`).join('\n')}`,
      ],
    }
  }
  const specs: StoreSpec[] = []
  const problems: string[] = []
  for (const line of lines) {
    const parsed = parseLine(line)
    if (typeof parsed === 'string') problems.push(parsed)
    else if (specs.some((spec) => spec.line === line)) problems.push(`store: "${line}" is listed twice.`)
    else specs.push(parsed)
  }
  for (const kind of ['cache', 'command', 'github-secret'] as const) {
    if (specs.filter((spec) => spec.kind === kind).length > 1) problems.push(`store: only one ${kind} line is possible.`)
  }
  return { specs, problems }
}

function parseLine(line: string): StoreSpec | string {
  const [, kind = '', rest] = /^([a-z-]+)(?::\s*(.*))?$/.exec(line) ?? []
  const address = rest === undefined || rest === '' ? undefined : rest
  switch (kind) {
    case 'runner':
      if (address !== undefined && !address.startsWith('/')) return `store: "${line}" needs an absolute path.`
      return { kind, line, path: address }
    case 'git': {
      // Only what the line itself says is judged here; which repository "this" is, is known when the store is opened.
      const git = parseGitAddress(address, { serverUrl: 'https://github.com', repository: 'your-org/your-repo', slot: 'default' })
      return git.kind === 'problems' ? `store: ${git.problems.join(' ')}` : { kind, line, address }
    }
    case 'cache':
    case 'command':
      return address === undefined ? { kind, line } : `store: "${kind}" takes nothing after it.`
    case 'github-secret': {
      const secret = parseSecretAddress(address ?? '')
      return secret.kind === 'problem' ? `store: github-secret: ${secret.problem}` : { kind, line, address: secret.name }
    }
    case 'ssh': {
      const ssh = parseSshAddress(address ?? '')
      return ssh.kind === 'problems' ? `store: ssh: ${ssh.problems.join(' ')}` : { kind, line, address: ssh.address }
    }
    default:
      return `store: "${line}" is not one of ${storeForms.map((form) => form.split(/\s{2,}/, 1)[0] ?? '').join(' | ')}.`
  }
}
