import type { Job } from '../__tests__/support/fake-runner/job-result.ts'
import type { JobPlan } from './plan.ts'

/** Who has lost a login. Only the first is beyond everybody but Codex. */
export const lossCauses = [
  'Codex died in its exchange',
  'killed before main could store',
  'killed in the middle of the job',
  'killed before post could store',
  'killed in the moment before a rotation was written through',
  'a step damaged the file',
  'the store was away to the end',
  'other',
] as const

export interface Loss {
  /** The job of the round in which it was lost. */
  readonly job: string
  readonly cause: (typeof lossCauses)[number]
  /** Whether the jobs ended without a word of it. */
  readonly silent: boolean
}

export interface LossFacts {
  readonly job: string
  readonly plan: JobPlan
  readonly jobs: readonly Job[]
  /** Whether the newest login still lay on a machine when the job was over. */
  readonly onMachine: boolean
}

/** Why the newest login is in no place from which a later job could take it. */
export function lossOf({ job, plan, jobs, onMachine }: LossFacts): Loss {
  const silent = jobs.every((played) => played.conclusion === 'success' && !played.annotations.some(({ level }) => level !== 'notice'))
  const died = jobs.some(({ conclusion }) => conclusion === 'lost')
  return { job, silent, cause: causeOf(plan, { onMachine, died }) }
}

function causeOf(
  { kill, damage, fault, writeThrough }: JobPlan,
  { onMachine, died }: { onMachine: boolean; died: boolean },
): Loss['cause'] {
  if (damage !== undefined && !died) return 'a step damaged the file'
  if (!onMachine) return kill === undefined ? 'other' : 'Codex died in its exchange'
  if (kill !== undefined && kill.whom !== 'codex') {
    switch (kill.stage) {
      case 'main':
        return 'killed before main could store'
      case 'codex':
        return writeThrough === 'always' ? 'killed in the moment before a rotation was written through' : 'killed in the middle of the job'
      case 'post':
        return writeThrough === 'always' ? 'killed in the moment before a rotation was written through' : 'killed before post could store'
    }
  }
  return fault?.times === 'always' ? 'the store was away to the end' : 'other'
}
