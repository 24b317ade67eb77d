import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readManifest } from './action-manifest.ts'
import type { ActionManifest } from './action-manifest.ts'
import { eventPath, githubContext, scopeFor } from './contexts.ts'
import { holds, interpolate } from './expressions.ts'
import { filesUnder } from './found-files.ts'
import type { FoundFile } from './found-files.ts'
import { createJobControl } from './job-control.ts'
import type { Job, StageRecord } from './job-result.ts'
import type { JobSpec, Stage, Step } from './job-spec.ts'
import { createJobState } from './job-state.ts'
import type { JobState } from './job-state.ts'
import { emptyTemp } from './machine-places.ts'
import type { MachinePlaces } from './machine-places.ts'
import { recordProcesses } from './processes/recorder.ts'
import { killAll } from './processes/process-table.ts'
import type { ProcessRecord } from './processes/process-table.ts'
import { stepEnv } from './stage-env.ts'
import { runStage } from './stage.ts'

/**
 * Runs one job on a machine, pres, mains, posts, as the runner would.
 * Throws only when the test's own set-up is wrong.
 */
export async function runJob(places: MachinePlaces, spec: JobSpec): Promise<Job> {
  const trackingId = `github_${randomUUID()}`
  const recorder = spec.recordProcesses ? await recordProcesses(trackingId) : undefined
  const control = createJobControl(spec, () => {
    killAll(trackingId)
  })
  const state = createJobState(spec, places, { trackingId, control })
  const setUp: string[] = []
  try {
    if (prepare(state, setUp)) await runStages(state)
  } finally {
    control.close()
  }
  const orphans = control.killed ? [] : killAll(trackingId)
  const processes = (await recorder?.stop()) ?? []
  const outputs = control.killed ? {} : jobOutputs(state, setUp)
  const tempFiles = filesUnder(places.temp).filter(({ name }) => !isRunnersOwn(name))
  if (!control.killed) emptyTemp(places)
  return result(state, { setUp, orphans, processes, outputs, tempFiles })
}

/** False when the job's set-up failed, as a missing action does: then no step runs at all. */
function prepare(state: JobState, setUp: string[]): boolean {
  const { spec, places } = state
  emptyTemp(places)
  mkdirSync(places.workspace, { recursive: true })
  mkdirSync(dirname(eventPath(places.temp)), { recursive: true })
  writeFileSync(eventPath(places.temp), JSON.stringify(githubContext(state)['event'], null, 2))
  try {
    for (const [name, value] of Object.entries(spec.env ?? {})) {
      state.env.set(name, interpolate(value, scopeFor(state, 'step', {}, {})))
    }
    for (const step of spec.steps) {
      if ('uses' in step && !isLocal(step)) state.manifests.set(step.id, readManifest(step.uses))
    }
    return true
  } catch (error) {
    setUp.push(errorLine(state, error))
    state.status = 'failure'
    return false
  }
}

async function runStages(state: JobState): Promise<void> {
  for (const step of state.spec.steps) if (state.manifests.get(step.id)?.pre) await turn(state, step, 'pre')
  for (const step of state.spec.steps) await turn(state, step, 'main')
  for (let step = state.posts.pop(); step; step = state.posts.pop()) {
    await turn(state, step, 'post')
    if (step.repeatPost) await turn(state, step, 'post')
  }
}

