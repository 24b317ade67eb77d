import { An as isDue, Cn as accountHash, Dn as isSameAccount, En as isSame, G as durationSeconds, Gt as lookOnce, K as durationWords, On as accessEnds, W as durationRule, gn as messageOf, gt as secretValues, ln as observeAuthFile, mn as KeeperError, q as momentWords, sn as authFileIn, wn as compareAge, xn as unmanagedReasons } from "../shared.js";
import { n as exitCodes } from "./exit-code.js";
import { r as placeOptions, t as describePlaceOptions } from "./place-options.js";
import { t as openPlaces } from "./places.js";
import { t as inWordsOfTheCommandLine } from "./input-names.js";
import { a as strong, n as faint, o as warning, r as good, t as bad } from "./line.js";
import { t as tableLines } from "./table.js";
import { t as wrongUsage } from "./wrong-usage.js";
// src/cli/status/look-at-places.ts
/**
* Looks at all places at once, the file of this machine first in the list. Nobody but the places is asked, and nothing is changed.
* Never throws: what is wrong with a place is what was seen there.
*/
function lookAtPlaces({ codexHome, stores, settings, outOfReach }, context) {
	const isHidden = (index) => settings[index]?.kind === "github-secret" && context.environment.secrets.CODEX_AUTH_SEED === void 0;
	return Promise.all([
		lookAtMachine(codexHome, context),
		...stores.map((store, index) => lookAtStore(store, isHidden(index))),
		...outOfReach.map(({ name, why }) => Promise.resolve({
			name,
			where: "store",
			sight: {
				kind: "out-of-reach",
				why
			}
		}))
	]).then((seen) => {
		const found = seen.flatMap(({ sight }) => sight.kind === "login" ? [sight.credential] : []);
		context.terminal.secrets.add(found.flatMap(({ bytes }) => secretValues(Buffer.from(bytes).toString("utf8"))));
		return seen;
	});
}
async function lookAtMachine(codexHome, { clock }) {
	const place = {
		name: authFileIn(codexHome),
		where: "machine"
	};
	try {
		const file = await observeAuthFile(codexHome, clock);
		switch (file.kind) {
			case "missing": return {
				...place,
				sight: { kind: "none" }
			};
			case "damaged": return {
				...place,
				sight: {
					kind: "no-login",
					why: `The file cannot be used: ${file.problem}.`
				}
			};
			case "unmanaged": return {
				...place,
				sight: {
					kind: "no-login",
					why: `The file ${unmanagedReasons[file.credential.why]}.`
				}
			};
			case "managed": return {
				...place,
				sight: {
					kind: "login",
					credential: file.credential
				}
			};
		}
	} catch (error) {
		return {
			...place,
			sight: unreadable(error)
		};
	}
}
async function lookAtStore(store, isHidden) {
	const place = {
		name: store.name,
		where: "store"
	};
	if (isHidden) try {
		const facts = await store.about?.();
		return {
			...place,
			sight: { kind: facts === void 0 ? "none" : "hidden" },
			facts
		};
	} catch (error) {
		return {
			...place,
			sight: unreadable(error)
		};
	}
	const seen = await lookOnce(store);
	switch (seen.kind) {
		case "none": return {
			...place,
			sight: { kind: "none" }
		};
		case "unreadable": return {
			...place,
			sight: unreadable(seen.error)
		};
		case "held": return {
			...place,
			sight: {
				kind: "login",
				credential: seen.credential
			},
			facts: await store.about?.().catch(() => void 0)
		};
	}
}
function unreadable(error) {
	return {
		kind: "unreadable",
		why: messageOf(error),
		wayOut: error instanceof KeeperError ? error.remedy : "See the message."
	};
}
// src/cli/status/status.ts
/**
* Lays what was seen side by side.
* @param now seconds since 1970
* @param window seconds before its end from which on a login is due
*/
function judgeStatus(seen, now, window) {
	const fingerprints = seen.flatMap(({ sight }) => sight.kind === "login" ? [sight.credential.fingerprint] : []);
	const places = seen.map((place) => ({
		...place,
		login: loginOf(place, fingerprints, now, window)
	}));
	const logins = places.flatMap(({ login }) => login ?? []);
	return {
		places,
		accounts: [...new Set(logins.map(({ account }) => account))],
		person: personNeeded(places, now)
	};
}
function loginOf({ sight }, all, now, window) {
	if (sight.kind !== "login") return void 0;
	const { fingerprint, issued, plan } = sight.credential;
	const ends = accessEnds(issued);
	return {
		account: accountHash(fingerprint),
		plan,
		issued: issued.iat ?? Date.parse(issued.lastRefresh) / 1e3,
		ends,
		dueFrom: ends - window,
		isDue: isDue(issued, now, window),
		rank: all.some((other) => isSameAccount(other, fingerprint) && isAhead(other, fingerprint)) ? "behind" : "newest"
	};
}
function isAhead(other, one) {
	return !isSame(other, one) && compareAge(other, one) === "newer";
}
function personNeeded(places, now) {
	const newest = places.flatMap(({ login }) => login?.rank === "newest" ? [login] : []);
	if (newest.length === 0) return { kind: places.some(({ sight: { kind } }) => [
		"hidden",
		"unreadable",
		"out-of-reach"
	].includes(kind)) ? "unknown" : "login" };
	const since = Math.min(...newest.map(({ ends }) => ends));
	return since < now ? {
		kind: "overdue",
		since
	} : { kind: "not-now" };
}
// src/cli/status/status-json.ts
/** The status for programs. @param now seconds since 1970 */
function statusJson({ places, person }, now) {
	return {
		version: 1,
		at: time(now),
		places: places.map(placeJson),
		personNeeded: person.kind
	};
}
function placeJson({ name, where, sight, login, facts }) {
	const { iat, exp } = facts?.issued ?? {};
	return {
		name,
		where,
		state: sight.kind,
		problem: "why" in sight ? sight.why : null,
		account: login?.account ?? null,
		plan: login?.plan ?? null,
		issuedAt: timeOrNull(login?.issued ?? iat),
		endsAt: timeOrNull(login?.ends ?? exp),
		dueFrom: timeOrNull(login?.dueFrom),
		due: login?.isDue ?? null,
		newest: login === void 0 ? null : login.rank === "newest",
		lastWriter: facts?.writtenBy ?? null,
		writtenAt: facts?.writtenAt ?? null
	};
}
function timeOrNull(seconds) {
	return seconds === void 0 ? null : time(seconds);
}
function time(seconds) {
	return (/* @__PURE__ */ new Date(seconds * 1e3)).toISOString();
}
// src/cli/status/status-words.ts
/**
* The status as a person reads it: a table, what is wrong below it, and what there is to do.
* @param now seconds since 1970
*/
function statusLines({ places, accounts, person }, now) {
	const head = [
		"PLACE",
		"ACCOUNT",
		"PLAN",
		"ISSUED",
		"ENDS",
		"DUE",
		"NEWEST",
		"LAST WRITER"
	].map(strong);
	const problems = places.flatMap(problemLines);
	return [
		...tableLines([head, ...places.map((place) => cells(place, now))]),
		...problems.length > 0 ? ["", ...problems] : [],
		"",
		...accounts.length > 1 ? [warning(`These are ${accounts.length} accounts: each has a newest copy of its own, and no place ever takes the other's.`)] : [],
		...personLines({
			places,
			person
		}, now)
	];
}
function cells({ name, where, login, sight, facts }, now) {
	const place = where === "machine" ? `this machine (${name})` : name;
	const writer = [facts?.writtenBy, facts?.writtenAt && agoWords(Date.parse(facts.writtenAt) / 1e3, now)].filter(Boolean).join(", ");
	if (login === void 0) {
		const issued = facts?.issued?.iat;
		const ends = facts?.issued?.exp;
		return [
			place,
			stateWords[sight.kind],
			"",
			issued === void 0 ? "" : momentWords(issued),
			ends === void 0 ? "" : agoWords(ends, now),
			"",
			"",
			writer
		];
	}
	return [
		place,
		login.account,
		login.plan ?? "",
		momentWords(login.issued),
		login.ends < now ? bad(agoWords(login.ends, now)) : agoWords(login.ends, now),
		login.isDue ? warning("now") : agoWords(login.dueFrom, now),
		login.rank === "newest" ? good("newest") : warning("behind"),
		writer
	];
}
const stateWords = {
	login: "",
	hidden: faint("not shown"),
	none: faint("no login"),
	"no-login": bad("no login"),
	unreadable: bad("not read"),
	"out-of-reach": faint("not read")
};
function problemLines({ name, sight }) {
	switch (sight.kind) {
		case "login":
		case "none": return [];
		case "hidden": return [faint(`${name}: GitHub shows no secret to anybody; the times are those that the keeper has noted beside it.`)];
		case "no-login":
		case "out-of-reach": return [`${name}: ${sight.why}`];
		case "unreadable": return [[bad(`${name} could not be read: `), inWordsOfTheCommandLine(sight.why)], ["  Way out: ", inWordsOfTheCommandLine(sight.wayOut)]];
	}
}
function personLines({ places, person }, now) {
	switch (person.kind) {
		case "login": return [bad("There is no login in any of these places: a person must log in."), "Way out: codex-auth-keeper login"];
		case "overdue": return [warning(`The newest copy ended ${agoWords(person.since, now)} and nothing has refreshed it since.`), "Use Codex on this machine once, or start a job that uses the keeper. If OpenAI refuses the refresh, a person must log in."];
		case "unknown": return [warning("Whether a person must log in cannot be told before the other places can be read.")];
		case "not-now": {
			const behind = places.filter(({ login }) => login?.rank === "behind").length;
			return behind === 0 ? [good("Nobody needs to do anything now.")] : [warning(`${behind} of these places ${behind === 1 ? "is" : "are"} behind. Nobody needs to log in.`)];
		}
	}
}
/** "in 9 d 6 h" or "5 h ago". @param seconds, now since 1970 */
function agoWords(seconds, now) {
	const away = durationWords(Math.abs(seconds - now));
	return seconds >= now ? `in ${away}` : `${away} ago`;
}
// src/cli/commands/status.ts
/** All places of a login side by side. Nothing is changed, and OpenAI is not asked. */
const status = {
	describe: (command) => {
		describePlaceOptions(command).option("--refresh-window <time>", "a login is due so long before it ends, as in the input of the action", "12h").option("--json", "for programs; docs/status.schema.json says what it means").option("--watch [time]", "looks again and again, every 30s or as often as you say").addHelpText("after", "\nAll places are read at once; nothing is changed, and OpenAI is not asked.\nExit code 1 where a place could not be read or holds something else than a ChatGPT login, 3 where there is no login in any place.");
	},
	examples: [
		["codex-auth-keeper status", "the login of this machine"],
		["codex-auth-keeper status --store ssh:ci@build-1.example.com/home/ci/.codex/auth.json", "this machine and a host"],
		["codex-auth-keeper status --workflow .github/workflows/codex.yml", "this machine and the stores of a workflow (git asks for CODEX_AUTH_KEY)"],
		["codex-auth-keeper status --json | jq .personNeeded", "for a script"]
	],
	run: async ({ options }, context) => {
		const window = seconds(options["refreshWindow"], "--refresh-window") ?? 0;
		const pause = options["watch"] === true ? 30 : seconds(options["watch"], "--watch");
		const places = await openPlaces(placeOptions(options), context);
		try {
			for (;;) {
				const code = await show(places, window, options["json"] === true, pause !== void 0, context);
				if (pause === void 0) return code;
				await context.clock.sleep(Math.max(1, pause) * 1e3);
			}
		} finally {
			await places.close();
		}
	}
};
async function show(places, window, json, again, context) {
	const { terminal, clock } = context;
	const seen = await terminal.during("Looking at all places", lookAtPlaces(places, context));
	const now = clock.now() / 1e3;
	const judged = judgeStatus(seen, now, window);
	if (json) terminal.printText(`${JSON.stringify(statusJson(judged, now), void 0, again ? void 0 : 2)}\n`);
	else {
		if (again) terminal.clear();
		for (const line of statusLines(judged, now)) terminal.print(line);
	}
	return codeOf(judged);
}
function codeOf({ places, person }) {
	if (places.some(({ sight: { kind } }) => kind === "unreadable" || kind === "no-login")) return exitCodes.failed;
	return person.kind === "login" ? exitCodes.loginNeeded : exitCodes.well;
}
function seconds(text, flag) {
	if (typeof text !== "string") return void 0;
	const found = durationSeconds(text);
	if (found === void 0) throw wrongUsage(`${flag} ${durationRule}.`, "Correct it; --help lists all options.");
	return found;
}
export { status };
