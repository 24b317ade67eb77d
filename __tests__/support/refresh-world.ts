import type { LoginOptions, Login } from './codex-login.ts'
import type { Job } from './fake-runner/job-result.ts'
import type { JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import { codexMachine, keeperStep, replaceProgram, runWorkflow } from './keeper-workflow.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import type { CodexRelease } from './real-codex.ts'
import { storePlaces, type StoreName, type StorePlace } from './store-places.ts'

export interface RefreshWorldOptions {
  /** A login that is due when absent: its access token ended a minute ago. */
  readonly login?: LoginOptions
  readonly store?: StoreName
  /** A release of the real Codex, none, or the text of a program that stands in for it. */
  readonly codex?: CodexRelease | 'none' | { readonly script: string }
}

/** A store that holds one login, the OpenAI that issued it, and machines whose jobs start with the keeper. */
export interface RefreshWorld {
  readonly place: StorePlace
  readonly openai: LoopbackOpenAI
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
export async function inRefreshWorld(options: RefreshWorldOptions, test: (world: RefreshWorld) => Promise<void>): Promise<void> {
  const { login: claims = { expiresIn: -60 }, store = 'command', codex = 'pinned' } = options
  const [place, openai] = await Promise.all([storePlaces[store](), startLoopbackOpenAI({ enforce: true })])
  const login = openai.login(claims)
  const machines: Machine[] = []
  const machine = (): Machine => {
    const kind = place.machineKind
    const made = codexMachine({ openai, kind, env: place.machineEnv, codex: typeof codex === 'string' ? codex : 'none' })
    if (typeof codex !== 'string') replaceProgram(made, 'codex', codex.script)
    machines.push(made)
    return made
  }
  try {
    place.seed(login.text)
    await place.put(login.bytes)
    await test({
      place, openai, login, machine,
      run: (inputs, steps = [], { machine: on = machine(), ...more } = {}) => {
        const job = place.job()
        return runWorkflow(on, [keeperStep({ ...job.inputs, ...inputs }), ...steps], { ...job.spec, ...more })
      },
      stored: async () => Buffer.from(await place.contents() ?? '').toString('utf8'),
      outcomes: () => openai.ledger().tokens.map(({ outcomes }) => outcomes),
      newest: () => openai.ledger().tokens.at(-1)?.refreshToken ?? '',
    })
  } finally {
    for (const made of machines) made.destroy()
    await openai.close()
    await place.close()
  }
}

/** Every text that a person is shown with the job: the log, which has annotations and reports, and the summaries. */
export function shownBy(job: Job): string {
  return [job.log, ...job.stages.map(({ summary }) => summary)].join('\n')
}
