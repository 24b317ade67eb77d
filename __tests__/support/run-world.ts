import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareRepository } from './bare-repository.ts'
import { runCli, type CliCall, type CliRun } from './cli.ts'
import { putCodex } from './codex-that-ran.ts'
import type { Login } from './codex-login.ts'
import { gitStoreFor, slotRef } from './git-store-for.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import { startLoopbackSshd } from './loopback-sshd.ts'
import { loopbackConfig, loopbackEnv } from './real-codex.ts'
import { processesThatKnow } from './fake-runner/processes/process-table.ts'
import { sealing } from './store-places/sealed.ts'

export type RunStoreName = 'git' | 'ssh' | 'runner'

/** A store as `run` is told of it, and as a test looks at it. */
export interface RunStore {
  readonly line: string
  readonly env: Readonly<Record<string, string>>
  /** Secrets in that environment. */
  readonly secrets: readonly string[]
  /** What is stored; '' when nothing is. */
  readonly stored: () => Promise<string>
  readonly put: (login: Pick<Login, 'text' | 'bytes'>) => Promise<void>
  /** Whether it answers. */
  readonly reachable: (on: boolean) => Promise<void>
  readonly close: () => Promise<void>
}

/** A machine with the real Codex, the package, OpenAI on loopback and one store. */
export interface RunWorld {
  readonly openai: LoopbackOpenAI
  readonly store: RunStore
  readonly root: string
  readonly home: string
  readonly codexHome: string
  readonly authFile: string
  readonly workspace: string
  /** The environment of `run`, with that of the store. */
  readonly env: Readonly<Record<string, string>>
  /** `run` with the store and these options; behind `--` this command. */
  readonly run: (command: readonly string[], more?: RunCall) => Promise<CliRun>
  /** What lies in `CODEX_HOME`; undefined when nothing does. */
  readonly authJson: () => string | undefined
  /** What became of each refresh token, in the order of issue. */
  readonly outcomes: () => readonly (readonly string[])[]
  /** The newest refresh token. */
  readonly newest: () => string
}

export interface RunCall extends Omit<CliCall, 'args'> {
  readonly options?: readonly string[]
}

/** The smallest thing that Codex can be asked for. */
export const codexWords = ['codex', 'exec', '--skip-git-repo-check', '--sandbox', 'read-only', 'Reply exactly: OK']

export async function inRunWorld(name: RunStoreName, test: (world: RunWorld) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'run-world-'))
  const openai = await startLoopbackOpenAI()
  const store = await stores[name](root)
  const [home, workspace, bin] = [join(root, 'home'), join(root, 'workspace'), join(root, 'bin')]
  const codexHome = join(home, '.codex')
  for (const folder of [codexHome, workspace, bin]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  putCodex(bin, codexHome)
  writeFileSync(join(codexHome, 'config.toml'), loopbackConfig(openai))
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TMPDIR: root,
    HTTPS_PROXY: openai.origin,
    ...loopbackEnv(openai),
    ...store.env,
  }
  const authFile = join(codexHome, 'auth.json')
  try {
    await test({
      openai,
      store,
      root,
      home,
      codexHome,
      authFile,
      workspace,
      env,
      run: (command, { options = [], env: own = {}, ...more } = {}) =>
        runCli({ cwd: workspace, ...more, args: ['run', '--store', store.line, ...options, '--', ...command], env: { ...env, ...own } }),
      authJson: () => (existsSync(authFile) ? readFileSync(authFile, 'utf8') : undefined),
      outcomes: () => openai.ledger().tokens.map(({ outcomes }) => outcomes),
      newest: () => openai.ledger().tokens.at(-1)?.refreshToken ?? '',
    })
  } finally {
    for (const { pid } of processesThatKnow(root)) end(pid)
    await store.close()
    await openai.close()
    rmSync(root, { recursive: true, force: true })
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    /* gone meanwhile */
  }
}

const stores: Readonly<Record<RunStoreName, (root: string) => Promise<RunStore>>> = {
  git: async (root) => {
    const key = await sealing()
    const repository = await bareRepository(join(root, 'store.git'))
    const address = `file://${repository.directory}?ref=${slotRef}`
    return {
      line: `git: ${address}`,
      env: { CODEX_AUTH_KEY: key.identity },
      secrets: [key.identity],
      stored: async () => {
        const copy = await gitStoreFor(address).read()
        return copy === undefined ? '' : Buffer.from(await key.open(copy.bytes)).toString('utf8')
      },
      put: async ({ bytes }) => {
        await gitStoreFor(address).write(await key.seal(bytes), undefined)
      },
      reachable: (on) => repository.hook('pre-receive', on ? undefined : 'echo "the disk is full" >&2; exit 1'),
      close: () => Promise.resolve(),
    }
  },
  ssh: async () => {
    const sshd = await startLoopbackSshd()
    const file = join(sshd.directory, 'auth.json')
    return {
      line: `ssh: ${sshd.user}@${sshd.host}:${sshd.port}${file}`,
      env: { CODEX_AUTH_SSH_KEY: sshd.key, CODEX_AUTH_KNOWN_HOSTS: sshd.knownHosts },
      secrets: sshd.key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
      stored: () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : ''),
      put: ({ text }) => {
        writeFileSync(file, text, { mode: 0o600 })
        return Promise.resolve()
      },
      reachable: (on) => sshd.listen(on),
      close: () => sshd.stop(),
    }
  },
  runner: (root) => {
    const disk = join(root, 'disk')
    const newest = join(disk, 'default')
    mkdirSync(disk, { mode: 0o700 })
    return Promise.resolve({
      line: `runner: ${disk}`,
      env: {},
      secrets: [],
      stored: () => Promise.resolve(newestGeneration(newest)),
      put: ({ text }) => {
        mkdirSync(newest, { recursive: true, mode: 0o700 })
        writeFileSync(join(newest, 'auth.0000000001'), text, { mode: 0o600 })
        return Promise.resolve()
      },
      reachable: () => Promise.reject(new Error('A disk is always there.')),
      close: () => Promise.resolve(),
    })
  },
}

function newestGeneration(folder: string): string {
  const found = Array.from({ length: 20 }, (_, index) => join(folder, `auth.${String(index + 1).padStart(10, '0')}`)).filter((path) =>
    existsSync(path),
  )
  return found.length === 0 ? '' : readFileSync(found.at(-1) ?? '', 'utf8')
}
