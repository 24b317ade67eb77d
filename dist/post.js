import { B as rawInputs, D as loadState, F as readStoreInputs, Gn as object, H as truth, I as storeRunOf, It as writeBackLatest, J as judgeStores, Nn as _catch, R as invalidInputs, St as networkVariables, Tt as reclaimLeftovers, V as trimmed, _ as isPutBack, _n as systemCodeOf, _t as closeStores, a as socketIn, c as runStage, cr as info, dn as removeAuthFile, f as readRunContext, ft as maskInputs, g as writeBackReport, gt as secretValues, j as loggedRetry, ln as observeAuthFile, m as withdrawReseed, n as signingKey, on as authFileChangedAt, or as getInput, p as announceReseed, r as takeRecord, s as inTime, u as writeThroughEnd, vt as openStores, xt as undoChanges, yt as systemClock } from "./shared.js";
const { rm } = process.getBuiltinModule("node:fs/promises");
const { readFileSync, readdirSync } = process.getBuiltinModule("node:fs");
const { connect } = process.getBuiltinModule("node:net");
// src/codex/stillness.ts
/** A file that has not changed for this long, with no Codex running, is taken as final. Milliseconds. */
const still = 2e3;
/** Codex gives up a token request after 45 s; what has not come by then will not come. Milliseconds. */
const longest = 5e4;
/**
* Waits until nobody writes `auth.json` any more, only where there is reason to: the job was cancelled (Codex may outlive
* its shell), a Codex process of this job lives, or the file has just changed.
* @returns whether it is still; false when the time was up
*/
async function waitUntilStill(request) {
	const { codexHome, cancelled, ownChange, clock, trackingId, codexProcesses, started } = request;
	const end = clock.now() + longest;
	const notBefore = cancelled ? clock.now() + still : 0;
	while (clock.now() < end) {
		const changedAt = await authFileChangedAt(codexHome);
		const age = changedAt === void 0 || changedAt === ownChange ? Infinity : clock.now() - changedAt;
		if ((age >= still || age < -2e3) && clock.now() >= notBefore && !isAlive(started) && codexProcesses(trackingId).length === 0) return true;
		await clock.sleep(250);
	}
	return false;
}
function isAlive(pid) {
	if (pid === void 0) return false;
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
/**
* Running Codex processes that carry the runner's tracking id of this job, or a mark in another variable. Linux only: elsewhere
* the environment of another process cannot be read, and the answer is none.
*/
function findCodexProcesses(trackingId, variable = "RUNNER_TRACKING_ID") {
	if (process.platform !== "linux" || !trackingId) return [];
	return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && ofProcess(entry, "comm").trim() === "codex" && ofProcess(entry, "environ").split("\0").includes(`${variable}=${trackingId}`)).map(Number);
}
/** Empty when the process has ended or is somebody else's. Synchronous, because this reads memory and no disk. */
function ofProcess(pid, file) {
	try {
		return readFileSync(`/proc/${pid}/${file}`, "utf8");
	} catch {
		return "";
	}
}
// src/process/fresh-process.ts
/**
* Variables that the dynamic linker, OpenSSL or Node has read before any of our code ran (a proxy for all requests with
* NODE_USE_ENV_PROXY, a further authority with NODE_EXTRA_CA_CERTS): to take them out of the environment is too late for
* this process.
*/
const readAtStart = /^(NODE|LD|DYLD|OPENSSL)_|^SSL_CERT_/;
/**
* Whether a process that started with these variables must not do the work itself.
* @param changed what a step had set or changed
* @param env the rest: a job that tells Node to use its proxy has done so before a step named another one
*/
function needsFreshProcess(changed, env) {
	const proxyWasRead = ["NODE_USE_ENV_PROXY", "NODE_OPTIONS"].some((name) => env[name]);
	return changed.some((name) => readAtStart.test(name) || proxyWasRead && networkVariables.includes(name));
}
/**
* Runs this script again, in a process that starts with the environment as it is now, shows in the log what it prints, and
* ends as it ended. It has no time limit: it does all the work that this process would have done.
*/
async function runAfresh() {
	const { exec } = await import("./exec2.js");
	const code = await exec(`"${process.execPath}"`, process.argv.slice(1), {
		env: { ...process.env },
		cwd: "/",
		ignoreReturnCode: true
	});
	process.exitCode = Number.isInteger(code) ? code : 1;
}
// src/keeper/clean-up.ts
/** The last copy is never deleted: only what restore put there goes, and only when a store is confirmed to hold it. */
async function cleanUp({ inputs, state, file, result: { confirmed }, isStill }) {
	if (inputs.stores.some(({ kind }) => kind === "runner") || !state.installed || file.kind === "missing") return "not-ours";
	if (confirmed === void 0 || !isStill) return "stays";
	return await removeAuthFile(state.codexHome, confirmed) ? "removed" : "stays";
}
// src/action/post-inputs.ts
/** A cancelled job is ended after less than five minutes, and post may have waited for Codex already. Seconds. */
const longestAfterCancel = 90;
/** A later step can change what an expression in an input gives, and must not stop the write-back that way. */
const schema = object({
	"reseed-issue": _catch(truth, false),
	"job-status": trimmed
});
/**
* Reads what post needs. The stores, the slot and the time for further tries are those of restore, whatever the inputs say by now.
* @throws KeeperError invalid-inputs, where a store has lost what it needs
*/
function parsePostInputs(read, { stores: lines, slot, retryFor }, run) {
	const given = readStoreInputs(read, slot);
	const { stores, problems } = judgeStores(lines, given, run);
	if (problems.length > 0) throw invalidInputs(problems);
	const values = schema.parse(rawInputs(schema, read));
	const jobStatus = values["job-status"];
	return {
		stores,
		slot,
		githubToken: given.githubToken,
		reseedIssue: values["reseed-issue"],
		jobStatus,
		retryFor: jobStatus === "cancelled" ? Math.min(retryFor, longestAfterCancel) : retryFor
	};
}
// src/action/write-through/take-over.ts
/** It ends itself after ten seconds at the latest. Milliseconds. */
const longestEnd = 12e3;
/** Ends the process that writes through, waits for what it is writing, and takes over what it knows; undefined when none was started. */
async function takeOver(state) {
	const directory = state.writeThrough;
	if (directory === void 0) return void 0;
	const how = await askToEnd(socketIn(directory));
	const record = await takeRecord(directory, signingKey(process.env));
	await rm(directory, {
		recursive: true,
		force: true
	});
	const { ours = [], handovers = {} } = record ?? {};
	return {
		how,
		seen: ours.length,
		state: {
			...state,
			standing: {
				...state.standing,
				ours
			},
			handovers: {
				...state.handovers,
				...handovers
			}
		}
	};
}
async function askToEnd(socket) {
	const asked = connect(socket);
	const ended = new Promise((resolve) => {
		asked.on("error", (error) => {
			resolve(systemCodeOf(error) === "ECONNRESET" ? "ended" : "died");
		});
		asked.on("close", () => {
			resolve("ended");
		});
		asked.resume();
	});
	const how = await inTime(ended, longestEnd);
	asked.destroy();
	return how;
}
// src/action/post-stage.ts
/** Decides per store whether the file Codex left is to be kept, writes it, and removes the plaintext where it may. */
async function postStage(reporter) {
	maskInputs(getInput, reporter.masks);
	const saved = loadState();
	if (saved === void 0) {
		info("Nothing was restored in this job, so there is nothing to write back.");
		return;
	}
	if (needsFreshProcess(undoChanges(process.env, saved.environment), process.env)) return runAfresh();
	const state = await endWriteThrough(saved);
	const context = readRunContext(process.env);
	const inputs = parsePostInputs(getInput, state, storeRunOf(context, state, reporter.masks, state));
	await reclaimLeftovers(state.codexHome);
	const { request, result, isStill, session } = await writeBackFile(reporter, inputs, state);
	reporter.publish(writeBackReport(result, {
		base: state.standing.base,
		codexHome: state.codexHome,
		now: systemClock.now() / 1e3,
		isStill,
		isHosted: process.env["RUNNER_ENVIRONMENT"] === "github-hosted",
		mainFailed: state.failedWith !== void 0,
		session,
		isPutBack: await isPutBack(state, result),
		cleanUp: await cleanUp({
			inputs,
			state,
			file: request.file,
			result,
			isStill
		})
	}));
	if (result.rotated && result.verdict === "safe") await withdrawReseed({
		...inputs,
		...context
	});
	if (session.kind === "needs-reseed") await announceReseed(session.error, {
		...inputs,
		...context
	}, reporter.masks);
}
async function endWriteThrough(saved) {
	const taken = await takeOver(saved);
	if (taken === void 0) return saved;
	info(writeThroughEnd(taken));
	return taken.state;
}
/** Writes what is there at once, because post may be killed; only then waits until nobody changes it any more, and looks again. */
async function writeBackFile(reporter, inputs, state) {
	const stores = await openStores(inputs.stores, state);
	const observe = async () => {
		const file = await observeAuthFile(state.codexHome, systemClock);
		reporter.masks.add(secretsOf(file));
		return file;
	};
	let isStill;
	try {
		const round = await writeBackLatest({
			stores,
			standing: state.standing,
			clock: systemClock,
			file: await observe(),
			observe: async () => {
				isStill ??= await untilStill(inputs, state);
				return observe();
			},
			retry: loggedRetry(inputs.retryFor, reporter.masks)
		});
		return {
			...round,
			isStill: isStill === true,
			session: await sessionOf(round, stores, state)
		};
	} finally {
		await closeStores(stores);
	}
}
/** What Codex's own record says, where nobody else knows how the login is: main has ended well, and Codex has not refreshed it. */
async function sessionOf({ result }, stores, { codexHome, standing, failedWith, began }) {
	if (failedWith !== void 0 || began === void 0 || result.rotated || result.verdict === "lost") return { kind: "unknown" };
	const [{ lastSession }, { judgeSession }] = await Promise.all([import("./session-records.js"), import("./refused-session.js")]);
	return judgeSession({
		session: await lastSession(codexHome, began, systemClock.now()),
		stores,
		standing,
		clock: systemClock
	});
}
function untilStill({ jobStatus }, { codexHome, ownChange, codexProcess }) {
	return waitUntilStill({
		codexHome,
		cancelled: jobStatus === "cancelled",
		ownChange,
		started: codexProcess,
		trackingId: process.env["RUNNER_TRACKING_ID"],
		clock: systemClock,
		codexProcesses: findCodexProcesses
	});
}
function secretsOf(file) {
	switch (file.kind) {
		case "missing": return [];
		case "damaged": return secretValues(Buffer.from(file.bytes).toString("utf8"));
		case "managed":
		case "unmanaged": return secretValues(Buffer.from(file.credential.bytes).toString("utf8"));
	}
}
// src/action/post.ts
await runStage(postStage);
export {};
