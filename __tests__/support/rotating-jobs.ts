import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { managedLogin, type Login, type LoginDocument } from './codex-login.ts'
import type { Job } from './fake-runner/job-result.ts'
import type { CallStep } from './fake-runner/job-spec.ts'
import type { MachineKind } from './fake-runner/machine-places.ts'
import { createMachine, type Machine } from './fake-runner/machine.ts'
import { putAuthFile, replaceProgram } from './keeper-workflow.ts'
import { refreshed } from './keeper-world.ts'

/** The job-level variable that lets the keeper's pre run. */
export const atJobStart = { CODEX_AUTH_RESTORE_AT: 'job-start' }

/** A command store that is one file outside every machine. */
export interface FileStore {
  readonly directory: string
  readonly file: string
  /** Inputs of the keeper's step. */
  readonly inputs: Readonly<Record<'store' | 'read-command' | 'write-command', string>>
  /** What is stored; undefined when nothing is. */
  text(): string | undefined
  /** `read` and `write`, in order, as the commands ran. */
  operations(): string[]
  remove(): void
}

export function fileStore(): FileStore {
  const directory = mkdtempSync(join(tmpdir(), 'file-store-'))
  const [file, log] = [join(directory, 'auth.json'), join(directory, 'operations')]
  return {
    directory,
    file,
    inputs: {
      store: 'command',
      'read-command': `echo read >> '${log}'; [ -e '${file}' ] || exit 74; cat '${file}'`,
      'write-command': `echo write >> '${log}'; cat > '${file}.new'; mv '${file}.new' '${file}'`,
    },
    text: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    operations: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
    remove: () => {
      rmSync(directory, { recursive: true })
    },
  }
}

/** A step that writes what Codex would write when it refreshes. Another `auth.json` than the machine's own can be named. */
export function rotates(machine: Machine, { bytes }: LoginDocument, file?: string): CallStep {
  return {
    id: 'rotates',
    call: () => {
      putAuthFile(machine, bytes, file)
    },
  }
}

/** A machine without Codex, an empty file store, and a login that a step of the test refreshes. */
export interface RotatingWorld {
  readonly machine: Machine
  readonly store: FileStore
  readonly seed: Login
  /** What Codex makes of the seed. */
  readonly next: Login
  /** Inputs of the keeper with the file store and the seed. */
  readonly inputs: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

const worlds: RotatingWorld[] = []

export function rotatingWorld(kind: MachineKind = 'hosted'): RotatingWorld {
  const seed = managedLogin()
  const store = fileStore()
  const made = {
    machine: createMachine({ kind }),
    store,
    seed,
    next: refreshed(seed),
    inputs: { ...store.inputs, 'auth-json': '${{ secrets.SEED }}' },
    secrets: { SEED: JSON.stringify(JSON.parse(seed.text)) },
  }
  worlds.push(made)
  return made
}

/** For `afterEach`. */
export function endRotatingWorlds(): void {
  for (const { machine, store } of worlds.splice(0)) {
    machine.destroy()
    store.remove()
  }
}

/** The error annotations of one stage, one per line. */
export function errorsOf(job: Job, stage: string): string {
  return job.annotations
    .filter((annotation) => annotation.stage === stage && annotation.level === 'error')
    .map(({ message }) => message)
    .join('\n')
}

/** The generations that the runner store keeps on a machine. */
export function generations(machine: Machine): string[] {
  const slot = join(machine.home, '.codex-auth-keeper', 'default')
  return existsSync(slot) ? readdirSync(slot).filter((name) => !name.startsWith('.')) : []
}

/** A `codex` of the test's own in the machine's PATH, as a shell script. */
export function withCodex(machine: Machine, script: string): void {
  const bin = join(machine.root, 'bin')
  mkdirSync(bin, { recursive: true })
  replaceProgram(machine, 'codex', `#!/bin/sh\n${script}\n`)
  Object.assign(machine.env, { PATH: `${bin}:${machine.env['PATH'] ?? ''}` })
}
