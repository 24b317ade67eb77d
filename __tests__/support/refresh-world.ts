import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoginOptions, Login } from './codex-login.ts'
import type { Job } from './fake-runner/job-result.ts'
import type { JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import { inJobWorld, type JobWorld } from './job-world.ts'
import { replaceProgram } from './keeper-workflow.ts'
import type { CodexRelease } from './real-codex.ts'
import type { StoreName } from './store-places.ts'

export interface RefreshWorldOptions {
  /** A login that is due when absent: its access token ended a minute ago. */
  readonly login?: LoginOptions
  readonly store?: StoreName
  /** A release of the real Codex, none, or the text of a program that stands in for it. */
  readonly codex?: CodexRelease | 'none' | { readonly script: string }
}

/** A store that holds one login, the OpenAI that issued it, and machines whose jobs start with the keeper. */
export interface RefreshWorld extends Pick<JobWorld, 'place' | 'openai'> {
  readonly login: Login
  readonly machine: () => Machine
  /** Runs a job whose first step is the keeper, on a new machine unless one is given. */
  readonly run: (inputs: Readonly<Record<string, string>>, steps?: readonly Step[], more?: RunOptions) => Promise<Job>
  /** What is stored, as text; empty when nothing is. */
  readonly stored: () => Promise<string>
  /** What became of each refresh token of the login, in the order of issue. */
  readonly outcomes: () => readonly (readonly string[])[]
  /** The newest refresh token. */
  readonly newest: () => string
}

export interface RunOptions extends Omit<Partial<JobSpec>, 'steps'> {
  readonly machine?: Machine
}

/** The login is in the store already, and the seed is that same document. */
export function inRefreshWorld(options: RefreshWorldOptions, test: (world: RefreshWorld) => Promise<void>): Promise<void> {
  const { login: claims = { expiresIn: -60 }, store = 'command', codex = 'pinned' } = options
  return inJobWorld(store, async (world) => {
    const { place, openai } = world
    const login = openai.login(claims)
    const machine = (): Machine => {
      if (typeof codex === 'string') return world.machine(codex)
      const made = world.machine('none')
      replaceProgram(made, 'codex', codex.script)
      return made
    }
    place.seed(login.text)
    await place.put(login.bytes)
    await test({
      place,
      openai,
      login,
      machine,
      run: (inputs, steps = [], { machine: on = machine(), ...more } = {}) => world.run(on, inputs, steps, more),
      stored: async () => Buffer.from((await place.contents()) ?? '').toString('utf8'),
      outcomes: () => openai.ledger().tokens.map(({ outcomes }) => outcomes),
      newest: () => openai.ledger().tokens.at(-1)?.refreshToken ?? '',
    })
  })
}

/** Every text that a person is shown with the job: the log, which has annotations and reports, and the summaries. */
export function shownBy(job: Job): string {
  return [job.log, ...job.stages.map(({ summary }) => summary)].join('\n')
}

/** Waits for a file of a machine. */
export async function untilExists(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(20)
}
