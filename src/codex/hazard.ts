/**
 * Something in the job's surroundings that would make Codex ignore, delete or give away the login.
 * - refuse: the run must not go on
 * - warn: the user should change it
 * - note: worth a line in the log
 */
export interface Hazard {
  readonly severity: 'refuse' | 'warn' | 'note'
  readonly message: string
  readonly remedy: string
  /** The setting of a file that is the hazard, where it is one that can simply be corrected. */
  readonly setting?: { readonly path: string; readonly name: 'cli_auth_credentials_store' }
}
