import { $ as readPlainFile, Q as PlainFileError, et as KeeperError, nt as systemCodeOf, tt as messageOf } from "./shared.js";
const { randomUUID } = process.getBuiltinModule("node:crypto");
const { link, mkdir, open, readdir, rm, stat, truncate, unlink, writeFile } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
// src/stores/runner/runner-store.ts
/** A credential is a few kilobytes; more is not ours. */
const largestCopy = 1048576;
/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9999999989;
/**
* A directory of this machine that outlives jobs. Each write is a new generation `auth.<10 digits>`, made with link(2),
* which fails when the name is taken: of two processes on one host exactly one wins. Generations before the previous one
* are emptied but stay, so that a very late writer cannot make an old number again. A crash at any point leaves a whole
* document as the highest generation.
*/
function runnerStore({ name, directory, mustExist }) {
	const there = (operation) => reported(directory, async () => {
		if (mustExist !== void 0) await requireDirectory(mustExist);
		return operation();
	});
	return {
		name,
		guarantee: "compare-and-set",
		proveWritable: () => there(() => prove(directory)),
		read: () => there(() => newest(directory)),
		write: (bytes, ifVersion) => there(() => append(directory, bytes, ifVersion))
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
async function newest(directory) {
	for (const attempt of [
		1,
		2,
		3
	]) {
		const last = await lastGeneration(directory);
		if (last === 0) return void 0;
		const bytes = await readPlainFile(generationFile(directory, last), largestCopy);
		if (bytes.length > 0) return {
			bytes,
			version: String(last)
		};
		if (attempt === 3) break;
	}
	throw damaged(directory, `The newest generation in ${directory} is empty: a full disk or a person has emptied it.`);
}
async function append(directory, bytes, ifVersion) {
	await mkdir(directory, {
		recursive: true,
		mode: 448
	});
	const last = await lastGeneration(directory);
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
			await link(temporary, generationFile(directory, last + 1));
		} catch (error) {
			if (systemCodeOf(error) === "EEXIST") return { kind: "conflict" };
			throw error;
		}
		await syncDirectory(directory);
	} finally {
		await rm(temporary, { force: true });
	}
	await emptyOlderThan(directory, last);
	return {
		kind: "written",
		version: String(last + 1)
	};
}
/** The highest generation number; 0 when there is none. @throws KeeperError store-damaged where none could follow */
async function lastGeneration(directory) {
	const last = Math.max(0, ...await generations(directory));
	if (last <= highestGeneration) return last;
	throw damaged(directory, `Generation ${last} in ${directory} is none that the keeper has made, and no later one could be counted.`);
}
function damaged(directory, message) {
	return new KeeperError("store-damaged", message, `Delete ${directory} and reseed.`);
}
async function generations(directory) {
	try {
		return (await readdir(directory)).flatMap((file) => /^auth\.(\d{10})$/.exec(file)?.[1] ?? []).map(Number);
	} catch (error) {
		if (systemCodeOf(error) === "ENOENT") return [];
		throw error;
	}
}
function generationFile(directory, generation) {
	return join(directory, `auth.${String(generation).padStart(10, "0")}`);
}
async function emptyOlderThan(directory, previous) {
	for (const generation of await generations(directory)) if (generation < previous) await truncate(generationFile(directory, generation)).catch(() => void 0);
}
/** A writer that was killed leaves its temporary file; after an hour no writer can still be using it. */
async function removeLeftovers(directory) {
	for (const file of await readdir(directory)) {
		if (!/^\.(write|probe)-/.test(file)) continue;
		const path = join(directory, file);
		if (Date.now() - await stat(path).then(({ mtimeMs }) => mtimeMs, () => Date.now()) > 36e5) await unlink(path).catch(() => void 0);
	}
}
async function syncDirectory(directory) {
	const handle = await open(directory, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
async function reported(directory, operation) {
	try {
		return await operation();
	} catch (error) {
		if (error instanceof KeeperError) throw error;
		if (error instanceof PlainFileError) throw damaged(directory, `The newest generation in ${directory} ${error.message}.`);
		const code = systemCodeOf(error);
		const denied = code === "EACCES" || code === "EPERM" || code === "EROFS";
		throw new KeeperError(denied ? "store-unauthorized" : "store-unreachable", `${directory}: ${messageOf(error)}`, denied ? "Give the user who runs this runner that directory, or name another one: store: \"runner: /path\"." : "See that the disk is there, has room and supports hard links.", { cause: error });
	}
}
export { runnerStore };
