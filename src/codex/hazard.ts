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
}
