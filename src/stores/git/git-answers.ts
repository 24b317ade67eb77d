import { KeeperError, type KeeperErrorCode } from '../../keeper-error.ts'
import { withoutSecretPieces } from '../../process/stderr-tail.ts'
import type { TokenInput } from './git-access.ts'
import type { GitAddress } from './git-address.ts'

/** How a git command that talks to a server ended. Its texts are git's own, in English, and hold no secret. */
export interface GitAnswer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** The other end speaks git's protocol. To git 2.39 any web page that says 200 is a repository without refs. */
  readonly spoke: boolean
  /** The order to move the ref has been handed to the connection; from here on it may have been carried out. */
  readonly sent: boolean
}

/** True when the server listed its refs and this one is not among them. */
export function isCertainlyMissing(answer: GitAnswer, ref: string): boolean {
  const missing = `fatal: couldn't find remote ref ${ref}`
  return answer.spoke && answer.exitCode === 128 && answer.stderr.split('\n').includes(missing)
}

export type Rejection =
  /** Git saw another object at the ref than the lease names, and sent nothing. */
  | { readonly kind: 'stale' }
  /** The server refused to move the ref. */
  | { readonly kind: 'by-server'; readonly reason: string }

/** What `git push --porcelain` says of the ref; undefined when it did not get that far. */
export function rejectionOf({ stdout, spoke }: GitAnswer): Rejection | undefined {
  const [, how, reason = ''] = /^!\t[^\t]*\t\[(rejected|remote rejected)\] \((.*)\)$/m.exec(stdout) ?? []
  if (how === 'remote rejected') return { kind: 'by-server', reason }
  return how === 'rejected' && reason === 'stale info' && spoke ? { kind: 'stale' } : undefined
}

export interface AskedWith {
  readonly name: string
  readonly address: GitAddress
  /** Where the token comes from; undefined where none is asked for. */
  readonly tokenInput: TokenInput | undefined
}

type Remedy = (asked: AskedWith) => string

/** What git, OpenSSH and github.com say (LC_ALL=C), tried in this order. */
const causes: readonly (readonly [RegExp, KeeperErrorCode, Remedy])[] = [
  [
    /Host key verification failed|IDENTIFICATION HAS CHANGED/,
    'store-refused',
    () => 'Put the host key that the administrator of the host gives you into ssh-known-hosts.',
  ],
  [/(returned error:|RPC failed; HTTP) 40[134]|could not read (Username|Password)|Authentication failed/, 'store-unauthorized', access],
  [
    /repository '.*' not found|Permission (to \S+ )?denied|Repository not found|Write access|read.only|not allowed/i,
    'store-unauthorized',
    access,
  ],
  [
    /(returned error:|RPC failed; HTTP) 3\d\d/,
    'store-refused',
    () => 'The repository has moved. A token does not follow to another address: write the new one into store.',
  ],
  [
    /(returned error:|RPC failed; HTTP) 413|does not appear to be a git repository|dubious ownership|mismatched alg/,
    'store-refused',
    () => 'See that the address names a git repository that takes this.',
  ],
]

/** The error for an answer that brought nothing, sorted by what it says; without a known cause it is an outage. */
export function gitFailure(answer: GitAnswer, asked: AskedWith): KeeperError {
  const message = `${asked.name}: ${said(answer)}`
  const cause = causes.find(([pattern]) => pattern.test(answer.stderr))
  if (cause) return new KeeperError(cause[1], message, cause[2](asked))
  return new KeeperError('store-unreachable', message, `See that ${asked.address.url} answers from this runner.`)
}

/** The error for a push that the server refused while the ref stayed as it was. */
export function refusedPush(answer: GitAnswer, reason: string, { name, address }: AskedWith): KeeperError {
  const message = `${name}: the push was refused (${reason}): ${said(answer)}`
  // Another push held the ref at that instant and did not go through either.
  if (/lock|failed to update ref|incorrect old value|already exists/.test(reason)) {
    return new KeeperError('store-unreachable', message, 'Try again.')
  }
  return new KeeperError(
    'store-refused',
    message,
    `A rule or hook of the server protects ${address.ref}. ` +
      'Allow it there, or name another ref: store: "git: …?ref=refs/heads/codex-auth/<slot>".',
  )
}

/** What git and the server said, as one bounded line. */
export function said({ stderr, spoke }: GitAnswer): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e]|@{3,}/g, '').trim())
  const kept = lines.filter((line) => line !== '' && !noise.test(line))
  // What is cut must hold no piece of a token: masking looks for whole ones.
  const text = withoutSecretPieces(kept.join('\n')).replaceAll('\n', '; ').slice(0, 400)
  const foreign = !spoke && (text === '' || text.includes("couldn't find remote ref"))
  return foreign ? 'what answers there is not a git server' : text
}

const noise = /^error: failed to push|^Please make sure|^and the repository exists|^hint:|^remote:$/

function access({ address: { url, transport }, tokenInput }: AskedWith): string {
  if (transport.kind === 'ssh') return `Register the public half of ssh-key at ${url} with write access.`
  if (transport.kind === 'file') return 'Give the user who runs this runner access to that directory.'
  if (tokenInput === 'store-token') {
    return `Put a token of ${transport.origin} into store-token that may read and write ${url}. Git must be 2.31 or newer.`
  }
  return (
    'Give the job "permissions: contents: write", or put a token into github-token that may read and write ' +
    `${url}. Git must be 2.31 or newer.`
  )
}
