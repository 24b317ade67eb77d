import { AuthJsonError } from './auth-json.ts'

/**
 * The document in a secret as people paste it: raw or base64 (also URL-safe, also wrapped over lines), pretty or compact,
 * with a byte order mark, CRLF or blanks around it.
 * @param text the secret's value
 * @returns the bytes of the document, to be read with parseAuthJson
 * @throws AuthJsonError when it is neither JSON nor base64
 */
export function seedBytes(text: string): Uint8Array {
  const trimmed = stripped(text)
  if (trimmed === '') throw new AuthJsonError('the seed', 'is empty')
  if (trimmed.startsWith('{')) return new TextEncoder().encode(trimmed)
  const base64 = trimmed.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]+$/.test(base64)) throw new AuthJsonError('the seed', 'is neither JSON nor base64')
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    return new TextEncoder().encode(stripped(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    throw new AuthJsonError('the seed', 'is base64 that does not decode to text')
  }
}

function stripped(text: string): string {
  return text.replace(/^[\uFEFF\s]+/, '').trimEnd()
}
