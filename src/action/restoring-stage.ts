import * as core from '@actions/core'
import { join } from 'node:path'
import { AuthJsonError, parseAuthJson, unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash, fingerprintOf, isSame, isSameAccount } from '../credential/fingerprint.ts'
import { originName } from '../credential/newest.ts'
import { secretValues } from '../credential/secret-values.ts'
import { seedBytes } from '../credential/seed.ts'
import { authFileChangedAt, authFileIn, observeAuthFile } from '../codex/codex-home.ts'
import { findHazards, type Hazard } from '../codex/hazards.ts'
import { KeeperError } from '../keeper-error.ts'
import { restore, type Restored } from '../keeper/restore.ts'
import { sha256 } from '../sha256.ts'
import { systemClock } from '../clock.ts'
import { openStores } from '../stores/open-stores.ts'
import { findTools } from '../stores/tools.ts'
import { parseInputs, type Inputs } from './inputs.ts'
import { maskInputs } from './input-secrets.ts'
import { restoreReport } from './report.ts'
import { readRunContext, type RunContext } from './run-context.ts'
import type { Stage } from './run-stage.ts'
import { loadState, reserveState, saveState, type SavedState } from './saved-state.ts'
import { judgeTrust } from './trust.ts'

/** Pre and main: the first of them restores, the second only looks whether all is still well. */
export async function restoringStage(stage: Stage): Promise<void> {
  maskInputs(core.getInput, stage.masks)
  const earlier = loadState()
  if (earlier !== undefined) return verify(earlier)
  reserveState()
  const inputs = parseInputs((name) => core.getInput(name, { trimWhitespace: false }))
  const context = await readRunContext(process.env)
  await requireTrust(inputs, context)

  const codexHome = inputs.codexHome ?? (process.env['CODEX_HOME'] || join(context.home, '.codex'))
  const tools = await findTools(context.path)
  const stores = await openStores(inputs.stores, { slot: inputs.slot, home: context.home, env: process.env })
  let hazards: Hazard[] = []
  const restored = await restore({
    stores, codexHome, clock: systemClock,
    seed: readSeed(inputs),
    expectedAccount: inputs.expectedAccount,
    refreshWindow: inputs.refreshWindow,
    onCredential: ({ bytes }) => { stage.masks.add(secretValues(Buffer.from(bytes).toString('utf8'))) },
    checkSurroundings: async (credential) => {
      hazards = await findHazards({
        codexHome, accountId: credential.account.id, workspace: context.workspace, env: process.env, jobTotal: inputs.jobTotal,
      })
      requireNoHazard(hazards)
    },
    beforeInstall: (found) => { saveState(stateOf(found, { codexHome, inputs, context, tools, ownChange: undefined })) },
  })
  const ownChange = await authFileChangedAt(codexHome)
  const state = stateOf(restored, { codexHome, inputs, context, tools, ownChange })
  saveState(state)
  if (inputs.codexHome !== undefined) core.exportVariable('CODEX_HOME', codexHome)
  setOutputs(state.outputs)
  await stage.publish(restoreReport(restored, hazards, authFileIn(codexHome), systemClock.now() / 1000))
}

/** The second of pre and main. */
async function verify(state: SavedState): Promise<void> {
  setOutputs(state.outputs)
  const file = await observeAuthFile(state.codexHome, systemClock)
  if (file.kind !== 'managed' || !isSameAccount(fingerprintOf(file.credential, sha256), state.base)) {
    throw new KeeperError('install-failed',
      `The auth.json that was restored at the start of the job is no longer there in ${state.codexHome} (${file.kind}).`,
      'Find the step before this one that removes or replaces it. The stored copy stays as it was.')
  }
  const same = isSame(fingerprintOf(file.credential, sha256), state.base)
  core.info(`Codex login was restored at the start of the job${same ? '' : ', and Codex has refreshed it since'}.`)
}

async function requireTrust(inputs: Inputs, context: RunContext): Promise<void> {
  const isPrivate = context.payload.repository?.private
  const trust = judgeTrust({
    eventName: context.eventName, payload: context.payload,
    isPublic: isPrivate === undefined ? undefined : !isPrivate,
    allowPublicRepository: inputs.allowPublicRepository, allowUntrustedEvent: inputs.allowUntrustedEvent,
  })
  if (trust.kind === 'refused') throw new KeeperError('untrusted-event', trust.message, trust.remedy)
}

function requireNoHazard(hazards: readonly Hazard[]): void {
  const refusals = hazards.filter(({ severity }) => severity === 'refuse')
  const [first] = refusals
  if (first === undefined) return
  throw new KeeperError('hazard', refusals.map(({ message }) => message).join('\n'), refusals.map(({ remedy }) => remedy).join('\n'))
}

/** The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed. */
function readSeed({ authJson, stores }: Inputs): ManagedCredential | undefined {
  if (authJson === undefined || stores.some(({ kind }) => kind === 'github-secret')) return undefined
  const remedy = 'Log in with "codex login --device-auth" in a separate CODEX_HOME and put that whole auth.json into the secret.'
  try {
    const seed = parseAuthJson(seedBytes(authJson))
    if (seed.kind === 'managed') return seed
    throw new KeeperError('unusable-credential', `The seed in auth-json ${unmanagedReasons[seed.why]}.`, remedy)
  } catch (error) {
    if (error instanceof AuthJsonError) {
      throw new KeeperError('unusable-credential', `The seed in auth-json cannot be used: ${error.message}.`, remedy)
    }
    throw error
  }
}

interface StateFacts {
  readonly codexHome: string
  readonly inputs: Inputs
  readonly context: RunContext
  readonly tools: Readonly<Record<string, string>>
  readonly ownChange: number | undefined
}

function stateOf(restored: Restored, { codexHome, inputs, context, tools, ownChange }: StateFacts): SavedState {
  return {
    codexHome, installed: restored.installed, base: restored.base,
    ...(ownChange !== undefined && { ownChange }),
    ...(restored.seed !== undefined && { seed: restored.seed }),
    copies: Object.fromEntries(restored.stores.map(({ name, copy }) => [name, copy])),
    stores: inputs.stores.map(({ line }) => line).join('\n'), slot: inputs.slot, tools,
    environment: { path: context.path, home: context.home, salt: '', digests: {} },
    outputs: outputsOf(restored, codexHome),
  }
}

function outputsOf({ base, credential, origin }: Restored, codexHome: string): Record<string, string> {
  return {
    'auth-file': authFileIn(codexHome),
    'codex-home': codexHome,
    source: originName(origin),
    account: accountHash(base),
    plan: credential.plan ?? '',
    'last-refresh': credential.lastRefresh,
    'expires-at': base.issued.exp === undefined ? '' : new Date(base.issued.exp * 1000).toISOString(),
    refreshed: 'false',
    stored: 'false',
    'needs-reseed': 'false',
  }
}

function setOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
}
