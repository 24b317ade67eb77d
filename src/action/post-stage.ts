import * as core from './runner/runner-commands.ts'
import { secretValues } from '../credential/secret-values.ts'
import { observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { reclaimLeftovers } from '../codex/leftover-files.ts'
import { findCodexProcesses, waitUntilStill } from '../codex/stillness.ts'
import { writeBackLatest, type Round } from '../keeper/latest-write-back.ts'
import { systemClock } from '../clock.ts'
import type { SessionVerdict } from '../keeper/refused-session.ts'
import { closeStores, openStores } from '../stores/open-stores.ts'
import type { Store } from '../stores/store.ts'
import { undoChanges } from '../process/trusted-environment.ts'
import { needsFreshProcess, runAfresh } from '../process/fresh-process.ts'
import { cleanUp } from '../keeper/clean-up.ts'
import { isPutBack } from '../keeper/put-back.ts'
import { maskInputs } from './input-secrets.ts'
import { parsePostInputs, type PostInputs } from './post-inputs.ts'
import { writeBackReport } from './report/write-back-report.ts'
import { announceReseed, withdrawReseed } from './report/reseed.ts'
import { loggedRetry } from './report/retry.ts'
import { writeThroughEnd } from './report/write-through-words.ts'
import { readRunContext } from './runner/run-context.ts'
import type { Reporter } from './run-stage.ts'
import { loadState, type SavedState } from './runner/saved-state.ts'
import { storeRunOf } from './store-inputs.ts'
import { takeOver } from './write-through/take-over.ts'

/** Decides per store whether the file Codex left is to be kept, writes it, and removes the plaintext where it may. */
export async function postStage(reporter: Reporter): Promise<void> {
  maskInputs(core.getInput, reporter.masks)
  const saved = loadState()
  if (saved === undefined) {
    core.info('Nothing was restored in this job, so there is nothing to write back.')
    return
  }
  const changed = undoChanges(process.env, saved.environment)
  if (needsFreshProcess(changed, process.env)) return runAfresh()
  const state = await endWriteThrough(saved)
  const context = readRunContext(process.env)
  const inputs = parsePostInputs(core.getInput, state, storeRunOf(context, state, reporter.masks, state))
  await reclaimLeftovers(state.codexHome)
  const { request, result, isStill, session } = await writeBackFile(reporter, inputs, state)
  reporter.publish(
    writeBackReport(result, {
      base: state.standing.base,
      codexHome: state.codexHome,
      now: systemClock.now() / 1000,
      isStill,
      isHosted: process.env['RUNNER_ENVIRONMENT'] === 'github-hosted',
      mainFailed: state.failedWith !== undefined,
      session,
      isPutBack: await isPutBack(state, result),
      cleanUp: await cleanUp({ inputs, state, file: request.file, result, isStill }),
    }),
  )
  if (result.rotated && result.verdict === 'safe') await withdrawReseed({ ...inputs, ...context })
  if (session.kind === 'needs-reseed') await announceReseed(session.error, { ...inputs, ...context }, reporter.masks)
}

async function endWriteThrough(saved: SavedState): Promise<SavedState> {
  const taken = await takeOver(saved)
  if (taken === undefined) return saved
  core.info(writeThroughEnd(taken))
  return taken.state
}

interface WrittenBack extends Round {
  readonly isStill: boolean
  readonly session: SessionVerdict
}

/** Writes what is there at once, because post may be killed; only then waits until nobody changes it any more, and looks again. */
async function writeBackFile(reporter: Reporter, inputs: PostInputs, state: SavedState): Promise<WrittenBack> {
  const stores = await openStores(inputs.stores, state)
  const observe = async (): Promise<ObservedFile> => {
    const file = await observeAuthFile(state.codexHome, systemClock)
    reporter.masks.add(secretsOf(file))
    return file
  }
  let isStill: boolean | undefined
  try {
    const round = await writeBackLatest({
      stores,
      standing: state.standing,
      clock: systemClock,
      file: await observe(),
      observe: async () => {
        isStill ??= await untilStill(inputs, state)
        return observe()
      },
      retry: loggedRetry(inputs.retryFor, reporter.masks),
    })
    return { ...round, isStill: isStill === true, session: await sessionOf(round, stores, state) }
  } finally {
    await closeStores(stores)
  }
}

/** What Codex's own record says, where nobody else knows how the login is: main has ended well, and Codex has not refreshed it. */
async function sessionOf(
  { result }: Round,
  stores: readonly Store[],
  { codexHome, standing, failedWith, began }: SavedState,
): Promise<SessionVerdict> {
  if (failedWith !== undefined || began === undefined || result.rotated || result.verdict === 'lost') return { kind: 'unknown' }
  const [{ lastSession }, { judgeSession }] = await Promise.all([
    import('../codex/session-records.ts'),
    import('../keeper/refused-session.ts'),
  ])
  const session = await lastSession(codexHome, began, systemClock.now())
  return judgeSession({ session, stores, standing, clock: systemClock })
}

function untilStill({ jobStatus }: PostInputs, { codexHome, ownChange, codexProcess }: SavedState): Promise<boolean> {
  return waitUntilStill({
    codexHome,
    cancelled: jobStatus === 'cancelled',
    ownChange,
    started: codexProcess,
    trackingId: process.env['RUNNER_TRACKING_ID'],
    clock: systemClock,
    codexProcesses: findCodexProcesses,
  })
}

function secretsOf(file: ObservedFile): string[] {
  switch (file.kind) {
    case 'missing':
      return []
    case 'damaged':
      return secretValues(Buffer.from(file.bytes).toString('utf8'))
    case 'managed':
    case 'unmanaged':
      return secretValues(Buffer.from(file.credential.bytes).toString('utf8'))
  }
}
