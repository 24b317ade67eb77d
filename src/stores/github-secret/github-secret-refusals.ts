import { KeeperError } from '../../keeper-error.ts'
import type { SecretName } from './github-secret-name.ts'

/** The secret exists and the job was not given its value. */
export function notGiven(words: string, { secret, environment }: SecretName): KeeperError {
  const job = environment === undefined ? '' : ` and "environment: ${environment}" to the job`
  return new KeeperError(
    'store-refused',
    `GitHub has ${words}, but auth-json is empty, so this job was not given its value.`,
    `Add "auth-json: \${{ secrets.${secret} }}" to this step${job}. If both are there, the secret was made after this run was queued: start a new run of the workflow.`,
  )
}

/** The job was given a document and the secret does not exist. */
export function elsewhere(words: string, { secret, environment }: SecretName): KeeperError {
  return new KeeperError(
    'store-refused',
    `GitHub does not have ${words}, yet auth-json holds a login: it comes from another secret, which the keeper would not keep up to date.`,
    environment === undefined
      ? `Put the login into the repository secret ${secret}, or name the secret that auth-json comes from.`
      : `Put the login into the secret ${secret} of the environment "${environment}": a secret of the same name elsewhere does not count.`,
  )
}

/** The value that this job was given must not be used: its refresh token was or will be spent by somebody else. */
export function spent(words: string, { secret, environment }: SecretName, why: 'spent' | 'replaced'): KeeperError {
  const cause = why === 'spent' ? 'since then the keeper has stored a login that was issued later' : 'it has been replaced since'
  const read =
    environment === undefined
      ? 'GitHub reads a repository secret when the run is queued'
      : 'GitHub reads an environment secret when the job starts'
  const keep =
    environment === undefined
      ? `keep the login in an environment secret (github-secret: ${secret}?environment=NAME), which is read when the job starts, and `
      : ''
  return new KeeperError(
    'store-refused',
    `This job was given an old value of ${words}: ${cause}. ${read}; using the old value could cost the whole login.`,
    `Start a new run of the workflow (not "Re-run jobs"). So that it does not happen again, ${keep}let jobs wait for each other with ` +
      'concurrency and "queue: max". If the secret was set by hand: log in again, an older login is not taken.',
  )
}

/** Somebody else has written the secret while this job ran. */
export function replaced(words: string): KeeperError {
  return new KeeperError(
    'store-superseded',
    `Somebody else has replaced ${words} while this job ran; what is there now stays.`,
    'If that was a reseed, all is well from the next run on. If it was another job, let jobs wait for each other with concurrency and "queue: max".',
  )
}

export function invalid(words: string): KeeperError {
  return new KeeperError(
    'store-refused',
    `GitHub refused the encrypted value for ${words} (422).`,
    'Check the name of the secret, and its size.',
  )
}
