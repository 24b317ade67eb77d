import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { filesUnder } from './found-files.ts'
import type { FoundFile } from './found-files.ts'
import { runJob } from './job.ts'
import type { Job } from './job-result.ts'
import type { JobSpec } from './job-spec.ts'
import { createPlaces } from './machine-places.ts'
import type { MachineOptions, MachinePlaces } from './machine-places.ts'

/** A machine with a runner on it. What jobs leave in HOME and workspace stays until `destroy`. */
export interface Machine extends MachinePlaces {
  /** Runs one job at a time; a second machine is a second runner. */
  runJob(spec: JobSpec): Promise<Job>
  /** Everything that is on the machine now; the names of pipes are not. */
  files(): FoundFile[]
  destroy(): void
}

export function createMachine(options: MachineOptions = {}): Machine {
  const places = createPlaces(options)
  return {
    ...places,
    runJob: (spec) => runJob(places, spec),
    files: () => filesUnder(places.root).filter(({ path }) => dirname(path) !== places.pipes),
    destroy: () => {
      rmSync(places.root, { recursive: true, force: true })
    },
  }
}
