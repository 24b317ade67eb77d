import { isLoopbackHost } from '../../loopback.ts'
import { parsedUrl } from '../../parsed-url.ts'

/** How git reaches a repository; `origin` is scheme, host and port, the only place a token goes to. */
export type GitTransport = { readonly kind: 'http'; readonly origin: string } | { readonly kind: 'ssh' } | { readonly kind: 'file' }

/** Where the sealed copy rests: a repository and one ref in it. */
export interface GitAddress {
  /** Free of credentials and options; may stand in an argument list and in a report. */
  readonly url: string
  /** Full name of the ref, `refs/…`. */
  readonly ref: string
  readonly transport: GitTransport
}

export interface ThisRepository {
  /** GITHUB_SERVER_URL, e.g. `https://github.com` */
  readonly serverUrl: string
  /** GITHUB_REPOSITORY, e.g. `your-org/your-repo` */
  readonly repository: string
  readonly slot: string
}

export type ParsedGitAddress =
  { readonly kind: 'address'; readonly address: GitAddress } | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Reads what stands after `git:` in a store line.
 * @param text `https://host/owner/repo`, `ssh://git@host/owner/repo`, `git@host:owner/repo` or `file:///path`, each
 *   with or without `?ref=refs/…`; `?ref=refs/…` alone and undefined mean this repository
 * @param here this repository, and the slot that names the ref when none is given
 * @returns the address, or a sentence for each problem; the sentences never repeat what may be a credential
 */
export function parseGitAddress(text: string | undefined, here: ThisRepository): ParsedGitAddress {
  const [place = '', query, ...more] = (text ?? '').split('?')
  const problems: string[] = []
  if (more.length > 0) problems.push('git: only one "?" is allowed.')
  const ref = refOf(query, here.slot, problems)
  const reached = place === '' ? thisRepository(here) : elsewhere(place, here.serverUrl)
  if (typeof reached === 'string') problems.push(reached)
  if (typeof reached === 'string' || problems.length > 0) return { kind: 'problems', problems }
  return { kind: 'address', address: { ...reached, ref } }
}

/** Whether an origin is that of the job's own server. */
export function isOwnServer(origin: string, serverUrl: string): boolean {
  return origin === originOf(serverUrl)
}

/** The ref of the lease beside that of a copy. No ref of a copy has a comma, so no slot and no `?ref=` can name it. */
export function leaseRef(ref: string): string {
  return `${ref},lease`
}

type Reached = Pick<GitAddress, 'url' | 'transport'>

function thisRepository({ serverUrl, repository }: ThisRepository): Reached | string {
  const origin = originOf(serverUrl)
  if (origin === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    return 'git: this repository is not known (GITHUB_SERVER_URL, GITHUB_REPOSITORY); write its address after "git:".'
  }
  return { url: `${serverUrl.replace(/\/+$/, '')}/${repository}`, transport: { kind: 'http', origin } }
}

function elsewhere(place: string, serverUrl: string): Reached | string {
  // One of these could be read as an option, a command or a second line by git, ssh or a shell.
  if (!/^[A-Za-z0-9][\x21-\x7e]*$/.test(place) || /["'`$\\<>|;&#*]/.test(place)) {
    return 'git: the address has characters that no repository address needs.'
  }
  if (/^refs\//.test(place)) return 'git: a ref of this repository is named after a "?": git: ?ref=refs/heads/….'
  if (/^[\w.-]+@[A-Za-z0-9][\w.-]*:(?!\/\/)[^:@]+$/.test(place)) return { url: place, transport: { kind: 'ssh' } }
  const url = parsedUrl(place)
  if (url === undefined || !place.startsWith(`${url.protocol}//`) || /^[\w+.-]+::/.test(place)) {
    return 'git: the address must be https://…, ssh://…, user@host:path or file:///….'
  }
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    return 'git: the address must not hold a user name or password; a token belongs in github-token, that of another server in store-token.'
  }
  if (url.pathname.length < 2) return 'git: the address names no repository.'
  switch (url.protocol) {
    case 'https:':
      return { url: place, transport: { kind: 'http', origin: url.origin } }
    case 'http:':
      if (isLoopbackHost(url.hostname) || url.origin === originOf(serverUrl)) {
        return { url: place, transport: { kind: 'http', origin: url.origin } }
      }
      return 'git: http:// would show the token on the way; use https:// or ssh://.'
    case 'ssh:':
      if (!/^[A-Za-z0-9[][\w.:\]-]*$/.test(url.hostname) || !/^([A-Za-z0-9_][\w.-]*)?$/.test(url.username)) {
        return 'git: the ssh address names no host.'
      }
      return { url: place, transport: { kind: 'ssh' } }
    case 'file:':
      if (url.hostname !== '') return 'git: file:// takes an absolute path, file:///path.'
      return { url: place, transport: { kind: 'file' } }
    default:
      return `git: "${url.protocol}//" is not one of https://, ssh:// and file://.`
  }
}

function refOf(query: string | undefined, slot: string, problems: string[]): string {
  const byDefault = `refs/codex-auth/${slot}`
  const [key = '', value = ''] = query === undefined ? ['ref', byDefault] : query.split(/=(.*)/s)
  if (key !== 'ref') problems.push('git: after the "?" only ref=refs/… is allowed.')
  else if (!isRefName(value)) problems.push('git: the ref must be a full name such as refs/codex-auth/default.')
  return value
}

/** The part of git's rules for ref names that needs no escaping anywhere (git-check-ref-format). */
function isRefName(name: string): boolean {
  const [root, ...parts] = name.split('/')
  return (
    root === 'refs' &&
    parts.length >= 2 &&
    name.length <= 200 &&
    parts.every((part) => /^[A-Za-z0-9_][\w.+=@-]*$/.test(part) && !part.includes('..') && !/\.(lock)?$/.test(part))
  )
}

function originOf(serverUrl: string): string | undefined {
  const url = parsedUrl(serverUrl)
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  return url.origin
}
