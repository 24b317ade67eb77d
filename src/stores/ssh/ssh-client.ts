import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { runChild, type ChildResult } from '../../process/child.ts'
import { sshOptions, writeKeyFiles, type SshKeys } from '../openssh.ts'
import type { SshAddress } from './ssh-address.ts'
import { sshFailure } from './ssh-failure.ts'

export interface SshClientOptions extends SshKeys {
  readonly address: SshAddress
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
  const keys = (): Promise<string> => {
    if (made === undefined) {
      const making = keyDirectory(options)
      made = making
      // What could not be made may be made at the next try.
      making.catch(() => {
        if (made === making) made = undefined
      })
    }
    return made
  }

  return {
    run: async (operation, commandLine, stdin) => {
      let result: ChildResult
      try {
        const directory = await keys()
        const args = [...sshArguments(options), commandLine]
        result = await runChild({
          tool: ssh,
          args,
          env: sshEnvironment(options, directory),
          cwd: directory,
          timeoutMs,
          ...(stdin && { stdin }),
        })
      } catch (error) {
        throw new KeeperError(
          'store-refused',
          `${ssh} could not be started: ${messageOf(error)}`,
          'Install the OpenSSH client on this runner.',
          { cause: error },
        )
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

/** ssh runs in the directory of its key files, so their names alone will do, whatever characters the path has. */
function sshArguments(options: SshClientOptions): string[] {
  const { user, host, port } = options.address
  return [...sshOptions(options, (file) => file), '-p', String(port), '-l', user, '--', host]
}

/** LC_ALL, because the messages are parsed. */
function sshEnvironment({ key, agentSocket }: SshClientOptions, directory: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: directory,
    LC_ALL: 'C',
    ...(key === undefined && agentSocket !== undefined && { SSH_AUTH_SOCK: agentSocket }),
  }
}

async function keyDirectory(options: SshClientOptions): Promise<string> {
  const directory = await mkdtemp(join(options.tempDir, 'codex-auth-ssh-'))
  try {
    await writeKeyFiles(options, directory)
  } catch (error) {
    await rm(directory, { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
  return directory
}
