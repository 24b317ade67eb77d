import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real server that `.ci/run tools` has installed: `bao` is OpenBao, `weed` SeaweedFS. */
export function serverProgram(name: 'bao' | 'weed'): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folders = [join(cache, 'codex-auth-keeper/servers/bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  return needed(found ?? name)
}

/** A program that a test starts by its path. Throws, with the way out, when it is not there: what fails later does not say so. */
export function needed(program: string): string {
  if (existsSync(program)) return program
  throw new Error(`The test needs the program "${program}", which is not installed: run ".ci/run tools".`)
}

export interface RunningServer {
  /** Ends it by its process id. */
  readonly stop: () => Promise<void>
  /** What it has said so far. */
  readonly log: () => string
}

/** Starts a server and waits until this succeeds. */
export async function startServer(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly isUp: () => Promise<boolean> },
): Promise<RunningServer> {
  const child = spawn(program, args, {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (log += data.toString('utf8')))
  // A test process that dies must not leave it behind.
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const stop = async (): Promise<void> => {
    process.off('exit', end)
    await stopped(child)
  }
  const started = performance.now()
  while (!(await options.isUp().catch(() => false))) {
    if (child.exitCode !== null || performance.now() - started > 60_000) {
      await stop()
      throw new Error(`${program} did not start:\n${log}`)
    }
    await sleep(50)
  }
  return { stop, log: () => log }
}

/** SIGKILL, since some servers take seconds to end, or never do, on SIGTERM; nothing they hold is kept. */
async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Starts a server on ports of 127.0.0.1 that were free a moment ago; on others, where somebody was faster, three times at most. */
export async function onFreePorts<T>(count: number, start: (ports: readonly number[]) => Promise<T>, tries = 3): Promise<T> {
  try {
    return await start(await freePorts(count))
  } catch (error) {
    if (tries === 1) throw error
    return onFreePorts(count, start, tries - 1)
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** One server for all who use it at the same time, started by the first and stopped by the last. */
export function sharedServer<T extends { stop(): Promise<void> }>(
  start: () => Promise<T>,
): () => Promise<{ server: T; release: () => Promise<void> }> {
  let users = 0
  let running: Promise<T> | undefined
  return async () => {
    users += 1
    const server = await (running ??= start())
    return {
      server,
      release: async () => {
        users -= 1
        if (users > 0) return
        running = undefined
        await server.stop()
      },
    }
  }
}
