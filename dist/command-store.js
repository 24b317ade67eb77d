import { et as KeeperError, tt as messageOf, zt as sha256 } from "./shared.js";
import { t as runChild } from "./child.js";
import { n as writingOf, t as readingOf } from "./script-protocol.js";
// src/stores/command/command-store.ts
/**
* The user's own two commands. The credential goes over stdin and stdout only, nothing is put into their text.
* Whether they compare and set is seen when a read prints a version; until then `guarantee` says last-writer-wins.
*/
function commandStore(options) {
	let seen;
	const read = async () => {
		const reading = readingOf(await run(options, "read-command", {}), "read-command");
		seen = reading.kind;
		switch (reading.kind) {
			case "empty": return;
			case "plain": return {
				bytes: reading.bytes,
				version: sha256(reading.bytes)
			};
			case "versioned": return {
				bytes: reading.bytes,
				version: reading.version
			};
		}
	};
	const write = async (bytes, ifVersion) => {
		const hash = sha256(bytes);
		const writing = writingOf(await run(options, "write-command", {
			CODEX_AUTH_IF_VERSION: ifVersion ?? "",
			CODEX_AUTH_SHA256: hash
		}, bytes), "write-command");
		if (writing.kind === "conflict") return writing;
		return {
			kind: "written",
			version: (seen === "plain" ? void 0 : writing.printed) ?? hash
		};
	};
	return {
		name: options.name,
		get guarantee() {
			return seen === "versioned" ? "compare-and-set" : "last-writer-wins";
		},
		proveWritable: () => Promise.resolve("unprovable"),
		read,
		write
	};
}
async function run(options, which, variables, stdin) {
	const { slot, bash, env, cwd, timeoutMs } = options;
	const command = which === "read-command" ? options.readCommand : options.writeCommand;
	try {
		return await runChild({
			tool: bash,
			args: [
				"--noprofile",
				"--norc",
				"-eo",
				"pipefail",
				"-c",
				command
			],
			env: {
				...env,
				CODEX_AUTH_SLOT: slot,
				...variables
			},
			cwd,
			...stdin && { stdin },
			...timeoutMs !== void 0 && { timeoutMs }
		});
	} catch (error) {
		throw new KeeperError("store-refused", `${which} could not be started with ${bash} in ${cwd}: ${messageOf(error)}`, "See that bash and the working directory are still there.", { cause: error });
	}
}
export { commandStore };
