import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import type { Job } from './fake-runner/job-result.ts'
import type { CallStep, JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import { authFileOf, codexMachine, keeperStep, runWorkflow } from './keeper-workflow.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import { storePlaces, type StoreName, type StorePlace } from './store-places.ts'

/** One store with its server, one OpenAI, and the machines of the jobs that use them; a test has one of its own. */
export interface StoreWorld {
  readonly place: StorePlace
  readonly openai: LoopbackOpenAI
  /** A new machine, empty but for Codex. */
  readonly machine: () => Machine
  /** Runs a job whose first step is the keeper. */
  readonly run: (machine: Machine, steps: readonly Step[], more?: RunOptions) => Promise<Job>
  /** What is stored, as text. */
  readonly stored: () => Promise<string | undefined>
  /** How this store would hold a document. */
  readonly held: (document: { readonly bytes: Uint8Array }) => string
}

export interface RunOptions extends Pick<Partial<JobSpec>, 'interrupts'> {
  readonly inputs?: Readonly<Record<string, string>>
}

export async function inStoreWorld(name: StoreName, test: (world: StoreWorld) => Promise<void>): Promise<void> {
  const [place, openai] = await Promise.all([storePlaces[name](), startLoopbackOpenAI({ enforce: true })])
  const machines: Machine[] = []
  const { machineKind: kind, machineEnv: env } = place
  try {
    await test({
      place, openai,
      machine: () => {
        const machine = codexMachine({ openai, kind, env })
        machines.push(machine)
        return machine
      },
      run: (machine, steps, { inputs, ...more } = {}) => {
        const job = place.job()
        return runWorkflow(machine, [keeperStep({ ...job.inputs, refresh: 'never', ...inputs }), ...steps], { ...job.spec, ...more })
      },
      stored: async () => textOf(await place.contents()),
      held: ({ bytes }) => textOf(place.held(bytes)) ?? '',
    })
  } finally {
    for (const machine of machines) machine.destroy()
    await openai.close()
    await place.close()
  }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8')
}

/** A step of the test itself. */
export function call(id: string, work: () => void | Promise<void>): CallStep {
  return { id, call: work }
}

/** A step that does what `putAuthFile` does. */
export function writeAuthFile(machine: Machine, content: string | Uint8Array): CallStep {
  return call('writes', () => { putAuthFile(machine, content) })
}

/** Writes auth.json, some time ago, so that post need not wait for the file to be still. */
export function putAuthFile(machine: Machine, content: string | Uint8Array): void {
  writeFileSync(authFileOf(machine), content)
  const before = Date.now() / 1000 - 60
  utimesSync(authFileOf(machine), before, before)
}

/** The text of auth.json on a machine. */
export function authFileText(machine: Machine): string | undefined {
  return existsSync(authFileOf(machine)) ? readFileSync(authFileOf(machine), 'utf8') : undefined
}
