import { judgeSshKeys } from '../openssh.ts'
import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import { isOwnServer, type GitAddress } from './git-address.ts'
import type { GitSsh } from './git-ssh.ts'
import { parsedUrl } from '../../parsed-url.ts'

/** The input that holds the token of a server: that of the job's own, or that of another one. Neither is sent anywhere else. */
export type TokenInput = 'github-token' | 'store-token'

/** What opens a repository: an ssh address never comes without all that ssh needs. */
export type GitAccess =
  | { readonly kind: 'http'; readonly token: string | undefined; readonly tokenInput: TokenInput }
  | { readonly kind: 'ssh'; readonly ssh: GitSsh }
  | { readonly kind: 'file' }

/** Judges what the inputs give for an address. */
export function judgeGitAccess(line: StoreLine, { url, transport }: GitAddress): Judged<GitAccess> {
  switch (transport.kind) {
    case 'http':
      return judgeToken(line, transport.origin)
    case 'ssh': {
      const tool = judgeTool(line, 'ssh')
      const { host, port } = hostOf(url)
      const keys = judgeSshKeys(line, host, port)
      if (tool.kind === 'problems' || keys.kind === 'problems') return { kind: 'problems', problems: problemsOf(tool, keys) }
      return { kind: 'settings', settings: { kind: 'ssh', ssh: { path: tool.settings, ...keys.settings } } }
    }
    case 'file':
      return { kind: 'settings', settings: { kind: 'file' } }
  }
}

function judgeToken({ name, given: { githubToken, storeToken }, run }: StoreLine, origin: string): Judged<GitAccess> {
  if (isOwnServer(origin, run.serverUrl)) {
    return { kind: 'settings', settings: { kind: 'http', token: githubToken, tokenInput: 'github-token' } }
  }
  // Without TLS there is only loopback, where a server may ask for none.
  if (storeToken === undefined && origin.startsWith('https:')) {
    const why = `store: "${name}" is on another server than this job, and github-token goes to the job's own server alone.`
    return { kind: 'problems', problems: [`${why} Give a token of ${origin} as store-token.`] }
  }
  if (storeToken !== undefined && storeToken === githubToken) {
    const why = `store-token is the same as github-token, which ${origin} must not get: it goes to the job's own server alone.`
    return { kind: 'problems', problems: [`${why} Give a token of ${origin} as store-token.`] }
  }
  return { kind: 'settings', settings: { kind: 'http', token: storeToken, tokenInput: 'store-token' } }
}

/** The host of `ssh://git@host:port/path` or `git@host:path`, as ssh-keyscan takes it. */
function hostOf(url: string): { host: string; port: number } {
  const parsed = parsedUrl(url)
  const host = parsed?.hostname ?? /@([^:]*):/.exec(url)?.[1] ?? ''
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(parsed?.port || 22) }
}
