import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pushEvent } from './fake-runner/events.ts'
import type { Job } from './fake-runner/job-result.ts'
import type { ActionStep, JobSpec, ScriptStep, Step } from './fake-runner/job-spec.ts'
import { createMachine, type Machine } from './fake-runner/machine.ts'
import { node24Path } from './fake-runner/node24.ts'
import type { MachineKind } from './fake-runner/machine-places.ts'
import { putCodex } from './codex-that-ran.ts'
import { loopbackConfig, loopbackEnv, type CodexRelease } from './real-codex.ts'
import type { LoopbackOpenAI } from './loopback-openai.ts'

/** The action under test: this repository, with its committed dist. */
export const actionFolder = fileURLToPath(new URL('../..', import.meta.url))

export interface WorkflowOptions {
  readonly openai: LoopbackOpenAI
  readonly kind?: MachineKind
  /** Which Codex is on the machine's PATH; `none` leaves it out. */
  readonly codex?: CodexRelease | 'none'
  /** What the machine's own environment has besides. */
  readonly env?: Readonly<Record<string, string>>
  /** Keeps it on the disk, for what commands of the model are to see. */
  readonly onDisk?: boolean
}

/** A new machine with the real Codex in PATH, whose Codex talks to the loopback OpenAI. */
export function codexMachine({ openai, kind = 'hosted', codex = 'pinned', env = {}, onDisk = false }: WorkflowOptions): Machine {
  const path = `${dirname(node24Path())}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
  const machine = createMachine({ kind, onDisk, env: { ...loopbackEnv(openai), ...env } })
  const bin = join(machine.root, 'bin')
  mkdirSync(bin)
  Object.assign(machine.env, { PATH: `${bin}:${path}` })
  mkdirSync(codexHomeOf(machine), { recursive: true })
  writeFileSync(join(codexHomeOf(machine), 'config.toml'), loopbackConfig(openai))
  if (codex !== 'none') putCodex(bin, codexHomeOf(machine), codex)
  return machine
}

/** CODEX_HOME of the jobs on a machine. */
export function codexHomeOf(machine: Machine): string {
  return join(machine.home, '.codex')
}

export function authFileOf(machine: Machine): string {
  return join(codexHomeOf(machine), 'auth.json')
}

/** The text of a machine's `auth.json`; undefined when there is none. */
export function authFileText(machine: Machine): string | undefined {
  const file = authFileOf(machine)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Writes `auth.json`, by default a machine's own, as Codex would have some time ago. */
export function putAuthFile(machine: Machine, content: string | Uint8Array, file = authFileOf(machine)): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content, { mode: 0o600 })
  datedBack(file)
}

/** Lets a file look as if it had not changed for a minute, so that post has no reason to wait for more. */
export function datedBack(file: string): void {
  const aMinuteAgo = Date.now() / 1000 - 60
  utimesSync(file, aMinuteAgo, aMinuteAgo)
}

/** Puts a program of the test's own in front of all others. */
export function replaceProgram(machine: Machine, name: string, script: string): void {
  const file = join(machine.root, 'bin', name)
  rmSync(file, { force: true }) // what is there may be a link to the real program
  writeFileSync(file, script)
  chmodSync(file, 0o755)
}

/** The step `uses: your-org/codex-auth-keeper`. What post does alone is seen where nothing was written through before it. */
export function keeperStep(inputs: Readonly<Record<string, string>>, more: Partial<ActionStep> = {}): ActionStep {
  return { id: 'keeper', uses: actionFolder, with: { 'write-through': 'never', ...inputs }, ...more }
}

/** What the workflow is there for. */
export const codexStep: ScriptStep = {
  id: 'codex',
  shell: 'bash',
  run: 'codex exec --skip-git-repo-check --sandbox read-only "Reply exactly: OK" < /dev/null',
}

/** Runs a job of a private repository, after a push to its default branch unless told otherwise. */
export function runWorkflow(machine: Machine, steps: readonly Step[], more: Omit<Partial<JobSpec>, 'steps'> = {}): Promise<Job> {
  return machine.runJob({ ...pushEvent(), ...more, steps })
}
