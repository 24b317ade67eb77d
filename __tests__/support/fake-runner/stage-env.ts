import type { ActionManifest } from './action-manifest.ts'
import { contextVariables, scopeFor } from './contexts.ts'
import { interpolate } from './expressions.ts'
import type { ActionStep, Step } from './job-spec.ts'
import type { JobState } from './job-state.ts'

/** The `env` context of a step: job, GITHUB_ENV, then the step's own. Throws when an expression is not valid. */
export function stepEnv(state: JobState, step: Step): Record<string, string> {
  const global = Object.fromEntries(state.env)
  const scope = scopeFor(state, 'step', global, {})
  const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, scope)] as const)
  return { ...global, ...Object.fromEntries(own) }
}

/** What the action's inputs are at this stage: `with:`, else the default of `action.yml`, else empty. */
export function stageInputs(
  state: JobState,
  step: ActionStep,
  manifest: ActionManifest,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = Object.entries(step.with ?? {}).map(
    ([name, value]) => [name.toLowerCase(), interpolate(value, scopeFor(state, 'step', env, {}))] as const,
  )
  const forDefaults = scopeFor(state, 'inputDefault', env, {})
  const defaults = Object.entries(manifest.inputs).map(
    ([name, input]) => [name.toLowerCase(), interpolate(input.default ?? '', forDefaults)] as const,
  )
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(given) }
}

export interface StageEnvironment {
  readonly step: Step
  /** The `env` context. */
  readonly env: Readonly<Record<string, string>>
  /** Undefined for `run:` steps, which get no inputs, state or runtime token. */
  readonly inputs: Readonly<Record<string, string>> | undefined
  /** The command files and other parts of the `github` context that belong to the step. */
  readonly github: Readonly<Record<string, string>>
}

/** The whole environment of a stage's process: the machine's, the user's, and the runtime's, which wins. */
export function stageEnvironment(state: JobState, { step, env, inputs, github }: StageEnvironment): Record<string, string> {
  const { places, spec } = state
  const path = [...state.path]
    .reverse()
    .concat(env['PATH'] ?? places.env['PATH'] ?? '')
    .join(':')
  return {
    ...places.env,
    RUNNER_TRACKING_ID: state.trackingId,
    CI: 'true',
    ...env,
    ...(inputs ? savedState(state, step.id) : {}),
    ...(inputs ? inputVariables(inputs) : {}),
    PATH: path,
    GITHUB_ACTIONS: 'true',
    ...contextVariables(state, github),
    ...present({ ACTIONS_ID_TOKEN_REQUEST_URL: spec.services?.idTokenUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: spec.services?.idToken }),
    ...(inputs ? runtimeVariables(state) : {}),
  }
}

function runtimeVariables({ spec: { services } }: JobState): Record<string, string> {
  return present({
    ACTIONS_RUNTIME_URL: services?.resultsUrl,
    ACTIONS_RUNTIME_TOKEN: services?.runtimeToken,
    ACTIONS_RESULTS_URL: services?.resultsUrl,
    ACTIONS_CACHE_URL: services?.cacheUrl,
    ACTIONS_CACHE_SERVICE_V2: services?.cacheServiceV2 ? 'True' : undefined,
    ACTIONS_CACHE_MODE: services?.cacheMode,
  })
}

function savedState(state: JobState, step: string): Record<string, string> {
  return Object.fromEntries([...(state.saved.get(step)?.values() ?? [])].map(({ name, value }) => [`STATE_${name}`, value]))
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]))
}

function present(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined))
}