/** One step's turn at one stage: its condition first, then its post is registered, then it runs. */
async function turn(state: JobState, step: Step, stage: Stage): Promise<void> {
  if (state.control.killed) return
  if (state.control.cancelled.aborted) state.status = 'cancelled'
  let record: StageRecord
  try {
    const env = stepEnv(state, step)
    const { text, impliedSuccess } = conditionOf(state, step, stage)
    const due = !state.control.shutdown && holds(text, scopeFor(state, 'condition', env, {}), impliedSuccess)
    if (due) {
      const manifest = manifestFor(state, step, stage)
      if ('uses' in step && manifest?.post && stage !== 'post' && !state.posts.includes(step)) state.posts.push(step)
      record = await runStage(state, { step, stage, manifest, condition: text, impliedSuccess, env })
    } else record = unrun(step, stage, 'skipped', [])
  } catch (error) {
    record = unrun(step, stage, 'failure', [errorLine(state, error)])
  }
  state.stages.push(record)
  if (stage === 'main' && record.pid === undefined && !state.steps.has(step.id)) {
    state.steps.set(step.id, { outputs: {}, outcome: record.outcome, conclusion: record.conclusion })
  }
  if (record.conclusion === 'failure' && state.status === 'success') state.status = 'failure'
}

function conditionOf(state: JobState, step: Step, stage: Stage): { text: string; impliedSuccess: boolean } {
  if (stage === 'main') return { text: step.if ?? '', impliedSuccess: true }
  return { text: state.manifests.get(step.id)?.[stage]?.condition ?? 'always()', impliedSuccess: false }
}

/** A local action is read when its main runs and again for its post: by then a step may have changed it. */
function manifestFor(state: JobState, step: Step, stage: Stage): ActionManifest | undefined {
  if (!('uses' in step)) return undefined
  if (isLocal(step) && stage !== 'pre') {
    state.manifests.set(step.id, readManifest(resolve(state.places.workspace, step.uses)))
  }
  return state.manifests.get(step.id)
}

function errorLine({ masks }: JobState, error: unknown): string {
  return masks.apply(`##[error]${error instanceof Error ? error.message : String(error)}`)
}

function isLocal(step: { uses: string }): boolean {
  return step.uses.startsWith('./')
}

function unrun(step: Step, stage: Stage, conclusion: 'skipped' | 'failure', log: string[]): StageRecord {
  const now = Date.now()
  return {
    step: step.id,
    stage,
    conclusion,
    outcome: conclusion,
    log,
    exitCode: null,
    signal: null,
    signalsSent: [],
    pid: undefined,
    env: {},
    stdout: [],
    stderr: [],
    files: { env: '', path: '', output: '', state: '', summary: '' },
    outputs: {},
    state: {},
    summary: '',
    pipesHeld: false,
    startedAt: now,
    endedAt: now,
  }
}

function jobOutputs(state: JobState, setUp: string[]): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [name, template] of Object.entries(state.spec.outputs ?? {})) {
    const value = interpolate(template, scopeFor(state, 'step', Object.fromEntries(state.env), {}))
    if (state.masks.apply(value) === value) outputs[name] = value
    else setUp.push(`##[warning]Skip output '${name}' since it may contain secret.`)
  }
  return outputs
}

/** Command files, the event and the scripts of `run:` steps. */
function isRunnersOwn(name: string): boolean {
  return name.startsWith('_runner_file_commands/') || name.startsWith('_github_workflow/') || /^[0-9a-f-]{36}\.sh$/.test(name)
}

interface JobEnd {
  readonly setUp: readonly string[]
  readonly orphans: readonly ProcessRecord[]
  readonly processes: readonly ProcessRecord[]
  readonly outputs: Readonly<Record<string, string>>
  readonly tempFiles: readonly FoundFile[]
}

function result(state: JobState, { setUp, ...end }: JobEnd): Job {
  const { stages, annotations, masks } = state
  const find = (step: string, stage: Stage): StageRecord | undefined =>
    stages.find((record) => record.step === step && record.stage === stage)
  return {
    ...end,
    stages,
    annotations,
    masks: masks.added,
    conclusion: state.control.killed ? 'lost' : state.status,
    log: [...setUp, ...stages.flatMap((record) => record.log)].join('\n'),
    stage: (step, stage = 'main') => {
      const record = find(step, stage)
      if (!record) throw new Error(`The job never came to the ${stage} of '${step}'.`)
      return record
    },
    ran: (step, stage = 'main') => {
      const record = find(step, stage)
      return record !== undefined && record.conclusion !== 'skipped'
    },
  }
}
