// src/cli/terminal/line.ts
const piece = (look) => (text) => ({
	text,
	look
});
const strong = piece("strong");
const faint = piece("faint");
const good = piece("good");
const warning = piece("warning");
const bad = piece("bad");
/** The pieces of a line. */
function piecesOf(line) {
	return (typeof line === "string" || "text" in line ? [line] : line).map((part) => typeof part === "string" ? {
		text: part,
		look: "plain"
	} : part);
}
export { strong as a, piecesOf as i, faint as n, warning as o, good as r, bad as t };
