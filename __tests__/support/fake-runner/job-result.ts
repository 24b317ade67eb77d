import type { Stage } from './job-spec.ts'
import type { Annotation } from './workflow-log.ts'
import type { ProcessRecord } from './processes/process-table.ts'
import type { FoundFile } from './found-files.ts'

export type StepConclusion = 'success' | 'failure' | 'cancelled' | 'skipped'

export interface StageRecord {
  readonly step: string
  readonly stage: Stage
  readonly conclusion: StepConclusion
  /** Before `continue-on-error`. */
  readonly outcome: StepConclusion
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** What the runner sent when it ended the step. */
  readonly signalsSent: readonly NodeJS.Signals[]
  readonly pid: number | undefined
  /** The environment the process was given. */
  readonly env: Readonly<Record<string, string>>
  /** Exactly what the process printed, line by line, nothing masked. */
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** What a person sees, masked. */
  readonly log: readonly string[]
  /** The command files as the process left them. */
  readonly files: Readonly<Record<'env' | 'path' | 'output' | 'state' | 'summary', string>>
  /** What the stage set or saved, by file or by command. */
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  /** The summary as GitHub shows it: masked line by line, empty when it was too large. */
  readonly summary: string
  /** An inherited stdout or stderr outlived the process by more than five seconds. */
  readonly pipesHeld: boolean
  readonly startedAt: number
  readonly endedAt: number
}

export interface Job {
  /** `lost`: the runner or its machine was gone before the job could end. */
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'lost'
  /** In order of execution, skipped ones included. */
  readonly stages: readonly StageRecord[]
  /** The stage's record; throws when it never came to its turn. */
  stage(step: string, stage?: Stage): StageRecord
  /** Whether the stage's process was started. */
  ran(step: string, stage?: Stage): boolean
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly annotations: readonly Annotation[]
  /** Every value that was registered with `::add-mask::` or was a secret of the job. */
  readonly masks: readonly string[]
  /** Processes of the job that were still there after the posts. */
  readonly orphans: readonly ProcessRecord[]
  readonly processes: readonly ProcessRecord[]
  /** RUNNER_TEMP after the posts, before the runner emptied it; the runner's own files are left out. */
  readonly tempFiles: readonly FoundFile[]
}
