import * as core from './runner/runner-commands.ts'
import { authFileIn } from '../codex/codex-home.ts'
import { noCodexToRefresh, noCodexToTest, requireLogin, smokeTestRefused } from '../keeper/refresh-refusals.ts'
import { refreshEarly } from '../keeper/refresh.ts'
import { restore, type Restored } from '../keeper/restore.ts'
import { wasStored } from '../keeper/rotation.ts'
import { proveLogin } from '../keeper/smoke-test.ts'
import type { CurrentLogin } from '../keeper/standing.ts'
import { pathOutside } from '../paths.ts'
import { findTools } from '../process/tools.ts'
import { rememberEnvironment } from '../process/trusted-environment.ts'
import { closeStores } from '../stores/open-stores.ts'
import { maskInputs } from './input-secrets.ts'
import { parseInputs } from './inputs.ts'
import { prepareJob, type Job } from './prepare-job.ts'
import { readSeed, seedNote } from '../keeper/read-seed.ts'
import { refreshReport, smokeTestReport } from './report/refresh-report.ts'
import { restoreReport } from './report/report.ts'
import { announceReseed, withdrawReseed } from './report/reseed.ts'
import { workflowSecret } from './report/workflow-secret.ts'
import { tellOutputs, type Done } from './progress.ts'
import { requireTrust } from './repository-facts.ts'
import type { Reporter } from './run-stage.ts'
import { readRunContext } from './runner/run-context.ts'
import { loadStateOfPre, reserveState } from './runner/saved-state.ts'
import { storeRunOf } from './store-inputs.ts'
import { turnOf } from './turn.ts'
import { verifyRestored } from './verify-restored.ts'
import { stayBeside } from './write-through/stay-beside.ts'

/** Pre and main: the first of them restores, the second only looks whether all is still well. */
export async function restoringStage(reporter: Reporter): Promise<void> {
  maskInputs(core.getInput, reporter.masks)
  const earlier = loadStateOfPre()
  if (earlier !== undefined) return verifyRestored(reporter, earlier)
  reserveState()
  const context = readRunContext(process.env)
  // The programs of post must not come from a place that the model may write to.
  const path = pathOutside(context.path, context.workspace)
  const before = { tools: findTools(path), environment: rememberEnvironment({ ...process.env, PATH: path }) }
  reporter.masks.add([before.environment.salt])
  const inputs = parseInputs(core.getInput, storeRunOf(context, before, reporter.masks), context)
  const announce = (error: unknown): Promise<void> =>
    announceReseed(error, { ...inputs, ...context, findSecret: () => workflowSecret(process.env, context.workspace) }, reporter.masks)
  reporter.onFailure(announce)
  const job = await prepareJob(reporter, inputs, context, { ...before, ...(await requireTrust(inputs, context)) })
  reporter.onFailure((error) => {
    job.keeper.state.fail(error)
    return announce(error)
  })
  try {
    const restored = await restoreLogin(job)
    const refreshed = await refreshLogin(job, restored)
    const tested = inputs.smokeTest && refreshed !== 'still-at-work' ? await testLogin(job, restored, refreshed) : refreshed
    await stayBeside(job, tested === 'still-at-work' ? restored : tested, storeRunOf(context, before, reporter.masks))
  } finally {
    await closeStores(job.keeper.stores)
  }
}

async function restoreLogin(job: Job): Promise<Restored> {
  const { reporter, inputs, context, keeper } = job
  const restored = await restore({
    ...keeper,
    seed: readSeed(inputs),
    expectedAccount: inputs.expectedAccount,
    refreshWindow: inputs.refreshWindow,
    willRefresh: inputs.refresh === 'always',
    earlyRefresh: inputs.refresh === 'never' ? 'never-refreshed' : job.codex === undefined ? 'no-codex' : 'possible',
    surroundings: { workspace: context.workspace, env: process.env, jobTotal: inputs.jobTotal },
  })
  if (inputs.codexHome !== undefined) core.exportVariable('CODEX_HOME', keeper.codexHome)
  tellOutputs(job, restored, { ...restored, refreshed: false, stored: false })
  const notes = [...keeper.stores.flatMap((store) => store.notes?.() ?? []), ...seedNote(inputs)]
  const { refreshWindow, refresh } = inputs
  const authFile = authFileIn(keeper.codexHome)
  reporter.publish(restoreReport({ restored, authFile, notes, refreshWindow, willRefresh: refresh === 'always', now: now(job) }))
  return restored
}

async function refreshLogin(job: Job, restored: Restored): Promise<Done | 'still-at-work'> {
  const { reporter, inputs, context, keeper, codex } = job
  if (inputs.refresh === 'always' && codex === undefined) throw noCodexToRefresh()
  const { standing, due } = restored
  const refresh = await refreshEarly({ ...keeper, standing, codex, when: inputs.refresh, due, turn: turnOf(job, restored) })
  const report = refreshReport(refresh, due, { refreshWindow: inputs.refreshWindow, now: now(job) })
  if (report !== undefined) reporter.publish(report)
  requireLogin(refresh)
  // A login that came while we waited for our turn is as fresh as if we had refreshed it.
  const refreshed = refresh.kind === 'refreshed' || (refresh.kind === 'overtaken' && refresh.after === 'waiting')
  if (refreshed) await withdrawReseed({ ...inputs, ...context })
  const login = 'standing' in refresh ? refresh : restored
  const done = { ...login, refreshed, stored: refresh.kind === 'refreshed' && wasStored(refresh) }
  tellOutputs(job, restored, done)
  return refresh.kind === 'left-running' ? 'still-at-work' : done
}

async function testLogin(job: Job, restored: Restored, done: Done): Promise<CurrentLogin> {
  const { reporter, inputs, context, keeper, codex } = job
  if (codex === undefined) throw noCodexToTest()
  const test = await proveLogin({ ...keeper, standing: done.standing, codex, atHand: done.credential.fingerprint })
  reporter.publish(smokeTestReport(test, done.credential.issued, { refreshWindow: inputs.refreshWindow, now: now(job) }))
  if (test.kind !== 'left-running' && test.rotation !== undefined) {
    tellOutputs(job, restored, { ...test.rotation, refreshed: true, stored: done.stored || wasStored(test.rotation) })
  }
  if (test.kind !== 'passed') throw smokeTestRefused(test)
  await withdrawReseed({ ...inputs, ...context })
  return test.rotation ?? done
}

/** Seconds since 1970. */
function now({ keeper }: Job): number {
  return keeper.clock.now() / 1000
}
