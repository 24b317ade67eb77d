/**
 * What other people wrote (a server, a file, a name) as the job's log may have it. The runner takes `::name::` for a command
 * where a line begins with it, with or without blanks before it, and `##[name]` anywhere in a line; it compares by the rules of a human
 * language, which ignore characters that nobody sees.
 */

/** The text on one line, in which the runner finds no command. */
export function logLine(text: string): string {
  return harmless(text.replaceAll(/\s*[\r\n]+\s*/g, ' '))
}

/** The text with its line breaks, for the data of a command, which the runner shows line by line. */
export function logLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(harmless)
    .join('\n')
}

/** Control characters, and all that has no width or turns the direction of a line. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

function harmless(line: string): string {
  return line
    .replaceAll('\t', ' ')
    .replaceAll(unseen, '\ufffd')
    .replaceAll('##[', '## [')
    .replace(/^([^!-~]*:):/, '$1 :')
}
