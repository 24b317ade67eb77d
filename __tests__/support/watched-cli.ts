import { randomUUID } from 'node:crypto'
import type { ChildProcess } from 'node:child_process'
import { runCli, type CliCall, type CliRun } from './cli.ts'
import { filesUnder } from './fake-runner/found-files.ts'
import type { ProcessRecord } from './fake-runner/processes/process-table.ts'
import { recordProcesses } from './fake-runner/processes/recorder.ts'
import { fileSinks, findLeaks, type Sink } from './leak-search.ts'
import { withChildren } from './leak-watch.ts'

export interface WatchedCall extends CliCall {
  /** Asked when it has ended: by then there may be a new login. */
  readonly secrets: () => readonly string[]
  /** Where files could stay: the person's home, the folder for temporary files, the working directory. */
  readonly folders: readonly string[]
  /** The files, or folders, that are there to hold a secret. */
  readonly mayHold: readonly string[]
  /** Secrets that some children, and those that they start, need in their environment. */
  readonly needed?: readonly { readonly secret: string; readonly by: (found: ProcessRecord) => boolean }[]
}

export interface WatchedRun extends CliRun {
  /** Each place that holds a secret and should not: output, arguments, environment of children, files. */
  readonly faults: readonly string[]
  /** The names of the programs that it was seen to start. */
  readonly programs: readonly string[]
}

/** Runs the command line and looks at everything that others could see of it. Processes are seen on Linux alone. */
export async function runWatched({ secrets, folders, mayHold, needed = [], ...call }: WatchedCall): Promise<WatchedRun> {
  const mark = randomUUID()
  const recorder = await recordProcesses(mark)
  let own: number | undefined
  const started = (child: ChildProcess): void => {
    own = child.pid
    call.started?.(child)
  }
  const run = await runCli({ ...call, started, env: { ...call.env, RUNNER_TRACKING_ID: mark } })
  const processes = await recorder.stop()
  // A child has what the program itself has until it becomes another one.
  const images = new Set(processes.filter(({ pid }) => pid === own).map(({ image }) => image))
  const children = processes.filter(({ image }) => !images.has(image))
  const files = folders.flatMap((folder) => filesUnder(folder)).filter(({ path }) => !mayHold.some((place) => isAt(path, place)))
  const watched = secrets()
  const found = findLeaks(watched, [
    { name: 'stdout', content: run.stdout },
    { name: 'stderr', content: run.stderr },
    ...processes.map((one): Sink => ({ name: `the arguments of ${shortly(one)}`, content: one.argv.join('\n') })),
    ...fileSinks('left behind', files),
  ])
  const inEnvironments = children.flatMap((child) => {
    const allowed = needed.filter(({ by }) => withChildren(children, by).has(child.pid)).map(({ secret }) => secret)
    const others = watched.filter((secret) => !allowed.includes(secret))
    return findLeaks(others, [{ name: `the environment of ${shortly(child)}`, content: child.environ.join('\n') }])
  })
  const faults = [...found, ...inEnvironments].map(({ form, sink, excerpt }) => `${excerpt.slice(0, 8)}… (${form}) in ${sink}`)
  return { ...run, faults: [...new Set(faults)], programs: [...new Set(children.map(({ argv }) => nameOf(argv[0])))] }
}

const isAt = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)
const nameOf = (program = ''): string => program.replace(/^.*\//, '')
const shortly = ({ argv }: ProcessRecord): string => argv.slice(0, 3).join(' ').slice(0, 100)
