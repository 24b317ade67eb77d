import { judgeSshKeys } from '../openssh.ts'
import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import { tokenFor, type GitAddress } from './git-address.ts'
import type { GitSsh } from './git-ssh.ts'

/** What opens a repository: an ssh address never comes without all that ssh needs. */
export type GitAccess =
  /** `tokenWithheld`: a token was there, and it does not go to this address because it is another server's. */
  | { readonly kind: 'http'; readonly token: string | undefined; readonly tokenWithheld: boolean }
  | { readonly kind: 'ssh'; readonly ssh: GitSsh }
  | { readonly kind: 'file' }

/** Judges what the inputs give for an address. */
export function judgeGitAccess(line: StoreLine, { url, transport }: GitAddress): Judged<GitAccess> {
  switch (transport.kind) {
    case 'http': {
      const { githubToken } = line.given
      const token = tokenFor(transport, githubToken, line.run.serverUrl)
      return { kind: 'settings', settings: { kind: 'http', token, tokenWithheld: token === undefined && Boolean(githubToken) } }
    }
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

/** The host of `ssh://git@host:port/path` or `git@host:path`, as ssh-keyscan takes it. */
function hostOf(url: string): { host: string; port: number } {
  const parsed = URL.parse(url)
  const host = parsed?.hostname ?? /@([^:]*):/.exec(url)?.[1] ?? ''
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(parsed?.port || 22) }
}
