import { isLoopbackHost } from '../loopback.ts'

/**
 * Whether Codex would refresh a login at OpenAI. Codex notes in `tokens.oauth_provenance` at which server a person has logged in, and
 * sends the refresh token to the `issuer` named there (measured on Codex 0.169.0), so whoever changes it gets the login.
 * @param provenance the field as the document has it; Codex before 0.169 writes none
 */
export function isRefreshedByOpenAI(provenance: unknown): boolean {
  const issuer = (provenance as { issuer?: unknown } | null | undefined)?.issuer
  if (issuer === undefined || issuer === null) return true
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) return false
  const { protocol, host, hostname, username, password } = new URL(issuer)
  if (username !== '' || password !== '') return false
  return (protocol === 'https:' && host === 'auth.openai.com') || isLoopbackHost(hostname)
}
