import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { LoginDocument } from './codex-login.ts'
import { processesThatKnow } from './fake-runner/processes/process-table.ts'
import type { LoopbackOpenAI } from './loopback-openai.ts'

/** The Codex CLI of the lock file, or the older one that rewrites `auth.json` in place. */
export type CodexRelease = 'pinned' | 'older'

const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  devDependencies: Record<'@openai/codex' | 'codex-older', string>
}

/** Their versions as package.json has them. */
export const codexVersions: Readonly<Record<CodexRelease, string>> = {
  pinned: devDependencies['@openai/codex'],
  older: devDependencies['codex-older'].replace('npm:@openai/codex@', ''),
}

/**
 * The absolute path of the native Codex binary: the launcher of the npm package would stand between it and signals.
 * The environment's `CODEX_BINARY` replaces the pinned one, so that a schedule can try the newest release.
 * Throws when npm has not installed this release for this platform.
 */
export function codexBinary(release: CodexRelease = 'pinned'): string {
  const replaced = process.env['CODEX_BINARY']
  if (release === 'pinned' && replaced) return replaced
  const platform = `@openai/codex-${process.platform}-${process.arch}`
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
  const owner = join(modules, release === 'pinned' ? '@openai/codex' : 'codex-older')
  for (const root of [join(owner, 'node_modules', platform), join(modules, platform)]) {
    if (!existsSync(join(root, 'package.json'))) continue
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const [triple] = readdirSync(join(root, 'vendor'))
    if (version.startsWith(`${codexVersions[release]}-`) && triple) return join(root, 'vendor', triple, 'bin', 'codex')
  }
  throw new Error(`Codex ${codexVersions[release]} is not installed here: run "npm ci" with optional packages.`)
}

/** A `config.toml` that sends Codex to the loopback server; extra tables and keys come before the provider's table. */
export function loopbackConfig(openai: LoopbackOpenAI, extra = ''): string {
  return `chatgpt_base_url = "${openai.origin}/backend-api/"
model_provider = "loopback"
cli_auth_credentials_store = "file"
check_for_update_on_startup = false
analytics.enabled = false
features = { apps = false, plugins = false, shell_snapshot = false }
skills.bundled.enabled = false
${extra}
[model_providers.loopback]
name = "OpenAI"
base_url = "${openai.modelOrigin}/backend-api/codex"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
`
}

/** Variables that lead every refresh and revocation to the loopback server, also of a process that starts Codex. */
export function loopbackEnv(openai: LoopbackOpenAI): Record<string, string> {
  return {
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: openai.tokenUrl,
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: openai.revokeUrl,
    NO_PROXY: '127.0.0.1,localhost',
  }
}

/** A machine of its own as far as Codex can tell: a home, a `CODEX_HOME` led to the loopback server, a workspace. */
export interface CodexHome {
  /** The folder that holds everything else here. */
  readonly root: string
  /** `CODEX_HOME`. */
  readonly path: string
  readonly authFile: string
  readonly workspace: string
  /** The whole environment for Codex: nothing of this process's own but PATH, and no way out of this machine. */
  readonly env: Readonly<Record<string, string>>
  readonly openai: LoopbackOpenAI
  /** Puts an `auth.json` there, 0600. */
  readonly install: (document: LoginDocument) => Promise<void>
  /** The text of `auth.json`; undefined when there is none. */
  readonly authJson: () => Promise<string | undefined>
  /** Replaces `config.toml` by the loopback's with these extra lines. */
  readonly configure: (extra: string) => Promise<void>
  readonly remove: () => Promise<void>
}

export async function makeCodexHome(openai: LoopbackOpenAI, document?: LoginDocument): Promise<CodexHome> {
  const root = await mkdtemp(join(tmpdir(), 'real-codex-'))
  const path = join(root, 'codex-home')
  const workspace = join(root, 'workspace')
  const authFile = join(path, 'auth.json')
  await mkdir(path, { mode: 0o700 })
  await mkdir(workspace)
  const home: CodexHome = {
    root,
    path,
    authFile,
    workspace,
    openai,
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: root,
      TMPDIR: root,
      CODEX_HOME: path,
      ...loopbackEnv(openai),
      HTTPS_PROXY: openai.origin,
    },
    install: ({ bytes }) => writeFile(authFile, bytes, { mode: 0o600 }),
    authJson: () => (existsSync(authFile) ? readFile(authFile, 'utf8') : Promise.resolve(undefined)),
    configure: (extra) => writeFile(join(path, 'config.toml'), loopbackConfig(openai, extra)),
    remove: async () => {
      endLeftovers(root)
      await rm(root, { recursive: true, force: true })
    },
  }
  await home.configure('')
  if (document) await home.install(document)
  return home
}

export interface CodexRun {
  readonly release?: CodexRelease
  readonly env?: Readonly<Record<string, string>>
  /** The flags of `codex exec` in place of `--sandbox read-only`. */
  readonly flags?: readonly string[]
  readonly prompt?: string
}

export interface CodexEnd {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Its `stdin` is null unless it was asked for. */
export type CodexProcess = ChildProcessByStdio<Writable | null, Readable, Readable>

export interface RunningCodex {
  readonly child: CodexProcess
  readonly ended: Promise<CodexEnd>
}

const alive = new Set<CodexProcess>()

/** Starts Codex in a home. Its standard input is closed unless asked for: `exec` waits for the end of an open one. */
export function startCodex(
  home: CodexHome,
  args: readonly string[],
  run: CodexRun & { readonly input?: 'ignore' | 'pipe' } = {},
): RunningCodex {
  const { release, env = {}, input = 'ignore' } = run
  const child = spawn(codexBinary(release), args, {
    cwd: home.workspace,
    env: { ...home.env, ...env },
    stdio: [input, 'pipe', 'pipe'],
  }) as CodexProcess
  alive.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    alive.delete(child)
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...output }
  })
  return { child, ended }
}

/** Starts `codex exec` with the smallest prompt there is. */
export function startExec(home: CodexHome, run: CodexRun = {}): RunningCodex {
  const { flags = ['--sandbox', 'read-only'], prompt = 'Reply exactly: OK' } = run
  return startCodex(home, ['exec', '--skip-git-repo-check', ...flags, prompt], run)
}

/** Runs `codex exec` to its end. */
export async function codexExec(home: CodexHome, run: CodexRun = {}): Promise<CodexEnd> {
  return startExec(home, run).ended
}

/** Kills every Codex this file started that still runs, and waits until it is gone; for `afterEach`. */
export async function endCodexProcesses(): Promise<void> {
  await Promise.all(
    [...alive].map(async (child) => {
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    }),
  )
}

/**
 * Kills what Codex left behind on a machine. The helper in its sandbox can outlive a run that ends early, in a session of
 * its own, so it is found by the machine's unique folder in its arguments or environment, where the system shows them.
 */
function endLeftovers(root: string): void {
  for (const { pid } of processesThatKnow(root)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      /* gone meanwhile */
    }
  }
}
