import { existsSync } from 'node:fs'
import type { Job } from './fake-runner/job-result.ts'
import type { JobSpec, Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import type { Login } from './codex-login.ts'
import { actionFolder, authFileOf, authFileText, codexMachine, codexStep, datedBack, keeperStep, runWorkflow } from './keeper-workflow.ts'
import type { Sink } from './leak-search.ts'
import { isCacheUpload, isGitOnTheNetwork, isScriptStep, leakWatch, type LeakWatch } from './leak-watch.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from './loopback-openai.ts'
import type { StorePlace } from './store-places.ts'

/** As much of a store's place as jobs need. */
export type ScenePlace = Pick<
  StorePlace,
  'line' | 'machineKind' | 'machineEnv' | 'machineSecrets' | 'seed' | 'job' | 'contents' | 'secrets' | 'close'
>

/** One store, one OpenAI and one login, whose every secret is watched for. */
export interface LeakScene<Place extends ScenePlace> {
  readonly place: Place
  readonly openai: LoopbackOpenAI
  readonly watch: LeakWatch
  readonly seed: Login
  /** A job on a machine of its own, with step debugging on; what it gave away. */
  readonly run: (options?: SceneJob) => Promise<{ job: Job; faults: string[] }>
}

export interface SceneJob {
  readonly inputs?: Readonly<Record<string, string>>
  /** After the keeper's step; by default one `codex exec`. */
  readonly steps?: (machine: Machine) => readonly Step[]
  /** In place of the secrets of the store's place that have the same names. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly githubToken?: string
  readonly spec?: Omit<Partial<JobSpec>, 'steps' | 'secrets' | 'githubToken'>
  /** Folder of the action, when it is not this one. */
  readonly action?: string
  /** Further places to search after the job. */
  readonly sinks?: () => readonly Sink[]
}

export async function inLeakScene<Place extends ScenePlace>(
  open: () => Promise<Place>,
  work: (scene: LeakScene<Place>) => Promise<void>,
): Promise<void> {
  const [place, openai] = await Promise.all([open(), startLoopbackOpenAI({ enforce: true })])
  const machines: Machine[] = []
  try {
    const watch = leakWatch()
    const seed = openai.login({ expiresIn: -10 })
    watch.addDocument(seed.text)
    place.seed(seed.text)
    const run = async (options: SceneJob = {}): Promise<{ job: Job; faults: string[] }> => {
      const machine = codexMachine({ openai, kind: place.machineKind, env: place.machineEnv })
      machines.push(machine)
      return runWatched({ place, watch, machine }, options)
    }
    await work({ place, openai, watch, seed, run })
  } finally {
    for (const machine of machines) machine.destroy()
    await openai.close()
    await place.close()
  }
}

async function runWatched(
  { place, watch, machine }: Pick<LeakScene<ScenePlace>, 'place' | 'watch'> & { readonly machine: Machine },
  options: SceneJob,
): Promise<{ job: Job; faults: string[] }> {
  const { inputs, steps = () => [codexStep], spec = {}, action = actionFolder, sinks = () => [] } = options
  const given = place.job()
  const secrets = { ...given.spec.secrets, ...options.secrets }
  // What holds a document is watched for by its tokens.
  watch.add(
    ...Object.entries(secrets)
      .filter(([name]) => name !== 'SEED' && name !== 'CODEX_AUTH')
      .map(([, value]) => value),
  )
  watch.add(...(place.machineSecrets ?? []))
  const githubToken = options.githubToken ?? given.spec.githubToken ?? 'ghs_canaryOfTheGithubTokenForLeaks01'
  watch.addFor(githubToken, isGitOnTheNetwork)
  watch.addFor(given.spec.services?.runtimeToken, isCacheUpload)
  watch.addFor(given.spec.services?.idToken, isScriptStep)
  const looks: Step = {
    id: 'looks',
    if: 'always()',
    call: () => {
      remember(watch, authFileText(machine))
      if (existsSync(authFileOf(machine))) datedBack(authFileOf(machine))
    },
  }
  const keeper = keeperStep({ ...given.inputs, refresh: 'never', ...inputs }, { uses: action })
  const job = await runWorkflow(machine, [keeper, ...steps(machine), looks], {
    ...given.spec,
    stepDebug: true,
    ...spec,
    githubToken,
    secrets,
  })
  const stored = await place.contents().catch(() => undefined)
  remember(watch, stored && Buffer.from(stored).toString('utf8'))
  watch.add(...(place.secrets?.() ?? []))
  return { job, faults: watch.faults(job, machine, sinks()) }
}

/** A document that a step has damaged has no tokens but those that are known. */
function remember(watch: LeakWatch, text: string | undefined): void {
  try {
    watch.addDocument(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}
