import type { StoreContext } from '../stores/open-stores.ts'
import { trustedEnvironment } from '../process/trusted-environment.ts'
import type { Inputs } from './inputs.ts'
import type { RunContext } from './runner/run-context.ts'
import type { SavedState } from './runner/saved-state.ts'

/** What the stores get: secrets from this stage's inputs, all else as it was when the login was restored. */
export function storeContext(
  stage: 'restore' | 'post',
  inputs: Inputs,
  context: RunContext,
  state: Pick<SavedState, 'slot' | 'tools' | 'environment' | 'defaultBranch'> & { readonly storeMemories?: SavedState['storeMemories'] },
): StoreContext {
  const { authJson, sealingKeys, githubToken, secretWriterToken, app, readCommand, writeCommand, sshKey, sshKnownHosts } = inputs
  const { repository, ref, serverUrl, apiUrl, runUrl, tempDirectory } = context
  return {
    slot: state.slot,
    tools: state.tools,
    defaultBranch: state.defaultBranch,
    home: state.environment.home ?? context.home,
    tempDirectory,
    env: process.env,
    userEnv: trustedEnvironment(process.env, state.environment),
    sealingKeys,
    githubToken,
    readCommand,
    writeCommand,
    sshKey,
    sshKnownHosts,
    repository,
    ref,
    serverUrl,
    apiUrl,
    runUrl,
    authJson,
    secretWriter: app
      ? { kind: 'app', appId: app.id, privateKey: app.privateKey }
      : secretWriterToken === undefined
        ? undefined
        : { kind: 'token', token: secretWriterToken },
    memories: state.storeMemories ?? {},
    hasNextStage: stage === 'restore',
  }
}
