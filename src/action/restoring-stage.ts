import * as core from './runner/runner-commands.ts'
import { join } from 'node:path'
import { originName } from '../credential/newest.ts'
import { secretValues } from '../credential/secret-values.ts'
import type { ManagedCredential } from '../credential/auth-json.ts'
import { codexCli, type CodexCli } from '../codex/codex-cli.ts'
import { codexEnvironment } from '../codex/codex-environment.ts'
import { authFileChangedAt, authFileIn } from '../codex/codex-home.ts'
import { findHazards, type Hazard } from '../codex/hazards.ts'
import { KeeperError } from '../keeper-error.ts'
import { proveLogin, refreshEarly, type LoginRequest, type Refresh, type SmokeTest, type Stored } from '../keeper/refresh.ts'
import { restore, type Restored } from '../keeper/restore.ts'
import type { CurrentLogin, Standing } from '../keeper/standing.ts'
import { systemClock } from '../clock.ts'
import { closeStores, openStores } from '../stores/open-stores.ts'
import type { Store } from '../stores/store.ts'
import { findTool, findTools } from '../process/tools.ts'
import { rememberEnvironment } from '../process/trusted-environment.ts'
import { parseInputs, type Inputs } from './inputs.ts'
import { maskInputs } from './input-secrets.ts'
import { outputsOf, setOutputs } from './runner/outputs.ts'
import { readSeed } from './read-seed.ts'
import { refreshError, refreshReport, smokeTestError, smokeTestReport } from './report/refresh-report.ts'
import { restoreReport } from './report/report.ts'
import { announceReseed, withdrawReseed } from './report/reseed.ts'
import { readRunContext, type RunContext } from './runner/run-context.ts'
import type { Stage } from './run-stage.ts'
import { loadStateOfPre, reserveState, saveState, type SavedState } from './runner/saved-state.ts'
import { storeRunOf } from './store-inputs.ts'
import { requireTrust, type RepositoryFacts } from './repository-facts.ts'
import { verifyRestored } from './verify-restored.ts'

/** What the restoring stage has found out before it touches a credential. */
interface Job {
  readonly stage: Stage
  readonly inputs: Inputs
  readonly context: RunContext
  readonly codexHome: string
  readonly stores: readonly Store[]
  readonly codex: CodexCli | undefined
  /** The part of the saved state that does not change any more. */
  readonly fixed: Pick<SavedState, 'codexHome' | 'stores' | 'slot' | 'tools' | 'environment' | 'defaultBranch'>
}

/** Pre and main: the first of them restores, the second only looks whether all is still well. */
export async function restoringStage(stage: Stage): Promise<void> {
  maskInputs(core.getInput, stage.masks)
  const earlier = loadStateOfPre()
  if (earlier !== undefined) return verifyRestored(earlier)
  reserveState()
  const context = await readRunContext(process.env)
  const before = { tools: findTools(context.path), environment: rememberEnvironment(process.env) }
  const inputs = parseInputs(core.getInput, storeRunOf(context, before))
  stage.onFailure((error) => announceReseed(error, { ...inputs, ...context }, stage.masks))
  const repository = await requireTrust(inputs, context)
  const job = await prepare(stage, inputs, context, { ...before, ...repository })
  try {
    await restoreAndRefresh(job)
  } finally {
    await closeStores(job.stores)
  }
}

async function prepare(
  stage: Stage,
  inputs: Inputs,
  context: RunContext,
  { tools, environment, defaultBranch }: Pick<SavedState, 'tools' | 'environment'> & RepositoryFacts,
): Promise<Job> {
  const codexHome = inputs.codexHome ?? (process.env['CODEX_HOME'] || join(context.home, '.codex'))
  const program = findTool('codex', context.path)
  const fixed = {
    codexHome,
    tools,
    environment,
    slot: inputs.slot,
    stores: inputs.stores.map(({ name }) => name).join('\n'),
    ...(defaultBranch !== undefined && { defaultBranch }),
  }
  return {
    stage,
    inputs,
    context,
    codexHome,
    fixed,
    stores: await openStores(inputs.stores, { defaultBranch }),
    codex:
      program === undefined ? undefined : codexCli({ program, env: codexEnvironment(process.env, codexHome), cwd: context.tempDirectory }),
  }
}

