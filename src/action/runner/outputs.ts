import * as core from './runner-commands.ts'
import * as z from 'zod/mini'
import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accountHash } from '../../credential/fingerprint.ts'
import { authFileIn } from '../../codex/codex-home.ts'

/** The outputs of the action, by name; all of them may be read by everyone who sees the job. */
export type Outputs = Readonly<Record<string, string>>

export interface OutputFacts {
  readonly codexHome: string
  readonly source: string
  readonly credential: ManagedCredential
  readonly refreshed: boolean
  readonly stored: boolean
}

export function outputsOf({ codexHome, source, credential, refreshed, stored }: OutputFacts): Outputs {
  const { exp } = credential.issued
  return {
    'auth-file': authFileIn(codexHome),
    'codex-home': codexHome,
    source,
    account: accountHash(credential.fingerprint),
    plan: credential.plan ?? '',
    'last-refresh': credential.lastRefresh,
    'expires-at': exp === undefined ? '' : new Date(exp * 1000).toISOString(),
    refreshed: String(refreshed),
    stored: String(stored),
    'needs-reseed': 'false',
  }
}

/** Sets the outputs, and saves them: no step sees what pre sets, so main sets it again. */
export function setOutputs(outputs: Outputs): void {
  core.saveState(key, JSON.stringify(outputs))
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
}

/** Sets what an earlier stage has saved. */
export function repeatOutputs(): void {
  const saved = core.getState(key)
  if (saved !== '') setOutputs(z.record(z.string(), z.string()).parse(JSON.parse(saved)))
}

const key = 'outputs'
