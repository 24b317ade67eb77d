/** The first row of a table is its head. */
export type Row = readonly string[]

/** The lines of a table, columns as wide as need be; columns of figures to the right. */
export function tableLines(rows: readonly Row[]): string[] {
  const [head = [], ...body] = rows
  const columns = head.map((_, at) => rows.map((row) => row[at] ?? ''))
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)))
  const figures = columns.map((cells) => cells.slice(1).every((cell) => cell === '' || /^[\d.?-]+( \w+)?$/.test(cell)))
  const line = (row: Row): string =>
    row
      .map((cell, at) => {
        const width = widths[at] ?? 0
        return figures[at] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)]
}
