import { piecesOf, type Line, type Piece } from './line.ts'

/** Rows of cells as lines with their columns aligned; no line ends with blanks. */
export function tableLines(rows: readonly (readonly Line[])[]): Piece[][] {
  const cells = rows.map((row) => row.map(piecesOf))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? []))))
  return cells.map((row) => {
    const last = row.findLastIndex((cell) => widthOf(cell) > 0)
    return row
      .slice(0, last + 1)
      .flatMap((cell, column) => (column === last ? cell : [...cell, gap((widths[column] ?? 0) - widthOf(cell) + 2)]))
  })
}

function gap(width: number): Piece {
  return { text: ' '.repeat(width), look: 'plain' }
}

function widthOf(cell: readonly Piece[]): number {
  return cell.reduce((width, { text }) => width + text.length, 0)
}
