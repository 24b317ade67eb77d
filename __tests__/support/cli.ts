import { afterAll } from '@jest/globals'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findLeaks, type Leak } from './leak-search.ts'
import { madeOnce } from './shared-by-tests.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package as somebody has it who has installed it, and nothing else. */
export interface InstalledCli {
  /** The program, as npm puts it into the folder of programs. */
  readonly program: string
  /** Bytes of the package. */
  readonly packed: number
  /** Names of the files in it. */
  readonly files: readonly string[]
}

/** What one run of it came to. */
export interface CliRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliCall {
  readonly args: readonly string[]
  /** All that it has besides PATH and HOME; nothing of this process comes with it. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string
  /** Another Node than the one of the tests. */
  readonly node?: string
  /** Told the process when it has started, for instance to send it a signal. */
  readonly started?: (child: ChildProcess) => void
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

function ownFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  folders.push(folder)
  return folder
}

let installed: InstalledCli | undefined

/** Packs the package and installs it, without a network, into an empty folder; once for all tests of a run. */
export function installedCli(): InstalledCli {
  installed ??= madeOnce('packed-cli', install)
  return installed
}

function install(folder: string): InstalledCli {
  const npm = (args: readonly string[], cwd: string): string => {
    const cache = ['--cache', join(folder, 'cache'), '--offline', '--no-audit', '--no-fund', '--loglevel=error']
    const { status, stdout, stderr } = spawnSync('npm', [...args, ...cache], { cwd, encoding: 'utf8' })
    if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`)
    return stdout
  }
  const [pack] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [
    { filename: string; size: number; files: { path: string }[] },
  ]
  const home = join(folder, 'empty')
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{}')
  npm(['install', '--no-save', join(folder, pack.filename)], home)
  return {
    program: join(home, 'node_modules', '.bin', 'codex-auth-keeper'),
    packed: statSync(join(folder, pack.filename)).size,
    files: pack.files.map(({ path }) => path),
  }
}

/** Runs it to its end. It has no terminal. */
export function runCli({ args, env = {}, cwd, stdin = '', node, started }: CliCall): Promise<CliRun> {
  const { program } = installedCli()
  const [command, ...words] = node === undefined ? [program, ...args] : [node, program, ...args]
  const child = spawn(command, words, {
    cwd: cwd ?? tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
    stdio: 'pipe',
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => undefined).end(stdin)
  started?.(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve({ code, signal, ...output })
    })
  })
}

/** Secrets in what a run has printed, in any form. */
export function leaksOf(run: CliRun, secrets: readonly string[]): Leak[] {
  return findLeaks(secrets, [
    { name: 'stdout', content: run.stdout },
    { name: 'stderr', content: run.stderr },
  ])
}

/** A home of its own for a person, removed after the tests of the file; with a `.codex` if a document is given. */
export function personsHome(authJson?: string | Uint8Array): { readonly home: string; readonly authFile: string } {
  const home = ownFolder('cli-home-')
  const authFile = join(home, '.codex', 'auth.json')
  if (authJson !== undefined) {
    mkdirSync(join(home, '.codex'), { mode: 0o700 })
    writeFileSync(authFile, authJson, { mode: 0o600 })
  }
  return { home, authFile }
}
