const encoders: readonly ((value: string) => string)[] = [
  (value) => base64From(value, 0),
  (value) => base64From(value, 1),
  (value) => base64From(value, 2),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  (value) => value.replace(/[<>"'&]/g, (sign) => xmlNames[sign] ?? sign),
  (value) => (value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : ''),
]
const xmlNames: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
}

/** The runner's secret masker: from the moment a value is added, it and its usual encodings read `***`. */
export interface Masks {
  /** Adds the whole value and each of its trimmed, non-empty lines; there is no minimum length. */
  add(value: string): void
  apply(text: string): string
  /** Everything that was added, as it was given. */
  readonly added: readonly string[]
}

export function createMasks(): Masks {
  const needles = new Set<string>()
  const added: string[] = []
  const addOne = (value: string): void => {
    for (const needle of [value, ...encoders.map((encode) => encode(value))]) if (needle !== '') needles.add(needle)
  }
  return {
    added,
    add: (value) => {
      if (value.trim() === '') return
      added.push(value)
      addOne(value)
      for (const line of value.split(/\r?\n/).map((part) => part.trim())) if (line !== '') addOne(line)
    },
    apply: (text) => replaced(text, needles),
  }
}

function replaced(text: string, needles: ReadonlySet<string>): string {
  const hits: [start: number, end: number][] = []
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) hits.push([at, at + needle.length])
  }
  hits.sort((a, b) => a[0] - b[0])
  let out = ''
  let done = 0
  for (const [start, end] of hits) {
    if (end <= done) continue
    if (start > done || done === 0) out += `${text.slice(done, start)}***`
    done = end
  }
  return out + text.slice(done)
}

function base64From(value: string, shift: number): string {
  const bytes = Buffer.from(value)
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64')
}
