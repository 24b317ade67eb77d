import { KeeperError } from '../keeper-error.ts'
import { wrongUsage } from './wrong-usage.ts'

/** Flags that would hold a secret, by the variable that it goes to. */
const flags: Readonly<Record<string, string>> = {
  'auth-json': 'CODEX_AUTH_SEED',
  seed: 'CODEX_AUTH_SEED',
  'refresh-token': 'CODEX_AUTH_SEED',
  'access-token': 'CODEX_AUTH_SEED',
  'encryption-key': 'CODEX_AUTH_KEY',
  key: 'CODEX_AUTH_KEY',
  'age-key': 'CODEX_AUTH_KEY',
  passphrase: 'CODEX_AUTH_KEY',
  'ssh-key': 'CODEX_AUTH_SSH_KEY',
  'private-key': 'CODEX_AUTH_SSH_KEY',
  token: 'CODEX_AUTH_TOKEN',
  password: 'CODEX_AUTH_TOKEN',
  'github-token': 'CODEX_AUTH_TOKEN',
  'gh-token': 'CODEX_AUTH_TOKEN',
  'secret-writer-token': 'CODEX_AUTH_TOKEN',
  'store-token': 'CODEX_AUTH_STORE_TOKEN',
}

/** How secrets begin, wherever in a word they stand, by the variable that they go to. */
const values: readonly (readonly [RegExp, string])[] = [
  [/\b(?:rt_|at_)[\w-]{8}/, 'CODEX_AUTH_SEED'],
  [/\beyJ[\w-]{10}/, 'CODEX_AUTH_SEED'],
  [/"(?:refresh_token|access_token|id_token)"/, 'CODEX_AUTH_SEED'],
  [/\bsk-[\w-]{12}/, 'no variable: the keeper handles ChatGPT logins, and no API key'],
  [/AGE-SECRET-KEY-/i, 'CODEX_AUTH_KEY'],
  [/\b(?:gh[a-z]_|github_pat_)\w{8}/, 'CODEX_AUTH_TOKEN'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, 'CODEX_AUTH_SSH_KEY'],
]

/**
 * Refuses secrets among the words of the command line, which every user of a machine can read while the program runs, and which the
 * shell writes down. What stands after `--` belongs to another program.
 * @throws KeeperError invalid-inputs; never with the value in it
 */
export function refuseSecrets(words: readonly string[]): void {
  const end = words.indexOf('--')
  for (const [index, word] of words.slice(0, end === -1 ? undefined : end).entries()) {
    const flag = /^--([a-z-]+)(?:=|$)/s.exec(word)?.[1] ?? ''
    if (Object.hasOwn(flags, flag)) throw refused(`--${flag}`, flags[flag] ?? '')
    const variable = values.find(([pattern]) => pattern.test(word))?.[1]
    if (variable !== undefined) throw refused(flag === '' ? `Word ${index + 1}` : `The value of --${flag}`, variable)
  }
}

function refused(what: string, variable: string): KeeperError {
  const problem = what.startsWith('--')
    ? `${what} is not an option: a secret is never given on the command line, where others can read it.`
    : `${what} looks like a secret, which is never given on the command line, where others can read it.`
  const way = variable.startsWith('CODEX') ? `Put it into the environment variable ${variable}` : `There is ${variable}`
  return wrongUsage(problem, `${way}. Treat what you have typed as known to others: your shell has kept it in its history.`)
}
