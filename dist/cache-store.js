import { Ct as findTool, mn as KeeperError } from "./shared.js";
import { t as runChild } from "./child.js";
import { t as endedBy } from "./request-limit.js";
const { mkdir, mkdtemp, rm, symlink } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");
const { promisify } = process.getBuiltinModule("node:util");
const { tmpdir } = process.getBuiltinModule("node:os");
const { gunzip } = process.getBuiltinModule("node:zlib");
const { fileURLToPath } = process.getBuiltinModule("node:url");
const { setTimeout } = process.getBuiltinModule("node:timers/promises");
// src/stores/cache/cache-archive.ts
/** A sealed credential is a few kilobytes; more is not ours. */
const largestArchive = 1048576;
/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15e3;
/** The program of an upload, which is in dist in any case: from source it would load the library file by file. */
const program = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../../dist/cache-upload.js" : "./cache-upload.js", import.meta.url));
/** What @actions/cache 6.3.0 and the HTTP client of the toolkit take from the environment; by the last the runner knows the process. */
const forLibrary = /^(ACTIONS_(CACHE_SERVICE_V2|RESULTS_URL|RUNTIME_TOKEN|CACHE_MODE)|GITHUB_SERVER_URL|HOME|(HTTPS?|NO)_PROXY|RUNNER_TRACKING_ID)$/i;
/**
* Stores one file under a key with @actions/cache, in a process with a directory and an environment of its own. PATH leads
* to `tar` and `gzip` alone: without `zstd` every machine packs the same way, which is part of an entry's identity, and a
* later step of the job can put nothing in between.
* @returns undefined when nobody can tell how it ended: the process died, or was not done in time
*/
async function upload(place, key, sealed) {
	const directory = await mkdtemp(join(/\s/.test(place.tempDir) ? tmpdir() : place.tempDir, "codex-auth-cache-"));
	try {
		const programs = join(directory, "bin");
		await mkdir(programs);
		for (const name of ["tar", "gzip"]) {
			const file = findTool(name, programPath(place.env));
			if (file !== void 0) await symlink(file, join(programs, name));
		}
		const variables = Object.entries(place.env).filter((entry) => entry[1] !== void 0 && forLibrary.test(entry[0]));
		return answerOf(await runChild({
			tool: process.execPath,
			args: [
				program,
				key,
				place.path
			],
			env: {
				...Object.fromEntries(variables),
				PATH: programs,
				GITHUB_WORKSPACE: directory,
				RUNNER_TEMP: directory
			},
			cwd: directory,
			stdin: sealed,
			timeoutMs: patience
		}));
	} finally {
		await rm(directory, {
			recursive: true,
			force: true
		});
	}
}
/** The last line is ours; those before it are what the library says to a log. */
function answerOf(result) {
	if (result.kind === "timed-out" || result.exitCode !== 0) return void 0;
	return JSON.parse(result.stdout.toString("utf8").trim().split("\n").at(-1) ?? "");
}
/** Absolute path of `tar`. @throws KeeperError store-refused when this machine has none */
function findTar(env) {
	const tar = findTool("tar", programPath(env));
	if (tar === void 0) throw new KeeperError("store-refused", "The store cache needs tar, and there is none.", "Install tar on the runner.");
	return tar;
}
/**
* Takes the one file out of an entry's archive, which @actions/cache has packed with `tar` and `gzip`.
* @param tar absolute path of the program
* @returns undefined when it is not an archive, or holds no such file
* @throws KeeperError store-unreachable when `tar` was ended before it was done
*/
async function unpacked({ tempDir, path }, archive, tar) {
	const stdin = await promisify(gunzip)(archive, { maxOutputLength: largestArchive }).catch(() => void 0);
	if (stdin === void 0) return void 0;
	const result = await runChild({
		tool: tar,
		args: [
			"-xOf",
			"-",
			path
		],
		env: {},
		cwd: tempDir,
		stdin
	});
	if (result.kind === "timed-out" || result.exitCode > 125) throw new KeeperError("store-unreachable", "The store cache could not unpack its entry: tar did not finish.", "Run the job again.");
	return result.exitCode === 0 && result.stdout.length > 0 && !result.cut ? result.stdout : void 0;
}
/** Where the programs are that pack an archive; a later step of the job can put nothing in between. */
function programPath(env) {
	return `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${env["PATH"] ?? ""}`;
}
// src/stores/cache/cache-service.ts
/** A sealed credential is a few kilobytes; more is not ours. */
const largestAnswer = 1048576;
/** Refuses a machine whose cache service is missing or is the old one, which cannot tell a miss from an outage. */
function requireCacheService(name, env) {
	if (!isGitHubCloud(env["GITHUB_SERVER_URL"])) throw new KeeperError("store-refused", `${name}: GitHub Enterprise Server has no Actions cache that this store can use`, "Use the store git or another one.");
	for (const variable of [
		"ACTIONS_RESULTS_URL",
		"ACTIONS_RUNTIME_TOKEN",
		"ACTIONS_CACHE_SERVICE_V2"
	]) if ((env[variable] ?? "") === "") throw new KeeperError("store-refused", `${name}: this runner offers no Actions cache (${variable} is not set)`, "Update the runner (2.327.0 or later), or use another store; a local runner emulator needs its cache server switched on.");
}
/** The same three kinds of host as @actions/cache 6.3.0 (config.js, isGhes). */
function isGitHubCloud(server = "") {
	const host = new URL(server === "" ? "https://github.com" : server).hostname.toLowerCase();
	return host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
}
/**
* What the runner says about this run's access, before anything is asked of the service.
* Sources: ACTIONS_CACHE_MODE (none, read, write, write-only; the effective `cache-mode` of the job) and the `ac` claim of
* the runtime token, a JSON string of `{Scope, Permission}` with bit 1 for reading and bit 2 for writing.
* @param ref the ref whose entries this run would write
*/
function cacheAccess(env, ref) {
	const mode = (env["ACTIONS_CACHE_MODE"] ?? "").trim().toLowerCase();
	const writable = scopesOf(env["ACTIONS_RUNTIME_TOKEN"] ?? "")?.filter(({ permission }) => (permission & 2) !== 0);
	const read = mode === "none" || mode === "write-only" ? "denied" : "open";
	if (mode === "none" || mode === "read" || writable?.length === 0) return {
		read,
		write: "denied"
	};
	return {
		read,
		write: writable?.some(({ scope }) => scope === ref) ? "granted" : "unknown"
	};
}
function scopesOf(token) {
	try {
		const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
		const scopes = typeof claims.ac === "string" ? JSON.parse(claims.ac) : claims.ac;
		return Array.isArray(scopes) ? scopes.map(scopeOf) : void 0;
	} catch {
		return;
	}
}
function scopeOf(entry) {
	const { Scope, Permission } = entry;
	if (typeof Scope !== "string" || typeof Permission !== "number") throw new TypeError("not a cache scope");
	return {
		scope: Scope,
		permission: Permission
	};
}
/** The identity of an entry besides its key and scope, as @actions/cache 6.3.0 computes it (cacheUtils.js, getCacheVersion). */
function cacheVersion(path) {
	return createHash("sha256").update(`${path}|gzip|1.0`).digest("hex");
}
/**
* Asks the service itself, because the library reports a miss, a denial and an outage as the same value.
* @param keys tried in this order
* @returns the newest entry whose key is the first of these or begins with it, else with the next; undefined when there
* certainly is none
* @throws KeeperError store-unreachable, store-unauthorized or store-refused
*/
async function lookUp(service, keys, version) {
	const { name, env } = service;
	const url = new URL("/twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL", env["ACTIONS_RESULTS_URL"]);
	const headers = {
		"content-type": "application/json",
		authorization: `Bearer ${env["ACTIONS_RUNTIME_TOKEN"] ?? ""}`
	};
	const body = JSON.stringify({
		key: keys[0],
		restore_keys: keys,
		version
	});
	const { status, bytes } = await asked(service, (client) => client.post(url.href, body, headers));
	const answer = parsed(bytes.toString("utf8"));
	if (status === 401 || status === 403) throw denied(name, "read");
	if (status === 429) throw unreachable(name, "limits the rate of requests");
	if (status >= 500 || answer === void 0) throw unreachable(name, `answered with status ${status}`);
	if (status !== 200) throw new KeeperError("store-refused", `${name}: the cache service refused the request with status ${status}`, "Use another store.");
	if (isMiss(answer)) return void 0;
	const key = answer["matched_key"] ?? answer["matchedKey"];
	const address = answer["signed_download_url"] ?? answer["signedDownloadUrl"];
	if (answer["ok"] === true && typeof key === "string" && typeof address === "string") return {
		key,
		url: address
	};
	throw unreachable(name, "gave an answer that is not one of its API");
}
/** `{"ok": false}`, or nothing at all where a server leaves out what is false; anything else is not a certain miss. */
function isMiss({ ok, code, msg, message = "", ...more }) {
	return code === void 0 && msg === void 0 && message === "" && (ok === false || ok === void 0 && Object.keys(more).length === 0);
}
/**
* Fetches the archive of an entry from the storage behind the service.
* @throws KeeperError store-unreachable
*/
async function fetchArchive(service, { url }) {
	const { status, bytes } = await asked(service, (client) => client.get(url), { allowRedirects: true });
	if (status !== 200) throw unreachable(service.name, `did not deliver the entry (status ${status})`);
	return bytes;
}
/** One request, whatever its status. */
async function asked({ name, patience }, ask, { allowRedirects = false } = {}) {
	return exchange(new (await (import("./lib2.js"))).HttpClient("codex-auth-keeper", [endedBy(AbortSignal.timeout(patience))], { allowRedirects }), ask).catch(() => {
		throw unreachable(name, "gave no answer");
	});
}
async function exchange(client, ask) {
	const { message } = await ask(client);
	const chunks = [];
	let size = 0;
	for await (const chunk of message) {
		size += chunk.length;
		if (size > largestAnswer) throw new Error("The answer is too large.");
		chunks.push(chunk);
	}
	return {
		status: message.statusCode ?? 0,
		bytes: Buffer.concat(chunks)
	};
}
function parsed(text) {
	try {
		const value = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? value : void 0;
	} catch {
		return;
	}
}
function unreachable(name, what) {
	return new KeeperError("store-unreachable", `${name}: the cache service ${what}`, "Run the job again when the service is back.");
}
function denied(name, what) {
	return new KeeperError("store-unauthorized", `${name}: this run may not ${what} the Actions cache`, "GitHub gives such tokens to pull_request_target, issue_comment, runs that a fork started, and jobs with a `cache-mode` that says so. Run the job on push, schedule or workflow_dispatch with `cache-mode: write` (or none set), or use another store.");
}
// src/stores/cache/cache-store.ts
/** What a person who chooses this store must know. Source: GitHub's documentation of the Actions cache. */
const idleNote = "GitHub deletes a cache entry after 7 days without use: let a job with this store run at least twice a week.";
/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9999999989;
/** Milliseconds for which what was read counts as seen just now. */
const justNow = 5e3;
/** A write looks past at most this many announced and never finished writes of other jobs. */
const largestLeap = 5;
/**
* The Actions cache as a store: each write is a new entry `codex-auth-<slot>-<10-digit generation>`, the newest counts.
* What it holds can be read by every workflow of the repository, pull requests of forks included: wrap it in sealedStore.
* @throws KeeperError store-refused when this run is not on the default branch (other branches do not see each other's
* entries, and one login cannot live in two copies) or when this machine has no cache service
*/
function cacheStore(setup) {
	const { name, env, ref } = setup;
	if (ref !== `refs/heads/${setup.defaultBranch}`) throw elsewhere(setup);
	requireCacheService(name, env);
	const entries = entriesOf(setup);
	const requireReadable = () => {
		if (cacheAccess(env, ref).read === "denied") throw denied(name, "read");
	};
	return {
		name,
		guarantee: "detects-conflicts",
		notes: () => [idleNote],
		proveWritable: async () => {
			switch (cacheAccess(env, ref).write) {
				case "denied": throw denied(name, "write");
				case "granted": return Promise.resolve("proved");
				case "unknown": return Promise.resolve("unprovable");
			}
		},
		read: async () => {
			requireReadable();
			return entries.read();
		},
		write: async (bytes, ifVersion) => {
			requireReadable();
			if (cacheAccess(env, ref).write === "denied") throw denied(name, "write");
			const newest = await entries.newest(ifVersion);
			if (newest !== ifVersion) return { kind: "conflict" };
			return entries.add(Number(newest ?? 0), bytes);
		}
	};
}
function entriesOf({ name, slot, tempDir, env, pauses = [
	500,
	1500,
	3e3
], patience = 15e3 }) {
	const place = {
		tempDir,
		env,
		path: `codex-auth/${slot}/auth.age`
	};
	const version = cacheVersion(place.path);
	const prefix = `codex-auth-${slot}-`;
	const keyOf = (generation) => prefix + String(generation).padStart(10, "0");
	/** Generations this run has announced itself and could not finish. */
	const unfinished = /* @__PURE__ */ new Set();
	const service = {
		name,
		env,
		patience
	};
	const find = (...keys) => lookUp(service, keys, version);
	/** @throws KeeperError store-damaged for a key that this store has not made: the service shows nothing that is behind it */
	const versionOf = ({ key }) => {
		const digits = key.slice(prefix.length);
		if (/^\d{10}$/.test(digits) && Number(digits) <= highestGeneration) return digits;
		throw foreignEntry(name, key);
	};
	const archiveOf = (entry) => fetchArchive(service, entry);
	const documentIn = async (archive) => {
		const bytes = await unpacked(place, archive, findTar(env));
		if (bytes === void 0) throw damagedEntry(name);
		return bytes;
	};
	const appears = async (generation) => {
		for (const pause of pauses) {
			const entry = await find(keyOf(generation));
			if (entry !== void 0) return entry;
			await setTimeout(pause);
		}
		return find(keyOf(generation));
	};
	/** The outcome when an entry stands where ours was to be, ours or another job's. */
	const whose = async (entry, bytes) => {
		const stored = await documentIn(await archiveOf(entry));
		return Buffer.compare(stored, bytes) === 0 ? {
			kind: "written",
			version: versionOf(entry)
		} : { kind: "conflict" };
	};
	/** What a read has just shown; for one write. */
	let seen;
	return {
		read: async () => {
			const last = await find(prefix);
			if (last === void 0) {
				seen = {
					version: void 0,
					at: performance.now()
				};
				return;
			}
			const generation = Number(versionOf(last));
			const archive = archiveOf(last);
			archive.catch(() => void 0);
			const higher = await find(keyOf(generation + 2), keyOf(generation + 1));
			const newest = higher ?? last;
			const bytes = await documentIn(await (higher === void 0 ? archive : archiveOf(higher)));
			seen = {
				version: versionOf(newest),
				at: performance.now()
			};
			return {
				bytes,
				version: versionOf(newest)
			};
		},
		newest: async (expected) => {
			const known = seen;
			seen = void 0;
			if (known !== void 0 && known.version === expected && performance.now() - known.at < justNow) return expected;
			const last = await find(prefix);
			return last && versionOf(last);
		},
		add: async (newest, bytes) => {
			for (let generation = newest + 1; generation <= newest + largestLeap; generation += 1) {
				if (unfinished.has(generation)) continue;
				const answer = await upload(place, keyOf(generation), bytes);
				if (answer?.kind === "saved") return {
					kind: "written",
					version: keyOf(generation).slice(prefix.length)
				};
				const failure = failedUpload(name, answer);
				if (failure.kind === "refused") throw failure.error;
				if (failure.kind === "taken") {
					const entry = await appears(generation);
					if (entry !== void 0) return whose(entry, bytes);
					continue;
				}
				unfinished.add(generation);
				const entry = await find(keyOf(generation)).catch(() => {
					throw unknownOutcome(name);
				});
				if (entry !== void 0) return whose(entry, bytes).catch(() => {
					throw unknownOutcome(name);
				});
				throw failure.error;
			}
			throw new KeeperError("store-refused", `${name}: the next ${largestLeap} entries were announced by other jobs and never finished`, "The service frees them within a day. Until then name another slot and reseed, or use another store.");
		}
	};
}
/** Why nothing was saved, as far as it is known. */
function failedUpload(name, answer) {
	if (answer?.at !== "announcement") return {
		kind: "broken",
		error: unreachable(name, "did not take the upload")
	};
	switch (answer.status) {
		case 200:
		case 401:
		case 403: return {
			kind: "refused",
			error: denied(name, "write")
		};
		case 409: return { kind: "taken" };
		case 429: return {
			kind: "refused",
			error: unreachable(name, "limits the rate of requests")
		};
		default: return {
			kind: "refused",
			error: unreachable(name, "did not announce the entry")
		};
	}
}
function foreignEntry(name, key) {
	return new KeeperError("store-damaged", `${name}: the newest cache entry, ${key}, was not made by this store`, "Find out which workflow made it, and delete it on the page Actions > Caches of the repository.");
}
function damagedEntry(name) {
	return new KeeperError("store-damaged", `${name}: the newest cache entry is not an archive of this store`, "Delete the entry on the page Actions > Caches of the repository and log in again.");
}
function unknownOutcome(name) {
	return new KeeperError("store-unknown-outcome", `${name}: the cache service did not say whether it kept the entry`, "Run the job again; it reads what was kept.");
}
function elsewhere({ name, ref, defaultBranch }) {
	return new KeeperError("store-refused", `${name}: this run is on ${ref}, and the cache store works on ${defaultBranch} only, because branches do not see each other's cache entries`, "Run the job on the default branch (push, schedule or workflow_dispatch there), or use the store git.");
}
export { cacheStore };
