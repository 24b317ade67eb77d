import { _n as systemCodeOf, fn as PlainFileError, gn as messageOf, mn as KeeperError, pn as readPlainFile } from "./shared.js";
const { link, mkdir, open, readdir, rm, stat, truncate, unlink, writeFile } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { randomUUID } = process.getBuiltinModule("node:crypto");
// src/stores/runner/generations.ts
/**
* Each write is a new generation, made with link(2), which fails when the name is taken: of two processes on one host
* exactly one wins. A crash at any point leaves a whole document as the highest generation.
*/
function generations(options) {
	return {
		newest: () => newest(options),
		append: (bytes, ifVersion) => append(options, bytes, ifVersion)
	};
}
const hour = 36e5;
/** A credential is a few kilobytes; more is not ours. */
const largestDocument = 1048576;
/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9999999989;
async function newest(options) {
	for (let attempt = 1;; attempt += 1) {
		const last = await lastGeneration(options);
		if (last === 0) return void 0;
		const bytes = await readPlainFile(file(options, last), largestDocument).catch((error) => {
			if (attempt < 3 && systemCodeOf(error) === "ENOENT") return /* @__PURE__ */ new Uint8Array();
			throw error;
		});
		if (bytes.length > 0 || attempt === 3) return {
			bytes,
			version: String(last)
		};
	}
}
async function append(options, bytes, ifVersion) {
	const { directory } = options;
	await mkdir(directory, {
		recursive: true,
		mode: 448
	});
	const last = await lastGeneration(options);
	if (String(last) !== (ifVersion ?? "0")) return { kind: "conflict" };
	await removeLeftovers(directory);
	const temporary = join(directory, `.write-${randomUUID()}`);
	try {
		await writeFile(temporary, bytes, {
			flag: "wx",
			mode: 384,
			flush: true
		});
		try {
			await link(temporary, file(options, last + 1));
		} catch (error) {
			if (systemCodeOf(error) === "EEXIST") return { kind: "conflict" };
			throw error;
		}
		await syncDirectory(directory);
	} finally {
		await rm(temporary, { force: true });
	}
	await forgetBefore(options, last);
	return {
		kind: "written",
		version: String(last + 1)
	};
}
/** The highest generation number; 0 when there is none. @throws KeeperError store-damaged where none could follow */
async function lastGeneration(options) {
	const last = Math.max(0, ...await numbers(options));
	if (last <= highestGeneration) return last;
	const { directory } = options;
	throw new KeeperError("store-damaged", `Generation ${last} in ${directory} was not made by the keeper, and no later one could be counted.`, `Delete ${directory} and reseed.`);
}
async function numbers({ directory, stem }) {
	try {
		const pattern = new RegExp(`^${stem}\\.(\\d{10})$`);
		return (await readdir(directory)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
	} catch (error) {
		if (systemCodeOf(error) === "ENOENT") return [];
		throw error;
	}
}
function file({ directory, stem }, generation) {
	return join(directory, `${stem}.${String(generation).padStart(10, "0")}`);
}
async function forgetBefore(options, previous) {
	for (const generation of await numbers(options)) {
		if (generation >= previous) continue;
		const path = file(options, generation);
		if (options.oldOnes === "emptied") await truncate(path).catch(() => void 0);
		else await removeOlderThan(24 * hour, path);
	}
}
/** A writer that was killed leaves its temporary file; after an hour no writer can still be using it. */
async function removeLeftovers(directory) {
	for (const name of await readdir(directory)) if (/^\.(write|probe)-/.test(name)) await removeOlderThan(hour, join(directory, name));
}
async function removeOlderThan(milliseconds, path) {
	const changed = await stat(path).then(({ mtimeMs }) => mtimeMs, () => void 0);
	if (changed !== void 0 && Date.now() - changed > milliseconds) await unlink(path).catch(() => void 0);
}
async function syncDirectory(directory) {
	const handle = await open(directory, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
// src/stores/runner/runner-store.ts
/**
* A directory of this machine that outlives jobs. The copy is the newest of the generations `auth.<10 digits>`, the lease
* that of `lease.<10 digits>`: of two processes on one host exactly one wins, and a crash at any point leaves a whole document.
*/
function runnerStore({ name, directory, mustExist }) {
	const there = (operation) => reported(directory, async () => {
		if (mustExist !== void 0) await requireDirectory(mustExist);
		return operation();
	});
	const copies = generations({
		directory,
		stem: "auth",
		oldOnes: "emptied"
	});
	const leases = generations({
		directory,
		stem: "lease",
		oldOnes: "removed-after-a-day"
	});
	return {
		name,
		guarantee: "compare-and-set",
		proveWritable: () => there(() => prove(directory)),
		read: () => there(async () => {
			const copy = await copies.newest();
			if (copy?.bytes.length === 0) throw damaged(directory, `The newest generation in ${directory} is empty: a full disk or a person has emptied it.`);
			return copy;
		}),
		write: (bytes, ifVersion) => there(() => copies.append(bytes, ifVersion)),
		leasePlace: {
			seenBy: "this-machine",
			read: () => there(() => leases.newest()),
			write: (bytes, ifVersion) => there(() => leases.append(bytes, ifVersion))
		}
	};
}
async function requireDirectory(path) {
	if (await stat(path).then((found) => !found.isDirectory(), (error) => {
		if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") return true;
		throw error;
	})) throw new KeeperError("store-refused", `There is no directory ${path}.`, `If it is on a disk of its own, see that the disk is mounted. If this is the first run, make it: mkdir -p -m 700 ${path}`);
}
async function prove(directory) {
	await mkdir(directory, {
		recursive: true,
		mode: 448
	});
	const probe = join(directory, `.probe-${randomUUID()}`);
	try {
		await (await open(probe, "wx", 384)).close();
		await link(probe, `${probe}-link`);
	} finally {
		await rm(probe, { force: true });
		await rm(`${probe}-link`, { force: true });
	}
	return "proved";
}
function damaged(directory, message) {
	return new KeeperError("store-damaged", message, `Delete ${directory} and reseed.`);
}
async function reported(directory, operation) {
	try {
		return await operation();
	} catch (error) {
		if (error instanceof KeeperError) throw error;
		if (error instanceof PlainFileError) throw damaged(directory, `The newest generation in ${directory} ${error.message}.`);
		const code = systemCodeOf(error);
		const denied = code === "EACCES" || code === "EPERM" || code === "EROFS";
		throw new KeeperError(denied ? "store-unauthorized" : "store-unreachable", `${directory}: ${messageOf(error)}`, denied ? "Give the user who runs this runner access to that directory, or name another one: store: \"runner: /path\"." : "See that the disk is there, has room and supports hard links.", { cause: error });
	}
}
export { runnerStore };
