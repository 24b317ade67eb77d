import { gn as messageOf, mn as KeeperError, s as inTime } from "./shared.js";
const { open, rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { randomUUID } = process.getBuiltinModule("node:crypto");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/codex/codex-process.ts
/** How much of a stream is kept for finding the cause of a failure, bytes. */
const keptBytes = 262144;
/**
* Starts Codex in a process group of its own.
* @throws KeeperError codex-failed when it cannot be started
*/
async function startCodex({ program, env, cwd }, args) {
	const [output, errors] = await Promise.all([namelessFile(cwd), namelessFile(cwd)]);
	const release = async () => {
		child.unref();
		await Promise.all([output.close(), errors.close()]);
	};
	const child = spawn(program, args, {
		env,
		cwd,
		detached: true,
		stdio: [
			"pipe",
			output.fd,
			errors.fd
		]
	});
	child.stdin.on("error", () => void 0);
	const ended = new Promise((resolve) => {
		child.once("exit", () => {
			resolve(true);
		});
	});
	await new Promise((resolve, reject) => {
		child.once("spawn", resolve).once("error", reject);
	}).catch(async (error) => {
		await release();
		throw new KeeperError("codex-failed", `Codex could not be started (${program}): ${messageOf(error)}`, "Install a Codex CLI that runs on this machine, or set refresh: never.", { cause: error });
	});
	return {
		pid: child.pid ?? 0,
		send: (message) => {
			child.stdin.write(`${JSON.stringify(message)}\n`);
		},
		endInput: () => {
			child.stdin.end();
		},
		terminate: () => {
			child.kill("SIGTERM");
		},
		endsWithin: async (milliseconds) => await inTime(ended, milliseconds) !== "late",
		exitCode: () => child.exitCode,
		output: () => newest(output),
		errors: () => newest(errors),
		release
	};
}
/**
* A file for one stream of Codex, without a name as soon as it is open: its answers hold an e-mail address, which must not
* be left behind. Not a pipe, because `codex exec` dies when it cannot print (measured on 0.150.0 and 0.169.0).
*/
async function namelessFile(folder) {
	const path = join(folder, `codex-${randomUUID()}`);
	const file = await open(path, "wx+", 384);
	await rm(path);
	return file;
}
/** Reads at a position of its own: the file's is where Codex writes. */
async function newest(file) {
	const { size } = await file.stat();
	const start = Math.max(0, size - keptBytes);
	const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
	return buffer.toString("utf8", 0, bytesRead);
}
export { startCodex };
