const { constants } = process.getBuiltinModule("node:os");
const { Socket } = process.getBuiltinModule("node:net");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/process/child.ts
/** A process that the child left behind may hold its output open; so long we wait for the rest of it. */
const restOfOutputMs = 2e3;
/**
* Runs one child silently: nothing is echoed, no shell is involved, secrets travel over stdin or env only, and stdin and
* stdout are exact bytes. A child that ends without reading its input is judged by its exit code. One that outlives its
* time limit is not killed (it may be in the middle of a write) and does not keep this process alive; the runner's own sweep
* ends it after the job.
* Rejects only when the program cannot be started.
*
* On node:child_process and not @actions/exec 3.0.0, which has no listener for errors of the child's stdin: the EPIPE of
* a child that does not read its input would end this process, and with it the write-back.
*/
async function runChild(request) {
	const child = spawn(request.tool, request.args, {
		cwd: request.cwd,
		env: { ...request.env },
		stdio: "pipe"
	});
	const out = [];
	const err = [];
	child.stdout.on("data", (data) => out.push(data));
	child.stderr.on("data", (data) => err.push(data));
	child.stdin.on("error", () => void 0);
	child.stdin.end(request.stdin);
	const ended = await endOf(child, request.timeoutMs ?? 6e4);
	if (ended === "timed-out") {
		letGo(child);
		return { kind: "timed-out" };
	}
	return {
		kind: "exited",
		exitCode: ended,
		stdout: Buffer.concat(out),
		stderr: Buffer.concat(err).toString("utf8")
	};
}
function endOf(child, timeoutMs) {
	return new Promise((resolve, reject) => {
		const limit = setTimeout(() => {
			resolve("timed-out");
		}, timeoutMs);
		let rest;
		const settle = (code, signal) => {
			clearTimeout(rest);
			resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
		};
		child.once("error", (error) => {
			clearTimeout(limit);
			reject(error);
		});
		child.once("exit", (code, signal) => {
			clearTimeout(limit);
			rest = setTimeout(() => {
				letGo(child);
				settle(code, signal);
			}, restOfOutputMs);
		});
		child.once("close", settle);
	});
}
function letGo(child) {
	child.unref();
	for (const stream of [
		child.stdin,
		child.stdout,
		child.stderr
	]) if (stream instanceof Socket) stream.unref();
}
export { runChild as t };
