import { piecesOf, type Line, type Piece } from './line.ts'

/** Rows of cells as lines with their columns aligned; the last column is not filled up. */
export function tableLines(rows: readonly (readonly Line[])[]): Piece[][] {
  const cells = rows.map((row) => row.map(piecesOf))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? []))))
  return cells.map((row) =>
    row.flatMap((cell, column) => {
      const gap = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell) + 2)
      return gap === '' ? [...cell] : [...cell, { text: gap, look: 'plain' as const }]
    }),
  )
}

function widthOf(cell: readonly Piece[]): number {
  return cell.reduce((width, { text }) => width + text.length, 0)
}
