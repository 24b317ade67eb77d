import { n as exitCodes } from "./exit-code.js";
import { n as whoWrites, t as openPlaces } from "./places.js";
import { An as isDue, At as listAccounts, Cn as accountHash, Ct as findTool, Dn as isSameAccount, Dt as pathOutside, En as isSame, Fn as _enum, Ft as writeBackRotation, G as durationSeconds, Gn as object, In as _null, It as writeBackLatest, Jt as noCodexToTest, Kn as optional, Lt as holdsFile, M as retryWords, Mt as refreshEarly, On as accessEnds, Pn as _default, Qt as holderName, Rn as boolean, Rt as standingAfter, Tn as isAccountNamed, Tt as reclaimLeftovers, U as distanceWords, Ut as copyState, Vn as looseObject, Vt as isRotated, W as durationRule, Wn as number, Xn as string, Xt as requireLogin, Y as storeForms, Zn as transform, Zt as smokeTestRefused, _ as isPutBack, _n as systemCodeOf, an as logInFirst, bn as parseAuthJson, cn as installAuthFile, dn as removeAuthFile, gn as messageOf, gt as secretValues, hn as errorWords, ht as seedBytes, in as failureWords, ir as NEVER, jt as originName, kt as chooseNewest, ln as observeAuthFile, mn as KeeperError, nn as failureOfRefresh, on as authFileChangedAt, qn as pipe, qt as noCodexToRefresh, s as inTime, sn as authFileIn, tn as failureOfExec, v as putBackWords, vn as AuthJsonError, xn as unmanagedReasons, yn as isAnotherLogin, zt as writeBack } from "../shared.js";
import { t as codexEnvironment } from "./codex-environment.js";
import { t as wrongUsage } from "./wrong-usage.js";
import { t as inWordsOfTheCommandLine } from "./input-names.js";
import { a as strong, o as warning, t as bad } from "./line.js";
import { t as findHazards } from "./hazards.js";
import { n as examine, r as holdsForeign, t as canTake } from "./store-finding.js";
import { r as placeOptions, t as describePlaceOptions } from "./place-options.js";
import { t as tellError } from "./tell-error.js";
const { realpath, stat } = process.getBuiltinModule("node:fs/promises");
const { basename, delimiter, dirname, isAbsolute, join, resolve } = process.getBuiltinModule("node:path");
const { randomUUID } = process.getBuiltinModule("node:crypto");
const { accessSync, closeSync, constants: constants$1, existsSync, openSync, readFileSync, readdirSync, statSync, watch } = process.getBuiltinModule("node:fs");
const { constants: constants$2 } = process.getBuiltinModule("node:os");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/codex/stillness.ts?cli
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
// src/keeper/clean-up.ts?cli
/** The last copy is never deleted: only what restore put there goes, and only when a store is confirmed to hold it. */
async function cleanUp({ inputs, state, file, result: { confirmed }, isStill }) {
	if (inputs.stores.some(({ kind }) => kind === "runner") || !state.installed || file.kind === "missing") return "not-ours";
	if (confirmed === void 0 || !isStill) return "stays";
	return await removeAuthFile(state.codexHome, confirmed) ? "removed" : "stays";
}
// src/codex/codex-cli.ts?cli
const defaultLimits = {
	answer: 6e4,
	exit: 5e4,
	terminate: 1e4,
	smokeTest: 18e4
};
/** How often to look for an answer. Milliseconds. */
const pollEvery = 20;
function codexCli(options) {
	const limits = options.limits ?? defaultLimits;
	return {
		refresh: async (call) => {
			const refreshesAtStart = Date.now() / 1e3 >= call.refreshesFrom;
			const codex = await started(options, ["app-server"], call.onStart);
			return refresh(codex, limits, async () => !refreshesAtStart && !await call.hasChanged()).finally(codex.release);
		},
		smokeTest: async (onStart) => {
			const codex = await started(options, [
				"exec",
				"--json",
				"--skip-git-repo-check",
				"--sandbox",
				"read-only",
				"Reply exactly: OK"
			], onStart);
			return smokeTest(codex, limits).finally(codex.release);
		}
	};
}
async function started(options, args, onStart) {
	const { startCodex } = await import("../codex-process.js");
	const codex = await startCodex(options, args);
	onStart(codex.pid);
	return codex;
}
/**
* Speaks to `codex app-server` over its standard streams, one JSON object a line (measured on 0.150.0 and 0.169.0). A token
* that runs out is refreshed before `initialize` is answered; asking for a refresh then would spend a second token. Closing
* its input lets an exchange that is under way finish and be saved.
*/
async function refresh(codex, limits, mustAsk) {
	const deadline = Date.now() + limits.answer;
	codex.send({
		id: 0,
		method: "initialize",
		params: { clientInfo: {
			name: "codex-auth-keeper",
			title: "codex-auth-keeper",
			version: "1"
		} }
	});
	const greeting = await answerTo(codex, 0, deadline);
	let answer;
	if (greeting !== void 0) {
		codex.send({ method: "initialized" });
		codex.send({
			id: 1,
			method: "account/read",
			params: { refreshToken: await mustAsk() }
		});
		answer = await answerTo(codex, 1, deadline);
	}
	if (!await finish(codex, limits)) return {
		kind: "left-running",
		pid: codex.pid
	};
	const errors = await codex.errors();
	if (greeting === void 0 && hasNoAppServer(errors)) return { kind: "unsupported" };
	const failure = failureOfRefresh(errors) ?? (refusal.safeParse(answer).success ? "refused" : void 0);
	return {
		kind: "ended",
		ok: failure === void 0,
		failure
	};
}
/** The first Codex releases took `app-server` for a prompt and asked for a terminal. */
function hasNoAppServer(errors) {
	return /unrecognized subcommand|is not a terminal/i.test(errors);
}
/** An answer without an account is what Codex gives after a refresh that was refused for good. */
const refusal = object({ result: object({ account: _null() }) });
async function smokeTest(codex, limits) {
	codex.endInput();
	if (!await codex.endsWithin(limits.smokeTest)) return {
		kind: "left-running",
		pid: codex.pid
	};
	const ok = codex.exitCode() === 0;
	return {
		kind: "ended",
		ok,
		failure: ok ? void 0 : failureOfExec(await codex.output(), await codex.errors())
	};
}
/** Closes the input, waits past the token request's own limit, then asks it once to stop; never kills. Tells whether it ended. */
async function finish(codex, limits) {
	codex.endInput();
	if (await codex.endsWithin(limits.exit)) return true;
	codex.terminate();
	return codex.endsWithin(limits.terminate);
}
/** The answer to one request; undefined when Codex ended without it or the time was up. */
async function answerTo(codex, id, deadline) {
	for (;;) {
		const ended = await codex.endsWithin(pollEvery);
		const answer = (await codex.output()).split("\n").map(parsed).find((message) => message?.id === id);
		if (answer !== void 0 || ended || Date.now() >= deadline) return answer;
	}
}
/** What answers a request; notifications have no id. */
const numbered = looseObject({ id: number() });
function parsed(line) {
	try {
		return numbered.safeParse(JSON.parse(line)).data;
	} catch {
		return;
	}
}
// src/cli/run/run-words.ts
function runLine(text) {
	return [strong("codex-auth-keeper:"), ` ${inWordsOfTheCommandLine(text)}`];
}
function runWarning(text) {
	return [warning("codex-auth-keeper: warning:"), ` ${inWordsOfTheCommandLine(text)}`];
}
function runError(text) {
	return [bad("codex-auth-keeper: error:"), ` ${inWordsOfTheCommandLine(text)}`];
}
/** The one line before the command. */
function loginLine({ restored, refresh, credential, now }) {
	const { fingerprint, issued } = credential;
	return `Codex login ${accountHash(fingerprint)} ${cameFrom(restored, refresh)}; its access token ends ${distanceWords(accessEnds(issued), now)}.`;
}
function cameFrom({ origin }, refresh) {
	const from = `from ${originName(origin)}`;
	switch (refresh.kind) {
		case "refreshed": {
			const holding = refresh.writeBack.results.filter(({ outcome }) => holdsFile(outcome)).map(({ name }) => name);
			return holding.length === 0 ? `${from}, refreshed` : `${from}, refreshed and stored in ${holding.join(", ")}`;
		}
		case "overtaken": return `from ${refresh.store}, where another job has just put it`;
		default: return from;
	}
}
/** What else a person should know of what was restored. */
function restoreLines({ hazards, stores, remarks }) {
	return [
		...hazards.filter(({ severity }) => severity === "warn").map(({ message, remedy }) => `${message} ${remedy}`),
		...stores.flatMap(({ name, look, proof }) => [...look.kind === "unreadable" ? [`Store ${name} could not be read. ${errorWords(look.error)}`] : [], ...proof.kind === "refused" ? [`Store ${name} cannot be written. ${errorWords(proof.error)}`] : []]),
		...remarks
	];
}
/** What else a person should know of the early refresh. */
function refreshLines(refresh, due) {
	switch (refresh.kind) {
		case "not-asked": return refresh.why === "no-cli" && due ? ["The login is due for a refresh, and there is no Codex CLI in PATH, so Codex refreshes it while the command runs."] : [];
		case "unchanged": return [`Codex was asked to refresh the login and left it as it was. ${refresh.failure === void 0 ? "It gave no reason, as when it cannot reach OpenAI." : failureWords[refresh.failure].cause}`];
		case "no-lease": return [`The store ${refresh.store} could not be asked for the lease, so nothing was spent. ${errorWords(refresh.error)}`];
		case "left-running": return ["Codex is still refreshing the login. It was not killed, and what it writes is stored later."];
		case "refreshed": return refresh.writeBack.results.flatMap(({ name, outcome }) => outcome.kind === "failed" ? [`Store ${name} does not have the refreshed login. ${errorWords(outcome.error)}`] : []);
		default: return [];
	}
}
const keptWords = {
	"file-missing": "auth.json is gone, so the stored copies stay as they were.",
	damaged: "auth.json is damaged, so the stored copies stay as they were.",
	"not-managed": "auth.json is no longer a ChatGPT login that can be refreshed, so the stored copies stay as they were.",
	"different-account": "auth.json and a stored copy belong to different accounts, so that copy stays as it was.",
	"older-than-base": "The command has put an older auth.json back, so the stored copies stay as they were."
};
/** What is to be said after the command; nothing where nothing has happened. */
function writeBackWords({ result, codexHome, cleaned, isStill, isPutBack }) {
	const { results, verdict, rotated } = result;
	const isLost = verdict === "lost";
	const written = results.filter(({ outcome }) => outcome.kind === "written").map(({ name }) => name);
	const why = results.some(({ outcome }) => outcome.kind === "kept" && outcome.reason === "is-seed") ? "it is still the seed, which no store gets before its first refresh" : "no store is confirmed to hold it";
	const failures = results.flatMap(({ name, outcome }) => {
		if (outcome.kind === "failed") return [`Store ${name} could not be brought up to date. ${errorWords(outcome.error)}`];
		return outcome.kind === "kept" ? [keptWords[outcome.reason] ?? ""].filter((text) => text !== "") : [];
	});
	return {
		news: [...written.length > 0 ? [`The refreshed login is stored in ${written.join(", ")}.`] : [], ...cleaned === "stays" && !isLost && isStill ? [`auth.json stays in ${codexHome}: ${why}.`] : []],
		warnings: [
			...new Set(failures),
			...isPutBack ? [putBackWords("while the command ran")] : [],
			...isStill ? [] : ["Codex is still at work: what it writes from now on reaches no store, and auth.json stays."]
		],
		error: isLost ? lostWords(rotated, codexHome) : void 0
	};
}
function lostWords(rotated, codexHome) {
	return `${rotated ? "Codex has refreshed the login, and no store could take it: the stored copies are spent." : "auth.json holds a refresh token that no store has, and by its times it is older than the login that was restored, so no store took it."} ${codexHome}/auth.json is the only good copy, and it stays there: when a store answers, run again on this machine; if the machine is thrown away, save that file first.`;
}
// src/cli/run/run-job.ts
/** The variable that holds the mark. */
const markVariable = "CODEX_KEEPER_RUN";
/** @throws KeeperError invalid-inputs where there is no store, or one that cannot be reached from here */
function runJob(options, places, context) {
	requireStores(places);
	const { environment, terminal, clock } = context;
	const { codexHome, stores, tempDirectory } = places;
	let login = {};
	let hasAsked = false;
	const ask = (call) => {
		if (context.interrupts.signal.aborted) return new Promise(() => void 0);
		hasAsked = true;
		return call();
	};
	const program = findTool("codex", environment.shared["PATH"] ?? "");
	const env = codexEnvironment(environment.shared, codexHome);
	const codex = program === void 0 ? void 0 : codexCli({
		program,
		env,
		cwd: tempDirectory
	});
	return {
		context,
		options,
		places,
		keeper: {
			codexHome,
			stores,
			clock,
			onCredential: ({ bytes }) => {
				terminal.secrets.add(secretValues(Buffer.from(bytes).toString("utf8")));
			},
			state: { update: (part) => {
				login = {
					...login,
					...part
				};
			} }
		},
		codex: codex && {
			refresh: (call) => ask(() => codex.refresh(call)),
			smokeTest: (onStart) => ask(() => codex.smokeTest(onStart))
		},
		hasAskedCodex: () => hasAsked,
		login: () => login,
		isOurs: !existsSync(authFileIn(codexHome)),
		retry: (seconds) => ({
			lasting: seconds * 1e3,
			onPause: (news) => {
				terminal.say(runLine(retryWords(news)));
			}
		}),
		mark: randomUUID()
	};
}
function requireStores({ stores, outOfReach }) {
	for (const { name, why } of outOfReach) throw wrongUsage(`The store ${name} cannot be used here: ${why}.`, "Name the stores with --store.");
	if (stores.length > 0) return;
	const forms = storeForms.map((form) => `  ${form}`).join("\n");
	throw wrongUsage(`--store is required: it says where the refreshed login is kept. Give one or more:\n${forms}`, "See \"run --help\".");
}
// src/cli/run/after-command.ts
/** A CI ends what it has cancelled after some minutes, and the command may have taken its time. Seconds. */
const longestAfterSignal = 90;
/**
* Puts what Codex has left into every store that is behind, and removes the plaintext where it may.
* @returns `lost` where a rotated login is in no store; nothing to do where nothing was restored
*/
async function storeLogin(job, { isCancelled }) {
	const { context, options, places, keeper } = job;
	const { standing, installed = false, ownChange, codexProcess } = job.login();
	if (standing === void 0) return "safe";
	const { terminal, clock } = context;
	const { codexHome, stores } = keeper;
	await reclaimLeftovers(codexHome);
	const observe = async () => {
		const file = await observeAuthFile(codexHome, clock);
		terminal.secrets.add(secretsOf(file));
		return file;
	};
	let isStill;
	const { request, result } = await writeBackLatest({
		stores,
		standing,
		clock,
		file: await observe(),
		observe: async () => {
			isStill ??= await waitUntilStill({
				codexHome,
				cancelled: isCancelled,
				ownChange,
				started: codexProcess,
				trackingId: job.mark,
				clock,
				codexProcesses: (mark) => findCodexProcesses(mark, markVariable)
			});
			return observe();
		},
		retry: job.retry(isCancelled ? Math.min(options.retryFor, longestAfterSignal) : options.retryFor)
	});
	const putBack = await isPutBack({
		codexHome,
		ownChange,
		standing
	}, result);
	const { news, warnings, error } = writeBackWords({
		result,
		codexHome,
		cleaned: await cleanUp({
			inputs: { stores: places.settings },
			state: {
				codexHome,
				installed: installed && job.isOurs
			},
			file: request.file,
			result,
			isStill: isStill === true
		}),
		isStill: isStill === true,
		isPutBack: putBack
	});
	for (const line of news) terminal.say(runLine(line));
	for (const line of warnings) terminal.say(runWarning(line));
	if (error !== void 0) terminal.say(runError(error));
	return result.verdict;
}
function secretsOf(file) {
	switch (file.kind) {
		case "missing": return [];
		case "damaged": return secretValues(Buffer.from(file.bytes).toString("utf8"));
		case "managed":
		case "unmanaged": return secretValues(Buffer.from(file.credential.bytes).toString("utf8"));
	}
}
// src/keeper/lease-words.ts?cli
/** A line of the log about the lease of the login. */
function leaseWords(news) {
	switch (news.kind) {
		case "waiting": {
			const { holder, endsIn, atMost } = news.wait;
			return `Waiting for ${holderName(holder)}, which is refreshing this login. If it gets no further, its turn ends in ${waitWords(endsIn)}; this job waits ${waitWords(atMost)} at most.`;
		}
		case "without": return errorWords(news.error);
		case "nowhere": return "No store in the list holds a lease, so nothing keeps two jobs from spending one refresh token: let jobs with this login wait for each other (concurrency with queue: max).";
	}
}
/** A short time, to the second. */
function waitWords(seconds) {
	const whole = Math.ceil(seconds);
	const minutes = Math.floor(whole / 60);
	return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}
