/** How a piece of text is to look where there is colour. */
export type Look = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad'

/** A piece of text with a look; texts of other people are made harmless when they are printed. */
export interface Piece {
  readonly text: string
  readonly look: Look
}

/** One line, or one cell of a table: plain text, or pieces one after the other. */
export type Line = string | Piece | readonly (string | Piece)[]

const piece =
  (look: Look) =>
  (text: string): Piece => ({ text, look })

export const strong = piece('strong')
export const faint = piece('faint')
export const good = piece('good')
export const warning = piece('warning')
export const bad = piece('bad')

/** The pieces of a line. */
export function piecesOf(line: Line): readonly Piece[] {
  const parts: readonly (string | Piece)[] = typeof line === 'string' || 'text' in line ? [line] : line
  return parts.map((part) => (typeof part === 'string' ? { text: part, look: 'plain' } : part))
}