async function restoreAndRefresh(job: Job): Promise<void> {
  const { stage, inputs, codexHome } = job
  const now = (): number => systemClock.now() / 1000
  const { restored, hazards } = await restoreLogin(job)
  if (inputs.codexHome !== undefined) core.exportVariable('CODEX_HOME', codexHome)
  const output = ({ credential }: CurrentLogin, done: { refreshed: boolean; stored: boolean }): void => {
    setOutputs(outputsOf({ codexHome, source: originName(restored.origin), credential, ...done }))
  }
  output(restored, { refreshed: false, stored: false })
  await stage.publish(
    restoreReport({
      restored,
      hazards,
      authFile: authFileIn(codexHome),
      notes: job.stores.flatMap((store) => store.notes?.() ?? []),
      refreshWindow: inputs.refreshWindow,
      now: now(),
    }),
  )

  const refresh = await refreshLogin(job, restored)
  const report = refreshReport(refresh, restored.due, now())
  if (report !== undefined) await stage.publish(report)
  if (refresh.kind === 'needs-reseed' || refresh.kind === 'superseded' || refresh.kind === 'unread') throw refreshError(refresh)
  if (refresh.kind === 'refreshed') await withdrawReseed({ ...inputs, ...job.context })
  const login: CurrentLogin = 'standing' in refresh ? refresh : restored
  const done = { refreshed: refresh.kind === 'refreshed', stored: refresh.kind === 'refreshed' && wasStored(refresh) }
  output(login, done)

  if (!inputs.smokeTest || refresh.kind === 'left-running') return
  const test = await smokeTest(job, restored, login.standing)
  await stage.publish(smokeTestReport(test, now()))
  if (test.kind === 'left-running')
    throw new KeeperError('codex-failed', 'The smoke test did not end in time.', 'See whether OpenAI can be reached from this runner.')
  if (test.stored !== undefined) output(test.stored, { ...done, refreshed: true, stored: done.stored || wasStored(test.stored) })
  if (test.kind === 'failed') throw smokeTestError(test.failure)
  await withdrawReseed({ ...inputs, ...job.context })
}

async function restoreLogin(job: Job): Promise<{ restored: Restored; hazards: readonly Hazard[] }> {
  const { stage, inputs, context, codexHome, stores } = job
  let hazards: readonly Hazard[] = []
  const restored = await restore({
    stores,
    codexHome,
    clock: systemClock,
    seed: readSeed(inputs),
    expectedAccount: inputs.expectedAccount,
    refreshWindow: inputs.refreshWindow,
    willRefresh: inputs.refresh === 'always',
    onCredential: (credential) => {
      maskCredential(stage, credential)
    },
    checkSurroundings: async ({ account }) => {
      hazards = await findHazards({
        codexHome,
        accountId: account.id,
        workspace: context.workspace,
        env: process.env,
        jobTotal: inputs.jobTotal,
      })
      requireNoHazard(hazards)
    },
    beforeInstall: (found) => {
      saveState(stateOf(job, found, found.standing))
    },
  })
  const ownChange = await authFileChangedAt(codexHome)
  saveState({ ...stateOf(job, restored, restored.standing), ...(ownChange !== undefined && { ownChange }) })
  return { restored, hazards }
}

function refreshLogin(job: Job, restored: Restored): Promise<Refresh> {
  const { inputs, codex } = job
  if (inputs.refresh === 'always' && codex === undefined) {
    throw new KeeperError(
      'codex-failed',
      'refresh: always needs the Codex CLI, and there is no codex in PATH.',
      'Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.',
    )
  }
  return refreshEarly({ ...loginRequest(job, restored, restored.standing), codex, when: inputs.refresh, due: restored.due })
}

function smokeTest(job: Job, restored: Restored, standing: Standing): Promise<SmokeTest> {
  if (job.codex === undefined) {
    throw new KeeperError(
      'codex-failed',
      'smoke-test needs the Codex CLI, and there is no codex in PATH.',
      'Install it before this step (npm install -g @openai/codex).',
    )
  }
  return proveLogin({ ...loginRequest(job, restored, standing), codex: job.codex })
}

function loginRequest(job: Job, restored: Restored, standing: Standing): LoginRequest {
  const { stage, stores, codexHome } = job
  let now = standing
  let codexProcess: number | undefined
  const save = (): void => {
    saveState({ ...stateOf(job, restored, now), ...(codexProcess !== undefined && { codexProcess }) })
  }
  return {
    stores,
    codexHome,
    standing,
    clock: systemClock,
    onCredential: (credential: ManagedCredential) => {
      maskCredential(stage, credential)
    },
    onCodexStart: (pid: number) => {
      codexProcess = pid
      save()
    },
    onCodexEnd: () => {
      codexProcess = undefined
      save()
    },
    onStanding: (next: Standing) => {
      now = next
      save()
    },
  }
}

function requireNoHazard(hazards: readonly Hazard[]): void {
  const refusals = hazards.filter(({ severity }) => severity === 'refuse')
  if (refusals.length === 0) return
  throw new KeeperError('hazard', refusals.map(({ message }) => message).join('\n'), refusals.map(({ remedy }) => remedy).join('\n'))
}

function maskCredential({ masks }: Stage, { bytes }: ManagedCredential): void {
  masks.add(secretValues(Buffer.from(bytes).toString('utf8')))
}

/** Whether what Codex has changed came into a store. */
function wasStored(stored: Stored | undefined): boolean {
  return stored?.writeBack.results.some(({ outcome }) => outcome.kind === 'written') === true
}

function stateOf({ fixed, stores }: Job, { installed }: Restored, standing: Standing): SavedState {
  return {
    ...fixed,
    installed,
    standing,
    storeMemories: Object.fromEntries(stores.flatMap((store) => (store.memory ? [[store.name, store.memory()]] : []))),
  }
}
