/** Why the keeper stops or reports, as a closed list: callers decide by it, never by the text. */
export type KeeperErrorCode =
  | 'invalid-inputs'
  | 'unsupported-platform'
  | 'untrusted-event'
  | 'hazard'
  | 'unusable-credential'
  | 'no-credential'
  | 'two-accounts'
  | 'not-writable'
  | 'install-failed'
  | 'rotation-lost'
  | 'needs-reseed'
  | 'store-unreachable'
  | 'store-unauthorized'
  | 'store-refused'
  | 'store-damaged'
  | 'store-unknown-outcome'

/**
 * The one error class of the keeper. The message says what happened and why, the remedy says the way out; neither may
 * ever hold a secret.
 */
export class KeeperError extends Error {
  override readonly name = 'KeeperError'
  readonly code: KeeperErrorCode
  readonly remedy: string

  constructor(code: KeeperErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}

/** What went wrong, as text for a person, from anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
