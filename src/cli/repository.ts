import type { Environment } from './environment.ts'
import { runChild } from '../process/child.ts'
import { parsedUrl } from '../parsed-url.ts'
import { findTool } from '../process/tools.ts'

/** Where GitHub is. */
export interface GithubServer {
  readonly serverUrl: string
  readonly apiUrl: string
}

/** GitHub at GITHUB_SERVER_URL and GITHUB_API_URL, else github.com. */
export function githubServer(env: Environment): GithubServer {
  const serverUrl = env['GITHUB_SERVER_URL']?.replace(/\/+$/, '') || 'https://github.com'
  const apiUrl =
    env['GITHUB_API_URL']?.replace(/\/+$/, '') || (serverUrl === 'https://github.com' ? 'https://api.github.com' : `${serverUrl}/api/v3`)
  return { serverUrl, apiUrl }
}

/** A repository as `--repo` takes it: `owner/name`. */
export const repositoryPattern = /^(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/

/** The repository of the clone in a folder, as its `origin` names it; undefined where there is none on this GitHub. */
export async function repositoryOfClone(
  cwd: string,
  env: Readonly<Record<string, string>>,
  { serverUrl }: GithubServer,
): Promise<string | undefined> {
  const tool = findTool('git', env['PATH'] ?? '')
  if (tool === undefined) return undefined
  const result = await runChild({ tool, args: ['config', '--get', 'remote.origin.url'], env, cwd, timeoutMs: 10_000 })
  if (result.kind === 'timed-out' || result.exitCode !== 0) return undefined
  return repositoryOf(result.stdout.toString('utf8').trim(), serverUrl)
}

/** The repository that the address of a remote names, where it is on this server: https, ssh, or `user@host:owner/name`. */
export function repositoryOf(remote: string, serverUrl: string): string | undefined {
  const server = parsedUrl(serverUrl)
  const url = parsedUrl(remote)
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote)
  const [host, path] =
    url !== undefined && url.host !== ''
      ? [url.protocol === 'ssh:' ? url.hostname : url.host, url.pathname]
      : [short?.[1], short?.[2] ?? '']
  if (server === undefined || host === undefined || ![server.host, server.hostname, `ssh.${server.hostname}`].includes(host))
    return undefined
  const name = path.replace(/^\/+|(?:\.git)?\/*$/g, '')
  return repositoryPattern.test(name) ? name : undefined
}

/** The token for GitHub: of the keeper's own variable, of those that gh reads, or of gh itself; undefined where there is none. */
export async function githubToken(
  own: string | undefined,
  env: Readonly<Record<string, string>>,
  cwd: string,
  { serverUrl }: GithubServer,
): Promise<string | undefined> {
  const given = [own, env['GH_TOKEN'], env['GITHUB_TOKEN']].find((token) => token !== undefined && token.trim() !== '')
  if (given !== undefined) return given.trim()
  const tool = findTool('gh', env['PATH'] ?? '')
  if (tool === undefined) return undefined
  const host = parsedUrl(serverUrl)?.host ?? 'github.com'
  const result = await runChild({ tool, args: ['auth', 'token', '--hostname', host], env, cwd, timeoutMs: 10_000 }).catch(() => undefined)
  if (result?.kind !== 'exited' || result.exitCode !== 0) return undefined
  return result.stdout.toString('utf8').trim() || undefined
}
