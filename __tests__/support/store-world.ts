import type { Job } from './fake-runner/job-result.ts'
import type { CallStep, JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import { inJobWorld, type JobWorld } from './job-world.ts'
import { putAuthFile } from './keeper-workflow.ts'
import type { StoreName } from './store-places.ts'

/** A world whose jobs leave every refresh to Codex in a later step. */
export interface StoreWorld extends Pick<JobWorld, 'place' | 'openai' | 'machine'> {
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

export function inStoreWorld(name: StoreName, test: (world: StoreWorld) => Promise<void>): Promise<void> {
  return inJobWorld(name, ({ place, openai, machine, run }) =>
    test({
      place,
      openai,
      machine,
      run: (on, steps, { inputs, ...more } = {}) => run(on, { refresh: 'never', ...inputs }, steps, more),
      stored: async () => textOf(await place.contents()),
      held: ({ bytes }) => textOf(place.held(bytes)) ?? '',
    }),
  )
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
  return call('writes', () => {
    putAuthFile(machine, content)
  })
}
