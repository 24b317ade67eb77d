import { join } from 'node:path'
import { secretValues } from '../credential/secret-values.ts'
import { codexCli, type CodexCli } from '../codex/codex-cli.ts'
import { codexEnvironment } from '../codex/codex-environment.ts'
import { systemClock } from '../clock.ts'
import type { KeeperJob } from '../keeper/job.ts'
import type { LoginRequest } from '../keeper/rotation.ts'
import { findTool } from '../process/tools.ts'
import { remembering, type RememberingStore } from '../stores/known-copy.ts'
import { openStores } from '../stores/open-stores.ts'
import { keyDigest } from '../stores/sealed/first-key.ts'
import type { Inputs } from './inputs.ts'
import type { RepositoryFacts } from './repository-facts.ts'
import { loggedRetry } from './report/retry.ts'
import type { Reporter } from './run-stage.ts'
import { savedJobState, type SavedJobState } from './runner/job-state.ts'
import type { RunContext } from './runner/run-context.ts'
import type { SavedState } from './runner/saved-state.ts'

/** What the restoring stage has at hand before it touches a credential. */
export interface Job {
  readonly reporter: Reporter
  readonly inputs: Inputs
  readonly context: RunContext
  readonly keeper: KeeperJob & Pick<LoginRequest, 'retry'> & { readonly stores: readonly RememberingStore[]; readonly state: SavedJobState }
  readonly defaultBranch: string | undefined
  /** undefined when there is none in PATH. */
  readonly codex: CodexCli | undefined
}

/**
 * Opens the stores and finds Codex; the caller closes the stores.
 * @throws KeeperError when a store cannot be used in this run at all
 */
export async function prepareJob(
  reporter: Reporter,
  inputs: Inputs,
  context: RunContext,
  { tools, environment, defaultBranch }: Pick<SavedState, 'tools' | 'environment'> & RepositoryFacts,
): Promise<Job> {
  const codexHome = inputs.codexHome ?? (process.env['CODEX_HOME'] || join(context.home, '.codex'))
  const sealingKey = inputs.stores.flatMap((store) => ('sealing' in store ? (store.sealing.keys ?? []) : []))[0]
  const fixed = {
    codexHome,
    tools,
    environment,
    slot: inputs.slot,
    began: systemClock.now(),
    retryFor: inputs.retryFor,
    stores: inputs.stores.map(({ name }) => name).join('\n'),
    ...(sealingKey && { sealedFor: keyDigest(sealingKey) }),
    ...(defaultBranch !== undefined && { defaultBranch }),
  }
  const program = findTool('codex', context.path)
  const stores = (await openStores(inputs.stores, { defaultBranch })).map(remembering)
  return {
    reporter,
    inputs,
    context,
    defaultBranch,
    keeper: {
      codexHome,
      stores,
      clock: systemClock,
      retry: loggedRetry(inputs.retryFor, reporter.masks),
      onCredential: ({ bytes }) => {
        reporter.masks.add(secretValues(Buffer.from(bytes).toString('utf8')))
      },
      state: savedJobState(fixed, stores),
    },
    codex:
      program === undefined ? undefined : codexCli({ program, env: codexEnvironment(process.env, codexHome), cwd: context.tempDirectory }),
  }
}
