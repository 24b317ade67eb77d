import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface SshKeys {
  /** Private key as OpenSSH writes it, without a passphrase; without one the agent of SSH_AUTH_SOCK is asked. */
  readonly key?: string
  /** Lines as in a known_hosts file; no other host key is trusted. */
  readonly knownHosts: string
}

const keyFile = 'key'
const hostsFile = 'known_hosts'

/** Writes the key and the known hosts (0600) into a private, fresh directory. */
export async function writeKeyFiles({ key, knownHosts }: SshKeys, directory: string): Promise<void> {
  const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), lines(text), { mode: 0o600, flag: 'wx' })
  await write(hostsFile, knownHosts)
  if (isGiven(key)) await write(keyFile, key)
}

/**
 * The options of an ssh that asks nobody, reads no configuration and no key file of this machine or user, trusts the given
 * host keys alone, and gives up a connection that says nothing for ten seconds. Names of options: ssh_config(5).
 * @param inOption how the value of an option names a file of `writeKeyFiles`: ssh splits it at blanks and expands `%` and `~`
 */
export function sshOptions({ key }: SshKeys, inOption: (file: string) => string): string[] {
  const identity = isGiven(key)
    ? ['IdentitiesOnly=yes', 'IdentityAgent=none', `IdentityFile=${inOption(keyFile)}`]
    : ['IdentityAgent=SSH_AUTH_SOCK', 'IdentityFile=none']
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${inOption(hostsFile)}`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    ...identity,
    'ConnectTimeout=10',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=2',
  ]
  return ['-T', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])]
}

/** One word for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function isGiven(key: string | undefined): key is string {
  return key !== undefined && key.trim() !== ''
}

/** OpenSSH refuses a key without a final newline, and a secret that was pasted on Windows has the wrong ones. */
function lines(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`
}
