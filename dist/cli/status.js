import { $t as KeeperError, A as remembering, Bn as isDue, Cn as string, G as judgeStores, H as durationSeconds, In as isSame, Ln as isSameAccount, Nn as accountHash, Nt as lookOnce, On as _regex, P as parseSecretWriter, Pn as compareAge, Rn as accessEnds, U as durationWords, V as durationRule, W as momentWords, Yt as observeAuthFile, Z as parsedUrl, at as parseSealingKeys, cn as _default, ct as closeStores, dn as array, ht as findTools, lt as openStores, mt as findTool, on as unmanagedReasons, qt as authFileIn, st as secretValues, tn as messageOf, vn as object, yn as optional } from "../shared.js";
import { a as strong, i as piecesOf, l as exitCodes, n as faint, o as warning, r as good, s as inWordsOfTheCommandLine, t as bad } from "./line.js";
import { t as runChild } from "../child.js";
import { t as wrongUsage } from "./wrong-usage.js";
const { mkdtemp, readFile, rm } = process.getBuiltinModule("node:fs/promises");
const { join, resolve } = process.getBuiltinModule("node:path");
const { rmSync } = process.getBuiltinModule("node:fs");
const { hostname, tmpdir } = process.getBuiltinModule("node:os");
// src/stores/slot.ts?cli
/** The name of a slot: it becomes part of the names of files, refs and cache keys. */
const slotPattern = /^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/;
/** What it must be, as the end of a sentence about it. */
const slotRule = "must be letters, digits, \".\", \"_\" and \"-\", at most 63, and fit a ref name";
// src/cli/repository.ts
/** GitHub at GITHUB_SERVER_URL and GITHUB_API_URL, else github.com. */
function githubServer(env) {
	const serverUrl = env["GITHUB_SERVER_URL"]?.replace(/\/+$/, "") || "https://github.com";
	return {
		serverUrl,
		apiUrl: env["GITHUB_API_URL"]?.replace(/\/+$/, "") || (serverUrl === "https://github.com" ? "https://api.github.com" : `${serverUrl}/api/v3`)
	};
}
/** A repository as `--repo` takes it: `owner/name`. */
const repositoryPattern = /^(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/;
/** The repository of the clone in a folder, as its `origin` names it; undefined where there is none on this GitHub. */
async function repositoryOfClone(cwd, env, { serverUrl }) {
	const tool = findTool("git", env["PATH"] ?? "");
	if (tool === void 0) return void 0;
	const result = await runChild({
		tool,
		args: [
			"config",
			"--get",
			"remote.origin.url"
		],
		env,
		cwd,
		timeoutMs: 1e4
	});
	if (result.kind === "timed-out" || result.exitCode !== 0) return void 0;
	return repositoryOf(result.stdout.toString("utf8").trim(), serverUrl);
}
/** The repository that the address of a remote names, where it is on this server: https, ssh, or `user@host:owner/name`. */
function repositoryOf(remote, serverUrl) {
	const server = parsedUrl(serverUrl);
	const url = parsedUrl(remote);
	const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote);
	const [host, path] = url !== void 0 && url.host !== "" ? [url.protocol === "ssh:" ? url.hostname : url.host, url.pathname] : [short?.[1], short?.[2] ?? ""];
	if (server === void 0 || host === void 0 || ![
		server.host,
		server.hostname,
		`ssh.${server.hostname}`
	].includes(host)) return void 0;
	const name = path.replace(/^\/+|(?:\.git)?\/*$/g, "");
	return repositoryPattern.test(name) ? name : void 0;
}
/** The token for GitHub: of the keeper's own variable, of those that gh reads, or of gh itself; undefined where there is none. */
async function githubToken(own, env, cwd, { serverUrl }) {
	const given = [
		own,
		env["GH_TOKEN"],
		env["GITHUB_TOKEN"]
	].find((token) => token !== void 0 && token.trim() !== "");
	if (given !== void 0) return given.trim();
	const tool = findTool("gh", env["PATH"] ?? "");
	if (tool === void 0) return void 0;
	const host = parsedUrl(serverUrl)?.host ?? "github.com";
	const result = await runChild({
		tool,
		args: [
			"auth",
			"token",
			"--hostname",
			host
		],
		env,
		cwd,
		timeoutMs: 1e4
	}).catch(() => void 0);
	if (result?.kind !== "exited" || result.exitCode !== 0) return void 0;
	return result.stdout.toString("utf8").trim() || void 0;
}
// src/cli/place-options.ts
/** Adds them to a command. */
function describePlaceOptions(command) {
	return command.option("--store <line>", "a store, as in the input of the action; can be given several times", collected).option("--slot <name>", "the name of the login in the stores (default: \"default\")").option("--codex-home <folder>", "where Codex keeps auth.json (default: $CODEX_HOME, else ~/.codex)").option("--workflow <file>", "takes the stores and the slot from the keeper step of this workflow").option("--repo <owner/name>", "the repository on GitHub (default: the origin of the clone you are in)").option("--read-command <script>", "reads the store \"command\"").option("--write-command <script>", "writes the store \"command\"").option("--prove-command <script>", "proves that the store \"command\" can be written");
}
const line = optional(string());
const schema = object({
	store: _default(array(string()), []),
	slot: optional(string().check(_regex(slotPattern, slotRule))),
	codexHome: line,
	workflow: line,
	repo: optional(string().check(_regex(repositoryPattern, "must be owner/name"))),
	readCommand: line,
	writeCommand: line,
	proveCommand: line
});
/** Reads them from what commander gives. @throws KeeperError invalid-inputs */
function placeOptions(options) {
	const result = schema.safeParse(options);
	if (result.success) return result.data;
	const problems = result.error.issues.map(({ path, message }) => `--${path.join(".")} ${message}.`);
	throw wrongUsage(problems.join(" "), "Correct it; --help lists all options.");
}
function collected(value, earlier = []) {
	return [...earlier, value];
}
// src/cli/ssh-defaults.ts
const keyFiles = [
	"id_ed25519",
	"id_ecdsa",
	"id_rsa"
];
/** The key and the known hosts for ssh: of the keeper's variables, else of the agent and `~/.ssh`. */
async function sshDefaults(secrets, env, home) {
	const read = (name) => readFile(join(home, ".ssh", name), "utf8").catch(() => void 0);
	return {
		key: secrets.CODEX_AUTH_SSH_KEY ?? (env["SSH_AUTH_SOCK"] ? void 0 : (await Promise.all(keyFiles.map(read))).find((text) => text !== void 0)),
		knownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? await read("known_hosts")
	};
}
// src/cli/expressions.ts
/** A value of a workflow in which nothing is left to GitHub to fill in; undefined where there is. */
function literal(value, repository) {
	if (value === void 0) return void 0;
	const known = repository === void 0 ? value : value.replaceAll(/\$\{\{\s*github\.repository\s*\}\}/g, repository);
	return known.includes("${{") ? void 0 : known;
}
// src/cli/places.ts
/**
* Opens the places that the options and the environment name. Whoever opens them closes them; should the program be interrupted before,
* that is done for him.
* @throws KeeperError invalid-inputs with all that is wrong with the stores, in one list
*/
async function openPlaces(options, context) {
	const { environment, home, cwd, interrupts } = context;
	const { shared } = environment;
	const step = await workflowStep(options, cwd);
	const named = options.store.length > 0 ? options.store : step?.stores ?? [];
	const isAsked = named.some((line) => /^(?:git\s*$|git:\s*\?|github-secret\b)|\$\{\{/.test(line.trim()));
	const repository = options.repo ?? (isAsked ? await repositoryOfClone(cwd, shared, githubServer(shared)) : void 0);
	const slot = options.slot ?? step?.slot ?? "default";
	const { lines, outOfReach } = withinReach(storeLines(named, repository));
	const tempDirectory = await mkdtemp(join(tmpdir(), "codex-auth-keeper-"));
	const forget = interrupts.onInterrupt(() => {
		rmSync(tempDirectory, {
			recursive: true,
			force: true
		});
	});
	const removed = async () => {
		await rm(tempDirectory, {
			recursive: true,
			force: true
		}).catch(() => void 0);
		forget();
	};
	try {
		const given = await storeInputs({
			options,
			step,
			slot,
			lines,
			repository
		}, context);
		const { stores: settings, problems } = lines.length === 0 ? {
			stores: [],
			problems: []
		} : judgeStores(lines.join("\n"), given, storeRun(context, tempDirectory, repository));
		if (problems.length > 0) throw wrongUsage(problems.join("\n"), "Correct the options or the environment; --help lists them.");
		const stores = (await openStores(settings, {})).map(remembering);
		const closed = interrupts.onInterrupt(() => closeStores(stores));
		return {
			codexHome: resolve(cwd, options.codexHome ?? (shared["CODEX_HOME"] || join(home, ".codex"))),
			slot,
			stores,
			settings,
			outOfReach,
			repository,
			tempDirectory,
			close: async () => {
				await closeStores(stores);
				closed();
				await removed();
			}
		};
	} catch (error) {
		await removed();
		throw error;
	}
}
async function workflowStep({ workflow, slot, store }, cwd) {
	if (workflow === void 0) return void 0;
	const text = await readFile(resolve(cwd, workflow), "utf8").catch((error) => {
		throw wrongUsage(`${workflow} cannot be read: ${messageOf(error)}`, "Name a workflow file that is there.");
	});
	const { chosenStep, keeperStepsIn } = await import("./workflow-step.js");
	const steps = keeperStepsIn(text, workflow);
	return store.length > 0 && steps.length !== 1 ? void 0 : chosenStep(steps, slot, workflow);
}
function storeLines(named, repository) {
	return named.map((line) => {
		const known = literal(line, repository);
		if (known === void 0) throw wrongUsage(`The workflow says "${line}", and only GitHub knows what that is.`, "Name this store with --store.");
		return known;
	});
}
function withinReach(lines) {
	const isCache = (line) => line.trim() === "cache";
	return {
		lines: lines.filter((line) => !isCache(line)),
		outOfReach: lines.filter(isCache).map((name) => ({
			name,
			why: "only a job of GitHub Actions can reach its cache"
		}))
	};
}
async function storeInputs({ options, step, slot, lines, repository }, { environment, terminal, home, cwd }) {
	const { secrets, shared } = environment;
	const token = lines.some((line) => /^(?:git|github-secret)\b/.test(line)) ? await githubToken(secrets.CODEX_AUTH_TOKEN, shared, cwd, githubServer(shared)) : void 0;
	if (token !== void 0) terminal.secrets.add([token]);
	const ssh = lines.some((line) => /^(?:ssh:|git:\s*(?:ssh:|[\w.-]+@))/.test(line)) ? await sshDefaults(secrets, shared, home) : void 0;
	const said = (input) => literal(step?.inputs[input], repository);
	return {
		slot,
		authJson: secrets.CODEX_AUTH_SEED,
		encryptionKey: secrets.CODEX_AUTH_KEY === void 0 ? void 0 : parseSealingKeys(secrets.CODEX_AUTH_KEY),
		githubToken: token,
		storeToken: secrets.CODEX_AUTH_STORE_TOKEN?.trim(),
		secretWriter: parseSecretWriter({
			token,
			appId: void 0,
			privateKey: void 0
		}),
		readCommand: options.readCommand ?? said("read-command"),
		writeCommand: options.writeCommand ?? said("write-command"),
		proveCommand: options.proveCommand ?? said("prove-command"),
		sshKey: ssh?.key,
		sshKnownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? said("ssh-known-hosts") ?? ssh?.knownHosts
	};
}
function storeRun({ environment: { shared }, home, terminal }, tempDirectory, repository = "") {
	return {
		home,
		tempDirectory,
		workspace: void 0,
		tools: findTools(shared["PATH"] ?? ""),
		env: shared,
		userEnv: shared,
		lostVariables: [],
		repository,
		ref: shared["GITHUB_REF"] ?? "",
		...githubServer(shared),
		runUrl: whoWrites(shared),
		hasNextStage: true,
		sealedFor: void 0,
		handovers: {},
		onSecret: (secret) => {
			terminal.secrets.add([secret]);
		}
	};
}
/** Where a person finds what has written a copy: the page of the CI job, else this machine. */
function whoWrites(env) {
	const { GITHUB_RUN_ID: run, GITHUB_REPOSITORY: repository } = env;
	if (run && repository) return `${githubServer(env).serverUrl}/${repository}/actions/runs/${run}`;
	return env["CI_JOB_URL"] ?? env["BUILD_URL"] ?? `codex-auth-keeper on ${hostname()}`;
}
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
// src/cli/terminal/table.ts
/** Rows of cells as lines with their columns aligned; no line ends with blanks. */
function tableLines(rows) {
	const cells = rows.map((row) => row.map(piecesOf));
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? []))));
	return cells.map((row) => {
		const last = row.findLastIndex((cell) => widthOf(cell) > 0);
		return row.slice(0, last + 1).flatMap((cell, column) => column === last ? cell : [...cell, gap((widths[column] ?? 0) - widthOf(cell) + 2)]);
	});
}
function gap(width) {
	return {
		text: " ".repeat(width),
		look: "plain"
	};
}
function widthOf(cell) {
	return cell.reduce((width, { text }) => width + text.length, 0);
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
