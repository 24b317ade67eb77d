import { Mn as sha256, gn as messageOf, mn as KeeperError } from "./shared.js";
import { t as runChild } from "./child.js";
import { a as writingOf, i as readingOf, n as printedVersion, r as provingOf, t as firstLine } from "./script-protocol.js";
// src/stores/command/command-lease.ts
/** Starts the line with which both commands show that they know leases; no script has another reason to print it. */
const mark = "codex-auth-lease";
/** What both commands are told. */
const asked = { CODEX_AUTH_DOCUMENT: "lease" };
/**
* The lease of a command store, where the user's commands hold one: they see CODEX_AUTH_DOCUMENT=lease, and each begins its
* answer with the mark, the read also when there is no lease yet. Commands that do not know the variable would take the
* lease for the login. So the write-command is not run before the read-command has answered with the mark; and the version
* it must find carries the mark too, so that one that compares it with the version of the login finds another one.
*/
function commandLease({ read, write }) {
	return {
		seenBy: "all-jobs",
		read: async () => {
			const result = await read(asked);
			if (result.kind === "exited" && result.exitCode === 0) {
				const answer = markedAnswer(result.stdout);
				if (answer === void 0) throw unknown();
				return answer.version === "" ? void 0 : {
					bytes: answer.bytes,
					version: answer.version
				};
			}
			if (result.kind === "exited" && (result.exitCode === 64 || result.exitCode === 74)) throw unknown();
			readingOf(result, "read-command");
			throw new Error("A read that did not end with 0 or 74 has thrown.");
		},
		write: async (bytes, ifVersion) => {
			const result = await write({
				...asked,
				CODEX_AUTH_IF_VERSION: `${mark} ${ifVersion ?? ""}`.trimEnd(),
				CODEX_AUTH_SHA256: sha256(bytes)
			}, bytes);
			const writing = writingOf(result, "write-command");
			if (writing.kind === "conflict") return writing;
			const { version = "" } = result.kind === "exited" && markedAnswer(result.stdout) || {};
			if (version !== "") return {
				kind: "written",
				version
			};
			throw new KeeperError("store-refused", `write-command was asked to write the lease and did not answer with "${mark} VERSION": it may have stored the lease in the place of the login.`, "Make both commands follow CODEX_AUTH_DOCUMENT, or none of them, and see what the store holds now.");
		}
	};
}
/** The version, empty for none, and what comes after the first line; undefined where that line does not bear the mark. */
function markedAnswer(stdout) {
	const { line, rest } = firstLine(stdout) ?? {
		line: stdout,
		rest: Buffer.alloc(0)
	};
	const [found, ...words] = line.toString("latin1").trim().split(" ");
	if (found !== mark) return void 0;
	const version = words.join(" ");
	if (version === "") return {
		version,
		bytes: /* @__PURE__ */ new Uint8Array()
	};
	return printedVersion(Buffer.from(version, "latin1")) === void 0 ? void 0 : {
		version,
		bytes: Uint8Array.from(rest)
	};
}
function unknown() {
	return new KeeperError("store-without-lease", "read-command holds no lease: it does not answer to CODEX_AUTH_DOCUMENT=lease.", "See \"A lease with command\" in docs/stores.md.");
}
// src/stores/command/command-store.ts
/**
* The user's own commands. The credential goes over stdin and stdout only, nothing is put into their text.
* Whether they compare and set is seen when a read prints a version; until then `guarantee` says last-writer-wins.
*/
function commandStore(options) {
	let seen;
	let notProved;
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
	const lease = commandLease({
		read: (variables) => run(options, "read-command", variables),
		write: (variables, document) => run(options, "write-command", variables, document)
	});
	const proveWritable = async () => {
		if (options.proveCommand === void 0) return "unprovable";
		const proving = provingOf(await run(options, "prove-command", {}), "prove-command");
		notProved = proving.kind === "unprovable" ? proving.why : void 0;
		return proving.kind;
	};
	return {
		name: options.name,
		get guarantee() {
			return seen === "versioned" ? "compare-and-set" : "last-writer-wins";
		},
		get leasePlace() {
			return seen === "plain" ? void 0 : lease;
		},
		proveWritable,
		read,
		write,
		notes: () => notProved === void 0 ? [] : [`${options.name}: ${notProved} Whether write-command may store is not known.`]
	};
}
async function run(options, which, variables, stdin) {
	const { slot, bash, env, cwd, timeoutMs } = options;
	const texts = {
		"read-command": options.readCommand,
		"write-command": options.writeCommand,
		"prove-command": options.proveCommand ?? ""
	};
	try {
		return await runChild({
			tool: bash,
			args: [
				"--noprofile",
				"--norc",
				"-eo",
				"pipefail",
				"-c",
				texts[which]
			],
			env: {
				...env,
				CODEX_AUTH_SLOT: slot,
				CODEX_AUTH_DOCUMENT: "login",
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
