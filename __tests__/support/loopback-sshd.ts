import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { needed } from './server-programs.ts'

/** A real sshd on loopback that lets one key in as the user of this process. */
export interface LoopbackSshd {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  /** The line for known_hosts that pins it. */
  readonly knownHosts: string
  /** The private key that it accepts, as text and as a file. */
  readonly key: string
  readonly keyFile: string
  /** Folder of its own for the test's files, removed with it. */
  readonly directory: string
  /** What it has said so far. */
  log(): string
  /** Lets the key in with these options of authorized_keys (such as `command="…"`); undefined: not at all. */
  authorize(options: string | undefined): Promise<void>
  /** Process ids of the connections that are open, oldest first. */
  sessions(): readonly number[]
  /** How many connections there were. */
  connections(): number
  /** Stops or starts listening on its port. */
  listen(on: boolean): Promise<void>
  stop(): Promise<void>
}

export const sshdPath = '/usr/sbin/sshd'

/**
 * Starts it; every connection is one `sshd -i`, so the port is a free one and each session's process is known. This
 * process accepts the connections: it must not wait for a client synchronously (execFileSync).
 */
export async function startLoopbackSshd(program = sshdPath): Promise<LoopbackSshd> {
  needed(program)
  if (process.getuid?.() === 0) execFileSync('setpriv', ['--version'])
  const directory = await mkdtemp(join(tmpdir(), 'loopback-sshd-'))
  const file = (name: string): string => join(directory, name)
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file(name)])
  const publicKey = await readFile(file('user.pub'), 'utf8')
  await writeFile(
    file('sshd_config'),
    [
      `HostKey ${file('host')}`,
      'PidFile none',
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'AuthenticationMethods publickey',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'UseDNS no',
      // bash does not read the .bashrc of whoever runs the tests when its level is above 1.
      'SetEnv SHLVL=2',
      'KexAlgorithms curve25519-sha256',
      '',
    ].join('\n'),
  )
  const authorize = (options: string | undefined): Promise<void> =>
    writeFile(file('authorized_keys'), options === undefined ? '' : `${options} ${publicKey}`.trimStart())
  await authorize('')

  let log = ''
  let count = 0
  const sessions = new Set<ChildProcess>()
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    count += 1
    const session = spawnSession(program, file('sshd_config'), socket)
    sessions.add(session)
    session.stderr?.on('data', (data: Buffer) => {
      log += data.toString('utf8')
    })
    session.once('exit', () => sessions.delete(session))
    // The session has its own copy of the connection.
    session.once('spawn', () => socket.destroy())
  })
  await listening(server, 0)
  const { port } = server.address() as AddressInfo
  const listen = (on: boolean): Promise<void> =>
    on === server.listening ? Promise.resolve() : on ? listening(server, port) : closed(server)

  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    directory,
    knownHosts: `[127.0.0.1]:${port} ${(await readFile(file('host.pub'), 'utf8')).trim()}`,
    key: await readFile(file('user'), 'utf8'),
    keyFile: file('user'),
    log: () => log,
    authorize,
    sessions: () => [...sessions].flatMap(({ pid }) => pid ?? []),
    connections: () => count,
    listen,
    stop: async () => {
      await listen(false)
      for (const session of sessions) session.kill('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function spawnSession(program: string, config: string, socket: Socket): ChildProcess {
  const command = [program, '-i', '-e', '-f', config]
  // For root no mode of a file means anything; without these two capabilities a test can deny it a folder.
  if (process.getuid?.() === 0) {
    if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 })
    command.unshift('setpriv', '--bounding-set=-dac_override,-dac_read_search', '--')
  }
  const [tool = sshdPath, ...args] = command
  return spawn(tool, args, { stdio: [socket, socket, 'pipe'] })
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
