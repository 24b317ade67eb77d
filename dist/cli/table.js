import { i as piecesOf } from "./line.js";
// src/cli/terminal/table.ts
/** Rows of cells as lines with their columns aligned; no line ends with blanks. */
function tableLines(rows) {
	const cells = rows.map((row) => row.map(piecesOf));
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? []))));
	return cells.map((row) => {
		const last = row.findLastIndex((cell) => widthOf(cell) > 0);
		return row.slice(0, last + 1).flatMap((cell, column) => column === last ? cell : [...cell, gap((widths[column] ?? 0) - widthOf(cell) + 2)]);
	});
}
function gap(width) {
	return {
		text: " ".repeat(width),
		look: "plain"
	};
}
function widthOf(cell) {
	return cell.reduce((width, { text }) => width + text.length, 0);
}
export { tableLines as t };
