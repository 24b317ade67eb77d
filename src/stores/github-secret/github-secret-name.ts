/** The secret that a `github-secret:` line names. */
export interface SecretName {
  /** In upper case, as GitHub keeps it. */
  readonly secret: string
  /** undefined: a secret of the repository. */
  readonly environment: string | undefined
  /** The Actions variable beside it that holds the fingerprint of what was stored last. */
  readonly variable: string
}

export type SecretAddress = { readonly kind: 'name'; readonly name: SecretName } | { readonly kind: 'problem'; readonly problem: string }

/** Leaves room for the suffixes; GitHub does not document its own limit. */
const longestName = 200
const longestEnvironment = 255

/**
 * Reads what follows `github-secret:`, `NAME` or `NAME?environment=prod` (percent-encoded where a sign would be in the way).
 * Rules of names: GitHub's "Secrets reference" and its REST documentation of environments.
 */
export function parseSecretAddress(address: string): SecretAddress {
  const [, secret = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(address.trim()) ?? []
  if (secret === '') return problem('a name is missing; the form is github-secret: NAME?environment=ENVIRONMENT.')
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(secret)) {
    return problem(`"${secret}" cannot be the name of a secret: use letters, digits and "_", and begin with no digit.`)
  }
  if (/^GITHUB_/i.test(secret)) return problem(`"${secret}" cannot be the name of a secret: names that begin with GITHUB_ are reserved.`)
  if (secret.length > longestName) return problem(`the name of the secret is longer than ${longestName} characters.`)
  const environment = query === undefined ? undefined : environmentOf(query)
  if (environment === '') return problem(`"?${query ?? ''}" must be ?environment=NAME, with at most ${longestEnvironment} characters.`)
  const name = secret.toUpperCase()
  return { kind: 'name', name: { secret: name, environment, variable: `${name}_FINGERPRINT` } }
}

/** '' when the query is not what it must be. */
function environmentOf(query: string): string {
  const [, encoded = ''] = /^environment=([^&]*)$/.exec(query) ?? []
  try {
    const environment = decodeURIComponent(encoded).trim()
    return environment.length > longestEnvironment ? '' : environment
  } catch {
    return ''
  }
}

function problem(text: string): SecretAddress {
  return { kind: 'problem', problem: text }
}
