import { join } from 'node:path'
import { quoted, sshOptions, writeKeyFiles, type SshKeys } from '../openssh.ts'

export interface GitSsh extends SshKeys {
  /** Absolute path of OpenSSH's `ssh`. */
  readonly path: string
}

/**
 * Writes the key files into a private directory.
 * @returns the value for GIT_SSH_COMMAND, which git gives to a shell
 */
export async function sshCommand(ssh: GitSsh, directory: string): Promise<string> {
  await writeKeyFiles(ssh, directory)
  // Absolute, because it is git that chooses the directory ssh starts in.
  const inOption = (file: string): string => `"${join(directory, file).replaceAll('%', '%%')}"`
  return [ssh.path, ...sshOptions(ssh, inOption)].map(quoted).join(' ')
}
