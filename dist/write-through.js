import { En as isSame, J as judgeStores, P as withoutReading, Rt as standingAfter, T as handoversOf, Vt as isRotated, _t as closeStores, a as socketIn, ln as observeAuthFile, o as unpacked, sn as authFileIn, t as leaveRecord, vt as openStores, yt as systemClock, zt as writeBack } from "./shared.js";
const { realpath, rm, stat } = process.getBuiltinModule("node:fs/promises");
const { basename, dirname } = process.getBuiltinModule("node:path");
const { watch } = process.getBuiltinModule("node:fs");
const { createServer } = process.getBuiltinModule("node:net");
const { text } = process.getBuiltinModule("node:stream/consumers");
// src/codex/auth-file-changes.ts
/**
* Watches the directory of `auth.json`, because Codex renames a new file into its place (0.169) or writes the old one anew (0.150); where
* changes are not reported, waits simply run out.
*/
async function watchAuthFile(codexHome) {
	const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome));
	let changed = false;
	let wakeUp;
	const wake = () => {
		changed = true;
		wakeUp?.();
	};
	const watcher = watcherOf(dirname(path), (name) => {
		if (name === null || name === basename(path)) wake();
	});
	return {
		next: async (milliseconds) => {
			if (!changed) {
				await new Promise((resolve) => {
					const limit = setTimeout(resolve, milliseconds);
					wakeUp = () => {
						clearTimeout(limit);
						resolve();
					};
				});
				wakeUp = void 0;
			}
			changed = false;
		},
		wake,
		close: () => watcher?.close()
	};
}
function watcherOf(directory, onChange) {
	try {
		return watch(directory, (_, name) => {
			onChange(name);
		}).on("error", () => void 0);
	} catch {
		return;
	}
}
/** A text that differs after each change of `auth.json`; undefined when there is no such file. */
async function authFileStamp(codexHome) {
	try {
		const { ino, size, mtimeNs, ctimeNs } = await stat(authFileIn(codexHome), { bigint: true });
		return [
			ino,
			size,
			mtimeNs,
			ctimeNs
		].join();
	} catch {
		return;
	}
}
// src/keeper/write-through.ts
/** Where changes are not reported, one is seen after this long. Milliseconds. */
const lookEvery = 1e3;
/** A file that is missing for this long was removed; Codex never takes it away for longer than a moment. Milliseconds. */
const goneAfter = 1e4;
/** Pauses before a store that has failed is tried again. Milliseconds. */
const firstPause = 5e3;
const longestPause = 3e5;
/**
* Stays beside the job and writes each rotation as soon as Codex has written it, by the decision that post makes.
* Returns when it is over, or when the login was removed. What it leaves undone, post does.
*/
async function writeThrough({ codexHome, stores, clock, changes, isOver, remember, ...request }) {
	let { standing } = request;
	let ours = [];
	let lookedAt;
	let lastThere = clock.now();
	let pause = firstPause;
	let tryAgainAt = Infinity;
	const write = async () => {
		const file = await observeAuthFile(codexHome, clock).catch(() => void 0);
		if (file?.kind !== "managed") return "done";
		const { fingerprint } = file.credential;
		if (!isRotated({
			seed: standing.seed,
			base: standing.base,
			file: fingerprint
		})) return "done";
		if (!ours.some((own) => isSame(own, fingerprint))) {
			ours = [...ours, fingerprint];
			standing = {
				...standing,
				ours
			};
		}
		await remember(ours);
		const result = await writeBack({
			stores,
			file,
			standing,
			clock
		});
		standing = standingAfter(standing, result, fingerprint);
		await remember(ours);
		return result.results.some(({ outcome }) => outcome.kind === "failed") ? "failed" : "done";
	};
	const lookAt = async (stamp) => {
		const isNew = stamp !== lookedAt;
		if (!isNew && clock.now() < tryAgainAt) return;
		if (isNew) pause = firstPause;
		lookedAt = stamp;
		tryAgainAt = await write() === "done" ? Infinity : clock.now() + pause;
		pause = Math.min(pause * 2, longestPause);
	};
	while (!isOver()) {
		const stamp = await authFileStamp(codexHome);
		if (stamp !== void 0) {
			lastThere = clock.now();
			await lookAt(stamp);
		} else if (clock.now() - lastThere >= goneAfter) return;
		if (!isOver()) await changes.next(lookEvery);
	}
}
// src/action/write-through/write-through.ts
/** How long a write in progress may take once the end was asked for. Milliseconds; post waits a little longer. */
const lastWriteMs = 1e4;
const order = JSON.parse(await text(process.stdin));
const changes = await watchAuthFile(order.codexHome);
let isAsked = false;
const end = () => {
	isAsked = true;
	changes.wake();
	setTimeout(() => process.exit(), lastWriteMs).unref();
};
for (const signal of [
	"SIGTERM",
	"SIGINT",
	"SIGHUP"
]) process.on(signal, end);
const server = createServer((guest) => {
	guest.on("error", () => void 0).resume();
	end();
});
server.listen(socketIn(order.directory));
const stores = await openOrdered(order);
process.stdout.on("error", () => void 0).write("ready\n");
await writeThrough({
	...order,
	stores,
	clock: systemClock,
	changes,
	isOver: () => isAsked || !isAlive(order.runner),
	remember: (ours) => leaveRecord(order.directory, {
		ours: [...ours],
		handovers: handoversOf(stores)
	}, order.signingKey)
});
await closeStores(stores);
if (!isAlive(order.runner)) await rm(order.directory, {
	recursive: true,
	force: true
});
server.close();
process.exit();
async function openOrdered({ stores: ordered, given, run, found }) {
	const { stores: settings } = judgeStores(ordered.map(({ line }) => line).join("\n"), given, {
		...run,
		onSecret: () => void 0
	});
	return (await openStores(settings, found)).map((store) => {
		const known = ordered.find(({ line }) => line === store.name)?.known;
		return known === void 0 ? store : withoutReading(store, unpacked(known));
	});
}
function isAlive(pid) {
	if (pid === void 0) return true;
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
export {};
