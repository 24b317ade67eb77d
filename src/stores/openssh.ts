import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Judged, StoreLine } from './store-line.ts'

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

/** The keys for a host that a store line names; the problems hold no part of a key. */
export function judgeSshKeys({ name, given, run }: StoreLine, host: string, port: number): Judged<SshKeys> {
  const { sshKey: key, sshKnownHosts: knownHosts } = given
  const problems: string[] = []
  if (key === undefined && !run.userEnv['SSH_AUTH_SOCK']) {
    problems.push(`Neither ssh-key nor an ssh agent (SSH_AUTH_SOCK) is given, and store: "${name}" needs one of them.`)
  }
  if (key !== undefined && !/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/.test(key.trim())) {
    problems.push('ssh-key must be a whole private key file, from its BEGIN line to its END line.')
  }
  if (knownHosts === undefined) problems.push(`ssh-known-hosts is needed by store: "${name}". ${howToPin(host, port)}`)
  if (knownHosts === undefined || problems.length > 0) return { kind: 'problems', problems }
  return { kind: 'settings', settings: { knownHosts, ...(key !== undefined && { key }) } }
}

/** How a person gets the host's key, with the warning that goes with it. */
export function howToPin(host: string, port: number): string {
  return (
    `Put the output of "ssh-keyscan -p ${port} ${host}" into ssh-known-hosts, after you have compared it with the key ` +
    'as the host itself shows it (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub): ssh-keyscan alone proves nothing.'
  )
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
