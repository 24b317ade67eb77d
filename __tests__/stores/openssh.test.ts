import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sshCommand } from '../../src/stores/git/git-ssh.ts'
import { quoted, sshOptions, writeKeyFiles, type SshKeys } from '../../src/stores/openssh.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'openssh-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** The settings that OpenSSH itself makes of a shell command with ssh in it. */
function settings(command: string): string[] {
  return execFileSync('/bin/sh', ['-c', `${command} -G host.example`], {
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).split('\n')
}

function settingsOf(keys: SshKeys): string[] {
  return settings(['/usr/bin/ssh', ...sshOptions(keys, (file) => file)].map(quoted).join(' '))
}

test('with a key, ssh offers that one alone and never asks an agent', () => {
  const found = settingsOf({ key: 'k', knownHosts: '' })
  expect(found).toEqual(
    expect.arrayContaining(['identityfile key', 'identitiesonly yes', 'identityagent none', 'userknownhostsfile known_hosts']),
  )
  expect(found.filter((line) => line.startsWith('identityfile'))).toHaveLength(1)
})

test.each([{ knownHosts: '' }, { knownHosts: '', key: ' \n' }])(
  'without one (%j), ssh asks the agent and reads no key file of the user',
  (keys) => {
    const found = settingsOf(keys)
    expect(found).toEqual(expect.arrayContaining(['identitiesonly no', 'identityagent SSH_AUTH_SOCK']))
    expect(found.filter((line) => line.startsWith('identityfile'))).toEqual(['identityfile none'])
  },
)

test('the files are for this user alone and have the line ends that ssh wants', async () => {
  await writeKeyFiles({ key: 'BEGIN\r\nEND', knownHosts: '\nhost ssh-ed25519 AAAA\r\n\r\n' }, directory)
  expect(await readFile(join(directory, 'key'), 'utf8')).toBe('BEGIN\nEND\n')
  expect(await readFile(join(directory, 'known_hosts'), 'utf8')).toBe('host ssh-ed25519 AAAA\n')
  for (const file of ['key', 'known_hosts']) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600)
})

test('git can start ssh from any directory, whatever signs the path of the files has', async () => {
  const strange = join(directory, "it's a $b%h ~")
  await mkdir(strange)
  const found = settings(await sshCommand({ path: '/usr/bin/ssh', key: 'k', knownHosts: 'h' }, strange))
  // What ssh -G shows of a key's path is not yet expanded.
  expect(found).toEqual(
    expect.arrayContaining([`userknownhostsfile ${strange}/known_hosts`, `identityfile ${strange.replace('%', '%%')}/key`]),
  )
})
