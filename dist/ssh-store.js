import { Mn as sha256, ct as sshOptions, gn as messageOf, lt as writeKeyFiles, mn as KeeperError, ot as howToPin, st as quoted } from "./shared.js";
import { t as stderrTail } from "./stderr-tail.js";
import { a as writingOf, i as readingOf } from "./script-protocol.js";
import { t as runChild } from "./child.js";
const { mkdtemp, rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { readFileSync } = process.getBuiltinModule("node:fs");
// src/stores/ssh/ssh-failure.ts
/**
* What ssh's own exit code 255 means, from its messages (OpenSSH, LC_ALL=C).
* @param operation a write whose connection had been made may have been stored
*/
function sshFailure(stderr, operation, { host, port }) {
	const message = `ssh to ${host}: ${stderrTail(stderr) || "the connection ended without a message."}`;
	if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) return new KeeperError("store-refused", `THE HOST KEY OF ${host} IS NOT THE PINNED ONE. Nothing was sent. ${message}`, `Somebody may be between this runner and the host. Only when you know that its key was changed: ${howToPin(host, port)}`);
	if (/Host key verification failed|No .*host key is known|No matching host key/i.test(stderr)) return new KeeperError("store-refused", `ssh-known-hosts has no key for ${host} (port ${port}). Nothing was sent. ${message}`, howToPin(host, port));
	if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr)) return new KeeperError("store-unauthorized", message, "See that ssh-key is a private key without passphrase whose public half is in authorized_keys on the host.");
	if (operation === "read" || neverConnected.test(stderr)) return new KeeperError("store-unreachable", message, "See that the host is up and reachable from this runner.");
	return new KeeperError("store-unknown-outcome", message, "The connection broke off in a write: read it back.");
}
const neverConnected = /^ssh: (connect to host|Could not resolve)|kex_exchange_identification|banner exchange/im;
// src/stores/ssh/ssh-client.ts
/** The system's ssh, without any configuration of this machine or user. */
function sshClient(options) {
	const { address, ssh, timeoutMs = 3e4 } = options;
	let made;
	const keys = () => {
		if (made === void 0) {
			const making = keyDirectory(options);
			made = making;
			making.catch(() => {
				if (made === making) made = void 0;
			});
		}
		return made;
	};
	return {
		run: async (operation, commandLine, stdin) => {
			let result;
			try {
				const directory = await keys();
				const args = [...sshArguments(options), commandLine];
				result = await runChild({
					tool: ssh,
					args,
					env: sshEnvironment(options, directory),
					cwd: directory,
					timeoutMs,
					...stdin && { stdin }
				});
			} catch (error) {
				throw new KeeperError("store-refused", `${ssh} could not be started: ${messageOf(error)}`, "Install the OpenSSH client on this runner.", { cause: error });
			}
			if (result.kind === "exited" && result.exitCode === 255) throw sshFailure(result.stderr, operation, address);
			return result;
		},
		close: async () => {
			const directory = await made?.catch(() => void 0);
			made = void 0;
			if (directory) await rm(directory, {
				recursive: true,
				force: true
			}).catch(() => void 0);
		}
	};
}
/** ssh runs in the directory of its key files, so their names alone will do, whatever characters the path has. */
function sshArguments(options) {
	const { user, host, port } = options.address;
	return [
		...sshOptions(options, (file) => file),
		"-p",
		String(port),
		"-l",
		user,
		"--",
		host
	];
}
/** LC_ALL, because the messages are parsed. */
function sshEnvironment({ key, agentSocket }, directory) {
	return {
		PATH: "/usr/bin:/bin",
		HOME: directory,
		LC_ALL: "C",
		...key === void 0 && agentSocket !== void 0 && { SSH_AUTH_SOCK: agentSocket }
	};
}
async function keyDirectory(options) {
	const directory = await mkdtemp(join(options.tempDir, "codex-auth-ssh-"));
	try {
		await writeKeyFiles(options, directory);
	} catch (error) {
		await rm(directory, {
			recursive: true,
			force: true
		}).catch(() => void 0);
		throw error;
	}
	return directory;
}
// src/stores/ssh/ssh-store.ts
/** What the host runs. It lies beside this file, and in dist beside the bundle. */
const scriptFile = new URL("./codex-auth-store.sh", import.meta.url);
/** Generation, checksum and size, as the script makes it. */
const versionPattern = /^\d+-\d+-(\d+)$/;
/**
* A file on a host that answers ssh. The host runs codex-auth-store.sh of this folder, sent with each command, or installed
* there as the key's forced command. One round trip for each call.
*/
function sshStore(options) {
	const { name, address } = options;
	const { user, host, path } = address;
	const who = `${user}@${host}:${path}`;
	const client = sshClient(options);
	const script = readFileSync(scriptFile, "utf8").trimEnd();
	const remote = (operation, words, stdin) => client.run(operation, `sh -c ${quoted(script)} codex-auth-store ${words} ${path}`, stdin).then((result) => {
		if (isNotThere(result)) throw noForcedCommand(who, result.stderr);
		return result;
	});
	const proveWritable = async () => {
		const result = await remote("read", "prove");
		if (result.kind === "timed-out" || result.exitCode !== 0) readingOf(result, who);
		else if (result.stdout.toString().trim() === "writable") return "proved";
		throw notOurAnswer(who);
	};
	const reading = (result) => {
		if (result.kind === "exited" && result.exitCode === 0) {
			const copy = copyIn(result.stdout);
			if (copy !== void 0) return copy;
		} else if (readingOf(result, who).kind === "empty") return void 0;
		throw notOurAnswer(who);
	};
	const write = async (verb, bytes, ifVersion) => {
		const words = `${verb} ${ifVersion ?? "none"} ${sha256(bytes)} ${bytes.length}`;
		const writing = writingOf(await remote("write", words, bytes), who);
		if (writing.kind === "conflict") return writing;
		if (writing.printed === void 0 || !versionPattern.test(writing.printed)) throw new KeeperError("store-unknown-outcome", `${who} did not confirm the write.`, "Read it back.");
		return {
			kind: "written",
			version: writing.printed
		};
	};
	return {
		name,
		guarantee: "compare-and-set",
		proveWritable,
		read: async () => reading(await remote("read", "read")),
		write: (bytes, ifVersion) => write("write", bytes, ifVersion),
		publish: async () => {
			const result = await remote("read", "publish");
			if (!isOlderScript(result)) readingOf(result, who);
		},
		leasePlace: {
			seenBy: "all-jobs",
			read: async () => {
				const result = await remote("read", "lease-read");
				if (isOlderScript(result)) throw olderScript(who);
				return reading(result);
			},
			write: (bytes, ifVersion) => write("lease-write", bytes, ifVersion)
		},
		close: () => client.close()
	};
}
/** What a read printed: a line with the version, which tells the size, and so many bytes. */
function copyIn(stdout) {
	const end = stdout.indexOf("\n");
	const version = stdout.toString("latin1", 0, Math.max(0, end));
	const bytes = Uint8Array.from(stdout.subarray(end + 1));
	return Number(versionPattern.exec(version)?.[1]) === bytes.length ? {
		version,
		bytes
	} : void 0;
}
/** The codes of a shell for a program that is not there or cannot be run; our script ends with neither. */
function isNotThere(result) {
	return result.kind === "exited" && (result.exitCode === 126 || result.exitCode === 127);
}
function noForcedCommand(who, stderr) {
	return new KeeperError("store-refused", `${who}: the forced command of the key (command="…" in authorized_keys) is not there or cannot be run: ${stderrTail(stderr) || "the host says no more."}`, "Install src/stores/ssh/codex-auth-store.sh of this version under the name that authorized_keys has, and make it executable (chmod 755); or take command=\"…\" out.");
}
/** The script of a forced command that is older than an order takes it for a wrong one. */
function isOlderScript(result) {
	return result.kind === "exited" && result.exitCode === 64;
}
function olderScript(who) {
	return new KeeperError("store-without-lease", `${who} can hold no lease: the codex-auth-store that is the forced command of the key is an older one.`, "Install the src/stores/ssh/codex-auth-store.sh of this version there.");
}
function notOurAnswer(who) {
	return new KeeperError("store-damaged", `${who} answered with something other than the stored document.`, "See that the login shell of that user prints nothing when it is not interactive (.bashrc, .zshenv, .cshrc), and that a forced command of the key is codex-auth-store.");
}
export { sshStore as t };
