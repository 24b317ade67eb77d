import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ActionManifest } from './action-manifest.ts'
import { createCommandFiles } from './command-files.ts'
import { applyCommandFiles } from './command-effects.ts'
import { holds, interpolate } from './expressions.ts'
import { scopeFor } from './contexts.ts'
import type { StageRecord, StepConclusion } from './job-result.ts'
import type { Stage, Step } from './job-spec.ts'
import type { JobState } from './job-state.ts'
import { node24Path } from './node24.ts'
import { stageEnvironment, stageInputs } from './stage-env.ts'
import { runStageProcess } from './processes/stage-process.ts'
import { echoStep } from './step-echo.ts'
import { createStageLog } from './workflow-log.ts'
import type { StageLog } from './workflow-log.ts'

export interface StageRun {
  readonly step: Step
  readonly stage: Stage
  /** Of the action; undefined for scripts and calls. */
  readonly manifest: ActionManifest | undefined
  readonly condition: string
  readonly impliedSuccess: boolean
  /** The `env` context. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Runs one stage whose condition holds, and takes over what it told the runner.
 * Never throws: what fails, fails the step.
 */
export async function runStage(state: JobState, run: StageRun): Promise<StageRecord> {
  const { step, stage, env } = run
  const files = createCommandFiles(state.places.temp)
  const outputs: Record<string, string> = {}
  const saved: Record<string, string> = {}
  const stdout: string[] = []
  const stderr: string[] = []
  const failures = { seen: false }
  const log = createStageLog({
    step: step.id,
    stage,
    masks: state.masks,
    stepDebug: state.spec.stepDebug ?? false,
    annotations: state.annotations,
    effects: {
      failed: () => {
        failures.seen = true
      },
      pair: (kind, name, value) => {
        ;(kind === 'state' ? saved : outputs)[name] = value
      },
    },
  })
  const watch = state.control.watch(step.id, stage)
  const stop = stopSignals(state, run)
  const startedAt = Date.now()
  let given: Record<string, string> = {}
  let pid: number | undefined
  let end: Awaited<ReturnType<typeof runStageProcess>> | undefined
  let outcome: StepConclusion = 'success'
  try {
    const inputs = 'uses' in step && run.manifest ? stageInputs(state, step, run.manifest, env) : undefined
    const action = inputs ? { action_repository: 'your-org/action', action_ref: 'v1' } : {}
    given = stageEnvironment(state, { step, env, inputs, github: { ...files.contexts, action: step.id, ...action } })
    const script = 'run' in step ? interpolate(step.run, scopeFor(state, 'step', env, {})) : undefined
    echoStep(log, run, { inputs, script })
    if ('call' in step) {
      watch.started()
      await step.call(given)
    } else {
      end = await runStageProcess({
        ...programOf(state, run, script),
        env: given,
        cwd: state.places.workspace,
        pipes: state.places.pipes,
        stop: stop.signal,
        timeScale: state.spec.timeScale ?? 1,
        onStart: (started) => {
          pid = started
          watch.started()
          state.spec.onStageStart?.({ step: step.id, stage, pid: started })
        },
        onLine: (stream, line) => {
          ;(stream === 'stdout' ? stdout : stderr).push(line)
          log.output(line)
          watch.line(line)
          state.spec.onLine?.(line)
        },
      })
      outcome = outcomeOf(log, run, end.exitCode, stop.reason())
    }
  } catch (error) {
    log.annotate('error', error instanceof Error ? error.message : String(error))
    outcome = 'failure'
  }
  stop.close()
  const texts = {
    env: files.text('env'),
    path: files.text('path'),
    output: files.text('output'),
    state: files.text('state'),
    summary: files.text('summary'),
  }
  const applied = applyCommandFiles(state, run, texts, { log, outputs, saved })
  files.remove()
  if ((failures.seen || !applied.readable) && outcome === 'success') outcome = 'failure'
  const conclusion = outcome === 'failure' && step.continueOnError ? 'success' : outcome
  if (stage === 'main') state.steps.set(step.id, { outputs, outcome, conclusion })
  watch.ended()
  return {
    step: step.id,
    stage,
    outcome,
    conclusion,
    pid,
    env: given,
    stdout,
    stderr,
    log: log.lines,
    files: texts,
    outputs,
    state: saved,
    summary: applied.summary,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    signalsSent: end?.signalsSent ?? [],
    pipesHeld: end?.pipesHeld ?? false,
    startedAt,
    endedAt: Date.now(),
  }
}

function outcomeOf(
  log: StageLog,
  { step }: StageRun,
  exitCode: number | null,
  stopped: 'cancelled' | 'timed out' | undefined,
): StepConclusion {
  if (stopped === 'cancelled') {
    log.annotate('error', 'The operation was canceled.')
    return 'cancelled'
  }
  if (stopped === 'timed out') {
    log.annotate('error', `The action '${step.id}' has timed out after ${(step.timeoutMs ?? 0) / 60_000} minutes.`)
    return 'failure'
  }
  if (exitCode === 0) return 'success'
  if ('run' in step) log.annotate('error', `Process completed with exit code ${exitCode ?? 137}.`)
  return 'failure'
}

/** Ends the process when the step's time is over, or the job is cancelled and the step's condition no longer holds. */
function stopSignals(
  state: JobState,
  run: StageRun,
): {
  signal: AbortSignal
  reason: () => 'cancelled' | 'timed out' | undefined
  close: () => void
} {
  const stop = new AbortController()
  let reason: 'cancelled' | 'timed out' | undefined
  const end = (why: 'cancelled' | 'timed out'): void => {
    reason ??= why
    stop.abort()
  }
  const onCancel = (): void => {
    state.status = 'cancelled'
    const goesOn = !state.control.shutdown && holds(run.condition, scopeFor(state, 'condition', run.env, {}), run.impliedSuccess)
    if (!goesOn) end('cancelled')
  }
  const { cancelled } = state.control
  if (!cancelled.aborted) cancelled.addEventListener('abort', onCancel)
  const { timeoutMs } = run.step
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => {
            end('timed out')
          },
          timeoutMs * (state.spec.timeScale ?? 1),
        )
  return {
    signal: stop.signal,
    reason: () => reason,
    close: () => {
      cancelled.removeEventListener('abort', onCancel)
      clearTimeout(timer)
    },
  }
}

function programOf(
  { places }: JobState,
  { step, stage, manifest }: StageRun,
  source: string | undefined,
): { file: string; args: string[] } {
  if ('run' in step) {
    const script = join(places.temp, `${randomUUID()}.sh`)
    writeFileSync(script, `${source ?? ''}\n`)
    const flags = step.shell ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e']
    return { file: '/bin/bash', args: [...flags, script] }
  }
  const script = stage === 'main' ? manifest?.main : manifest?.[stage]?.script
  const target = join(manifest?.dir ?? '', script ?? '')
  if (!existsSync(target)) throw new Error(`File not found: '${target}'`)
  return { file: node24Path(), args: [target] }
}
