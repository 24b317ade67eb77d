import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface GitSsh {
  /** Absolute path of OpenSSH's `ssh`. */
  readonly path: string
  /** The private key itself, without a passphrase; without one the agent of `SSH_AUTH_SOCK` is asked. */
  readonly key?: string
  /** Lines as in a known_hosts file; no other host key is trusted. */
  readonly knownHosts: string
}

/**
 * Writes the key (0600) and the known hosts into a private directory.
 * @returns the value for GIT_SSH_COMMAND, which git gives to a shell; no file of the user's is read by it
 */
export async function sshCommand({ path, key, knownHosts }: GitSsh, directory: string): Promise<string> {
  const hostsFile = join(directory, 'known_hosts')
  await writeFile(hostsFile, lines(knownHosts), { mode: 0o600 })
  const options = [
    'BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${inOption(hostsFile)}`,
    'GlobalKnownHostsFile=/dev/null', 'UpdateHostKeys=no',
    'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=2',
  ]
  if (key === undefined || key.trim() === '') {
    options.push('IdentityFile=none')
  } else {
    const keyFile = join(directory, 'ssh-key')
    await writeFile(keyFile, lines(key), { mode: 0o600 })
    options.push('IdentitiesOnly=yes', 'IdentityAgent=none', `IdentityFile=${inOption(keyFile)}`)
  }
  return [path, '-T', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])].map(inShell).join(' ')
}

/** OpenSSH refuses a key without a final newline, and a secret that was pasted on Windows has the wrong ones. */
function lines(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`
}

/** A path as an option of ssh, which splits at blanks and expands `%` (ssh_config). */
function inOption(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}

function inShell(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