// src/credential/mistaken-seed.ts?cli
/** Tells them by how they begin; undefined for what may be an `auth.json`, raw or in base64. */
function mistakenSeed(text) {
	const value = text.trim();
	if (/\s/.test(value)) return void 0;
	if (value === "{") return "first-line";
	if (/^sk-/.test(value)) return "api-key";
	if (/^rt[_.-]/.test(value)) return "refresh-token";
	if (/^at-/.test(value)) return "access-token";
	if (/^eyJ[\w-]*\.[\w-]*\./.test(value)) return "jwt";
	return /(^|\/)auth\.json$/.test(value) ? "path" : void 0;
}
// src/keeper/read-seed.ts?cli
/**
* The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed.
* @throws KeeperError unusable-credential when Codex could not use or refresh it
*/
function readSeed({ authJson, stores }) {
	if (authJson === void 0 || stores.some(({ kind }) => kind === "github-secret")) return void 0;
	const mistake = mistakenSeed(authJson);
	if (mistake !== void 0) throw unusable(mistakes[mistake].what, mistakes[mistake].wayOut);
	try {
		const seed = parseAuthJson(seedBytes(authJson));
		if (seed.kind === "managed") return seed;
		throw unusable(`${unmanagedReasons[seed.why]}.`, needsNoKeeper[seed.why] ?? "Log in (\"codex login --device-auth\" in a separate CODEX_HOME; where device login is switched off, plain \"codex login\", which opens a browser) and put that whole auth.json into the secret that auth-json comes from.");
	} catch (error) {
		if (error instanceof AuthJsonError) throw unusable(`cannot be used: ${error.message}.`, whole);
		throw error;
	}
}
const whole = `The secret must hold the whole file, and a copy of it by hand is easily cut. Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME`;
/** @param what the end of a sentence about the seed */
function unusable(what, wayOut) {
	return new KeeperError("unusable-credential", `The seed in auth-json ${what}`, wayOut);
}
const keyNeedsNoKeeper = `An API key needs no keeper: leave this action out and give Codex the key as CODEX_API_KEY. To use a ChatGPT plan instead: ${logInFirst}`;
const mistakes = {
	"api-key": {
		what: "is an OpenAI API key (sk-…), not an auth.json.",
		wayOut: keyNeedsNoKeeper
	},
	"refresh-token": {
		what: "is a bare refresh token (rt_…), not an auth.json.",
		wayOut: whole
	},
	"access-token": {
		what: "is a Codex access token (at-…), not an auth.json.",
		wayOut: "An access token needs no keeper, because nobody has to refresh it: leave this action out and give Codex the token as CODEX_ACCESS_TOKEN."
	},
	jwt: {
		what: "is one token out of an auth.json (eyJ…), not the file.",
		wayOut: whole
	},
	path: {
		what: "is the path of an auth.json, not what the file holds.",
		wayOut: whole
	},
	"first-line": {
		what: "is the first line of an auth.json alone.",
		wayOut: whole
	}
};
/** Logins of other kinds stay as they are, so there is nothing to keep. */
const needsNoKeeper = {
	"api-key": keyNeedsNoKeeper,
	"personal-access-token": "A personal access token needs no keeper, because nobody has to refresh it: leave this action out, and log Codex in with \"codex login --with-access-token\" or CODEX_ACCESS_TOKEN."
};
// src/keeper/restore-refusals.ts?cli
/** Why no credential could be chosen, and the way out. */
function notChosen(choice, findings, file) {
	const outages = findings.flatMap(({ name, look }) => look.kind === "unreadable" ? [{
		name,
		error: look.error
	}] : []);
	const outage = sentences(outages);
	const wayOutOfOutage = firstRemedy(outages) ?? "Run the job again when the store answers.";
	switch (choice.kind) {
		case "none":
			if (outages.length > 0) return new KeeperError("store-unreachable", `No credential: ${outage}`, wayOutOfOutage);
			return new KeeperError("no-credential", `There is no credential: ${findings.length === 1 ? "the store is" : "all stores are"} empty, ${fileWords(file)}, and auth-json is empty: no secret has that name for this run.`, `${logInFirst} If it is there already, see that this event is given secrets and that the job names the environment it is in.`);
		case "none-expected": return new KeeperError("two-accounts", `None of the credentials belongs to expected-account. Found: ${listAccounts(choice.found)}.`, "Reseed with the login of the expected account, or correct expected-account.");
		case "two-accounts": return new KeeperError("two-accounts", `The credentials belong to different accounts: ${listAccounts(choice.found)}.`, isOddOneOut("file", choice.found) ? elsewhere : ofItsOwn);
		case "only-seed-but-unread": return new KeeperError("store-unreachable", `A store could not be read, so the seed is not used: it may be spent, and a spent token can cost the whole login. ${outage}`, wayOutOfOutage);
		case "due-but-unread": return new KeeperError("store-unreachable", `A store could not be read, and the copy from ${originName(choice.candidate.origin)} is to be refreshed: if that store holds a newer one, this refresh would spend a token twice. ${outage}`, wayOutOfOutage);
	}
}
/** The surroundings would make Codex ignore, delete or give away the login. */
function hazardous(hazards) {
	const refusals = hazards.filter(({ severity }) => severity === "refuse");
	return new KeeperError("hazard", refusals.map(({ message }) => message).join("\n"), refusals.map(({ remedy }) => remedy).join("\n"));
}
/** No store would take the login after its refresh. */
function notWritable(findings, base) {
	const errors = findings.flatMap(({ name, look, proof }) => {
		const error = proof.kind === "refused" ? proof.error : look.kind === "unreadable" ? look.error : void 0;
		return error === void 0 ? [] : [{
			name,
			error
		}];
	});
	const foreign = findings.filter((finding) => holdsForeign(finding, base)).map(({ name }) => `${name} holds a login of another account.`);
	return new KeeperError(foreign.length === findings.length ? "two-accounts" : "not-writable", `No store can be written, so a refreshed login would be lost. ${[...foreign, sentences(errors)].join(" ").trim()}`, firstRemedy(errors) ?? (foreign.length > 0 ? ofItsOwn : "Make one store writable and run the job again."), { cause: errors[0]?.error });
}
const ofItsOwn = "One slot is one login: give each its own slot. If the store holds the wrong one, empty it first; expected-account does not replace what a store holds.";
/** A login that nobody has a copy of is not ours to replace. @param why the end of a sentence about that file */
function occupied(codexHome, why) {
	return new KeeperError("two-accounts", `${codexHome}/auth.json ${why}, and restoring would delete it.`, elsewhere);
}
const elsewhere = "Set the input codex-home to a directory of its own for this login, or move that file away.";
/** Whether a candidate of this origin is of another account than all the rest. */
function isOddOneOut(kind, found) {
	const odd = found.find(({ origin }) => origin.kind === kind);
	return odd !== void 0 && found.every((other) => other === odd || !isSameAccount(other.credential.fingerprint, odd.credential.fingerprint));
}
/** The file at hand, as a part of a sentence. */
function fileWords(file) {
	switch (file.kind) {
		case "missing":
		case "managed": return "CODEX_HOME has no auth.json";
		case "damaged": return `the auth.json in CODEX_HOME is damaged (${file.problem})`;
		case "unmanaged": return `the auth.json in CODEX_HOME ${unmanagedReasons[file.credential.why]}`;
	}
}
function sentences(faults) {
	return faults.map(({ name, error }) => {
		const message = messageOf(error);
		return message.startsWith(`${name}:`) ? message : `${name}: ${message}`;
	}).join(" ");
}
function firstRemedy(faults) {
	return faults.map(({ error }) => error instanceof KeeperError ? error.remedy : "").find((remedy) => remedy !== "");
}
// src/keeper/restore.ts?cli
/**
* Chooses the newest usable credential among the stores, the file at hand and the seed, looks for hazards, proves that a
* rotated one can be written, and installs it.
* @throws KeeperError: no-credential, two-accounts, store-unreachable, hazard, not-writable or install-failed
*/
async function restore(request) {
	const { stores, codexHome, seed, clock, state, refreshWindow, willRefresh, expectedAccount, surroundings } = request;
	await reclaimLeftovers(codexHome);
	const finding = Promise.all(stores.map((store) => examine(store, clock)));
	const file = await observeAuthFile(codexHome, clock).finally(() => finding);
	const findings = await finding;
	const candidates = [
		...stored$1(findings),
		...atHand(file, codexHome),
		...seeded(seed)
	];
	for (const { credential } of candidates) request.onCredential(credential);
	const due = (fingerprint) => isDue(fingerprint.issued, clock.now() / 1e3, refreshWindow);
	const choice = chooseNewest({
		candidates,
		unread: findings.some(({ look: { kind } }) => kind === "unreadable"),
		isDue: (fingerprint) => willRefresh || due(fingerprint),
		isExpected: expectedAccount === void 0 ? void 0 : (fingerprint) => isAccountNamed(fingerprint, expectedAccount)
	});
	if (choice.kind !== "chosen") throw notChosen(choice, findings, file);
	const foreignFile = choice.foreign.find(({ origin }) => origin.kind === "file");
	if (foreignFile !== void 0) throw occupied(codexHome, `belongs to another account (${accountHash(foreignFile.credential.fingerprint)})`);
	const { credential, origin } = choice.candidate;
	const base = credential.fingerprint;
	const hazards = await findHazards({
		...surroundings,
		codexHome,
		accountId: credential.account.id,
		due: due(base),
		guard: guardOf(request, findings)
	});
	if (hazards.some(({ severity }) => severity === "refuse")) throw hazardous(hazards);
	if (!findings.some((finding) => canTake(finding, base))) throw notWritable(findings, base);
	const installed = !(file.kind === "managed" && equalBytes(file.credential.bytes, credential.bytes));
	const standing = {
		base,
		...seed && { seed: seed.fingerprint },
		lastSeen: Object.fromEntries(findings.map((finding) => [finding.name, {
			base,
			copy: copyState(finding.look)
		}]))
	};
	state.update({
		standing,
		installed
	});
	if (installed) await installAuthFile(codexHome, credential.bytes);
	state.update({ ownChange: await authFileChangedAt(codexHome) });
	return {
		credential,
		standing,
		origin,
		installed,
		hazards,
		stores: findings,
		due: due(base),
		remarks: remarks(choice, file, codexHome)
	};
}
/** Only now: whether a store of the user's own commands can hold a lease shows when it is read. */
function guardOf({ stores, earlyRefresh }, findings) {
	const refused = findings.filter(({ proof }) => proof.kind === "refused").map(({ name }) => name);
	if (!stores.some(({ name, leasePlace }) => leasePlace !== void 0 && !refused.includes(name))) return "no-lease";
	return earlyRefresh === "possible" ? "lease" : earlyRefresh;
}
function stored$1(findings) {
	return findings.flatMap(({ name, look: seen }) => seen.kind === "held" ? [{
		origin: {
			kind: "store",
			name
		},
		credential: seen.credential
	}] : []);
}
function atHand(file, codexHome) {
	switch (file.kind) {
		case "managed": return [{
			origin: { kind: "file" },
			credential: file.credential
		}];
		case "missing":
		case "damaged": return [];
		case "unmanaged":
			if (!isAnotherLogin[file.credential.why]) return [];
			throw occupied(codexHome, unmanagedReasons[file.credential.why]);
	}
}
function seeded(seed) {
	return seed === void 0 ? [] : [{
		origin: { kind: "seed" },
		credential: seed
	}];
}
function remarks(chosen, file, codexHome) {
	const { candidate, foreign, rivals } = chosen;
	return [
		...doubts(candidate),
		...foreign.map(({ origin }) => `${originName(origin)} holds another account than expected-account and was passed over.`),
		...rivals.map(({ origin }) => `${originName(origin)} and ${originName(candidate.origin)} hold different tokens that were issued at the same moment; the latter is used.`),
		...file.kind === "damaged" || file.kind === "unmanaged" ? [`${fileWords(file)}; it is replaced (${codexHome}/auth.json).`] : []
	];
}
const timeNames = {
	iat: "iat",
	exp: "exp",
	lastRefresh: "last_refresh"
};
function doubts({ origin, credential }) {
	const { impossible = [] } = credential.issued;
	if (impossible.length === 0) return [];
	const names = impossible.map((name) => timeNames[name]).join(", ");
	return [`The login from ${originName(origin)} has times that cannot be true (${names}). They do not count when ages are compared.`];
}
function equalBytes(a, b) {
	return Buffer.compare(a, b) === 0;
}
// src/keeper/smoke-test.ts?cli
/** Proves with one short model call that the login works; what that call rotated is written back at once. */
async function proveLogin(request) {
	const { codex, state } = request;
	const run = await codex.smokeTest((pid) => {
		state.update({ codexProcess: pid });
	});
	if (run.kind !== "left-running") state.update({ codexProcess: void 0 });
	const rotation = await writeBackRotation(request, request.atHand);
	switch (run.kind) {
		case "left-running": return run;
		case "unsupported": return {
			kind: "failed",
			failure: void 0,
			rotation
		};
		case "ended": return run.ok ? {
			kind: "passed",
			rotation
		} : {
			kind: "failed",
			failure: run.failure,
			rotation
		};
	}
}
// src/cli/run/ci-workspace.ts
/** The folder in which the CI works, and in which a job may write; undefined where no CI says so. */
function ciWorkspace(env) {
	return env["CI_PROJECT_DIR"] ?? env["WORKSPACE"] ?? env["GITHUB_WORKSPACE"];
}
/** The context as the keeper's own programs have it: git, ssh and Codex do not come from a place that the job may write to. */
function outsideWorkspace(context) {
	const { environment } = context;
	const { shared } = environment;
	const path = pathOutside(shared["PATH"] ?? "", ciWorkspace(shared));
	return {
		...context,
		environment: {
			...environment,
			shared: {
				...shared,
				PATH: path
			}
		}
	};
}
// src/cli/run/before-command.ts
/**
* Restores the login, and refreshes and proves it where that is asked for.
* @param onInstalled told what lies in `CODEX_HOME` from then on
* @throws KeeperError for whatever keeps the command from being started
*/
async function prepareLogin(job, onInstalled) {
	const { terminal, clock } = job.context;
	const restored = await restoreLogin(job);
	onInstalled(restored);
	for (const line of restoreLines(restored)) terminal.say(runWarning(line));
	const refresh = await refreshLogin(job, restored);
	const { credential } = "credential" in refresh ? refresh : restored;
	terminal.say(runLine(loginLine({
		restored,
		refresh,
		credential,
		now: clock.now() / 1e3
	})));
	for (const line of refreshLines(refresh, restored.due)) terminal.say(runWarning(line));
	if (job.options.smokeTest && refresh.kind !== "left-running") await testLogin(job, credential);
}
function restoreLogin({ context, options, places, keeper, codex }) {
	const { secrets, shared } = context.environment;
	return restore({
		...keeper,
		seed: readSeed({
			authJson: secrets.CODEX_AUTH_SEED,
			stores: places.settings
		}),
		expectedAccount: options.expectedAccount,
		refreshWindow: options.refreshWindow,
		willRefresh: options.refresh === "always",
		earlyRefresh: options.refresh === "never" ? "never-refreshed" : codex === void 0 ? "no-codex" : "possible",
		surroundings: {
			workspace: ciWorkspace(shared),
			env: shared,
			jobTotal: 1
		}
	});
}
async function refreshLogin(job, { standing, due, stores }) {
	const { options, keeper, codex } = job;
	if (options.refresh === "always" && codex === void 0) throw noCodexToRefresh();
	const passOver = stores.filter(({ proof }) => proof.kind === "refused").map(({ name }) => name);
	const retry = job.retry(options.retryFor);
	const refresh = await refreshEarly({
		...keeper,
		standing,
		codex,
		when: options.refresh,
		due,
		retry,
		turn: turnOf(job, passOver)
	});
	requireLogin(refresh);
	return refresh;
}
/** How this run takes its turn among those that want to refresh the same login. */
function turnOf({ context: { environment, terminal } }, passOver) {
	const { shared } = environment;
	return {
		holder: {
			run: whoWrites(shared),
			attempt: 1,
			job: shared["CI_JOB_NAME"] ?? shared["JOB_NAME"] ?? shared["GITHUB_JOB"] ?? `process-${process.pid}`
		},
		passOver,
		random: Math.random,
		onNews: (news) => {
			if (news.kind !== "nowhere") terminal.say(runLine(leaseWords(news)));
		}
	};
}
async function testLogin(job, { fingerprint: atHand }) {
	const { keeper, codex, options } = job;
	const { standing } = job.login();
	if (codex === void 0) throw noCodexToTest();
	if (standing === void 0) return;
	const test = await proveLogin({
		...keeper,
		standing,
		codex,
		atHand,
		retry: job.retry(options.retryFor)
	});
	if (test.kind !== "passed") throw smokeTestRefused(test);
}
// src/codex/auth-file-changes.ts?cli
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
// src/keeper/write-through.ts?cli
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
// src/cli/run/beside-command.ts
/** How long a write in progress may take once the command has ended. Milliseconds. */
const lastWrite = 12e3;
/** Watches `auth.json` in this very process, which is there until the command has ended anyway. */
async function watchBeside({ options, keeper, login }) {
	const { standing } = login();
	if (options.writeThrough === "never" || standing === void 0) return { end: () => Promise.resolve() };
	const changes = await watchAuthFile(keeper.codexHome);
	let isOver = false;
	const working = writeThrough({
		...keeper,
		standing,
		changes,
		isOver: () => isOver,
		remember: (ours) => {
			keeper.state.update({ standing: {
				...standing,
				ours
			} });
			return Promise.resolve();
		}
	}).catch(() => void 0);
	return { end: async () => {
		isOver = true;
		changes.wake();
		await inTime(working, lastWrite);
		changes.close();
	} };
}
// src/cli/run/command.ts
/** What a shell ends with where there is no such command, and where it is not one that can be executed. */
const notFound = 127;
const notExecutable = 126;
/** Looks a command up as a shell would: a name in PATH, or a path. */
function findCommand(name, path, cwd) {
	const places = name.includes("/") ? [resolve(cwd, name)] : path.split(delimiter).flatMap((folder) => isAbsolute(folder) ? [join(folder, name)] : []);
	const files = places.filter(isFile);
	const program = files.find(isExecutable);
	if (program !== void 0) return {
		kind: "found",
		program
	};
	const there = files[0] ?? places.find((place) => name.includes("/") && existsSync(place));
	if (there === void 0) return {
		kind: "none",
		code: notFound,
		why: `There is no command ${name}.`
	};
	return {
		kind: "none",
		code: notExecutable,
		why: `${there} cannot be executed.`
	};
}
function isFile(path) {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
function isExecutable(path) {
	try {
		accessSync(path, constants$1.X_OK);
		return true;
	} catch {
		return false;
	}
}
/** After a signal to end, the command gets this long before what is there is stored without waiting for it. Milliseconds. */
const patience = 2e4;
function startCommand({ program, words, env, cwd }) {
	const [argv0 = program, ...args] = words;
	const child = spawn(program, args, {
		argv0,
		env: { ...env },
		cwd,
		stdio: "inherit"
	});
	const isTyped = hasTerminal();
	let limit;
	let leave = () => void 0;
	const others = [
		"SIGQUIT",
		"SIGUSR1",
		"SIGUSR2"
	].map((name) => {
		const pass = () => {
			if (name !== "SIGQUIT" || !isTyped) child.kill(name);
		};
		process.on(name, pass);
		return () => process.off(name, pass);
	});
	return {
		end: new Promise((done) => {
			leave = done;
			child.once("error", (error) => {
				done({
					kind: "not-started",
					code: systemCodeOf(error) === "ENOENT" ? notFound : notExecutable,
					why: `${argv0} could not be started: ${messageOf(error)}.`
				});
			});
			child.once("exit", (code, signal) => {
				done({
					kind: "ended",
					code: code ?? 128 + (signal === null ? 0 : constants$2.signals[signal])
				});
			});
		}).finally(() => {
			clearTimeout(limit);
			for (const stop of others) stop();
		}),
		signal: (signal) => {
			if (isTyped && signal === "SIGINT") return "typed";
			if (!isTyped || signal === "SIGTERM") child.kill(signal);
			limit ??= setTimeout(() => {
				child.unref();
				leave({
					kind: "left",
					pid: child.pid ?? 0
				});
			}, patience);
			return "cancels";
		}
	};
}
/** Whether a terminal sends Ctrl-C to all of its foreground processes, the command among them. */
function hasTerminal() {
	try {
		closeSync(openSync("/dev/tty", "r"));
		return true;
	} catch {
		return false;
	}
}
// src/cli/run/run-options.ts
/** Adds them to the command. */
function describeRunOptions(command) {
	return describePlaceOptions(command).option("--refresh <when>", "auto: before the command where the login is due; always; never", "auto").option("--refresh-window <time>", "a login is due so long before it ends", "12h").option("--write-through <when>", "auto, always: what Codex refreshes while the command runs is stored at once; never: at its end", "auto").option("--retry-for <time>", "so long is it tried again to store a refreshed login that no store takes", "4m").option("--expected-account <account>", "the account that the login must belong to: its short hash, or its id").option("--smoke-test", "proves the login with one short model call before the command");
}
const when = _enum([
	"auto",
	"always",
	"never"
], "must be auto, always or never");
const duration = pipe(string(), transform((value, { issues }) => {
	const seconds = durationSeconds(value);
	if (seconds === void 0) issues.push({
		code: "custom",
		input: value,
		message: durationRule
	});
	return seconds ?? NEVER;
}));
const schema = object({
	refresh: when,
	refreshWindow: duration,
	writeThrough: when,
	retryFor: duration,
	expectedAccount: optional(string()),
	smokeTest: _default(boolean(), false)
});
/** Reads them from what commander gives. @throws KeeperError invalid-inputs */
function runOptions(options) {
	const places = placeOptions(options);
	const result = schema.safeParse(options);
	if (result.success) return {
		places,
		...result.data,
		expectedAccount: result.data.expectedAccount
	};
	const problems = result.error.issues.map(({ path, message }) => `--${flagOf(path.join("."))} ${message}.`);
	throw wrongUsage(problems.join(" "), "Correct it; --help lists all options.");
}
function flagOf(name) {
	return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
// src/cli/run/signals.ts
/**
* Before the command a signal ends the program at once, unless Codex may have spent the refresh token by then; after it, a signal
* cuts no write-back short.
*/
function hearSignals({ context: { interrupts }, keeper: { codexHome }, hasAskedCodex }) {
	let cancelledBy;
	let command;
	let isRestoring = true;
	return {
		cancelledBy: () => cancelledBy,
		mayRemove: (document) => {
			interrupts.onInterrupt(async () => {
				await removeAuthFile(codexHome, document);
			});
		},
		passTo: (running) => {
			command = running;
			isRestoring = false;
			if (cancelledBy !== void 0) running.signal(cancelledBy);
		},
		giveBack: interrupts.takeOver((signal) => {
			if (command?.signal(signal) === "typed") return;
			cancelledBy ??= signal;
			if (isRestoring && !hasAskedCodex()) interrupts.end(signal);
		})
	};
}
// src/cli/commands/run.ts
/** The whole keeper around one command, for every CI, cron and systemd. */
const run = {
	describe: (command) => {
		describeRunOptions(command).usage("[options] -- COMMAND...").argument("<command...>", "what to run, behind --").addHelpText("after", "\nThe newest login is put into CODEX_HOME, refreshed where it is due, and each refresh is stored as soon as Codex has written it.\nThe command has the input and output of this program, gets its signals, and none of the CODEX_AUTH_ variables.\nWhat the program itself says goes to stderr.\n\nExit code: that of the command, and 1 where that was 0 and a refreshed login could not be stored; 3 where a person must log in\nbefore it can start; 126 and 127 where it cannot be executed or found; 128 and the number of the signal that ended it.");
	},
	examples: [
		["codex-auth-keeper run --store runner:/var/lib/codex-auth -- codex exec \"Summarise the open issues.\"", "on a machine that stays: cron, a systemd timer"],
		["codex-auth-keeper run --store \"git: https://git.example.com/your-org/codex-auth\" -- codex exec \"Review the last commit.\"", "in any CI (CODEX_AUTH_SEED, CODEX_AUTH_KEY, CODEX_AUTH_STORE_TOKEN)"],
		["codex-auth-keeper run --store ssh:ci@build-1.example.com/home/ci/auth.json --codex-home ~/.codex-ci --refresh always -- true", "only keeps a login fresh"]
	],
	run: async ({ args, options }, context) => {
		const wanted = runOptions(options);
		const { shared } = context.environment;
		const own = outsideWorkspace(context);
		const places = await openPlaces(wanted.places, own);
		try {
			const job = runJob(wanted, places, own);
			const found = findCommand(args[0] ?? "", shared["PATH"] ?? "", context.cwd);
			if (found.kind === "found") return await keepAround(job, {
				program: found.program,
				words: args,
				env: shared
			});
			context.terminal.say(runError(found.why));
			return found.code;
		} finally {
			await places.close();
		}
	}
};
/** Restores, runs, and stores; whatever happens in between, what Codex has refreshed is looked after. */
async function keepAround(job, command) {
	const signals = hearSignals(job);
	try {
		try {
			await prepareLogin(job, ({ credential, origin }) => {
				if (job.isOurs && origin.kind === "store") signals.mayRemove(credential.bytes);
			});
		} catch (error) {
			await stored(job, signals);
			throw error;
		}
		const end = signals.cancelledBy() === void 0 ? await runToItsEnd(job, command, signals) : void 0;
		const isLost = await stored(job, signals) === "lost";
		const code = codeOf(end, signals);
		return code === exitCodes.well && isLost ? exitCodes.failed : code;
	} finally {
		signals.giveBack();
	}
}
/** The command, and beside it what stores the login each time that Codex has refreshed it. */
async function runToItsEnd(job, command, signals) {
	const { terminal, cwd } = job.context;
	const beside = await watchBeside(job);
	const env = {
		...command.env,
		CODEX_HOME: job.keeper.codexHome,
		[markVariable]: job.mark
	};
	const running = startCommand({
		...command,
		env,
		cwd
	});
	signals.passTo(running);
	const end = await running.end;
	if (end.kind === "not-started") terminal.say(runError(end.why));
	if (end.kind === "left") terminal.say(runWarning(`The command (process ${end.pid}) goes on although it was told to end.`));
	await beside.end();
	return end;
}
/** @param end undefined where a signal came before the command */
function codeOf(end, signals) {
	if (end !== void 0 && end.kind !== "left") return end.code;
	const signal = signals.cancelledBy();
	return signal === void 0 ? exitCodes.failed : 128 + constants$2.signals[signal];
}
/** What goes wrong here must not hide how the command has ended. */
async function stored(job, signals) {
	try {
		return await storeLogin(job, { isCancelled: signals.cancelledBy() !== void 0 });
	} catch (error) {
		tellError(error, job.context.terminal);
		return "lost";
	}
}
export { run };
