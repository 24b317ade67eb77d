import { installAuthFile, observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { decideWriteBack, type CopyState, type WriteBackDecision } from '../credential/write-back-decision.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Clock } from '../clock.ts'
import type { StoreOutcome } from './write-back.ts'

/** What became of one place that is to hold the newest login. */
export type SyncOutcome =
  | StoreOutcome
  /** A dry run: it is behind, and would be written. */
  | { readonly kind: 'behind' }

export interface ToMachine {
  readonly codexHome: string
  readonly clock: Clock
  readonly dryRun: boolean
  readonly credential: ManagedCredential
  /** What was there when the login was chosen. */
  readonly seen: ObservedFile
}

/** Puts a login into `CODEX_HOME` by the same decision as into a store; the file is looked at once more just before. */
export async function bringToMachine({ codexHome, clock, dryRun, credential, seen }: ToMachine): Promise<SyncOutcome> {
  const { fingerprint: base } = credential
  const decided = (file: ObservedFile): WriteBackDecision | undefined => {
    const copy = machineState(file)
    return copy === undefined ? undefined : decideWriteBack({ seed: undefined, base, file: base, copy })
  }
  const first = decided(seen)
  if (first === undefined) return leftAlone(seen)
  if (first.kind !== 'write' || dryRun) return withoutWriting(first)
  try {
    const now = await observeAuthFile(codexHome, clock)
    const decision = decided(now)
    if (decision === undefined) return leftAlone(now)
    if (decision.kind !== 'write') return withoutWriting(decision)
    await installAuthFile(codexHome, credential.bytes)
    return { kind: 'written' }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

/** What the file is to the decision, as if it were a copy; undefined for one that nobody may replace. */
export function machineState(file: ObservedFile): CopyState | undefined {
  if (file.kind === 'managed') return file.credential.fingerprint
  return file.kind === 'missing' ? 'none' : undefined
}

function leftAlone(file: ObservedFile): SyncOutcome {
  const what = file.kind === 'unmanaged' ? unmanagedReasons[file.credential.why] : 'is damaged'
  return {
    kind: 'failed',
    error: new KeeperError(
      'unusable-credential',
      `auth.json on this machine ${what}, so it was left as it is.`,
      'Move that file away, or name another folder with --codex-home.',
    ),
  }
}

/** The outcome of a decision after which nothing is written. */
export function withoutWriting(decision: WriteBackDecision): SyncOutcome {
  switch (decision.kind) {
    case 'write':
      return { kind: 'behind' }
    case 'keep':
      return { kind: 'kept', reason: decision.reason }
    case 'copy-unreadable':
      return { kind: 'failed', error: undefined }
  }
}
