import type { Recipient, Stanza } from 'age-encryption'

/** The first word of the mark, in the header of an age file and in a line before the document. */
const owner = 'codex-auth-keeper'
const lineStart = Buffer.from(`# ${owner} `)
const lineEnd = '\n'.charCodeAt(0)

/**
 * A stanza that names the place in the header of an age file. It opens nothing, and every age program passes over stanzas it
 * does not know; the header is authenticated with the key of the file, so nobody changes it, takes it away or adds one
 * who cannot open the file.
 * @param place words without blanks in them, separated by one blank
 */
export function markingRecipient(age: { readonly Stanza: typeof Stanza }, place: string): Recipient {
  return { wrapFileKey: () => [new age.Stanza([owner, ...place.split(' ')], new Uint8Array())] }
}

/** The places that the header names; not to be believed before the file was opened. */
export function markedPlaces(stanzas: readonly Stanza[]): string[] {
  return stanzas.filter(({ args: [type] }) => type === owner).map(({ args: [, ...place] }) => place.join(' '))
}

/** The document behind a line that names the place: a file for a passphrase can have no other stanza. */
export function withPlaceLine(place: string, document: Uint8Array): Uint8Array {
  return Buffer.concat([lineStart, Buffer.from(`${place}\n`), document])
}

/** Takes the line off, where there is one. */
export function splitPlaceLine(opened: Uint8Array): { readonly places: readonly string[]; readonly document: Uint8Array } {
  const end = opened.indexOf(lineEnd)
  if (end < 0 || !lineStart.equals(opened.subarray(0, lineStart.length))) return { places: [], document: opened }
  return { places: [Buffer.from(opened.subarray(lineStart.length, end)).toString('utf8')], document: opened.subarray(end + 1) }
}
