import * as z from 'zod/mini'
import { lostVariables, trustedEnvironment } from '../process/trusted-environment.ts'
import { parseSecretWriter } from '../stores/github-secret/github-secret-writer.ts'
import { parseSealingKeys } from '../stores/sealed/sealing-keys.ts'
import type { StoreInputs, StoreRun } from '../stores/store-line.ts'
import { line, rawInputs, text, type ReadInput } from './input-forms.ts'
import type { Masks } from './runner/masks.ts'
import type { RunContext } from './runner/run-context.ts'
import type { SavedState } from './runner/saved-state.ts'

const schema = z.object({
  'auth-json': text,
  'encryption-key': text,
  'github-token': line,
  'store-token': line,
  'secret-writer-token': line,
  'app-id': line,
  'app-private-key': text,
  'read-command': text,
  'write-command': text,
  'prove-command': text,
  'ssh-key': text,
  'ssh-known-hosts': text,
})

/** Reads the inputs that stores are made of; what is wrong with one of them is told by the store that needs it. */
export function readStoreInputs(read: ReadInput, slot: string): StoreInputs {
  const values = schema.parse(rawInputs(schema, read))
  const encryptionKey = values['encryption-key']
  return {
    slot,
    authJson: values['auth-json'],
    encryptionKey: encryptionKey === undefined ? undefined : parseSealingKeys(encryptionKey),
    githubToken: values['github-token'],
    storeToken: values['store-token'],
    secretWriter: parseSecretWriter({
      token: values['secret-writer-token'],
      appId: values['app-id'],
      privateKey: values['app-private-key'],
    }),
    readCommand: values['read-command'],
    writeCommand: values['write-command'],
    proveCommand: values['prove-command'],
    sshKey: values['ssh-key'],
    sshKnownHosts: values['ssh-known-hosts'],
  }
}

/**
 * What the stores need to know of this run, all of it as it was when the login was restored.
 * @param masks told the secrets that the stores get for themselves
 * @param left what the stage that restored has left; undefined in that stage itself
 */
export function storeRunOf(
  context: RunContext,
  { tools, environment }: Pick<SavedState, 'tools' | 'environment'>,
  masks: Masks,
  left?: Pick<SavedState, 'handovers' | 'sealedFor'>,
): StoreRun {
  const { tempDirectory, workspace, repository, ref, serverUrl, apiUrl, runUrl } = context
  return {
    home: environment.home ?? context.home,
    tempDirectory,
    workspace,
    tools,
    env: process.env,
    userEnv: trustedEnvironment(process.env, environment),
    lostVariables: lostVariables(process.env, environment),
    repository,
    ref,
    serverUrl,
    apiUrl,
    runUrl,
    hasNextStage: left === undefined,
    sealedFor: left?.sealedFor,
    handovers: left?.handovers ?? {},
    onSecret: (secret) => {
      masks.add([secret])
    },
  }
}
