import type { ManagedCredential } from '../credential/auth-json.ts'
import type { Fingerprint } from '../credential/fingerprint.ts'
import type { CopyState } from '../credential/write-back-decision.ts'

/** How the login of a job stands, from restore to the last write-back: fingerprints alone, fit to be saved. */
export interface Standing {
  /** What restore installed, or what was written since. */
  readonly base: Fingerprint
  readonly seed?: Fingerprint
  /** By the name of the store. */
  readonly lastSeen: Readonly<Record<string, LastSeen>>
  /** What Codex is known to have written in the middle of the job: a copy that is one of these is this job's own. */
  readonly ours?: readonly Fingerprint[]
}

/**
 * What one store held when it was last seen, and the base to judge it by. After an early write-back the base moves on only
 * for the stores that hold the new file: for one that holds a reseed instead, a later write from a newer base would
 * overwrite that reseed.
 */
export interface LastSeen {
  readonly base: Fingerprint
  readonly copy: CopyState
}

/** The credential that is in `CODEX_HOME`, and how its login stands. */
export interface CurrentLogin {
  readonly credential: ManagedCredential
  readonly standing: Standing
}
