import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { runChild, type ChildResult } from '../child.ts'
import type { SshAddress } from './ssh-address.ts'
import { sshFailure } from './ssh-failure.ts'

export interface SshClientOptions {
  readonly address: SshAddress
  /** Private key as OpenSSH writes it; without it the agent is asked. */
  readonly key?: string
  /** Lines as in known_hosts; the host's key must be among them. */
  readonly knownHosts: string
  /** Absolute path of ssh. */
  readonly ssh: string
  /** Absolute path of a directory for the key file, until `close`. */
  readonly tempDir: string
  /** Value of SSH_AUTH_SOCK at restore; used when there is no key. */
  readonly agentSocket?: string
  /** Milliseconds one ssh may take. Default 30 000. */
  readonly timeoutMs?: number
}

export interface SshClient {
  /**
   * Runs one command line on the host.
   * @throws KeeperError when ssh itself failed; the remote command's own exit code is in the result
   */
  run(operation: 'read' | 'write', commandLine: string, stdin?: Uint8Array): Promise<ChildResult>
  close(): Promise<void>
}

/** The system's ssh, without any configuration of this machine or user. */
export function sshClient(options: SshClientOptions): SshClient {
  const { address, ssh, timeoutMs = 30_000 } = options
  let made: Promise<string> | undefined

  return {
    run: async (operation, commandLine, stdin) => {
      let result: ChildResult
      try {
        const directory = await (made ??= keyDirectory(options))
        const args = [...sshArguments(options), commandLine]
        result = await runChild({ tool: ssh, args, env: sshEnvironment(options, directory), cwd: directory, timeoutMs, ...(stdin && { stdin }) })
      } catch (error) {
        throw new KeeperError('store-refused', `${ssh} could not be started: ${messageOf(error)}`,
          'Install the OpenSSH client on this runner.', { cause: error })
      }
      if (result.kind === 'exited' && result.exitCode === 255) throw sshFailure(result.stderr, operation, address)
      return result
    },
    close: async () => {
      const directory = await made?.catch(() => undefined)
      made = undefined
      if (directory) await rm(directory, { recursive: true, force: true }).catch(() => undefined)
    },
  }
}

/** Relative names, in the directory it runs in: ssh expands blanks, % and ~ in the values of these options. */
function sshArguments({ address, key }: SshClientOptions): string[] {
  const identity = key === undefined
    ? ['-o', 'IdentityAgent=SSH_AUTH_SOCK']
    : ['-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none', '-i', 'key']
  return [
    '-T', '-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'UserKnownHostsFile=known_hosts',
    '-o', 'GlobalKnownHostsFile=/dev/null', '-o', 'UpdateHostKeys=no', ...identity,
    '-o', 'ConnectTimeout=10', '-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=2',
    '-p', String(address.port), '-l', address.user, '--', address.host,
  ]
}

/** LC_ALL, because the messages are understood. */
function sshEnvironment({ key, agentSocket }: SshClientOptions, directory: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin', HOME: directory, LC_ALL: 'C',
    ...(key === undefined && agentSocket !== undefined && { SSH_AUTH_SOCK: agentSocket }),
  }
}

async function keyDirectory({ tempDir, key, knownHosts }: SshClientOptions): Promise<string> {
  const directory = await mkdtemp(join(tempDir, 'codex-auth-ssh-'))
  await writeFile(join(directory, 'known_hosts'), fileText(knownHosts), { mode: 0o600 })
  if (key !== undefined) await writeFile(join(directory, 'key'), fileText(key), { mode: 0o600, flag: 'wx' })
  return directory
}

/** ssh wants LF alone, and one at the end of a key. */
function fileText(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`
}
