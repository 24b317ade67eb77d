import type { Job } from './fake-runner/job-result.ts'
import type { JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import { codexMachine, keeperStep, runWorkflow, type WorkflowOptions } from './keeper-workflow.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import { storePlaces, type StoreName, type StorePlace } from './store-places.ts'

/** One store with its server, one OpenAI, and the machines of the jobs that use them; a test has one of its own. */
export interface JobWorld {
  readonly place: StorePlace
  readonly openai: LoopbackOpenAI
  /** A new machine, empty but for Codex. */
  readonly machine: (codex?: WorkflowOptions['codex']) => Machine
  /** Runs a job whose first step is the keeper with this store and these inputs. */
  readonly run: (
    machine: Machine,
    inputs: Readonly<Record<string, string>>,
    steps: readonly Step[],
    more: Omit<Partial<JobSpec>, 'steps'>,
  ) => Promise<Job>
}

/** Ends the machines and servers after the test, however it ended. */
export async function inJobWorld(name: StoreName, test: (world: JobWorld) => Promise<void>): Promise<void> {
  const [place, openai] = await Promise.all([storePlaces[name](), startLoopbackOpenAI({ enforce: true })])
  const machines: Machine[] = []
  try {
    await test({
      place,
      openai,
      machine: (codex = 'pinned') => {
        const machine = codexMachine({ openai, kind: place.machineKind, env: place.machineEnv, codex })
        machines.push(machine)
        return machine
      },
      run: (machine, inputs, steps, more) => {
        const job = place.job()
        return runWorkflow(machine, [keeperStep({ ...job.inputs, ...inputs }), ...steps], { ...job.spec, ...more })
      },
    })
  } finally {
    for (const machine of machines) machine.destroy()
    await openai.close()
    await place.close()
  }
}
