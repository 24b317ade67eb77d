import { mn as KeeperError } from "./shared.js";
import { t as stderrTail } from "./stderr-tail.js";
// src/stores/script-protocol.ts
/** Exit codes of the protocol: those of sysexits.h where it has one that fits. */
const exit = {
	done: 0,
	badArguments: 64,
	wrongHash: 65,
	damaged: 70,
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
		case exit.done:
			if (result.cut) throw notADocument(who, "printed more than 1 MiB");
			return readingOfOutput(result.stdout, who);
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
/**
* Understands how a proof of write access ended: only a clear yes and a clear no count.
* @throws KeeperError store-unauthorized
*/
function provingOf(result, who) {
	if (result.kind === "timed-out") return {
		kind: "unprovable",
		why: `${who} did not end in time.`
	};
	switch (result.exitCode) {
		case exit.done: return { kind: "proved" };
		case exit.denied: throw denied(endedWith(result, who));
		default: return {
			kind: "unprovable",
			why: endedWith(result, who).replace(/[^.!?]$/, "$&.")
		};
	}
}
/** The failures that mean the same for a read and a write: nothing was changed. */
function knownFailure(result, who) {
	const message = endedWith(result, who);
	switch (result.exitCode) {
		case exit.badArguments: return new KeeperError("store-refused", message, "It did not accept its arguments; see its own message.");
		case exit.wrongHash: return new KeeperError("store-unreachable", message, "The document was damaged on the way; nothing was stored.");
		case exit.damaged: return new KeeperError("store-damaged", message, "Empty the slot by hand as docs/stores.md says, or name another one, then reseed.");
		case exit.cannotWrite: return new KeeperError("store-refused", message, "It cannot create the file; nothing was stored. See its own message.");
		case exit.busy: return new KeeperError("store-unreachable", message, "It is busy; try again later.");
		case exit.denied: return denied(message);
		default: return;
	}
}
function denied(message) {
	return new KeeperError("store-unauthorized", message, "Give this run the right to it; see its own message.");
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
	if (!first || version === void 0 || first.rest.length === 0) throw notADocument(who, "printed neither a document nor a version line and a document");
	return {
		kind: "versioned",
		version,
		bytes: Uint8Array.from(first.rest)
	};
}
function notADocument(who, what) {
	return new KeeperError("store-damaged", `${who} ${what}.`, "It must print nothing else on stdout: the document alone, starting with {, or one line with its version before it.");
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
/** The first line without its end, and the bytes after it; undefined where no line ends. */
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
export { writingOf as a, readingOf as i, printedVersion as n, provingOf as r, firstLine as t };
