/** The variables that hold the keeper's secrets, and what each of them is. */
export const secretVariables = {
  CODEX_AUTH_SEED: 'an auth.json, as it is or in base64: the login to start from',
  CODEX_AUTH_KEY: 'the age key that seals the stores git, cache and s3',
  CODEX_AUTH_SSH_KEY: 'the private key for ssh stores and hosts (else the agent, else a key file of ~/.ssh)',
  CODEX_AUTH_KNOWN_HOSTS: 'the keys of those hosts, as in a known_hosts file (else ~/.ssh/known_hosts)',
  CODEX_AUTH_TOKEN: 'a GitHub token (else GH_TOKEN, GITHUB_TOKEN, or what "gh auth token" says)',
  CODEX_AUTH_STORE_TOKEN: 'the token of git stores on another server',
} as const

export type SecretVariable = keyof typeof secretVariables

export type Environment = Readonly<Record<string, string | undefined>>

/** What the program was started with. */
export interface CliEnvironment {
  /** The keeper's secrets, for nobody else; those that are empty are left out. */
  readonly secrets: Readonly<Partial<Record<SecretVariable, string>>>
  /** All other variables: what children may have. */
  readonly shared: Readonly<Record<string, string>>
}

/** Divides the variables of this process into the keeper's secrets and what others may know. */
export function divideEnvironment(env: Environment): CliEnvironment {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const isSecret = ([name, value]: readonly [string, string]): boolean => Object.hasOwn(secretVariables, name) && value.trim() !== ''
  return {
    secrets: Object.fromEntries(given.filter(isSecret)),
    // Whatever begins like them is ours as well, also misspelt.
    shared: Object.fromEntries(given.filter(([name]) => !name.startsWith('CODEX_AUTH_'))),
  }
}
