import { randomUUID } from 'node:crypto'
import type { ActionManifest } from './action-manifest.ts'
import type { JobStatus } from './expressions.ts'
import type { JobControl } from './job-control.ts'
import type { StageRecord, StepConclusion } from './job-result.ts'
import type { ActionStep, JobSpec } from './job-spec.ts'
import type { MachinePlaces } from './machine-places.ts'
import { createMasks } from './masks.ts'
import type { Masks } from './masks.ts'
import type { Annotation } from './workflow-log.ts'

export interface StepContext {
  readonly outputs: Record<string, string>
  readonly outcome: StepConclusion
  readonly conclusion: StepConclusion
}

/** What a running job knows; the scheduler and the stages change it. */
export interface JobState {
  readonly spec: JobSpec
  readonly places: MachinePlaces
  readonly trackingId: string
  readonly githubToken: string
  readonly masks: Masks
  readonly control: JobControl
  /** Job `env:` and what steps put into GITHUB_ENV. */
  readonly env: Map<string, string>
  /** What steps put into GITHUB_PATH, oldest first. */
  readonly path: string[]
  /** `steps.<id>`: set by the main stage alone. */
  readonly steps: Map<string, StepContext>
  /** One dictionary per step for all its stages; names have no case. */
  readonly saved: Map<string, Map<string, { readonly name: string; readonly value: string }>>
  readonly manifests: Map<string, ActionManifest>
  /** Posts in order of registration; the last one runs first. */
  readonly posts: ActionStep[]
  readonly stages: StageRecord[]
  readonly annotations: Annotation[]
  status: JobStatus
}

export function createJobState(spec: JobSpec, places: MachinePlaces, parts: Pick<JobState, 'trackingId' | 'control'>): JobState {
  const masks = createMasks()
  const githubToken = spec.githubToken ?? `ghs_${randomUUID().replaceAll('-', '')}`
  const { runtimeToken = '', idToken = '' } = spec.services ?? {}
  for (const secret of [githubToken, runtimeToken, idToken, ...Object.values(spec.secrets ?? {})]) masks.add(secret)
  return {
    spec,
    places,
    githubToken,
    masks,
    ...parts,
    env: new Map(),
    path: [],
    steps: new Map(),
    saved: new Map(),
    manifests: new Map(),
    posts: [],
    stages: [],
    annotations: [],
    status: 'success',
  }
}

export function saveState(state: JobState, step: string, name: string, value: string): void {
  const saved = state.saved.get(step) ?? new Map<string, { name: string; value: string }>()
  saved.set(name.toLowerCase(), { name, value })
  state.saved.set(step, saved)
}
