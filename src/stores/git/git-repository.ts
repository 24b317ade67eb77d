import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { runChild } from '../../process/child.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import type { GitAccess } from './git-access.ts'
import type { GitAddress } from './git-address.ts'
import type { GitAnswer } from './git-answers.ts'
import { sshCommand } from './git-ssh.ts'

export interface GitSetup {
  readonly address: GitAddress
  /** A token goes to the address's origin, in one request header. */
  readonly access: GitAccess
  /** Absolute path of git 2.31 or newer. */
  readonly git: string
  readonly tempDir: string
  /** Proxy, certificate and agent variables; nothing is taken from this process. */
  readonly networkEnv: Readonly<Record<string, string>>
}

/** A bare repository of ours alone, and git run in it with an environment from scratch. */
export interface GitRepository {
  /** Runs git without the network and without the token; throws when it fails. */
  local(args: readonly string[], stdin?: Uint8Array): Promise<Buffer>
  /** Runs git against the address; 'timed-out' when it is still at it. */
  remote(args: readonly string[], timeoutMs: number): Promise<GitAnswer | 'timed-out'>
  remove(): Promise<void>
}

/** Makes the repository, in a directory that only this user can enter. */
export async function temporaryRepository(setup: GitSetup): Promise<GitRepository> {
  const directory = await mkdtemp(join(setup.tempDir, 'codex-auth-git-'))
  try {
    return await repositoryIn(directory, setup)
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function repositoryIn(directory: string, setup: GitSetup): Promise<GitRepository> {
  const home = join(directory, 'home')
  await mkdir(home)
  const base = {
    PATH: `${dirname(setup.git)}:/usr/bin:/bin`,
    HOME: home,
    LC_ALL: 'C',
    GIT_DIR: join(directory, 'repository'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  }
  const { address, access } = setup
  const token = access.kind === 'http' ? access.token : undefined
  const basic = token === undefined ? undefined : Buffer.from(`x-access-token:${token}`).toString('base64')
  const networked = {
    ...setup.networkEnv,
    ...base,
    ...configuration(address, basic),
    GIT_ALLOW_PROTOCOL: address.url.includes('://') ? address.url.slice(0, address.url.indexOf(':')) : 'ssh',
    ...(access.kind === 'ssh' && { GIT_SSH_COMMAND: await sshCommand(access.ssh, directory), GIT_SSH_VARIANT: 'ssh' }),
  }
  // A server can say what it likes, even what it was told.
  const secrets = [token, basic].filter((secret) => secret !== undefined)
  const redacted = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  let count = 0

  const local = async (args: readonly string[], stdin?: Uint8Array): Promise<Buffer> => {
    const result = await runChild({ tool: setup.git, args, env: base, cwd: directory, ...(stdin && { stdin }) })
    if (result.kind === 'exited' && result.exitCode === 0 && !result.cut) return result.stdout
    const why = result.kind === 'exited' ? stderrTail(result.stderr) || 'more than 1 MiB' : 'it did not end within a minute'
    throw new KeeperError(
      'store-refused',
      `git ${args[0] ?? ''}: ${why}`,
      'See that the runner has git 2.31 or newer and room in RUNNER_TEMP.',
    )
  }
  const remote = async (args: readonly string[], timeoutMs: number): Promise<GitAnswer | 'timed-out'> => {
    count += 1
    const trace = join(directory, `packets-${count}`)
    const env = { ...networked, GIT_TRACE_PACKET: trace }
    const result = await runChild({ tool: setup.git, args, env, cwd: directory, timeoutMs })
    if (result.kind === 'timed-out') return 'timed-out'
    const packets = await readFile(trace, 'latin1').catch(() => '')
    await rm(trace, { force: true })
    return {
      exitCode: result.exitCode,
      stdout: redacted(result.stdout.toString('utf8')),
      stderr: redacted(result.stderr),
      // Over ssh and in a directory git has nothing to fall back on.
      spoke: address.transport.kind !== 'http' || /< # service=git-(upload|receive)-pack$/m.test(packets),
      sent: /> [0-9a-f]{40,64} [0-9a-f]{40,64} refs\//m.test(packets),
    }
  }

  try {
    await local(['init', '--quiet', '--bare', '--template='])
  } catch (error) {
    if (error instanceof KeeperError) throw error
    const message = `git could not be started: ${messageOf(error)}`
    throw new KeeperError('store-refused', message, 'Install git on the runner.', { cause: error })
  }
  return { local, remote, remove: () => rm(directory, { recursive: true, force: true }) }
}

/**
 * The only configuration git sees, as GIT_CONFIG_* of the environment.
 * Protocol 0, because it answers with the list of refs at once, which saves version 2's extra round trip. No redirects:
 * git sends its extra headers, and so the token, on to the server it was sent to.
 */
function configuration({ transport }: GitAddress, basic: string | undefined): Record<string, string> {
  const entries: [string, string][] = [
    ['protocol.version', '0'],
    ['core.hooksPath', '/dev/null'],
    ['credential.helper', ''],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['pack.threads', '1'],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '20'],
  ]
  if (transport.kind === 'http' && basic !== undefined) {
    entries.push([`http.${transport.origin}/.extraHeader`, `Authorization: Basic ${basic}`])
  }
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.map(([key], index) => [`GIT_CONFIG_KEY_${index}`, key]),
    ...entries.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value]),
  ]) as Record<string, string>
}
