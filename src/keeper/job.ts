import type { Clock, Stopwatch } from '../clock.ts'
import type { ManagedCredential } from '../credential/auth-json.ts'
import type { Store } from '../stores/store.ts'
import type { Standing } from './standing.ts'

/** The job that the keeper works in: where its login lives, and who is told of it. */
export interface KeeperJob {
  readonly codexHome: string
  readonly stores: readonly Store[]
  readonly clock: Clock & Stopwatch
  /** Told each credential before anything else happens to it, so that its secrets can be masked. */
  readonly onCredential: (credential: ManagedCredential) => void
  readonly state: JobState
}

/** Keeps what the end of the job must know, from the moment it is told: the process that tells it may die right after. */
export interface JobState {
  /** Takes over these parts and leaves the others as they are. Throws when they cannot be kept. */
  update(part: Partial<LoginState>): void
}

/** What the end of the job must know of its login; no secret. */
export interface LoginState {
  readonly standing: Standing
  /** False when the file was there before and is not ours to remove. */
  readonly installed: boolean
  /** Milliseconds since 1970 of the last change of the file that was our own. */
  readonly ownChange?: number | undefined
  /** A Codex process of ours that may be in the middle of an exchange. */
  readonly codexProcess?: number | undefined
  /** The directory in which post meets the process that writes through. */
  readonly writeThrough?: string | undefined
  /** The code of the error that the restoring stage ended with, after it had restored. */
  readonly failedWith?: string | undefined
}
