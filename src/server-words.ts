/**
 * What a server said, fit for a sentence of ours: on one line, short, and without anything that looks like a token or starts a
 * workflow command.
 */
export function serverWords(text: string): string {
  const words = text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .replaceAll(tokenLike, '***')
    .replaceAll('##[', '## [')
    .trim()
  return words.length > longest ? '(a long text)' : words
}

const longest = 600

/** Forty characters as tokens and base64 have them; names of people's roles and branches are divided by : / and . */
const tokenLike = /[\w+=~-]{40,}/g
