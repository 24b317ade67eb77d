import { Bt as decideWriteBack, cn as installAuthFile, ln as observeAuthFile, mn as KeeperError, xn as unmanagedReasons } from "../shared.js";
// src/keeper/bring-to-machine.ts
/** Puts a login into `CODEX_HOME` by the same decision as into a store; the file is looked at once more just before. */
async function bringToMachine({ codexHome, clock, dryRun, credential, seen }) {
	const { fingerprint: base } = credential;
	const decided = (file) => {
		const copy = machineState(file);
		return copy === void 0 ? void 0 : decideWriteBack({
			seed: void 0,
			base,
			file: base,
			copy
		});
	};
	const first = decided(seen);
	if (first === void 0) return leftAlone(seen);
	if (first.kind !== "write" || dryRun) return withoutWriting(first);
	try {
		const now = await observeAuthFile(codexHome, clock);
		const decision = decided(now);
		if (decision === void 0) return leftAlone(now);
		if (decision.kind !== "write") return withoutWriting(decision);
		await installAuthFile(codexHome, credential.bytes);
		return { kind: "written" };
	} catch (error) {
		return {
			kind: "failed",
			error
		};
	}
}
/** What the file is to the decision, as if it were a copy; undefined for one that nobody may replace. */
function machineState(file) {
	if (file.kind === "managed") return file.credential.fingerprint;
	return file.kind === "missing" ? "none" : void 0;
}
function leftAlone(file) {
	const what = file.kind === "unmanaged" ? unmanagedReasons[file.credential.why] : "is damaged";
	return {
		kind: "failed",
		error: new KeeperError("unusable-credential", `auth.json on this machine ${what}, so it was left as it is.`, "Move that file away, or name another folder with --codex-home.")
	};
}
/** The outcome of a decision after which nothing is written. */
function withoutWriting(decision) {
	switch (decision.kind) {
		case "write": return { kind: "behind" };
		case "keep": return {
			kind: "kept",
			reason: decision.reason
		};
		case "copy-unreadable": return {
			kind: "failed",
			error: void 0
		};
	}
}
export { machineState as n, withoutWriting as r, bringToMachine as t };
