import { decoded, parseAddressOptions, parseServer } from '../address-options.ts'

/** Where the login lies in a Vault or OpenBao, and who asks for it. */
export interface VaultAddress {
  /** Its origin; undefined: VAULT_ADDR says it, and VAULT_NAMESPACE the namespace. */
  readonly server: string | undefined
  /** Of the KV v2 secrets engine; may hold slashes. */
  readonly mount: string
  /** Of the secret below the mount, without the `data/` of the API. */
  readonly path: string
  readonly namespace: string | undefined
  /** The role to log in as with the job's id token; undefined: VAULT_TOKEN. */
  readonly role: string | undefined
  /** The mount of the JWT auth method. */
  readonly auth: string
  readonly audience: string | undefined
}

export type ParsedVaultAddress =
  { readonly kind: 'address'; readonly address: VaultAddress } | { readonly kind: 'problems'; readonly problems: readonly string[] }

const names = ['role', 'auth', 'audience', 'namespace'] as const

/**
 * Reads what stands after `vault:` in a store line.
 * @param text `https://host/mount/path`, or `mount/path` where VAULT_ADDR names the server; after a `?` role, auth, audience and
 *   namespace. The first part is the mount; `%2F` stands for a slash in its name.
 * @returns the address, or a sentence for each problem; the sentences never repeat what may be a secret
 */
export function parseVaultAddress(text: string): ParsedVaultAddress {
  const [place = '', query] = text.trim().split(/\?(.*)/s)
  const { options, problems } = parseAddressOptions(query, names)
  const [, scheme, rest = ''] = /^([a-z]+:\/\/[^/]*)?(.*)$/s.exec(place) ?? []
  const server = scheme === undefined ? undefined : parseServer(scheme)
  if (typeof server === 'string') problems.push(server)
  const [mount = '', ...path] = rest.replace(/^\/|\/$/g, '').split('/')
  problems.push(...placeProblems(mount, path))
  for (const name of ['auth', 'namespace'] as const) {
    if (!areNames((options[name] ?? 'unset').replace(/^\/|\/$/g, '')))
      problems.push(`${name}= must be a name, or names with / between them.`)
  }
  if (options.role !== undefined && !/^[\w.@:-]+$/.test(options.role)) problems.push('role= must be the name of a role.')
  if (options.role === undefined && (options.auth !== undefined || options.audience !== undefined)) {
    problems.push('auth= and audience= are for the login with role=.')
  }
  if (server === undefined && options.namespace !== undefined) {
    problems.push('namespace= goes with an address in the line; without one, VAULT_ADDR and VAULT_NAMESPACE count.')
  }
  if (problems.length > 0 || typeof server === 'string') return { kind: 'problems', problems }
  return {
    kind: 'address',
    address: {
      server: server?.origin,
      mount: decoded(mount) ?? mount,
      path: path.map((part) => decoded(part) ?? part).join('/'),
      namespace: options.namespace?.replace(/^\/|\/$/g, ''),
      role: options.role,
      auth: options.auth?.replace(/^\/|\/$/g, '') ?? 'jwt',
      audience: options.audience,
    },
  }
}

function placeProblems(mount: string, path: readonly string[]): string[] {
  if (mount === 'v1' || mount === 'ui') {
    return [`Write mount/path as "kv get" takes them, without the /${mount}/ of the server's own addresses.`]
  }
  if (mount === '' || path.length === 0) return ['It must look like https://vault.example.com/mount/path.']
  if (path[0] === 'data') return ['Write mount/path as "kv get" takes them: the data/ of the API is added.']
  if (areNames(decoded(mount) ?? '') && path.every((part) => isName(decoded(part) ?? ''))) return []
  return ['Mount and path may hold letters, digits and . _ - @ + = : alone, and no part may be empty or begin with a dot.']
}

/** One or more names with a slash between them. */
export function areNames(text: string): boolean {
  return text.split('/').every(isName)
}

function isName(text: string): boolean {
  return /^[\w@+=:-][\w.@+=:-]*$/.test(text)
}
