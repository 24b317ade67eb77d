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
  | 'needs-reseed'
  | 'codex-failed'
  | 'store-unreachable'
  | 'store-unauthorized'
  | 'store-refused'
  | 'store-damaged'
  | 'store-superseded'
  | 'store-unknown-outcome'
  | 'store-without-lease'
  | 'store-withdrawn'

/**
 * The one error class of the keeper. The message says what happened and why, in whole sentences (a full stop is added where
 * it ends without one), the remedy says the way out; neither may ever hold a secret.
 */
export class KeeperError extends Error {
  override readonly name = 'KeeperError'
  readonly code: KeeperErrorCode
  readonly remedy: string

  constructor(code: KeeperErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(/[.!?]$/.test(message) ? message : `${message}.`, options)
    this.code = code
    this.remedy = remedy
  }
}

/** What went wrong, as text for a person, from anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What went wrong and the way out, as one text. */
export function errorWords(error: unknown): string {
  return error instanceof KeeperError ? `${error.message} ${error.remedy}` : messageOf(error)
}

/** The code of a system error, such as `ENOENT`; undefined for anything else that can be thrown. */
export function systemCodeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
