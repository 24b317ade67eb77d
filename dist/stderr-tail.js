// src/process/stderr-tail.ts
/**
* The last lines of what a child said, on one line. A command that fails may print the very document that could not be
* read, of which no token is known by then, whole, cut, folded or in another encoding: what looks like a piece of one is left
* out, a line that is too long too. Lines are kept or left out whole: a cut could leave a part of a secret that masking,
* which looks for whole ones, does not find.
*/
function stderrTail(stderr) {
	const lines = stderr.slice(-examined).replace(terminalCodes, "").split("\n").map((line) => line.trim()).filter((line) => line !== "");
	if (lines.some(isDump)) return "(a dump of bytes, which may be a login)";
	return withoutSecretPieces(lines.join("\n")).split("\n").slice(-5).map(shownLine).join(" | ");
}
/**
* Other people's lines with `***` for every word that looks like a piece of a token. A word may go on over the end of its line, as
* in a folded text.
*/
function withoutSecretPieces(text) {
	return text.replace(words, (found) => {
		const pieces = found.split("\n");
		const from = pieces.findIndex((piece) => !isOrdinary(piece));
		const to = pieces.findLastIndex((piece) => !isOrdinary(piece)) + 1;
		const middle = pieces.slice(from, to);
		if (from === -1 || !looksSecret(middle.join("")) || isDigest(middle.join("\n"), text)) return found;
		return [
			...pieces.slice(0, from),
			"***",
			...pieces.slice(to)
		].join("\n");
	});
}
/** Characters of the end that are looked at; a word that begins before them still looks like what it is. */
const examined = 65536;
const terminalCodes = /\x1b\[[0-9;]*[A-Za-z]|[\x00-\x09\x0b-\x1f\x7f]/g;
function shownLine(line) {
	if (line.length > 300) return "(a long line)";
	if (/(id|access|refresh)_token|account_id/i.test(line)) return "(a line of a login)";
	return line;
}
/** Letters, digits and all that tokens, base64, percent-encoding and JSON put between them. */
const words = /[\w+=~/.%\\-]+(?:\n[\w+=~/.%\\-]+)*/g;
/** Words of prose, paths and addresses: in one case, with at most a number at the end; and the names of errors. */
const plainPart = /^(.{1,3}|\d{1,20}|([A-Z]{1,24}|[A-Z]?[a-z]{1,24})\d{0,3}|[A-Za-z]{1,40}(Exception|Error|Denied|Failure))$/;
function isOrdinary(piece) {
	return /^[A-Za-z]{4,24}$/.test(piece) && isPlain(piece);
}
function isPlain(part) {
	return part === "" || plainPart.test(part);
}
/** Sixteen characters that are not words: a shorter piece of a token is worth nothing. */
function looksSecret(word) {
	if (word.length < 16) return false;
	return word.split(/[^A-Za-z0-9]+/).filter((part) => !isPlain(part)).join("").length >= 8;
}
/** One SHA-256 alone tells nothing; hex of a text does, and so may a second one. */
function isDigest(found, text) {
	if (!/^[0-9a-f]{64}$/.test(found) || (text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)?.length ?? 0) > 1) return false;
	return Buffer.from(found, "hex").some((byte) => byte < 9 || byte > 126);
}
/** Bytes as od, xxd and hexdump print them: groups of digits, or letters one by one. */
function isDump(line) {
	return /(^|\s)([0-9a-f]{2,8}[\s:|]+){5}/i.test(`${line} `) && /\d/.test(line) ? true : /(^|\s)(\S{1,2}\s+){8}/.test(`${line} `);
}
export { withoutSecretPieces as n, stderrTail as t };
