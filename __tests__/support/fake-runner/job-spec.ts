import type { Value } from './expressions.ts'

export type Stage = 'pre' | 'main' | 'post'

interface AnyStep {
  /** Unique in the job; `steps.<id>` and the records use it. */
  readonly id: string
  /** The step's condition; without a status function `success()` is implied. */
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
  /** `timeout-minutes` in milliseconds of the runner's clock; holds for every stage of the step. */
  readonly timeoutMs?: number
  readonly continueOnError?: boolean
}

export interface ActionStep extends AnyStep {
  /** The action's folder. One that starts with `./` lies in the workspace: no pre, post is read anew. */
  readonly uses: string
  readonly with?: Readonly<Record<string, string>>
  /** Runs the post stage twice, which a runner does not do but an action must bear. */
  readonly repeatPost?: boolean
}

export interface ScriptStep extends AnyStep {
  readonly run: string
  /** `bash` adds `-eo pipefail`, as GitHub does when the shell is named; else `bash -e`. */
  readonly shell?: 'bash'
}

/** A step of the test itself, in this process, with the environment a script would have had. */
export interface CallStep extends AnyStep {
  readonly call: (env: Readonly<Record<string, string>>) => void | Promise<void>
}

export type Step = ActionStep | ScriptStep | CallStep

/** A point of the job at which something is done to it. */
export type Moment =
  | { readonly step: string; readonly stage?: Stage; readonly at: 'start' | 'end' }
  | { readonly step: string; readonly stage?: Stage; readonly line: RegExp }
  /** As soon as this path exists while the stage runs. */
  | { readonly step: string; readonly stage?: Stage; readonly file: string }
  | { readonly after: Promise<unknown> }

export interface Interrupt {
  /** `cancel`: by a person or a time limit. `shutdown`: the runner is told to end. `kill`: SIGKILL to every process. */
  readonly kind: 'cancel' | 'shutdown' | 'kill'
  readonly when: Moment
}

export interface Services {
  readonly resultsUrl?: string
  readonly runtimeToken?: string
  readonly cacheUrl?: string
  readonly cacheServiceV2?: boolean
  readonly cacheMode?: string
  readonly idTokenUrl?: string
  readonly idToken?: string
}

export interface JobSpec {
  readonly steps: readonly Step[]
  readonly name?: string
  readonly workflow?: string
  /** `owner/name`; by default the machine's. */
  readonly repository?: string
  readonly ref?: string
  readonly sha?: string
  readonly actor?: string
  readonly event?: { readonly name: string; readonly payload: Value }
  readonly runId?: string
  readonly runAttempt?: number
  readonly serverUrl?: string
  readonly apiUrl?: string
  readonly githubToken?: string
  /** `env` of workflow and job; expressions are evaluated. */
  readonly env?: Readonly<Record<string, string>>
  /** As they were when the job was queued or started; every line of each is masked. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  readonly matrix?: Readonly<Record<string, Value>>
  readonly jobTotal?: number
  readonly services?: Services
  /** Job outputs; one that holds a masked value is dropped. */
  readonly outputs?: Readonly<Record<string, string>>
  /** What `ACTIONS_STEP_DEBUG` does: debug lines and the echo of state, outputs and env. */
  readonly stepDebug?: boolean
  readonly interrupts?: readonly Interrupt[]
  /** Told each process that the runner starts for a step, as soon as it is there. */
  readonly onStageStart?: (started: { readonly step: string; readonly stage: Stage; readonly pid: number }) => void
  /** Told each line that a process of a step prints, as soon as it is read. */
  readonly onLine?: (line: string) => void
  /** What one second of the runner lasts here, in seconds. Default 1. */
  readonly timeScale?: number
  /** Records argv and environment of every process of the job (Linux). */
  readonly recordProcesses?: boolean
}
