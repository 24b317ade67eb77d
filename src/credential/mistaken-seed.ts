/** What people put into the secret of the seed in the place of an `auth.json`. */
export type MistakenSeed = 'api-key' | 'refresh-token' | 'access-token' | 'jwt' | 'path' | 'first-line'

/** Tells them by how they begin; undefined for what may be an `auth.json`, raw or in base64. */
export function mistakenSeed(text: string): MistakenSeed | undefined {
  const value = text.trim()
  if (/\s/.test(value)) return undefined
  if (value === '{') return 'first-line'
  if (/^sk-/.test(value)) return 'api-key'
  if (/^rt[_.-]/.test(value)) return 'refresh-token'
  if (/^at-/.test(value)) return 'access-token'
  // Base64 of a JSON object begins like this too, but has no dot.
  if (/^eyJ[\w-]*\.[\w-]*\./.test(value)) return 'jwt'
  return /(^|\/)auth\.json$/.test(value) ? 'path' : undefined
}
