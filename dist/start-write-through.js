import { St as networkVariables, T as handoversOf, a as socketIn, i as carried, n as signingKey, s as inTime } from "./shared.js";
import { t as recipientOf } from "./sealed-store.js";
const { mkdtemp, rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { tmpdir } = process.getBuiltinModule("node:os");
const { fileURLToPath } = process.getBuiltinModule("node:url");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/action/write-through/needed-for-writing.ts
/** The inputs of each kind of store; of a key to seal with, something else is made. */
const inputsOf = {
	runner: [],
	git: [
		"githubToken",
		"storeToken",
		"sshKey",
		"sshKnownHosts"
	],
	cache: [],
	"github-secret": ["authJson", "secretWriter"],
	ssh: ["sshKey", "sshKnownHosts"],
	kubernetes: [],
	vault: [],
	s3: [],
	command: [
		"readCommand",
		"writeCommand",
		"proveCommand"
	]
};
/** Those that ask GitHub for an id token or for the cache, with what the runner gives to the stages of an action. */
const askGithub = [
	"cache",
	"vault",
	"s3"
];
/**
* What these stores need to be written, and nothing that others need: it is held for as long as the job lasts.
* @param recipient what seals and opens nothing; undefined where no store is sealed with it
*/
function inputsForWriting(given, kinds, recipient) {
	const needed = new Set(kinds.flatMap((kind) => inputsOf[kind]));
	return {
		...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, needed.has(name) ? value : void 0])),
		slot: given.slot,
		encryptionKey: recipient && {
			kind: "keys",
			keys: [recipient]
		}
	};
}
/** The runner's variables without the inputs and the saved state, and without its tokens where no store uses them. */
function runnersEnvironment(env, kinds) {
	const left = kinds.some((kind) => askGithub.includes(kind)) ? /^(INPUT|STATE)_/i : /^(INPUT|STATE|ACTIONS)_/i;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !left.test(name)));
}
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
	const names = new Set(stores.map(({ line }) => line));
	const kinds = plan.settings.flatMap(({ kind, name }) => names.has(name) ? [kind] : []);
	const directory = await meetingPlace(plan.run.tempDirectory);
	if (await start({
		codexHome: plan.codexHome,
		directory,
		runner: process.ppid > 1 ? process.ppid : void 0,
		signingKey: signingKey(process.env),
		standing: plan.standing,
		stores,
		given: inputsForWriting(plan.given, kinds, recipient),
		run: {
			...plan.run,
			env: runnersEnvironment(plan.run.env, kinds),
			hasNextStage: true,
			handovers: handoversOf(plan.stores)
		},
		found: plan.found
	})) return {
		kind: "started",
		directory,
		without: plan.stores.flatMap(({ name }) => names.has(name) ? [] : [name])
	};
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
