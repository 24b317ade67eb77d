/** Where the file of an `ssh:` store lies. */
export interface SshAddress {
  readonly user: string
  /** A host name or an IP address, without brackets. */
  readonly host: string
  readonly port: number
  /** Absolute on the host; `/~/` at its start stands for the user's home directory there. */
  readonly path: string
}

export type ParsedSshAddress =
  { readonly kind: 'address'; readonly address: SshAddress } | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Understands `user@host:port/path/auth.json`; the port may be missing, an IPv6 address stands in brackets. User, host
 * and path may hold only characters that neither ssh nor any shell takes for anything else.
 * @param text what follows `ssh:` in the `store` input
 */
export function parseSshAddress(text: string): ParsedSshAddress {
  const parts = /^(?<user>[^@/]*)@(?<host>\[[^\]/]*\]|[^:/[\]]*)(?::(?<port>[^/]*))?(?<path>\/.*)$/su.exec(text.trim())?.groups
  if (!parts) return { kind: 'problems', problems: ['It must look like user@host:port/path/auth.json.'] }
  const { user = '', host = '', port = '22', path = '' } = parts
  const problems = [
    ...(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(user) ? [] : ['The user name before @ must be letters, digits and . _ - alone.']),
    ...hostProblems(host),
    ...(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535 ? [] : ['The port must be a number from 1 to 65535.']),
    ...pathProblems(path),
  ]
  if (problems.length > 0) return { kind: 'problems', problems }
  return { kind: 'address', address: { user, host: host.replace(/^\[|\]$/g, ''), port: Number(port), path } }
}

function hostProblems(host: string): string[] {
  if (host.startsWith('[')) {
    return /^\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.-]+)?\]$/.test(host) ? [] : ['The brackets must hold an IPv6 address.']
  }
  return /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host) ? [] : ['The host must be a name or an IP address (IPv6 in brackets).']
}

function pathProblems(path: string): string[] {
  const problems: string[] = []
  if (!/^[A-Za-z0-9._/@%+=:,~-]*$/.test(path)) problems.push('The path may hold letters, digits and . _ / @ % + = : , ~ - alone.')
  if (/\/(\.{1,2})?$/.test(path)) problems.push('The path must end with the name of a file, such as auth.json.')
  if (path.split('/').includes('..')) problems.push('The path must not go up with "..".')
  return problems
}
