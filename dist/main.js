import { $t as optional, A as line, An as setOutput, At as readPlainFile, C as loggedRetry, Ct as isTransient, D as storeRunOf, Dn as getState, Dt as observeAuthFile, E as readStoreInputs, En as getInput, Et as installAuthFile, F as durationRule, Ft as AuthJsonError, Gt as discriminatedUnion, I as durationSeconds, It as isAnotherLogin, Jt as literal, Lt as parseAuthJson, M as trimmed, Mt as errorWords, N as truth, Nt as messageOf, On as info, P as distanceWords, Qt as object, Rt as unmanagedReasons, S as reserveState, Sn as isDue, St as retried, Tn as exportVariable, Tt as authFileIn, Ut as array, Vt as _enum, Wt as boolean, X as keyDigest, Yt as looseObject, Z as maskInputs, Zt as number, _n as isSame, an as unknown, at as rememberEnvironment, bn as codexRefreshesFrom, bt as look, c as runStage, cn as _positive, ct as findTool, d as writeThroughStart, dn as chooseNewest, dt as isLoopbackHost, en as pipe, et as seedBytes, f as readRunContext, fn as listAccounts, ft as isInside, g as restoreReport, gn as isAccountNamed, gt as standingAfter, h as outcomeWords, hn as compareAge, ht as writeBackLatest, in as union, it as systemClock, j as rawInputs, jn as warning$1, jt as KeeperError, k as invalidInputs, kn as saveState, kt as PlainFileError, ln as _regex, lt as findTools, m as withdrawReseed, mn as accountHash, mt as realPlace, nn as string, nt as closeStores, on as _lte, p as announceReseed, pn as originName, pt as pathOutside, qt as int, rn as transform, rt as openStores, st as networkVariables, tn as record, tt as secretValues, un as NEVER, ut as reclaimLeftovers, vn as isSameAccount, w as remembering, wt as authFileChangedAt, x as loadStateOfPre, y as savedJobState, yn as accessEnds, yt as copyState, z as judgeStores, zt as _catch } from "./shared.js";
const { createHmac, randomUUID } = process.getBuiltinModule("node:crypto");
const { join } = process.getBuiltinModule("node:path");
const { stripVTControlCharacters } = process.getBuiltinModule("node:util");
// src/codex/failure.ts
const reseed = "Log in again (\"codex login --device-auth\" in a separate CODEX_HOME) and replace the seed.";
const later = "Run the job again later; the stored copies stay as they were.";
const failureWords = {
	reused: {
		cause: "OpenAI says that the refresh token was already used: another copy of this login was refreshed, an earlier job was lost between the refresh and the save, or an old stored copy was put back.",
		wayOut: `${reseed} Then let no other machine use that login.`,
		needsPerson: true
	},
	expired: {
		cause: "OpenAI says that the refresh token has expired: the login was not used for too long.",
		wayOut: `${reseed} Then let a weekly job keep it fresh.`,
		needsPerson: true
	},
	revoked: {
		cause: "OpenAI says that the login was revoked: someone logged out, or ended the sessions of the account.",
		wayOut: reseed,
		needsPerson: true
	},
	"other-account": {
		cause: "Codex says that this login was logged out, or now belongs to another account.",
		wayOut: reseed,
		needsPerson: true
	},
	refused: {
		cause: "OpenAI refused the refresh token: it was already used, has expired or was revoked.",
		wayOut: reseed,
		needsPerson: true
	},
	"logged-out": {
		cause: "OpenAI does not accept this login: for it, Codex is logged out.",
		wayOut: reseed,
		needsPerson: true
	},
	quota: {
		cause: "The login works, but its usage limit is reached.",
		wayOut: "Wait until the limit is reset, or use a plan with more room. The login itself is kept.",
		needsPerson: false
	},
	network: {
		cause: "Codex could not reach OpenAI.",
		wayOut: later,
		needsPerson: false
	},
	"server-error": {
		cause: "OpenAI's server failed.",
		wayOut: later,
		needsPerson: false
	}
};
/** What each message means, most specific first; texts of Codex 0.150 and 0.169 (measured). */
const patterns = [
	[/refresh token was already used|refresh_token_reused/i, "reused"],
	[/refresh token has expired|refresh_token_expired/i, "expired"],
	[/refresh token was revoked|refresh_token_invalidated/i, "revoked"],
	[/logged out or signed in to another account/i, "other-account"],
	[/access token could not be refreshed|failed to refresh token:? ?(status=)?40[01]/i, "refused"],
	[/failed to refresh token:? ?(status=)?(429|5\d\d)/i, "server-error"],
	[/usage limit|quota exceeded|429 too many requests/i, "quota"],
	[/not logged in|missing bearer|\b401 unauthorized\b/i, "logged-out"],
	[/high demand|\b5\d\d (internal server error|bad gateway|service unavailable|gateway timeout)/i, "server-error"],
	[/error sending request|connection failed|timed out|stream disconnected|dns error/i, "network"]
];
/**
* Finds the failure in what `codex exec --json` printed.
* @param output its standard output, one JSON event a line
* @param errors its standard error
*/
function failureOfExec(output, errors) {
	return classify(`${output.split("\n").flatMap(messageOfEvent).join("\n")}\n${stripVTControlCharacters(errors)}`);
}
/**
* Finds the failure of a refresh in the standard error of `codex app-server`, where much else goes wrong harmlessly: only
* lines about the refresh token count.
*/
function failureOfRefresh(errors) {
	return classify(stripVTControlCharacters(errors).split("\n").filter((line) => /refresh token/i.test(line)).join("\n"));
}
function classify(text) {
	return patterns.find(([pattern]) => pattern.test(text))?.[1];
}
const failureEvent = union([object({ message: string() }), object({ error: object({ message: string() }) })]);
/** The message of an `error` or `turn.failed` event. */
function messageOfEvent(line) {
	try {
		const event = failureEvent.safeParse(JSON.parse(line));
		if (!event.success) return [];
		return ["message" in event.data ? event.data.message : event.data.error.message];
	} catch {
		return [];
	}
}
// src/keeper/lease-document.ts
/** Others may have written it, and its holder is shown: no sign of a workflow command, a terminal code or a second line. */
const shown = (longest) => string().check(_regex(new RegExp(`^(?!.*::)[\\w.:/@+-]{1,${longest}}$`)));
const named$1 = {
	holder: object({
		run: shown(300),
		attempt: int().check(_positive()),
		job: shown(100)
	}),
	nonce: string().check(_regex(/^[\w-]{8,64}$/)),
	turn: int().check(_positive())
};
/** No lease keeps others waiting for longer than this, whatever it says. Seconds. */
const longestLife = 600;
const leaseDocument = discriminatedUnion("state", [
	object({ state: literal("free") }),
	object({
		state: _enum(["held", "exchanging"]),
		...named$1,
		lasts: number().check(_positive(), _lte(longestLife))
	}),
	object({
		state: literal("refused"),
		...named$1,
		token: string().check(_regex(/^[0-9a-f]{64}$/)),
		failure: _enum(Object.keys(failureWords))
	})
]);
/** Reads a lease; undefined for anything else: nobody holds that. */
function parseLease(bytes) {
	try {
		const parsed = leaseDocument.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
		return parsed.success ? parsed.data : void 0;
	} catch {
		return;
	}
}
/** The document as it is stored: one line of JSON. */
function leaseBytes(document) {
	return Buffer.from(`${JSON.stringify(document)}\n`);
}
/** A holder that `parseLease` takes, whatever its names are. */
function leaseHolder({ run, attempt, job }) {
	const plain = (text, longest) => text.replace(/[^\w.:/@+-]/g, "-").replace(/:{2,}/g, ":").slice(0, longest) || "-";
	return {
		run: plain(run, 300),
		attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
		job: plain(job, 100)
	};
}
/** A holder as people are told: the link of the run, and which part of it. */
function holderName({ run, attempt, job }) {
	return `${run} (${attempt > 1 ? `attempt ${attempt}, ` : ""}${job})`;
}
/**
* Which token a lease says was refused: a digest that tells nothing without the token, and differs in each lease.
* @param token a digest of the refresh token
*/
function refusedToken(token, nonce) {
	return createHmac("sha256", token).update(`codex-auth-keeper, refused: ${nonce}`).digest("hex");
}
// src/keeper/refresh-refusals.ts
/** The refresh, if the job can go on after it. @throws KeeperError needs-reseed, store-superseded or store-unreachable */
function requireLogin(refresh) {
	if (refresh.kind === "needs-reseed" || refresh.kind === "superseded" || refresh.kind === "unread") throw refreshRefused(refresh);
	if (refresh.kind === "no-lease" && refresh.due) throw withoutLease(refresh);
}
function withoutLease({ store, error }) {
	return new KeeperError(error instanceof KeeperError ? error.code : "store-unreachable", `The login is due for a refresh, and the store ${store} could not be asked whether another job is refreshing it, so nothing was spent: ${messageOf(error)}`, error instanceof KeeperError ? error.remedy : "See that the store answers.");
}
/** Why the login cannot be used any more, or not in this run, and the way out. */
function refreshRefused(refresh) {
	switch (refresh.kind) {
		case "superseded": return new KeeperError("store-superseded", `Another job has refreshed the login meanwhile. ${refresh.store} holds the newer one, but a run gets a secret only as it was when the job started.`, "Start a new run of the workflow (not \"Re-run jobs\"), and let jobs with this login wait for each other: concurrency with queue: max.");
		case "unread": {
			const { failure, store, error } = refresh;
			return new KeeperError("store-unreachable", `${failureWords[failure].cause} The store ${store} may hold a newer login and could not be read: ${messageOf(error)}`, `${error instanceof KeeperError ? error.remedy : "See that the store answers."} Then run the job again; a person is needed only if that fails too.`);
		}
		case "needs-reseed": {
			const { failure, refusedTo, begunBy, seedIsOlder } = refresh;
			const elsewhere = refusedTo ? ` It was the job ${holderName(refusedTo)} that presented the token.` : "";
			const lost = begunBy ? ` The job ${holderName(begunBy)} had begun to refresh this login and did not come back: it has most likely taken the new one with it.` : "";
			const seed = seedIsOlder ? " The seed in auth-json is older than this copy, so it is spent too." : "";
			return new KeeperError("needs-reseed", `${failureWords[failure].cause}${elsewhere}${lost}${seed} No store holds a newer login, and the stored copies stay as they were.`, seedIsOlder ? `${failureWords[failure].wayOut} If the seed is already that new login, the stored copy stands in its way: empty the slot (docs/stores.md says how for each store) and run again.` : failureWords[failure].wayOut);
		}
	}
}
/** A smoke test that did not pass; the login itself may be good. */
function smokeTestRefused(test) {
	if (test.kind === "left-running") return new KeeperError("codex-failed", "The smoke test did not end in time.", "See whether OpenAI can be reached from this runner.");
	const { failure } = test;
	if (failure === void 0) return new KeeperError("codex-failed", "The smoke test failed: codex exec ended with an error that says nothing about the login.", "Run \"codex exec --skip-git-repo-check 'Reply exactly: OK'\" in a step of its own and read what it says.");
	const { cause, wayOut, needsPerson } = failureWords[failure];
	return new KeeperError(needsPerson ? "needs-reseed" : "codex-failed", `The smoke test failed. ${cause}`, wayOut);
}
/** `refresh: always` without a Codex that could refresh. */
function noCodexToRefresh() {
	return new KeeperError("codex-failed", "refresh: always needs the Codex CLI, and there is no codex in PATH.", "Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.");
}
/** `smoke-test` without a Codex that could be tested. */
function noCodexToTest() {
	return new KeeperError("codex-failed", "smoke-test needs the Codex CLI, and there is no codex in PATH.", "Install it before this step (npm install -g @openai/codex).");
}
// src/keeper/newer-copy.ts
/** Pauses before each look for the copy of another job that has won: it stores right after its exchange. Milliseconds. */
const pauses$1 = [
	0,
	1e3,
	2e3,
	4e3,
	8e3
];
/** After a refused refresh: of two jobs at once the other one may have won and stored a newer login, which is then installed. */
async function awaitNewerCopy(request) {
	let newer = { kind: "none" };
	for (const pause of pauses$1) {
		await request.clock.sleep(pause);
		newer = await takeNewerCopy(request);
		if (newer.kind === "overtaken" || newer.kind === "superseded") break;
	}
	return newer;
}
/** Looks once into every store, and installs the newest login that is newer than ours. */
async function takeNewerCopy(request) {
	const { stores, standing, codexHome, clock, state } = request;
	const looks = await Promise.all(stores.map(async (store) => ({
		store: store.name,
		seen: await look(store, clock)
	})));
	const newest = looks.flatMap((each) => newerIn(each, standing)).sort(newestFirst)[0];
	if (newest === void 0) return withoutNewer(looks);
	const { store, credential } = newest;
	request.onCredential(credential);
	const next = standingFrom(standing, store, credential.fingerprint);
	state.update({ standing: next });
	await installAuthFile(codexHome, credential.bytes);
	state.update({ ownChange: await authFileChangedAt(codexHome) });
	return {
		kind: "overtaken",
		credential,
		standing: next,
		store
	};
}
function newerIn({ store, seen }, { base }) {
	if (seen.kind !== "held") return [];
	const { fingerprint } = seen.credential;
	if (!isSameAccount(fingerprint, base) || compareAge(fingerprint, base) !== "newer") return [];
	return [{
		store,
		credential: seen.credential
	}];
}
/** Of two of the same age the one that is listed first stays first. */
function newestFirst(a, b) {
	const order = compareAge(a.credential.fingerprint, b.credential.fingerprint);
	return order === "newer" ? -1 : order === "older" ? 1 : 0;
}
function withoutNewer(looks) {
	const superseded = looks.find(({ seen }) => isSuperseded(seen));
	if (superseded) return {
		kind: "superseded",
		store: superseded.store
	};
	const [unread] = looks.flatMap(({ store, seen }) => seen.kind === "unreadable" ? [{
		store,
		error: seen.error
	}] : []);
	return unread ? {
		kind: "unread",
		...unread
	} : { kind: "none" };
}
/** How the login stands once the job goes on with the copy of this store: every store is judged by it. */
function standingFrom(standing, store, found) {
	const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, {
		base: found,
		copy
	}]);
	return {
		...standing,
		base: found,
		lastSeen: {
			...Object.fromEntries(lastSeen),
			[store]: {
				base: found,
				copy: found
			}
		}
	};
}
function isSuperseded(seen) {
	return seen.kind === "unreadable" && seen.error instanceof KeeperError && seen.error.code === "store-superseded";
}
// src/keeper/lease-judgement.ts
/** What a look at a lease means. Nobody's date counts, only how long the one who looks has seen the same. */
function judgeLease({ document, unchangedFor, token, waitedFor }) {
	if (document === void 0 || document.state === "free") return {
		kind: "open",
		overtakes: void 0
	};
	const { holder } = document;
	switch (document.state) {
		case "held":
		case "exchanging": {
			const endsIn = document.lasts - unchangedFor;
			if (endsIn > 0) return {
				kind: "taken",
				holder,
				endsIn
			};
			return {
				kind: "open",
				overtakes: document.state === "exchanging" ? holder : void 0
			};
		}
		case "refused":
			if ((isForGood[document.failure] || waitedFor.has(document.nonce)) && document.token === refusedToken(token, document.nonce)) return {
				kind: "refused",
				holder,
				failure: document.failure
			};
			return {
				kind: "open",
				overtakes: void 0
			};
	}
}
/**
* Whether OpenAI has said of the token itself that it is now worthless. Any other refusal holds for those who
* waited for it, and a run that starts later asks again: it may have been a fault that has passed.
*/
const isForGood = {
	reused: true,
	expired: true,
	revoked: true,
	"other-account": false,
	refused: false,
	"logged-out": false,
	quota: false,
	network: false,
	"server-error": false
};
// src/keeper/lease-waiting.ts
/** Milliseconds. */
const longestWait = 6e5;
const sayEvery = 1e4;
/** Milliseconds between two looks, and how they grow. */
const pauses = {
	first: 1e3,
	longest: 5e3,
	growth: 1.5
};
function startWaiting({ clock, random, onWaiting }) {
	const began = clock.elapsed();
	const waitedFor = /* @__PURE__ */ new Set();
	let last;
	let saidAt = -Infinity;
	let pause = pauses.first;
	return {
		saw: (version, document) => {
			const now = clock.elapsed();
			if (last === void 0 || last.version !== version) last = {
				version,
				since: now
			};
			if (document?.state === "held" || document?.state === "exchanging") waitedFor.add(document.nonce);
			return {
				unchangedFor: (now - last.since) / 1e3,
				waitedFor
			};
		},
		pause: async (taken) => {
			const now = clock.elapsed();
			const atMost = began + longestWait - now;
			if (atMost <= 0) throw waitedTooLong(taken?.holder);
			if (taken !== void 0 && now - saidAt >= sayEvery) {
				saidAt = now;
				onWaiting({
					holder: taken.holder,
					endsIn: taken.endsIn,
					atMost: atMost / 1e3
				});
			}
			await clock.sleep(Math.min(pause * (.75 + random() / 2), taken === void 0 ? Infinity : taken.endsIn * 1e3));
			pause = Math.min(pauses.longest, pause * pauses.growth);
		}
	};
}
function waitedTooLong(holder) {
	const last = holder === void 0 ? "" : ` The last one was ${holderName(holder)}.`;
	return new KeeperError("store-unreachable", `Other jobs have held the lease of this login for ${longestWait / 6e4} minutes, and none has brought a refreshed login.${last}`, "See what became of them, then run this job again; nothing was spent by this one.");
}
// src/keeper/own-lease.ts
/**
* How long others respect it without a change, in seconds. Codex may take two minutes and the keeper then four for its write,
* which is why the lease is renewed in between.
*/
const lasts = {
	held: 90,
	exchanging: 300
};
const renewAfter = 3e4;
const tries = 4;
/** A lease of this job. @param version what it replaces */
function ownLease({ place, holder, token, clock }, version) {
	const nonce = randomUUID();
	let current = version;
	let writtenAt = clock.elapsed();
	let turn = 0;
	const named = () => {
		turn += 1;
		return {
			holder: leaseHolder(holder),
			nonce,
			turn
		};
	};
	const write = async (document) => {
		const bytes = leaseBytes(document);
		for (let attempt = 1;; attempt += 1) {
			const outcome = await place.write(bytes, current).catch(async (error) => {
				if (!isTransient(error) || attempt === tries) throw error;
				await clock.sleep(attempt * 1e3);
				return "lost";
			});
			if (outcome !== "lost") return took(outcome, attempt > 1 ? bytes : void 0);
			if (await isThere(bytes)) return true;
		}
	};
	/** @param bytes given when an earlier try may have written them */
	const took = async (outcome, bytes) => {
		if (outcome.kind === "conflict") return bytes !== void 0 && isThere(bytes);
		current = outcome.version;
		writtenAt = clock.elapsed();
		return true;
	};
	const isThere = async (bytes) => {
		const found = await retried(() => place.read(), clock);
		if (found === void 0 || Buffer.compare(found.bytes, bytes) !== 0) return false;
		current = found.version;
		writtenAt = clock.elapsed();
		return true;
	};
	const say = (state) => write({
		state,
		...named(),
		lasts: lasts[state]
	});
	const leave = async (document) => {
		await write(document).catch(() => void 0);
	};
	return {
		say,
		renew: async () => clock.elapsed() - writtenAt < renewAfter || say("exchanging").catch(() => false),
		giveBack: () => leave({ state: "free" }),
		refuse: (failure) => leave({
			state: "refused",
			...named(),
			token: refusedToken(token, nonce),
			failure
		})
	};
}
// src/keeper/lease.ts
/**
* Takes the lease, or waits for what its holder brings. Returns only when the token may be spent, or need not be.
* @throws KeeperError store-without-lease at a place that holds none; any other code is an outage: nothing may be spent
*/
async function takeLease(request) {
	const { place, token, clock, findNewer } = request;
	const waiting = startWaiting(request);
	for (;;) {
		const seen = await retried(() => place.read(), clock);
		const document = seen && parseLease(seen.bytes);
		const judgement = judgeLease({
			document,
			token,
			...waiting.saw(seen?.version, document)
		});
		switch (judgement.kind) {
			case "refused": return judgement;
			case "taken": {
				await waiting.pause(judgement);
				const newer = await findNewer();
				if (newer !== void 0) return {
					kind: "newer",
					newer
				};
				break;
			}
			case "open": {
				const taken = await takeOpen(request, seen?.version);
				if (taken.kind === "newer") return taken;
				if (taken.kind === "exchanging") return {
					...taken,
					overtakes: judgement.overtakes
				};
				await waiting.pause(void 0);
			}
		}
	}
}
/** Takes a lease that nobody holds, and looks once more before the token may be spent. */
async function takeOpen(request, version) {
	const own = ownLease(request, version);
	if (!await own.say("held")) return { kind: "lost" };
	try {
		const newer = await request.findNewer();
		if (newer === void 0) return await own.say("exchanging") ? {
			kind: "exchanging",
			lease: own
		} : { kind: "lost" };
		await own.giveBack();
		return {
			kind: "newer",
			newer
		};
	} catch (error) {
		await own.giveBack();
		throw error;
	}
}
// src/keeper/right-to-spend.ts
/** Takes the lease of the login in the first store that holds one, and waits for its turn there. */
async function rightToSpend(request, turn) {
	let unread;
	const findNewer = async () => {
		const newer = await takeNewerCopy(request);
		unread = newer.kind === "unread" ? newer.store : void 0;
		if (newer.kind === "unread") throw newer.error;
		return newer.kind === "none" ? void 0 : newer;
	};
	for (const { name, place } of leasePlaces(request.stores, turn.passOver)) try {
		return rightOf(await taken({
			request,
			turn,
			place,
			findNewer
		}));
	} catch (error) {
		if (!(error instanceof KeeperError)) throw error;
		if (error.code !== "store-without-lease") return {
			kind: "not-had",
			store: unread ?? name,
			error
		};
		turn.onNews({
			kind: "without",
			error
		});
	}
	turn.onNews({ kind: "nowhere" });
	return { kind: "unguarded" };
}
/** In the order of the list; a place that only this machine sees comes last, because jobs elsewhere do not heed it. */
function leasePlaces(stores, passOver) {
	const places = stores.flatMap(({ name, leasePlace: place }) => place === void 0 || passOver.includes(name) ? [] : [{
		name,
		place
	}]);
	return [...places.filter(({ place }) => place.seenBy === "all-jobs"), ...places.filter(({ place }) => place.seenBy === "this-machine")];
}
function taken({ request, turn: { holder, random, onNews }, place, findNewer }) {
	const { standing, clock } = request;
	const onWaiting = (wait) => {
		onNews({
			kind: "waiting",
			wait
		});
	};
	return takeLease({
		place,
		holder,
		token: standing.base.refreshToken,
		clock,
		random,
		onWaiting,
		findNewer
	});
}
function rightOf(result) {
	switch (result.kind) {
		case "exchanging": return {
			kind: "ours",
			lease: result.lease,
			overtakes: result.overtakes
		};
		case "newer": return {
			kind: "brought",
			newer: result.newer
		};
		case "refused": return result;
	}
}
// src/keeper/rotation.ts
/** The credential that Codex has put in the place of the base, if it has. */
async function rotatedCredential({ standing: { base }, codexHome, clock }) {
	const file = await observeAuthFile(codexHome, clock);
	if (file.kind !== "managed") return void 0;
	const { fingerprint } = file.credential;
	return isSame(fingerprint, base) || !isSameAccount(fingerprint, base) ? void 0 : file.credential;
}
/**
* Writes back what Codex has rotated, if it has; where no store takes it, again as long as `retry` says.
* @param tried a login that was tried for so long before: it is tried once more, without a wait
*/
async function writeBackRotation(request, tried) {
	const { stores, clock } = request;
	const first = await rotatedCredential(request);
	if (first === void 0) return void 0;
	let credential = first;
	request.onCredential(credential);
	const retry = tried !== void 0 && isSame(credential.fingerprint, tried) ? {
		...request.retry,
		lasting: 0
	} : request.retry;
	const observe = async () => {
		const file = await observeAuthFile(request.codexHome, clock);
		if (file.kind === "managed" && !isSame(file.credential.fingerprint, credential.fingerprint)) request.onCredential(file.credential);
		return file;
	};
	const file = {
		kind: "managed",
		credential
	};
	const { request: last, result } = await writeBackLatest({
		stores,
		standing: request.standing,
		clock,
		file,
		observe,
		retry
	});
	if (last.file.kind === "managed") ({credential} = last.file);
	const seen = standingAfter(last.standing, result, credential.fingerprint);
	const next = result.verdict === "lost" ? seen : {
		...seen,
		base: credential.fingerprint
	};
	request.state.update({ standing: next });
	return {
		credential,
		standing: next,
		writeBack: result
	};
}
/** Whether a store took the new login in this run. */
function wasStored(rotation) {
	return rotation?.writeBack.results.some(({ outcome }) => outcome.kind === "written") === true;
}
// src/keeper/refresh.ts
/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30;
/**
* Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. Of the jobs that want to
* do so at once, one does, and the others go on with what it brings.
*/
async function refreshEarly(request) {
	const { when, due, codex, turn } = request;
	if (when === "never") return {
		kind: "not-asked",
		why: "never"
	};
	if (when === "auto" && !due) return {
		kind: "not-asked",
		why: "not-due"
	};
	if (codex === void 0) return {
		kind: "not-asked",
		why: "no-cli"
	};
	const right = await rightToSpend(request, turn);
	switch (right.kind) {
		case "unguarded": return spend(request, codex, void 0);
		case "ours": return spend(request, codex, right);
		case "brought": return {
			...right.newer,
			after: "waiting"
		};
		case "refused": return refused$1(request, {
			failure: right.failure,
			refusedTo: right.holder
		});
		case "not-had": return {
			...right,
			kind: "no-lease",
			due
		};
	}
}
/** Asks Codex, and gives the lease back unless a rotated login may still be on its way into a store: then it runs out by itself. */
async function spend(request, codex, right) {
	const lease = right?.lease;
	let started = false;
	const run = await ask(request, codex, lease, () => {
		started = true;
	}).catch(async (error) => {
		if (!started) await lease?.giveBack();
		throw error;
	});
	const rotation = await writeBackWhileOurs(request, lease);
	if (rotation !== void 0) {
		if (rotation.writeBack.verdict === "safe") await lease?.giveBack();
		return {
			kind: "refreshed",
			...rotation
		};
	}
	if (run.kind === "left-running") return run;
	if (run.kind === "unsupported" || run.failure === void 0 || !failureWords[run.failure].needsPerson) {
		await lease?.giveBack();
		return {
			kind: "unchanged",
			failure: run.kind === "ended" ? run.failure : void 0
		};
	}
	const result = await refused$1(request, {
		failure: run.failure,
		begunBy: right?.overtakes
	});
	await (result.kind === "overtaken" ? lease?.giveBack() : lease?.refuse(run.failure));
	return result;
}
/** Nobody else may present the token while what came in its place is not stored, however long that is tried. */
async function writeBackWhileOurs(request, lease) {
	let renewed = lease?.renew();
	const onPause = (news) => {
		request.retry.onPause(news);
		renewed = renewed?.then(() => lease?.renew() ?? false);
	};
	const rotation = await writeBackRotation({
		...request,
		retry: {
			...request.retry,
			onPause
		}
	});
	await renewed;
	return rotation;
}
async function ask(request, codex, lease, onSpending) {
	const { standing, clock, state } = request;
	const from = codexRefreshesFrom(standing.base.issued);
	const onStart = (pid) => {
		onSpending();
		state.update({ codexProcess: pid });
	};
	await clock.sleep(waitBefore(from - clock.now() / 1e3) * 1e3);
	const hasChanged = async () => await rotatedCredential(request) !== void 0;
	const asked = await codex.refresh({
		refreshesFrom: from,
		hasChanged,
		onStart
	});
	const run = asked.kind === "unsupported" && (lease === void 0 || await lease.renew()) ? await codex.smokeTest(onStart) : asked;
	if (run.kind !== "left-running") state.update({ codexProcess: void 0 });
	return run;
}
/** A refused refresh is not the end: another job may have been faster. */
async function refused$1(request, refusal) {
	const newer = await awaitNewerCopy(request);
	switch (newer.kind) {
		case "overtaken":
		case "superseded": return {
			...newer,
			after: "refused"
		};
		case "unread": return {
			...newer,
			failure: refusal.failure
		};
		case "none": return {
			kind: "needs-reseed",
			...refusal,
			seedIsOlder: seedIsOlder(request.standing)
		};
	}
}
/**
* A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
* then let that moment pass first. All in seconds.
*/
function waitBefore(untilThen) {
	return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0;
}
function seedIsOlder({ seed, base }) {
	return seed !== void 0 && !isSame(seed, base) && compareAge(seed, base) === "older";
}
// src/codex/url-hosts.ts
/** Whether a URL stays on this machine. Text that is not a URL does not. */
function isLoopback(url) {
	const host = hostOf(url);
	return host !== void 0 && isLoopbackHost(host);
}
/** Whether a URL is one of OpenAI's own, over https. */
function isOpenAI(url) {
	const host = hostOf(url) ?? "";
	return url.startsWith("https://") && ["chatgpt.com", "openai.com"].some((name) => host === name || host.endsWith(`.${name}`));
}
function hostOf(url) {
	return URL.canParse(url) ? new URL(url).hostname : void 0;
}
// src/codex/config-hazards.ts
const configSchema = looseObject({
	cli_auth_credentials_store: _catch(optional(string()), void 0),
	forced_login_method: _catch(optional(string()), void 0),
	forced_chatgpt_workspace_id: _catch(optional(union([string(), array(string())])), void 0),
	chatgpt_base_url: _catch(optional(string()), void 0),
	openai_base_url: _catch(optional(string()), void 0),
	model_provider: _catch(optional(string()), void 0),
	model_providers: _catch(optional(record(string(), looseObject({
		base_url: _catch(optional(string()), void 0),
		requires_openai_auth: _catch(optional(boolean()), void 0)
	}))), void 0),
	default_permissions: _catch(optional(string()), void 0),
	permissions: _catch(optional(record(string(), looseObject({ filesystem: _catch(optional(record(string(), unknown())), void 0) }))), void 0)
});
/** What one `config.toml` does to the login; none when there is no such file. Facts about Codex: measured on 0.169.0. */
async function configHazards(place) {
	const { path } = place;
	const text = await textOf(path);
	if (text === void 0) return [];
	if (text instanceof PlainFileError) return [{
		severity: "warn",
		message: `${path} ${text.message}, so what it does to the login is unknown.`,
		remedy: "Put a regular config.toml in its place; Codex cannot read this one either."
	}];
	const { parse, TomlError } = await import("./dist2.js");
	try {
		return judgeConfig(configSchema.parse(parse(text)), place);
	} catch (error) {
		return [{
			severity: "warn",
			message: `${path} is not valid TOML (${error instanceof TomlError ? `line ${error.line}` : messageOf(error).split("\n", 1)[0] ?? ""}), so what it does to the login is unknown.`,
			remedy: "Correct the file; Codex refuses it too."
		}];
	}
}
/** Anything larger is not a configuration. Bytes. */
const largestConfig = 1048576;
/** undefined where there is none that this user may read. */
async function textOf(path) {
	try {
		return Buffer.from(await readPlainFile(path, largestConfig)).toString("utf8");
	} catch (error) {
		return error instanceof PlainFileError ? error : void 0;
	}
}
function judgeConfig(config, place) {
	const { path, accountId } = place;
	const hazards = profileHazards(config, place);
	const store = config.cli_auth_credentials_store;
	if (store !== void 0 && store !== "file") hazards.push({
		severity: "refuse",
		message: `${path} sets cli_auth_credentials_store = "${store}": Codex then ignores auth.json or deletes it.`,
		remedy: "Set cli_auth_credentials_store = \"file\"."
	});
	if (config.forced_login_method !== void 0 && config.forced_login_method !== "chatgpt") hazards.push({
		severity: "refuse",
		message: `${path} sets forced_login_method = "${config.forced_login_method}": codex exec deletes a ChatGPT auth.json.`,
		remedy: "Remove forced_login_method, or set it to \"chatgpt\"."
	});
	const forced = [config.forced_chatgpt_workspace_id ?? []].flat();
	if (forced.length > 0 && !forced.includes(accountId)) hazards.push({
		severity: "refuse",
		message: `${path} sets forced_chatgpt_workspace_id to another workspace: codex exec deletes the auth.json of this login.`,
		remedy: "Log in to that workspace and reseed, or remove forced_chatgpt_workspace_id."
	});
	const provider = config.model_providers?.[config.model_provider ?? ""];
	const targets = {
		chatgpt_base_url: config.chatgpt_base_url,
		openai_base_url: config.openai_base_url,
		[`model_providers.${config.model_provider ?? ""}.base_url`]: provider?.requires_openai_auth ? provider.base_url : void 0
	};
	for (const [key, url] of Object.entries(targets)) if (url !== void 0 && !isLoopback(url) && !isOpenAI(url)) hazards.push({
		severity: "warn",
		message: `${path} sets ${key}: Codex sends the access token to that server.`,
		remedy: `Remove ${key} unless you trust that server with your ChatGPT login.`
	});
	return hazards;
}
/** A permission profile that is to keep the login from commands the model runs: whether it does, and what ends it. */
function profileHazards({ default_permissions: name, permissions }, { path, codexHome }) {
	if (name === void 0 || name.startsWith(":")) return [];
	const denied = Object.entries(permissions?.[name]?.filesystem ?? {}).filter(([, access]) => access === "deny").map(([folder]) => folder);
	if (denied.length === 0) return [];
	if (!denied.some((folder) => isInside(codexHome, folder))) return [{
		severity: "warn",
		message: `${path} denies ${denied.join(", ")} to what the model runs, but the login is in ${codexHome}.`,
		remedy: `Deny "${codexHome}" in the permission profile "${name}".`
	}];
	return [{
		severity: "note",
		message: `The permission profile "${name}" keeps the login from what the model runs. An argument --sandbox or -c sandbox_mode switches it off without a word.`,
		remedy: "Run Codex without these arguments; openai/codex-action passes one."
	}];
}
// src/codex/hazards.ts
const defaultSystemConfigs = ["/etc/codex/config.toml", "/etc/codex/managed_config.toml"];
/** All hazards at hand, worst first. Facts about Codex: measured on 0.169.0. */
async function findHazards(surroundings) {
	const { codexHome, workspace, env, accountId } = surroundings;
	const configs = [...surroundings.systemConfigs ?? defaultSystemConfigs, join(codexHome, "config.toml")];
	const hazards = [
		...await workspaceHazards(codexHome, workspace),
		...environmentHazards(env),
		...matrixHazards(surroundings),
		...(await Promise.all(configs.map((path) => configHazards({
			path,
			accountId,
			codexHome
		})))).flat()
	];
	const order = [
		"refuse",
		"warn",
		"note"
	];
	return hazards.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
async function workspaceHazards(codexHome, workspace) {
	if (workspace === void 0 || workspace === "") return [];
	const place = await realPlace(workspace);
	const isHome = isInside(await realPlace(codexHome), place);
	if (!isHome && !isInside(await realPlace(authFileIn(codexHome)), place)) return [];
	return [{
		severity: "refuse",
		message: `${isHome ? `CODEX_HOME (${codexHome})` : `What ${authFileIn(codexHome)} links to`} is inside the workspace, where a checkout deletes it and a commit or an upload publishes it.`,
		remedy: isHome ? "Set codex-home to a directory outside the workspace, for example ${{ runner.temp }}/codex-home." : "Remove that link, or set codex-home to another directory, for example ${{ runner.temp }}/codex-home."
	}];
}
function environmentHazards(env) {
	const hazards = [];
	if (env["CODEX_ACCESS_TOKEN"]) hazards.push({
		severity: "refuse",
		message: "CODEX_ACCESS_TOKEN is set: Codex uses it instead of auth.json, and never refreshes the login.",
		remedy: "Remove CODEX_ACCESS_TOKEN from the environment of this job, or do not use this action."
	});
	for (const name of ["CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"]) {
		const url = env[name];
		if (url && !isLoopback(url)) hazards.push({
			severity: "refuse",
			message: `${name} is set: Codex would send the refresh token to a server other than OpenAI's.`,
			remedy: `Remove ${name} from the environment of this job. If you did not set it, find out who did.`
		});
	}
	if (env["CODEX_API_KEY"]) hazards.push({
		severity: "warn",
		message: "CODEX_API_KEY is set: codex exec bills its model calls to that key, and still refreshes the ChatGPT login.",
		remedy: "Remove CODEX_API_KEY from the environment to use the ChatGPT login, or remove this action to use the key."
	});
	const rerouting = Object.keys(env).filter((name) => env[name] && ([
		"CODEX_CA_CERTIFICATE",
		"SSL_CERT_FILE",
		"HTTPS_PROXY",
		"https_proxy",
		"ALL_PROXY"
	].includes(name) || name.startsWith("CODEX_APP_SERVER_")));
	if (rerouting.length > 0) hazards.push({
		severity: "note",
		message: `${rerouting.join(", ")}: whoever sets ${rerouting.length === 1 ? "this" : "these"} decides which server or certificate Codex trusts.`,
		remedy: "Nothing to do if your runner needs it."
	});
	return hazards;
}
/** Side by side, jobs harm each other only when two of them spend the same refresh token. */
function matrixHazards({ jobTotal, due, guard }) {
	if (jobTotal <= 1 || guard === "lease" || guard !== "no-lease" && !due) return [];
	const shared = `This job is one of ${jobTotal} in a matrix; they run side by side and share one login, whose refresh token works once.`;
	switch (guard) {
		case "no-lease": return [{
			severity: "warn",
			message: `${shared} No store listed here holds a lease, so ${due ? "this job may spend the token while another one does: the login is due" : "as soon as the login is due, two of them may spend it"}.`,
			remedy: "Keep the login in git, ssh or runner, or set max-parallel: 1, or give each matrix job a login and a slot of its own."
		}];
		case "no-codex": return [{
			severity: "warn",
			message: `${shared} The login is due, and there is no Codex CLI in PATH yet, so this job cannot take its turn: its Codex will refresh later, maybe while another one does.`,
			remedy: "Install Codex before this step."
		}];
		case "never-refreshed": return [{
			severity: "warn",
			message: `${shared} The login is due, and with refresh: never this job does not take its turn: its Codex will refresh later, maybe while another one does.`,
			remedy: "Set refresh: auto."
		}];
	}
}
// src/keeper/store-finding.ts
/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. Never throws. */
async function examine(store, clock) {
	const [seen, proof] = await Promise.all([look(store, clock), proofOf(store, clock)]);
	return {
		name: store.name,
		guarantee: store.guarantee,
		look: seen,
		proof: seen.kind === "unreadable" ? { kind: "not-counted" } : proof
	};
}
async function proofOf(store, clock) {
	try {
		return { kind: await retried(() => store.proveWritable(), clock) };
	} catch (error) {
		return {
			kind: "refused",
			error
		};
	}
}
/** Whether a store would take a refreshed copy of this credential; it never gives up what it holds of another account. */
function canTake(finding, base) {
	const { proof } = finding;
	return (proof.kind === "proved" || proof.kind === "unprovable") && !holdsForeign(finding, base);
}
/** Whether a store holds a login that is not the one to be restored. */
function holdsForeign({ look: seen }, base) {
	return seen.kind === "held" && !isSameAccount(seen.credential.fingerprint, base);
}
// src/keeper/restore-refusals.ts
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
			return new KeeperError("no-credential", `There is no credential: ${findings.length === 1 ? "the store is" : "all stores are"} empty, ${fileWords(file)}, and no seed is given (auth-json is empty: see that the secret has this name, and that the event is given secrets).`, "Log in with \"codex login --device-auth\" in a separate CODEX_HOME, put that auth.json into a secret and pass it as auth-json.");
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
// src/keeper/restore.ts
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
		...stored(findings),
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
	const installed = origin.kind !== "file" && !(file.kind === "managed" && equalBytes(file.credential.bytes, credential.bytes));
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
function stored(findings) {
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
// src/keeper/smoke-test.ts
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
// src/stores/slot.ts
/** The name of a slot: it becomes part of the names of files, refs and cache keys. */
const slotPattern = /^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/;
/** What it must be, as the end of a sentence about it. */
const slotRule = "must be letters, digits, \".\", \"_\" and \"-\", at most 63, and fit a ref name";
// src/action/runner/run-facts.ts
const form = /^private=(true|false|) visibility=(\w*) id=(\d*) head=(\d*) run-head=(\d*) run-event=(\w*) default-branch=(.*)$/;
/**
* Reads the input `run-facts`, whose default the runner fills in from what GitHub has sent it: a step can change the
* file of the event, and every variable.
*/
function parseRunFacts(text) {
	const [, hidden = "", visibility = "", repositoryId = "", pullRequestHead = "", workflowRunHead = "", workflowRunEvent = "", branch = ""] = form.exec(text.trim()) ?? [];
	return {
		visibility: visibilityOf(visibility, hidden === "" ? void 0 : hidden === "true"),
		isHidden: hidden === "true",
		defaultBranch: branch === "" ? void 0 : branch,
		repositoryId,
		pullRequestHead,
		workflowRunHead,
		workflowRunEvent
	};
}
/** What is not public may be internal, and is that until somebody says that it is private. */
function visibilityOf(visibility, isHidden) {
	if (isHidden === false || visibility === "public") return "public";
	return isHidden === true && (visibility === "internal" || visibility === "private") ? visibility : void 0;
}
// src/action/inputs.ts
const withDefault = (byDefault) => pipe(trimmed, transform((value) => value === "" ? byDefault : value));
const duration = (byDefault) => pipe(withDefault(byDefault), transform((value, { issues }) => {
	const seconds = durationSeconds(value);
	if (seconds === void 0) issues.push({
		code: "custom",
		input: value,
		message: durationRule
	});
	return seconds ?? NEVER;
}));
const schema = object({
	slot: pipe(withDefault("default"), string().check(_regex(slotPattern, slotRule))),
	"codex-home": line,
	"expected-account": line,
	refresh: pipe(withDefault("auto"), _enum([
		"auto",
		"always",
		"never"
	], "must be auto, always or never")),
	"refresh-window": duration("12h"),
	"retry-for": duration("4m"),
	"write-through": pipe(withDefault("auto"), _enum([
		"auto",
		"always",
		"never"
	], "must be auto, always or never")),
	"smoke-test": truth,
	"reseed-issue": truth,
	"allow-public-repository": truth,
	"allow-untrusted-event": truth,
	"job-total": pipe(trimmed, transform((value) => /^\d+$/.test(value) ? Number(value) : 1)),
	"run-facts": pipe(string(), transform(parseRunFacts))
});
/**
* Judges all inputs and lists every problem at once.
* @param run what the stores need to know of this run
* @throws KeeperError invalid-inputs; names inputs and rules, never a value that could be a secret
*/
function parseInputs(read, run) {
	const result = schema.safeParse(rawInputs(schema, read));
	const ofStores = readStoreInputs(read, result.success ? result.data.slot : "default");
	const { stores, problems } = judgeStores(read("store"), ofStores, run);
	const all = /* @__PURE__ */ new Set([
		...problems,
		...result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`),
		...ofStores.encryptionKey?.kind === "problems" ? ofStores.encryptionKey.problems : [],
		...ofStores.secretWriter?.kind === "problems" ? ofStores.secretWriter.problems : []
	]);
	if (!result.success || all.size > 0) throw invalidInputs([...all]);
	const values = result.data;
	return {
		authJson: ofStores.authJson,
		stores,
		slot: values.slot,
		githubToken: ofStores.githubToken,
		codexHome: values["codex-home"],
		expectedAccount: values["expected-account"],
		refresh: values.refresh,
		refreshWindow: values["refresh-window"],
		retryFor: values["retry-for"],
		writeThrough: values["write-through"],
		smokeTest: values["smoke-test"],
		reseedIssue: values["reseed-issue"],
		allowPublicRepository: values["allow-public-repository"],
		allowUntrustedEvent: values["allow-untrusted-event"],
		jobTotal: values["job-total"],
		runFacts: values["run-facts"]
	};
}
// src/codex/codex-cli.ts
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
	const { startCodex } = await import("./codex-process.js");
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
	const failure = failureOfRefresh(errors) ?? (isRefusal(answer) ? "refused" : void 0);
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
function isRefusal(answer) {
	if (answer === void 0 || !("result" in answer)) return false;
	const { result } = answer;
	return typeof result === "object" && result !== null && "account" in result && result.account === null;
}
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
/** A line that answers a request; notifications have no id. */
function parsed(line) {
	try {
		const message = JSON.parse(line);
		if (typeof message === "object" && message !== null && "id" in message && typeof message.id === "number") return {
			...message,
			id: message.id
		};
	} catch {}
}
// src/codex/codex-environment.ts
/** What Codex needs from the job's environment; everything else, above all the inputs, stays out. */
const passed = [
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"SHELL",
	"LANG",
	"LC_ALL",
	"LC_CTYPE",
	"TMPDIR",
	"TERM",
	"TZ",
	...networkVariables,
	"CODEX_CA_CERTIFICATE",
	"CODEX_REFRESH_TOKEN_URL_OVERRIDE",
	"CODEX_REVOKE_TOKEN_URL_OVERRIDE",
	"RUNNER_TRACKING_ID"
];
/** The whole environment of a Codex process that the keeper starts. */
function codexEnvironment(env, codexHome) {
	const kept = passed.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]);
	return {
		...Object.fromEntries(kept),
		CODEX_HOME: codexHome
	};
}
// src/action/prepare-job.ts
/**
* Opens the stores and finds Codex; the caller closes the stores.
* @throws KeeperError when a store cannot be used in this run at all
*/
async function prepareJob(reporter, inputs, context, { tools, environment, defaultBranch }) {
	const codexHome = inputs.codexHome ?? (process.env["CODEX_HOME"] || join(context.home, ".codex"));
	const sealingKey = inputs.stores.flatMap((store) => "sealing" in store ? store.sealing.keys ?? [] : [])[0];
	const fixed = {
		codexHome,
		tools,
		environment,
		slot: inputs.slot,
		retryFor: inputs.retryFor,
		stores: inputs.stores.map(({ name }) => name).join("\n"),
		...sealingKey && { sealedFor: keyDigest(sealingKey) },
		...defaultBranch !== void 0 && { defaultBranch }
	};
	const program = findTool("codex", context.path);
	const stores = (await openStores(inputs.stores, { defaultBranch })).map(remembering);
	return {
		reporter,
		inputs,
		context,
		defaultBranch,
		keeper: {
			codexHome,
			stores,
			clock: systemClock,
			retry: loggedRetry(inputs.retryFor, reporter.masks),
			onCredential: ({ bytes }) => {
				reporter.masks.add(secretValues(Buffer.from(bytes).toString("utf8")));
			},
			state: savedJobState(fixed, stores)
		},
		codex: program === void 0 ? void 0 : codexCli({
			program,
			env: codexEnvironment(process.env, codexHome),
			cwd: context.tempDirectory
		})
	};
}
// src/action/read-seed.ts
/**
* The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed.
* @throws KeeperError unusable-credential when Codex could not use or refresh it
*/
function readSeed({ authJson, stores }) {
	if (authJson === void 0 || stores.some(({ kind }) => kind === "github-secret")) return void 0;
	const remedy = "Log in with \"codex login --device-auth\" in a separate CODEX_HOME and put that whole auth.json into the secret.";
	try {
		const seed = parseAuthJson(seedBytes(authJson));
		if (seed.kind === "managed") return seed;
		throw new KeeperError("unusable-credential", `The seed in auth-json ${unmanagedReasons[seed.why]}.`, remedy);
	} catch (error) {
		if (error instanceof AuthJsonError) throw new KeeperError("unusable-credential", `The seed in auth-json cannot be used: ${error.message}.`, remedy);
		throw error;
	}
}
// src/action/report/refresh-report.ts
/** What the early refresh did; undefined when there is nothing to say. @param now seconds since 1970 */
function refreshReport(refresh, due, now) {
	switch (refresh.kind) {
		case "not-asked":
			if (refresh.why !== "no-cli" || !due) return void 0;
			return report("Codex login is due, but not refreshed yet", [], [warning("The login is due for a refresh and there is no Codex CLI in PATH, so Codex will refresh it in the middle of the job, where a lost runner loses it. Install Codex before this step.")]);
		case "refreshed": return report("Codex login refreshed before the job goes on", rotationLines(refresh, now), rotationWarnings(refresh));
		case "overtaken": return report(`Codex login refreshed by another job, taken from ${refresh.store}`, [refresh.after === "refused" ? "OpenAI refused our copy because another job was faster; its newer copy is installed." : "Another job has refreshed the login while this one waited for its turn; the newer copy is installed, and nothing was spent here.", `Access token ends: ${distanceWords(accessEnds(refresh.standing.base.issued), now)}`], []);
		case "no-lease":
			if (refresh.due) return void 0;
			return report("Codex login not refreshed", [], [warning(`The store ${refresh.store} could not be asked whether another job is refreshing the login, so nothing was spent. ${errorWords(refresh.error)} The job goes on with the login it has, which is not due.`)]);
		case "unchanged": return report("Codex login not refreshed", [], [warning(`Codex was asked to refresh the login and left it as it was. ${refresh.failure === void 0 ? "It gave no reason, as when it cannot reach OpenAI." : words(refresh.failure)} The job goes on with the login it has.`)]);
		case "left-running": return report("Codex is still refreshing the login", [], [warning(leftRunning)]);
		case "superseded":
		case "unread":
		case "needs-reseed": return;
	}
}
/** What the smoke test showed. @param now seconds since 1970 */
function smokeTestReport(test, now) {
	switch (test.kind) {
		case "passed": return report("Codex login proved by a smoke test", rotationLines(test.rotation, now), rotationWarnings(test.rotation));
		case "failed": return report("Codex login: the smoke test failed", rotationLines(test.rotation, now), rotationWarnings(test.rotation));
		case "left-running": return report("Codex login: the smoke test did not end", [], [warning(leftRunning)]);
	}
}
const leftRunning = "Codex did not end in time. It may be in the middle of a refresh, so it was not killed; the post step waits for it.";
function words(failure) {
	return `${failureWords[failure].cause} ${failureWords[failure].wayOut}`;
}
function rotationLines(rotation, now) {
	if (rotation === void 0) return [];
	const { standing, writeBack } = rotation;
	return [`Access token ends: ${distanceWords(accessEnds(standing.base.issued), now)}`, ...writeBack.results.map(({ name, guarantee, outcome }) => `Store ${name} (${guarantee}): ${outcomeWords(outcome)}`)];
}
function rotationWarnings(rotation) {
	if (rotation === void 0) return [];
	const { results, verdict } = rotation.writeBack;
	return [...results.flatMap(({ name, outcome }) => outcome.kind === "failed" ? [warning(`Store ${name}: ${outcomeWords(outcome)}`)] : []), ...verdict === "lost" ? [warning("No store holds the refreshed login yet. The post step tries again; until then a lost runner loses the login.")] : []];
}
function report(title, lines, annotations) {
	return {
		title,
		lines,
		annotations,
		summary: [...lines.length === 0 ? [] : [{
			kind: "list",
			items: lines
		}], ...annotations.map(({ text }) => text)]
	};
}
function warning(text) {
	return {
		level: "warning",
		text
	};
}
// src/action/trust.ts
/** Events that only people and programs with write access start, and the clock. */
const startedByWriters = [
	"branch_protection_rule",
	"check_run",
	"check_suite",
	"create",
	"delete",
	"deployment",
	"deployment_status",
	"label",
	"merge_group",
	"milestone",
	"page_build",
	"public",
	"push",
	"registry_package",
	"release",
	"repository_dispatch",
	"schedule",
	"status",
	"workflow_dispatch"
];
/** Trusted where the pull request comes from this repository: only somebody with write access can have made its branch. */
const ofAPullRequest = ["pull_request", "pull_request_target"];
/** Events that anybody with read access can start, most of them with a text of their own. */
const startedByReaders = [
	"discussion",
	"discussion_comment",
	"fork",
	"gollum",
	"issues",
	"pull_request_review",
	"pull_request_review_comment",
	"watch"
];
/**
* Whether this run may hold a login: not where the public can read logs, caches and refs, and only for an event that
* is known not to be started by outsiders and not to bring in their code or text.
*/
function judgeTrust(origin) {
	const { visibility, allowPublicRepository, allowUntrustedEvent } = origin;
	if (!allowPublicRepository) {
		if (visibility === void 0) return refused("It is unknown whether this repository is public: the event does not say, and the API gave no answer.", "Give github-token the permission \"contents: read\" (or \"metadata\"), or set allow-public-repository: true if you accept the risk.");
		if (visibility === "public") return refused("This repository is public: anyone can read its logs, refs and caches, and open pull requests that run in it.", "Keep the login in a private repository, or set allow-public-repository: true if you accept the risk.");
	}
	const outsiders = allowUntrustedEvent ? void 0 : whyUntrusted(origin);
	if (outsiders !== void 0) return refused(`${outsiders}, and whoever steers Codex in this run can read the login.`, "Run the job for push, schedule or workflow_dispatch instead, or set allow-untrusted-event: true if you accept the risk.");
	return { kind: "trusted" };
}
function whyUntrusted({ eventName, visibility, repositoryId, pullRequestHead, ...run }) {
	if (startedByWriters.includes(eventName)) return void 0;
	const isFromHere = (head) => repositoryId !== "" && head === repositoryId;
	if (eventName.startsWith("pull_request") && !isFromHere(pullRequestHead)) return `The pull request of this ${eventName} event comes from a fork`;
	if (ofAPullRequest.includes(eventName)) return void 0;
	if (eventName === "workflow_run") {
		if (!isFromHere(run.workflowRunHead)) return "The workflow_run event was started by a run of a fork";
		return [...startedByWriters, ...ofAPullRequest].includes(run.workflowRunEvent) ? void 0 : `The workflow_run event was started by ${named(run.workflowRunEvent)}, which outsiders can start`;
	}
	if (eventName === "issue_comment") return "Anyone who can comment can start an issue_comment event";
	if (startedByReaders.includes(eventName)) return whoReads(eventName, visibility);
	return `It is not known who can start ${named(eventName)}`;
}
function whoReads(eventName, visibility) {
	switch (visibility) {
		case "private": return;
		case "internal": return `Any member of the enterprise can start ${eventName} in an internal repository`;
		case "public":
		case void 0: return `Anyone can start ${eventName} in a public repository`;
	}
}
function named(event) {
	return event === "" ? "an event without a name" : event;
}
function refused(message, remedy) {
	return {
		kind: "refused",
		message,
		remedy
	};
}
// src/action/repository-facts.ts
/**
* Refuses a run that must not hold a login.
* @throws KeeperError untrusted-event
*/
async function requireTrust(inputs, context) {
	const facts = await repositoryFacts(inputs, context);
	const { allowPublicRepository, allowUntrustedEvent, runFacts } = inputs;
	const { eventName } = context;
	const trust = judgeTrust({
		...runFacts,
		eventName,
		visibility: facts.visibility,
		allowPublicRepository,
		allowUntrustedEvent
	});
	if (trust.kind === "refused") throw new KeeperError("untrusted-event", trust.message, trust.remedy);
	return facts;
}
/** From the event, and where that does not say (a schedule), from the API. No answer leaves it unknown. */
async function repositoryFacts({ githubToken, runFacts }, { repository, apiUrl }) {
	const { visibility, isHidden, defaultBranch } = runFacts;
	const known = {
		visibility: visibility ?? (isHidden ? "internal" : void 0),
		defaultBranch
	};
	if (visibility !== void 0 && defaultBranch !== void 0 || githubToken === void 0) return known;
	const { githubApi } = await import("./github-api.js");
	const [owner, repo] = repository.split("/");
	const answer = await githubApi({
		baseUrl: apiUrl,
		auth: {
			kind: "token",
			token: githubToken
		},
		clock: systemClock
	}).request({
		what: "read the repository",
		route: "GET /repos/{owner}/{repo}",
		parameters: {
			owner,
			repo
		},
		expected: [
			401,
			403,
			404
		]
	});
	if (answer.status !== 200) return known;
	const told = repositoryAnswer.parse(answer.data);
	return {
		visibility: visibility ?? visibilityOf(told.visibility, told.private) ?? (told.private === true ? "internal" : known.visibility),
		defaultBranch: defaultBranch ?? told.default_branch
	};
}
const repositoryAnswer = _catch(looseObject({
	private: _catch(optional(boolean()), void 0),
	visibility: _catch(optional(string()), void 0),
	default_branch: _catch(optional(string()), void 0)
}), {
	private: void 0,
	visibility: void 0,
	default_branch: void 0
});
// src/action/runner/outputs.ts
function outputsOf({ codexHome, source, credential, refreshed, stored }) {
	const { exp } = credential.issued;
	return {
		"auth-file": authFileIn(codexHome),
		"codex-home": codexHome,
		source,
		account: accountHash(credential.fingerprint),
		plan: credential.plan ?? "",
		"last-refresh": credential.lastRefresh,
		"expires-at": exp === void 0 ? "" : (/* @__PURE__ */ new Date(exp * 1e3)).toISOString(),
		refreshed: String(refreshed),
		stored: String(stored),
		"needs-reseed": "false"
	};
}
/** Sets the outputs, and saves them: no step sees what pre sets, so main sets it again. */
function setOutputs(outputs) {
	saveState(key, JSON.stringify(outputs));
	for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
}
/** Sets what an earlier stage has saved. */
function repeatOutputs() {
	const saved = getState(key);
	if (saved !== "") setOutputs(record(string(), string()).parse(JSON.parse(saved)));
}
const key = "outputs";
// src/action/report/lease-words.ts
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
// src/action/turn.ts
/** How this job takes its turn where others want to refresh the same login. */
function turnOf({ reporter, inputs, context: { runUrl, runAttempt, job }, keeper }, { stores }) {
	const isNews = inputs.jobTotal > 1 && keeper.stores.some(({ leasePlace }) => leasePlace !== void 0);
	return {
		holder: {
			run: runUrl,
			attempt: runAttempt,
			job
		},
		passOver: stores.filter(({ proof }) => proof.kind === "refused").map(({ name }) => name),
		random: Math.random,
		onNews: (news) => {
			const words = reporter.masks.clean(leaseWords(news));
			if (news.kind === "nowhere" && isNews) warning$1(words);
			else info(words);
		}
	};
}
// src/action/verify-restored.ts
/**
* What main does after pre has restored: sets the outputs again, because no step sees those that pre has set, and checks that the login is
* still there.
* @throws KeeperError install-failed
*/
async function verifyRestored(state) {
	repeatOutputs();
	const { base } = state.standing;
	const file = await observeAuthFile(state.codexHome, systemClock);
	if (file.kind !== "managed" || !isSameAccount(file.credential.fingerprint, base)) throw new KeeperError("install-failed", `The auth.json that was restored at the start of the job is no longer there in ${state.codexHome} (${file.kind}).`, "Find the step before this one that removes or replaces it. The stored copy stays as it was.");
	const same = isSame(file.credential.fingerprint, base);
	info(`Codex login was restored at the start of the job${same ? "" : ", and Codex has refreshed it since"}.`);
}
// src/action/write-through/stay-beside.ts
/** Leaves a process beside the job that stores what Codex refreshes, where that is to be expected. */
async function stayBeside({ inputs, keeper, ...job }, { credential, standing }, run) {
	const due = isDue(credential.issued, keeper.clock.now() / 1e3, inputs.refreshWindow);
	if (inputs.writeThrough === "never" || inputs.writeThrough === "auto" && !due) return;
	const { startWriteThrough } = await import("./start-write-through.js");
	const { codexHome, stores, state } = keeper;
	const given = readStoreInputs(getInput, inputs.slot);
	const found = { defaultBranch: job.defaultBranch };
	const started = await startWriteThrough({
		codexHome,
		standing,
		settings: inputs.stores,
		stores,
		given,
		run,
		found
	});
	if (started.kind === "started") state.update({ writeThrough: started.directory });
	info(job.reporter.masks.clean(writeThroughStart(started)));
}
// src/action/restoring-stage.ts
/** Pre and main: the first of them restores, the second only looks whether all is still well. */
async function restoringStage(reporter) {
	maskInputs(getInput, reporter.masks);
	const earlier = loadStateOfPre();
	if (earlier !== void 0) return verifyRestored(earlier);
	reserveState();
	const context = readRunContext(process.env);
	const path = await pathOutside(context.path, context.workspace);
	const before = {
		tools: findTools(path),
		environment: rememberEnvironment({
			...process.env,
			PATH: path
		})
	};
	reporter.masks.add([before.environment.salt]);
	const inputs = parseInputs(getInput, storeRunOf(context, before, reporter.masks));
	reporter.onFailure((error) => announceReseed(error, {
		...inputs,
		...context
	}, reporter.masks));
	const job = await prepareJob(reporter, inputs, context, {
		...before,
		...await requireTrust(inputs, context)
	});
	try {
		const restored = await restoreLogin(job);
		const refreshed = await refreshLogin(job, restored);
		const tested = inputs.smokeTest && refreshed !== "still-at-work" ? await testLogin(job, restored, refreshed) : refreshed;
		await stayBeside(job, tested === "still-at-work" ? restored : tested, storeRunOf(context, before, reporter.masks));
	} finally {
		await closeStores(job.keeper.stores);
	}
}
async function restoreLogin(job) {
	const { reporter, inputs, context, keeper } = job;
	const restored = await restore({
		...keeper,
		seed: readSeed(inputs),
		expectedAccount: inputs.expectedAccount,
		refreshWindow: inputs.refreshWindow,
		willRefresh: inputs.refresh === "always",
		earlyRefresh: inputs.refresh === "never" ? "never-refreshed" : job.codex === void 0 ? "no-codex" : "possible",
		surroundings: {
			workspace: context.workspace,
			env: process.env,
			jobTotal: inputs.jobTotal
		}
	});
	if (inputs.codexHome !== void 0) exportVariable("CODEX_HOME", keeper.codexHome);
	tellOutputs(job, restored, {
		...restored,
		refreshed: false,
		stored: false
	});
	const notes = keeper.stores.flatMap((store) => store.notes?.() ?? []);
	const authFile = authFileIn(keeper.codexHome);
	await reporter.publish(restoreReport({
		restored,
		authFile,
		notes,
		refreshWindow: inputs.refreshWindow,
		now: now(job)
	}));
	return restored;
}
async function refreshLogin(job, restored) {
	const { reporter, inputs, context, keeper, codex } = job;
	if (inputs.refresh === "always" && codex === void 0) throw noCodexToRefresh();
	const { standing, due } = restored;
	const refresh = await refreshEarly({
		...keeper,
		standing,
		codex,
		when: inputs.refresh,
		due,
		turn: turnOf(job, restored)
	});
	const report = refreshReport(refresh, due, now(job));
	if (report !== void 0) await reporter.publish(report);
	requireLogin(refresh);
	const refreshed = refresh.kind === "refreshed" || refresh.kind === "overtaken" && refresh.after === "waiting";
	if (refreshed) await withdrawReseed({
		...inputs,
		...context
	});
	const done = {
		..."standing" in refresh ? refresh : restored,
		refreshed,
		stored: refresh.kind === "refreshed" && wasStored(refresh)
	};
	tellOutputs(job, restored, done);
	return refresh.kind === "left-running" ? "still-at-work" : done;
}
async function testLogin(job, restored, done) {
	const { reporter, inputs, context, keeper, codex } = job;
	if (codex === void 0) throw noCodexToTest();
	const test = await proveLogin({
		...keeper,
		standing: done.standing,
		codex,
		atHand: done.credential.fingerprint
	});
	await reporter.publish(smokeTestReport(test, now(job)));
	if (test.kind !== "left-running" && test.rotation !== void 0) tellOutputs(job, restored, {
		...test.rotation,
		refreshed: true,
		stored: done.stored || wasStored(test.rotation)
	});
	if (test.kind !== "passed") throw smokeTestRefused(test);
	await withdrawReseed({
		...inputs,
		...context
	});
	return test.rotation ?? done;
}
function tellOutputs({ keeper: { codexHome } }, { origin }, { credential, refreshed, stored }) {
	setOutputs(outputsOf({
		codexHome,
		source: originName(origin),
		credential,
		refreshed,
		stored
	}));
}
/** Seconds since 1970. */
function now({ keeper }) {
	return keeper.clock.now() / 1e3;
}
// src/action/main.ts
await runStage(restoringStage);
export {};
