/** How a secret can be written. */
export type LeakForm = 'raw' | 'json' | 'base64' | 'base64url' | 'uri' | 'hex'

export interface NeedleHit {
  readonly canary: number
  readonly form: LeakForm
  readonly at: number
}

export interface Needles {
  /** Every place of a text at which a piece of a canary begins, in any form. */
  hits(text: string): NeedleHit[]
}

/** Pieces of this many characters are looked for, one at every fourth character of a form. */
const window = 16
const stride = 4

/**
 * Prepares the search for some secrets. A piece of a secret, or of an encoded one, is found when it is nineteen
 * characters long or longer; a secret that is shorter than that is found as a whole.
 */
export function needlesOf(canaries: readonly string[]): Needles {
  const pieces = new Map<string, NeedleHit>()
  const whole: (NeedleHit & { readonly text: string })[] = []
  canaries.forEach((canary, index) => {
    if (canary.length < 8) throw new Error(`Canary ${index} has fewer than eight characters: it is found by chance.`)
    for (const part of secretParts(canary)) {
      const earlier: string[] = []
      for (const [form, text] of formsOf(part)) {
        const found = { canary: index, form, at: 0 }
        if (text.length < window + stride - 1) whole.push({ ...found, text })
        for (const piece of piecesOf(text)) {
          if (!pieces.has(piece) && !earlier.some((other) => other.includes(piece))) pieces.set(piece, found)
        }
        earlier.push(text)
      }
    }
  })
  const marked = marksOf(pieces.keys())
  return {
    hits: (text) => {
      const hits: NeedleHit[] = []
      let hash = 0
      for (let end = 0; end < text.length; end += 1) {
        hash = rolled(hash, text, end)
        if (end < window - 1 || marked[slotOf(hash)] === 0) continue
        const at = end - window + 1
        const hit = pieces.get(text.slice(at, end + 1))
        if (hit) hits.push({ ...hit, at })
      }
      for (const { text: needle, ...hit } of whole) {
        const at = text.indexOf(needle)
        if (at >= 0) hits.push({ ...hit, at })
      }
      return hits
    },
  }
}

/** Where the hash of a piece falls: a place of a text that no piece is at costs no more than a look into this table. */
function marksOf(pieces: Iterable<string>): Uint8Array {
  const marked = new Uint8Array(1 << slotBits)
  for (const piece of pieces) {
    let hash = 0
    for (let end = 0; end < window; end += 1) hash = rolled(hash, piece, end)
    marked[slotOf(hash)] = 1
  }
  return marked
}

const slotBits = 20
/** By a name of this module: jest looks up each name of its global object anew, and that is what such a loop would be made of. */
const { imul } = Math
const base = 0x01000193
const baseToWindow = Array.from({ length: window }).reduce<number>((power) => imul(power, base), 1)

/** The hash of the window that ends here (Rabin and Karp), from the hash of the window one character before. */
function rolled(hash: number, text: string, end: number): number {
  const left = end < window ? 0 : imul(text.charCodeAt(end - window), baseToWindow)
  return (imul(hash, base) + text.charCodeAt(end) - left) | 0
}

function slotOf(hash: number): number {
  return imul(hash, 0x9e3779b1) >>> (32 - slotBits)
}

/**
 * What of a secret is secret. A JWT's header is the same in every token: what counts is the rest, and each part of
 * twelve or more; of a PEM text it is what stands between the first and the last line.
 */
function secretParts(canary: string): string[] {
  const body = canary.replace(/^-----.*-----$/gm, '').trim()
  if (body !== canary.trim()) return [body, body.replace(/\s+/g, '')]
  const parts = canary.split('.')
  if (parts.length !== 3 || !isJwtHeader(parts[0] ?? '')) return [canary]
  return [parts.slice(1).join('.'), ...parts.slice(1).filter((part) => part.length >= 12)]
}

function isJwtHeader(part: string): boolean {
  try {
    return 'alg' in (JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object)
  } catch {
    return false
  }
}

function formsOf(secret: string): [LeakForm, string][] {
  const json = JSON.stringify(secret).slice(1, -1)
  const uri = encodeURIComponent(secret)
  const hex = Buffer.from(secret).toString('hex')
  const forms: [LeakForm, string][] = [
    ['raw', secret],
    ['json', json],
    ['json', json.replaceAll('/', '\\/')],
    ['json', JSON.stringify(json).slice(1, -1)],
    ['uri', uri],
    ['uri', uri.replace(/%../g, (code) => code.toLowerCase())],
    ['uri', encodeURIComponent(uri)],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ...[0, 1, 2].flatMap((shift): [LeakForm, string][] => [
      ['base64', aligned(secret, shift, 'base64')],
      ['base64url', aligned(secret, shift, 'base64url')],
    ]),
  ]
  const seen = new Set<string>()
  return forms.filter(([, text]) => text.length >= 8 && !seen.has(text) && seen.add(text))
}

/** What every base64 text holds in which the secret starts `shift` bytes after a multiple of three. */
function aligned(secret: string, shift: number, encoding: 'base64' | 'base64url'): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
  const firstOwn = Math.ceil((shift * 8) / 6)
  return bytes.toString(encoding).slice(firstOwn, Math.floor((bytes.length * 8) / 6))
}

function piecesOf(text: string): string[] {
  if (text.length < window + stride - 1) return []
  return Array.from({ length: Math.floor((text.length - window) / stride) + 1 }, (_, index) =>
    text.slice(index * stride, index * stride + window),
  )
}
