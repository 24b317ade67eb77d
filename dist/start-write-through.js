import { a as socketIn, at as networkVariables, i as carried, n as signingKey, s as inTime, v as handoversOf } from "./shared.js";
import { t as recipientOf } from "./sealed-store.js";
const { mkdtemp, rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { tmpdir } = process.getBuiltinModule("node:os");
const { fileURLToPath } = process.getBuiltinModule("node:url");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/action/write-through/start-write-through.ts
const program = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../../dist/write-through.js" : "./write-through.js", import.meta.url));
/** It is ready within a fifth of a second where the machine is not overloaded. Milliseconds. */
const longestStart = 2e4;
/** It works for a second in an hour, so what is compiled to run fast would cost memory for nothing: a seventh of it. */
const frugal = [
	"--max-semi-space-size=1",
	"--no-opt",
	"--no-maglev",
	"--no-sparkplug"
];
/** A socket's path is 103 bytes at most on macOS; a few more on Linux. */
const longestPath = 100;
/** Starts the process that writes through, and waits until it watches. */
async function startWriteThrough(plan) {
	const recipient = await sealsFor(plan.given);
	const stores = storeOrders(plan.settings, plan.stores, recipient !== void 0);
	if (stores.length === 0) return { kind: "no-store" };
	const directory = await meetingPlace(plan.run.tempDirectory);
	if (await start({
		codexHome: plan.codexHome,
		directory,
		runner: process.ppid > 1 ? process.ppid : void 0,
		signingKey: signingKey(process.env),
		standing: plan.standing,
		stores,
		given: whatWritingNeeds(plan, recipient),
		run: {
			...plan.run,
			env: withoutInputs(plan.run.env),
			hasNextStage: true,
			handovers: handoversOf(plan.stores)
		},
		found: plan.found
	})) {
		const names = new Set(stores.map(({ line }) => line));
		return {
			kind: "started",
			directory,
			without: plan.stores.flatMap(({ name }) => names.has(name) ? [] : [name])
		};
	}
	await rm(directory, {
		recursive: true,
		force: true
	});
	return { kind: "failed" };
}
function sealsFor({ encryptionKey }) {
	return encryptionKey?.kind === "keys" ? recipientOf(encryptionKey.keys[0]) : Promise.resolve(void 0);
}
/**
* The stores that can be written by a process which opens nothing. One that compares versions needs no read, where it is known what it
* holds; one that does not is read, so that a reseed is seen, and cannot be where its copy is sealed.
*/
function storeOrders(settings, stores, canSealAlone) {
	return stores.flatMap((store) => {
		const isSealed = settings.some((line) => line.name === store.name && "sealing" in line);
		const isRead = store.guarantee === "last-writer-wins";
		if (isSealed && (isRead || !canSealAlone)) return [];
		if (isRead) return [{ line: store.name }];
		const known = store.known();
		return known === void 0 ? [] : [{
			line: store.name,
			known: carried(known)
		}];
	});
}
/** The seed is the copy of the store github-secret and of no use to others; of the keys, the one that only seals. */
function whatWritingNeeds({ given, settings }, recipient) {
	return {
		...given,
		authJson: settings.some(({ kind }) => kind === "github-secret") ? given.authJson : void 0,
		encryptionKey: recipient && {
			kind: "keys",
			keys: [recipient]
		}
	};
}
function withoutInputs(env) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(INPUT|STATE)_/i.test(name)));
}
/** A directory that only this user can enter, whose path is short enough for a socket in it. */
async function meetingPlace(tempDirectory) {
	const inside = (folder) => join(folder, "codex-auth-beside-");
	const fits = Buffer.byteLength(socketIn(`${inside(tempDirectory)}123456`)) <= longestPath;
	return mkdtemp(inside(fits ? tempDirectory : tmpdir()));
}
/** Whether it watches now. */
async function start(order) {
	const child = spawn(process.execPath, [...frugal, program], {
		env: environment(process.env),
		cwd: "/",
		detached: true,
		stdio: [
			"pipe",
			"pipe",
			"ignore"
		]
	});
	child.stdin.on("error", () => void 0).end(JSON.stringify(order));
	const ready = new Promise((resolve) => {
		child.once("error", () => {
			resolve(false);
		});
		child.once("exit", () => {
			resolve(false);
		});
		child.stdout.once("data", () => {
			resolve(true);
		});
	});
	const isReady = await inTime(ready, longestStart) === true;
	if (!isReady) child.kill("SIGKILL");
	child.stdout.destroy();
	child.unref();
	return isReady;
}
/** From scratch: the runner's mark, by which it ends what is left of a job, and how to reach the network. */
function environment(env) {
	const names = [
		"RUNNER_TRACKING_ID",
		"PATH",
		"HOME",
		"TMPDIR",
		"NODE_EXTRA_CA_CERTS",
		"NODE_USE_ENV_PROXY",
		...networkVariables
	];
	return Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
export { startWriteThrough };
