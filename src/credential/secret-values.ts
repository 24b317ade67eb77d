/** Fields of an `auth.json` that are not secret: masking them would only black out the job's log. */
const harmless = new Set(['auth_mode', 'last_refresh', 'account_id', 'token_type'])
/** Shorter strings are not secrets and would be masked inside ordinary words. */
const shortest = 8

/**
 * Every string of a document that must be masked before anything is printed: each secret value on its own, and each part
 * of those that are JWTs; never the document as a whole, whose lines would mask every brace of the log.
 * @param text an `auth.json`, whole or damaged
 */
export function secretValues(text: string): string[] {
  let found: string[]
  try {
    found = stringsIn(JSON.parse(text))
  } catch {
    found = text.match(/[A-Za-z0-9_\-.~+/=]{20,}/g) ?? []
  }
  const values = found.flatMap((value) => [value, ...value.split('.')]).filter((value) => value.length >= shortest)
  return [...new Set(values)]
}

function stringsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return harmless.has(key) || value.includes('\n') ? linesOf(value, key) : [value]
  if (Array.isArray(value)) return value.flatMap((item) => stringsIn(item, key))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => stringsIn(item, name))
  }
  return []
}

function linesOf(value: string, key: string): string[] {
  return harmless.has(key) ? [] : value.split('\n').map((line) => line.trim())
}

/** Every secret as it is, percent-encoded and in base64, longest first; made once where many texts are cleaned. */
export function secretForms(secrets: Iterable<string>): string[] {
  return [...secrets]
    .flatMap(encodedForms)
    .filter((form) => form.length >= shortest)
    .sort((a, b) => b.length - a.length)
}

/** The text with each of these forms replaced by `***`. */
export function withoutForms(text: string, forms: readonly string[]): string {
  return forms.reduce((clean, form) => clean.replaceAll(form, '***'), text)
}

/** The value as it is, percent-encoded, and as base64 and base64url at each of the three alignments. */
function encodedForms(value: string): string[] {
  const base64 = [0, 1, 2].map((pad) => {
    const bytes = Buffer.from('\0'.repeat(pad) + value)
    const text = bytes.toString('base64').replace(/=+$/, '')
    // The first and last characters mix with the neighbours of the value.
    return text.slice(pad === 0 ? 0 : pad + 1, bytes.length % 3 === 0 ? text.length : -1)
  })
  // A lone surrogate, which JSON can hold, cannot be percent-encoded.
  const wellFormed = value.toWellFormed()
  return [
    ...new Set([value, encodeURIComponent(wellFormed), ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]),
  ]
}
