/** Prints the story, and counts which of its claims held. */
export interface Telling {
  heading(text: string): void
  /** A paragraph, wrapped. */
  say(text: string): void
  /** Lines of a job's own log, wrapped, beside the name of what printed them. */
  quote(speaker: string, lines: readonly string[]): void
  /** Columns; those of numbers are aligned to the right. */
  table(rows: readonly (readonly string[])[]): void
  /** Something the story claims, and whether it is so. */
  claim(text: string, holds: boolean): void
  /** How many claims did not hold. */
  failed(): number
  claims(): number
}

const width = 100
const indent = '   '

/** @param print takes one line without its end */
export function tellTo(print: (line: string) => void): Telling {
  let claims = 0
  let failed = 0
  return {
    heading: (text) => {
      print('')
      print(text)
    },
    say: (text) => {
      for (const line of wrapped(text, width - indent.length)) print(`${indent}${line}`)
    },
    quote: (speaker, lines) => {
      const text = lines.flatMap((line) => wrapped(line, width - 21).map((part, at) => (at === 0 ? part : `    ${part}`)))
      for (const [at, line] of text.entries()) print(`${indent}${(at === 0 ? speaker : '').padEnd(13)}| ${line}`)
    },
    table: (rows) => {
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
      for (const row of rows) {
        print(
          `${indent}${row.map((cell, column) => (/^\d+$/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('   ')}`.trimEnd(),
        )
      }
    },
    claim: (text, holds) => {
      claims += 1
      if (!holds) failed += 1
      const [first, ...others] = wrapped(text, width - 5)
      print(`${indent}${holds ? '✓' : '✗ NOT SO:'} ${first ?? ''}`)
      for (const line of others) print(`${indent}  ${line}`)
    },
    failed: () => failed,
    claims: () => claims,
  }
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
