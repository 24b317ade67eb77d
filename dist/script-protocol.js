import { X as KeeperError } from "./shared.js";
// src/stores/script-protocol.ts
/** Exit codes of the protocol: those of sysexits.h where it has one that fits. */
const exit = {
	done: 0,
	badArguments: 64,
	wrongHash: 65,
	cannotWrite: 73,
	empty: 74,
	busy: 75,
	conflict: 76,
	denied: 77
};
/**
* Understands how a read ended.
* @param who the command or the host, for messages
* @throws KeeperError store-unreachable, store-unauthorized, store-refused or store-damaged; it never quotes stdout
*/
function readingOf(result, who) {
	if (result.kind === "timed-out") throw new KeeperError("store-unreachable", `${who} did not end in time.`, "See why it hangs; it was not stopped.");
	switch (result.exitCode) {
		case exit.done: return readingOfOutput(result.stdout, who);
		case exit.empty: return { kind: "empty" };
		default: throw knownFailure(result, who) ?? new KeeperError("store-unreachable", endedWith(result, who), `Only exit code ${exit.empty}, or no output with exit code 0, means that nothing is stored yet.`);
	}
}
/**
* Understands how a write ended. Exit code 74, nothing is stored any more, is a conflict as well: what was read is gone.
* @throws KeeperError as readingOf, and store-unknown-outcome for every exit code that the protocol does not name
*/
function writingOf(result, who) {
	if (result.kind === "timed-out") throw new KeeperError("store-unknown-outcome", `${who} did not end in time.`, "See why it hangs; it was not stopped and may still write.");
	switch (result.exitCode) {
		case exit.done: return {
			kind: "written",
			printed: printedVersion(firstLine(result.stdout)?.line ?? result.stdout)
		};
		case exit.conflict:
		case exit.empty: return { kind: "conflict" };
		default: throw knownFailure(result, who) ?? new KeeperError("store-unknown-outcome", endedWith(result, who), `Only exit code 0 means stored, ${exit.conflict} somebody else was faster, ${exit.busy} busy, ${exit.denied} not allowed.`);
	}
}
/** The failures that mean the same for a read and a write: nothing was changed. */
function knownFailure(result, who) {
	const message = endedWith(result, who);
	switch (result.exitCode) {
		case exit.badArguments: return new KeeperError("store-refused", message, "It did not accept its arguments; see its own message.");
		case exit.wrongHash: return new KeeperError("store-unreachable", message, "The document was damaged on the way; nothing was stored.");
		case exit.cannotWrite: return new KeeperError("store-refused", message, "It cannot create the file; nothing was stored. See its own message.");
		case exit.busy: return new KeeperError("store-unreachable", message, "It is busy; try again later.");
		case exit.denied: return new KeeperError("store-unauthorized", message, "Give this run the right to it; see its own message.");
		default: return;
	}
}
function readingOfOutput(output, who) {
	const start = output.findIndex((byte) => !isBlank(byte));
	if (start === -1) return { kind: "empty" };
	if (output[start] === 123) return {
		kind: "plain",
		bytes: Uint8Array.from(output)
	};
	const first = firstLine(output);
	const version = first && printedVersion(first.line);
	if (!first || version === void 0 || first.rest.length === 0) throw new KeeperError("store-damaged", `${who} printed neither a document nor a version line and a document.`, "It must print nothing else on stdout: the document alone, starting with {, or one line with its version before it.");
	return {
		kind: "versioned",
		version,
		bytes: Uint8Array.from(first.rest)
	};
}
/** Blanks as JSON has them, and the bytes of a byte order mark. */
function isBlank(byte) {
	return [
		32,
		9,
		10,
		13,
		239,
		187,
		191
	].includes(byte);
}
function firstLine(output) {
	const end = output.indexOf(10);
	return end === -1 ? void 0 : {
		line: output.subarray(0, end),
		rest: output.subarray(end + 1)
	};
}
/** A version is short, so that a document in a form we do not expect is never taken for one. */
function printedVersion(line) {
	const text = line.toString("latin1").trim();
	return /^[\x21-\x7a|\x7e][\x20-\x7e]{0,127}$/.test(text) ? text : void 0;
}
function endedWith(result, who) {
	const tail = stderrTail(result.stderr);
	return `${who} ended with exit code ${result.exitCode}${tail === "" ? ", without a message." : `: ${tail}`}`;
}
const terminalCodes = /\x1b\[[0-9;]*[A-Za-z]|[\x00-\x09\x0b-\x1f\x7f]/g;
/**
* The last lines of what a child said, on one line. Lines are kept or left out whole: a cut could leave a part of a
* secret that masking, which looks for whole ones, does not find. A command that fails may print the very document that
* could not be read, of which no token is known by then: what looks like one is left out.
*/
function stderrTail(stderr) {
	return stderr.replace(terminalCodes, "").split("\n").filter((line) => line.trim() !== "").slice(-5).map(shownLine).join(" | ");
}
function shownLine(line) {
	if (line.length > 300) return "(a long line)";
	if (/(id|access|refresh)_token|account_id/i.test(line)) return "(a line of a login)";
	return line.trim().replace(tokenLike, (word) => /^[0-9a-f]+$/.test(word) ? word : "***");
}
/** Forty characters as tokens and base64 have them; a path begins with a slash, and a digest (hex) tells nothing. */
const tokenLike = /(?<![\w+=~/.-])[\w+=~-][\w+=~/.-]{39,}/g;
export { stderrTail as n, writingOf as r, readingOf as t };
