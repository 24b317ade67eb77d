/** Where Codex keeps the login of a host's user, if nothing there says otherwise. */
export const codexFileOnHost = '/~/.codex/auth.json'

/** What follows `ssh:`, with the file that Codex reads on the host where none is named. */
export function withCodexFile(address: string): string {
  const text = address.trim()
  return text.includes('/') ? text : `${text}${codexFileOnHost}`
}

/** The line of a store; a host of which no file is named stands for the one that Codex reads there. */
export function storeLineOf(line: string): string {
  const [, address] = /^ssh:\s*([^\s/]+)$/.exec(line.trim()) ?? []
  return address === undefined ? line : `ssh: ${withCodexFile(address)}`
}
