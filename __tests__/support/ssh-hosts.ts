import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startLoopbackSshd, type LoopbackSshd } from './loopback-sshd.ts'

/** A host of a person: a real sshd, and a home of its own in which Codex keeps its login. */
export interface SshHost {
  readonly sshd: LoopbackSshd
  /** `user@host:port`. */
  readonly address: string
  readonly home: string
  /** The file that Codex reads there. */
  readonly authFile: string
  /** Puts a document there as Codex would. */
  readonly put: (bytes: string | Uint8Array) => Promise<void>
  readonly text: () => Promise<string | undefined>
  /** The command lines that it was given. */
  readonly asked: () => Promise<string>
}

export interface SshHosts {
  readonly hosts: readonly SshHost[]
  /** What lets the command line in: one key for all, and the keys of the hosts. */
  readonly env: Readonly<Record<'CODEX_AUTH_SSH_KEY' | 'CODEX_AUTH_KNOWN_HOSTS', string>>
  readonly stop: () => Promise<void>
}

/** @param variables what else a session there has, for each host by its home */
export async function startSshHosts(count: number, variables: (home: string) => string = () => ''): Promise<SshHosts> {
  const hosts = await Promise.all(Array.from({ length: count }, () => startHost()))
  const [first] = hosts
  if (first === undefined) throw new Error('There must be a host.')
  const publicKey = await readFile(`${first.sshd.keyFile}.pub`, 'utf8')
  for (const { sshd, home } of hosts) {
    const command = `printf '%s\\n' \\"$SSH_ORIGINAL_COMMAND\\" >> ${askedFile(sshd)}; HOME=${home} ${variables(home)} exec sh -c \\"$SSH_ORIGINAL_COMMAND\\"`
    await writeFile(join(sshd.directory, 'authorized_keys'), `command="cd ${home}; ${command}" ${publicKey}`)
  }
  return {
    hosts,
    env: { CODEX_AUTH_SSH_KEY: first.sshd.key, CODEX_AUTH_KNOWN_HOSTS: hosts.map(({ sshd }) => sshd.knownHosts).join('\n') },
    stop: async () => {
      for (const { sshd, home } of hosts) {
        await sshd.stop()
        await rm(home, { recursive: true, force: true })
      }
    },
  }
}

function askedFile({ directory }: LoopbackSshd): string {
  return join(directory, 'asked')
}

async function startHost(): Promise<SshHost> {
  const [sshd, home] = await Promise.all([startLoopbackSshd(), mkdtemp(join(tmpdir(), 'ssh-host-'))])
  const authFile = join(home, '.codex', 'auth.json')
  return {
    sshd,
    home,
    authFile,
    address: `${sshd.user}@${sshd.host}:${sshd.port}`,
    put: async (bytes) => {
      await mkdir(dirname(authFile), { recursive: true, mode: 0o700 })
      await writeFile(authFile, bytes, { mode: 0o600 })
    },
    text: () => (existsSync(authFile) ? readFile(authFile, 'utf8') : Promise.resolve(undefined)),
    asked: () => readFile(askedFile(sshd), 'utf8'),
  }
}
