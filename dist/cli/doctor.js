import { n as exitCodeFor, t as about } from "./finding.js";
import { a as strong, n as faint, o as warning, r as good, t as bad } from "./line.js";
import { $t as parseLease, Cn as accountHash, Ct as findTool, Dn as isSameAccount, En as isSame, Jn as record, Kn as optional, Nn as _catch, On as accessEnds, Pn as _default, Qt as holderName, Rn as boolean, U as distanceWords, Vn as looseObject, Xn as string, en as refusedToken, gn as messageOf, gt as secretValues, in as failureWords, ln as observeAuthFile, mn as KeeperError, pn as readPlainFile, q as momentWords, sn as authFileIn, wn as compareAge, xn as unmanagedReasons } from "../shared.js";
import { n as configHazards, t as findHazards } from "./hazards.js";
import { t as runChild } from "../child.js";
import { t as codexEnvironment } from "./codex-environment.js";
import { n as examine } from "./store-finding.js";
import { t as inWordsOfTheCommandLine } from "./input-names.js";
import { r as placeOptions, t as describePlaceOptions } from "./place-options.js";
import { t as openPlaces } from "./places.js";
const { access, chmod, constants, readFile, readdir, realpath, rename, rm, stat, writeFile } = process.getBuiltinModule("node:fs/promises");
const { basename, dirname, join, relative } = process.getBuiltinModule("node:path");
const { randomUUID } = process.getBuiltinModule("node:crypto");
// src/codex/tested-versions.ts
/** The Codex releases that every change is tested with: the oldest and the newest. */
const testedVersions = {
	oldest: "0.149.1",
	newest: "0.169.0"
};
/** Whether a release came before another one; both are three numbers, and what stands behind them does not count. */
function isEarlier(version, than) {
	const [one, other] = [version, than].map((text) => text.split(/[.+-]/, 3).map(Number));
	const index = [
		0,
		1,
		2
	].find((part) => one?.[part] !== other?.[part]) ?? 0;
	return (one?.[index] ?? 0) < (other?.[index] ?? 0);
}
// src/cli/doctor/codex-check.ts
/** Whether Codex is there, in a version that is known. */
function checkCodex(codex) {
	const report = about("machine", "codex", "Codex");
	if (codex === void 0) return [report.problem({
		what: "There is no codex in PATH.",
		why: "Nothing but Codex refreshes a login.",
		wayOut: "Install it: npm install --global @openai/codex."
	})];
	const { path, version } = codex;
	if (version === void 0) return [report.warning({
		what: `${path} does not say which version it is.`,
		why: "Without its version nobody can tell whether it treats auth.json as is known of it.",
		wayOut: `Run "${path} --version" and see why.`
	})];
	const { oldest, newest } = testedVersions;
	if (isEarlier(version, oldest)) {
		const why = `The keeper is tested with ${oldest} to ${newest}.`;
		return [report.warning({
			what: `Codex ${version} (${path}) is an old one.`,
			why,
			wayOut: `npm install --global @openai/codex@${newest}.`
		})];
	}
	const isNewer = isEarlier(newest, version);
	return [report.ok(`Codex ${version} (${path})${isNewer ? `, newer than ${newest}, the newest that the keeper is tested with` : ""}`)];
}
// src/cli/doctor/doctor-json.ts
/** The findings for programs. @param now seconds since 1970 */
function doctorJson(findings, mended, now) {
	const result = {
		0: "well",
		1: "wrong",
		2: "wrong",
		3: "login-needed"
	}[exitCodeFor(findings)];
	return {
		version: 1,
		at: (/* @__PURE__ */ new Date(now * 1e3)).toISOString(),
		result,
		findings: findings.map((finding) => {
			const { level, area, check, place, what } = finding;
			const said = {
				level,
				area,
				check,
				place,
				what
			};
			if (finding.level === "ok") return {
				...said,
				why: null,
				wayOut: null,
				needsLogin: false,
				canBeMended: false
			};
			const { why, wayOut, needsLogin = false, mend } = finding;
			return {
				...said,
				why,
				wayOut,
				needsLogin,
				canBeMended: mend !== void 0
			};
		}),
		mended: mended.map((one) => ({
			what: one.what,
			outcome: one.kind,
			problem: one.kind === "failed" ? one.why : null
		}))
	};
}
// src/cli/doctor/doctor-words.ts
const areas = {
	machine: "This machine",
	login: "Login",
	stores: "Stores",
	workflows: "Workflows"
};
const levels = {
	ok: good("ok     "),
	warning: warning("warning"),
	problem: bad("problem")
};
/** The findings as a person reads them: by what they are about, each trouble with its reason and the way out. */
function doctorLines(findings) {
	return [...Object.entries(areas).flatMap(([area, title]) => {
		const found = findings.filter((finding) => finding.area === area);
		return found.length === 0 ? [] : [
			strong(title),
			...found.flatMap(findingLines),
			""
		];
	}), total(findings)];
}
/** What --fix has done. */
function mendedLine(mended) {
	switch (mended.kind) {
		case "mended": return [good("mended: "), `${mended.what}.`];
		case "failed": return [bad("not mended: "), `${mended.what}: ${mended.why}.`];
		case "left": return [faint("left as it is: "), `${mended.what}.`];
	}
}
function findingLines(finding) {
	const first = [
		"  ",
		levels[finding.level],
		`  ${finding.place}: ${finding.what}`
	];
	if (finding.level === "ok") return [first];
	return [
		first,
		[faint("           why: "), finding.why],
		[faint("           way out: "), finding.wayOut]
	];
}
function total(findings) {
	const count = (level) => findings.filter((finding) => finding.level === level).length;
	const [problems, warnings] = [count("problem"), count("warning")];
	const words = [counted(problems, "problem"), counted(warnings, "warning")].filter((text) => text !== void 0).join(", ");
	if (problems > 0) return bad(`${words}.`);
	return warnings > 0 ? warning(`No problem, ${words}.`) : good("All is well.");
}
function counted(count, what) {
	return count === 0 ? void 0 : `${count} ${what}${count === 1 ? "" : "s"}`;
}
// src/cli/doctor/file-check.ts
/** Whether auth.json is a login that Codex can use and refresh. */
function checkDocument({ authFile, document }) {
	const report = about("machine", "auth-file", authFile);
	const relogin = `Move it away and log in again: codex-auth-keeper login, or codex login for this machine alone.`;
	switch (document.kind) {
		case "missing": return [report.ok("There is no login on this machine.")];
		case "managed": return [report.ok("It holds a ChatGPT login that can be refreshed.")];
		case "damaged": return [report.problem({
			what: `The file cannot be used: ${document.problem}.`,
			why: "Codex refuses it, and runs logged out.",
			wayOut: relogin
		})];
		case "unmanaged": {
			const what = `The file ${unmanagedReasons[document.credential.why]}.`;
			return [report.warning({
				what,
				why: "The keeper keeps ChatGPT logins that can be refreshed, and nothing else.",
				wayOut: "Log in with ChatGPT (codex login), in a CODEX_HOME of its own if you want to keep this file."
			})];
		}
		case "unreadable": return [report.problem({
			what: document.problem,
			why: "Codex cannot read it either.",
			wayOut: "Give the user who runs Codex access to it."
		})];
	}
}
/** Whether nobody else can read or replace the login, and Codex can save a refreshed one. */
function checkModes({ codexHome, home, authFile, file }) {
	if (home === void 0) return [];
	const findings = [];
	const folder = about("machine", "modes", codexHome);
	const document = about("machine", "modes", authFile);
	if (!home.isFolder) return [folder.problem({
		what: "It is no folder.",
		why: "Codex keeps auth.json in it.",
		wayOut: "Name another one with CODEX_HOME."
	})];
	if ((home.mode & 18) !== 0) findings.push(folder.problem({
		what: `Others can write to this folder (mode ${octal(home.mode)}).`,
		why: "Who can write to it can put another login or configuration there.",
		...chmod$1(codexHome, 448)
	}));
	else if ((home.mode & 63) !== 0) findings.push(folder.warning({
		what: `Others can look into this folder (mode ${octal(home.mode)}).`,
		why: "Beside the login Codex keeps all conversations there.",
		...chmod$1(codexHome, 448)
	}));
	if (!home.canWrite) findings.push(folder.problem({
		what: "You cannot write to this folder.",
		why: "Codex could refresh the login and not save it: then the login is lost.",
		wayOut: "Give the folder to the user who runs Codex."
	}));
	if (file !== void 0 && (file.mode & 63) !== 0) findings.push(document.problem({
		what: `Others can read or write this file (mode ${octal(file.mode)}).`,
		why: "Whoever reads it can use your ChatGPT account.",
		...chmod$1(authFile, 384)
	}));
	for (const [place, rest] of [[folder, home], [document, file]]) if (rest !== void 0 && !rest.isOurs) findings.push(place.warning({
		what: "It belongs to another user.",
		why: "Codex must be able to replace the login, and nobody else.",
		wayOut: "Run this as the user who runs Codex, or give it to that user (chown)."
	}));
	return findings.length > 0 ? findings : [folder.ok(file === void 0 ? "Nobody else can look into it." : "Nobody else can read the login.")];
}
function chmod$1(path, mode) {
	return {
		wayOut: `chmod ${octal(mode)} '${path}', or doctor --fix.`,
		mend: {
			kind: "mode",
			path,
			mode
		}
	};
}
function octal(mode) {
	return mode.toString(8).padStart(4, "0");
}
// src/cli/doctor/login-check.ts
/** Whether there is a login at all, and it still lives. @param now seconds since 1970 */
function checkAlive({ machine, stores, mayBeElsewhere }, now) {
	const report = about("login", "alive", "Login");
	const refusals = stores.flatMap(({ name, refused, copy }) => refused && copy.kind === "held" ? [{
		name,
		refused,
		credential: copy.credential
	}] : []);
	const logins = placedLogins({
		machine,
		stores
	});
	const findings = [];
	for (const { name, refused, credential } of refusals) {
		if (logins.some((other) => other.where !== "file" && isLater(other.credential, credential))) continue;
		findings.push(report.problem({
			what: `OpenAI has refused the login in ${name}.`,
			...refused,
			needsLogin: true
		}));
	}
	const newest = logins.filter(({ credential }) => !logins.some((other) => isLater(other.credential, credential)));
	for (const { name, credential } of newest.filter((one, index) => newest.findIndex((other) => isOneLogin(other.credential, one.credential)) === index)) {
		const ends = accessEnds(credential.issued);
		const account = `account ${accountHash(credential.fingerprint)}`;
		if (ends >= now) findings.push(report.ok(`The newest copy (${account}, in ${name}) ends ${distanceWords(ends, now)}.`));
		else findings.push(report.warning({
			what: `The newest copy (${account}, in ${name}) ended ${distanceWords(ends, now)}.`,
			why: "Nothing has refreshed it since, and a login that is not used expires.",
			wayOut: "Use Codex there once, or start a job that uses the keeper. If OpenAI refuses it, log in: codex-auth-keeper login."
		}));
	}
	if (logins.length > 0) return findings;
	if (!mayBeElsewhere && stores.every(({ copy }) => copy.kind === "none") && [
		"missing",
		"damaged",
		"unmanaged"
	].includes(machine.document.kind)) {
		const where = stores.length === 0 ? "on this machine" : "on this machine or in a store";
		return [report.problem({
			what: `There is no ChatGPT login ${where}.`,
			why: "Only a person can log in.",
			wayOut: "codex-auth-keeper login",
			needsLogin: true
		})];
	}
	return [report.ok("No login was seen; whether there is one in the places that were not read is unknown.")];
}
/** Whether one login is used in two places, or copies of it have gone apart. */
function checkOnePlace({ machine, stores }) {
	const report = about("login", "one-place", "Login");
	const logins = placedLogins({
		machine,
		stores
	});
	const here = logins.find(({ where }) => where === "file");
	const findings = betweenStores(logins.filter(({ where }) => where !== "file"));
	if (here === void 0) return findings;
	for (const store of logins.filter(({ where }) => where === "store")) {
		if (!isOneLogin(here.credential, store.credential)) continue;
		if (isSame(here.credential.fingerprint, store.credential.fingerprint)) {
			findings.push(report.warning({
				what: `This machine and ${store.name} hold the same copy of one login, issued ${issuedWords(here)}.`,
				why: "As soon as Codex refreshes one of them the other is spent: the refresh token works once.",
				wayOut: "Use it in one place alone. For this machine make a login of its own (codex login); for the store, codex-auth-keeper login --store."
			}));
			continue;
		}
		const [newer, older] = isLater(here.credential, store.credential) ? ["This machine", store.name] : [store.name, "this machine"];
		const [later, earlier] = isLater(here.credential, store.credential) ? [here, store] : [store, here];
		findings.push(report.problem({
			what: `${newer} has a later copy of the login (issued ${issuedWords(later)}) than ${older} (issued ${issuedWords(earlier)}).`,
			why: `Both places use one login, and the refresh token of the earlier copy is spent. Presenting it again can cost the whole login.`,
			wayOut: "codex-auth-keeper sync brings the later one to both. Then give each place a login of its own (codex-auth-keeper login)."
		}));
	}
	return findings.length > 0 ? findings : [report.ok("No other place was seen that uses the login of this machine.")];
}
/** Stores of one slot hold one login; one that is behind gets it with the next write. */
function betweenStores(stores) {
	const report = about("login", "one-login", "Stores");
	const [first, ...others] = stores;
	if (first === void 0) return [];
	const foreign = others.find(({ credential }) => !isSameAccount(credential.fingerprint, first.credential.fingerprint));
	if (foreign !== void 0) return [report.problem({
		what: `${first.name} holds a login of the account ${accountHash(first.credential.fingerprint)}, ${foreign.name} one of ${accountHash(foreign.credential.fingerprint)}.`,
		why: "One slot is one login: a job refuses to choose between two accounts.",
		wayOut: "Empty the one that is wrong (docs/stores.md says how), or name another slot."
	})];
	return stores.filter((one) => stores.some((other) => isLater(other.credential, one.credential))).map((one) => report.warning({
		what: `${one.name} is behind: its copy was issued ${issuedWords(one)}.`,
		why: "Another store holds a later copy, and the refresh token of this one is spent.",
		wayOut: "The next job brings it up to date, or codex-auth-keeper sync does now."
	}));
}
function placedLogins({ machine, stores }) {
	const ofStores = stores.flatMap(({ name, copy, isOfThisMachine, writer }) => copy.kind === "held" ? [{
		name,
		where: isOfThisMachine ? "own-store" : "store",
		credential: copy.credential,
		writer
	}] : []);
	if (machine.document.kind !== "managed") return ofStores;
	return [{
		name: machine.authFile,
		where: "file",
		credential: machine.document.credential
	}, ...ofStores];
}
function isLater(a, b) {
	return isSameAccount(a.fingerprint, b.fingerprint) && !isSame(a.fingerprint, b.fingerprint) && compareAge(a.fingerprint, b.fingerprint) === "newer";
}
/** Copies of one login, and not two logins of one account: those tell by when the person logged in, where both say so. */
function isOneLogin(a, b) {
	if (!isSameAccount(a.fingerprint, b.fingerprint)) return false;
	return a.loggedInAt === void 0 || b.loggedInAt === void 0 || a.loggedInAt === b.loggedInAt;
}
function issuedWords({ credential: { issued }, writer }) {
	const moment = momentWords(issued.iat ?? Date.parse(issued.lastRefresh) / 1e3);
	return writer === void 0 ? moment : `${moment}, last written by ${writer}`;
}
// src/codex/config-shadows.ts
const provider = _catch(looseObject({ requires_openai_auth: _catch(optional(boolean()), void 0) }), {});
const schema = looseObject({
	profile: _catch(optional(string()), void 0),
	model_provider: _catch(optional(string()), void 0),
	model_providers: _catch(_default(record(string(), provider), {}), {})
});
/** Providers that Codex knows by itself and that take no ChatGPT login. */
const withoutLogin = [
	"ollama",
	"ollama-chat",
	"lmstudio",
	"amazon-bedrock"
];
const largestConfig = 1048576;
/**
* What keeps Codex from using the login at all, in config.toml and in the profiles beside it (`--profile x` reads `x.config.toml`).
* Measured on 0.149.1 and 0.169.0.
*/
async function configShadows(codexHome, accountId) {
	const own = join(codexHome, "config.toml");
	const ofProfiles = (await readdir(codexHome).catch(() => [])).filter((name) => name.endsWith(".config.toml")).sort().map(async (name) => {
		const path = join(codexHome, name);
		const found = [...await configHazards({
			path,
			accountId,
			codexHome
		}), ...await shadowsIn(path)];
		const whenUsed = `With --profile ${basename(name, ".config.toml")}, `;
		return found.filter(({ severity }) => severity !== "note").map(({ message, remedy }) => ({
			severity: "warn",
			message: `${whenUsed}${message}`,
			remedy
		}));
	});
	return [...await shadowsIn(own), ...(await Promise.all(ofProfiles)).flat()];
}
async function shadowsIn(path) {
	const { profile, model_provider: name, model_providers: providers } = await parsed(path) ?? {};
	const hazards = [];
	if (profile !== void 0) hazards.push({
		severity: "refuse",
		message: `${path} sets profile = "${profile}": Codex does not start with that.`,
		remedy: `Move what is under [profiles.${profile}] into ${profile}.config.toml beside it, and start Codex with --profile ${profile}.`
	});
	if (name !== void 0 && (withoutLogin.includes(name) || isOwn(name, providers))) hazards.push({
		severity: "warn",
		message: `${path} sets model_provider = "${name}", which takes no ChatGPT login: Codex leaves it unused, and never refreshes it.`,
		remedy: `Remove model_provider, or set requires_openai_auth = true under [model_providers.${name}].`
	});
	return hazards;
}
/** A provider of the file without a word on the login, which then is not used. */
function isOwn(name, providers) {
	return providers !== void 0 && Object.hasOwn(providers, name) && providers[name]?.requires_openai_auth !== true;
}
/** undefined for what cannot be read, which the other look at the file tells. */
async function parsed(path) {
	try {
		const text = Buffer.from(await readPlainFile(path, largestConfig)).toString("utf8");
		const { parse } = await import("../dist2.js");
		return schema.parse(parse(text));
	} catch {
		return;
	}
}
// src/codex/installed-codex.ts
/** How long it may take to say which version it is. Milliseconds. */
const patience = 15e3;
/**
* Finds the Codex of a PATH and asks for its version, which asks nobody else. Never throws.
* @param emptyHome a folder that it may take for CODEX_HOME meanwhile
*/
async function findCodex(env, emptyHome) {
	const path = findTool("codex", env["PATH"] ?? "");
	if (path === void 0) return void 0;
	const asked = {
		tool: path,
		args: ["--version"],
		env: codexEnvironment(env, emptyHome),
		cwd: emptyHome,
		timeoutMs: patience
	};
	const answer = await runChild(asked).catch(() => void 0);
	const said = answer?.kind === "exited" && answer.exitCode === 0 ? answer.stdout.toString("utf8") : "";
	return {
		path,
		version: /\b(\d+\.\d+\.\d+(?:-[\w.]+)?)\b/.exec(said)?.[1]
	};
}
// src/cli/doctor/machine-facts.ts
/** Looks at this machine. Never throws. */
async function machineFacts({ codexHome, tempDirectory }, { environment, clock, terminal }) {
	const { shared } = environment;
	const authFile = authFileIn(codexHome);
	const [codex, home, file, document] = await Promise.all([
		findCodex(shared, tempDirectory),
		restOf(codexHome),
		restOf(authFile),
		observeAuthFile(codexHome, clock).catch((error) => ({
			kind: "unreadable",
			problem: messageOf(error)
		}))
	]);
	if (document.kind === "managed") terminal.secrets.add(secretValues(Buffer.from(document.credential.bytes).toString("utf8")));
	const accountId = document.kind === "managed" ? document.credential.account.id : void 0;
	return {
		codex,
		codexHome,
		home,
		authFile,
		file,
		document,
		hazards: (await Promise.all([findHazards({
			codexHome,
			accountId,
			workspace: void 0,
			env: shared,
			jobTotal: 1,
			due: false,
			guard: "lease"
		}), configShadows(codexHome, accountId)])).flat(),
		hasApiKey: Boolean(shared["OPENAI_API_KEY"])
	};
}
async function restOf(path) {
	try {
		const found = await stat(path);
		const canWrite = await access(path, constants.W_OK).then(() => true, () => false);
		return {
			isFolder: found.isDirectory(),
			mode: found.mode & 511,
			isOurs: found.uid === process.getuid?.(),
			canWrite
		};
	} catch {
		return;
	}
}
// src/cli/doctor/mend.ts
/**
* Mends what is safe at once, and asks before it changes what somebody has written; where nobody can answer that is left as it is.
* Never throws.
*/
async function mendAll(findings, { questions }, canAsk) {
	const mended = [];
	for (const finding of findings) {
		if (finding.level === "ok" || finding.mend === void 0) continue;
		const { mend } = finding;
		const what = mendWords(mend);
		if (mend.kind !== "mode" && !(canAsk && await questions.confirm(`${what}?`, { flag: "--fix" }))) mended.push({
			kind: "left",
			what
		});
		else mended.push(await done(mend, what));
	}
	return mended;
}
async function done(mend, what) {
	try {
		if (mend.kind === "mode") await chmod(mend.path, mend.mode);
		else await correctCredentialsStore(mend.path);
		return {
			kind: "mended",
			what
		};
	} catch (error) {
		return {
			kind: "failed",
			what,
			why: messageOf(error)
		};
	}
}
function mendWords(mend) {
	switch (mend.kind) {
		case "mode": return `Set the mode of ${mend.path} to ${mend.mode.toString(8).padStart(4, "0")}`;
		case "credentials-store": return `Set cli_auth_credentials_store = "file" in ${mend.path}`;
	}
}
/** Replaces the one line, and the file at once. @throws Error where there is no such line before the first table */
async function correctCredentialsStore(path) {
	const corrected = withFileStore(await readFile(path, "utf8"));
	if (corrected === void 0) throw new Error("the setting is not a line of its own; change it by hand");
	const place = await realpath(path);
	const temporary = `${place}.${randomUUID()}.tmp`;
	try {
		await writeFile(temporary, corrected, {
			flag: "wx",
			mode: (await stat(place)).mode & 511
		});
		await rename(temporary, place);
	} finally {
		await rm(temporary, { force: true });
	}
}
/** The configuration with the login in a file; undefined where the line cannot be told from others with certainty. */
function withFileStore(text) {
	const firstTable = /^\s*\[/m.exec(text)?.index ?? text.length;
	const top = text.slice(0, firstTable);
	const line = /^([ \t]*cli_auth_credentials_store[ \t]*=[ \t]*)(?:"[^"\n]*"|'[^'\n]*')/gm;
	if (/"""|'''/.test(top) || [...top.matchAll(line)].length !== 1) return void 0;
	return top.replace(line, "$1\"file\"") + text.slice(firstTable);
}
// src/cli/doctor/shadow-check.ts
/** What makes Codex ignore, delete or give away the login: variables, its configuration, its profiles. */
function checkShadows({ hazards, hasApiKey, document, authFile }) {
	const report = about("machine", "shadows", "Surroundings");
	const findings = hazards.map(hazardFinding);
	if (hasApiKey && document.kind !== "managed") findings.push(report.warning({
		what: "OPENAI_API_KEY is set, and there is no ChatGPT login.",
		why: `Codex ignores that key as long as ${authFile} holds a login, and not before.`,
		wayOut: "Log in, or remove OPENAI_API_KEY from the environment."
	}));
	return findings.every(({ level }) => level === "ok") ? [...findings, report.ok("No variable and no configuration keeps Codex from the login.")] : findings;
}
function hazardFinding({ severity, message, remedy, setting }) {
	const report = about("machine", "shadows", "Surroundings");
	const [, what = message, why = ""] = /^(.*?[^:\d]): (.*)$/s.exec(message) ?? [];
	const trouble = {
		what: why === "" ? message : `${what}.`,
		why: why === "" ? "Codex and the keeper must agree on where the login is." : sentence(why),
		wayOut: remedy
	};
	switch (severity) {
		case "refuse": return report.problem({
			...trouble,
			...setting && { mend: {
				kind: "credentials-store",
				path: setting.path
			} }
		});
		case "warn": return report.warning(trouble);
		case "note": return report.ok(message);
	}
}
function sentence(text) {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
// src/cli/doctor/store-check.ts
/** Whether a store can be read and could be written. */
function checkStore({ name, copy, proof }) {
	const report = about("stores", "store", name);
	if (copy.kind === "unreadable") return [report.problem({
		what: "It cannot be read.",
		why: copy.why,
		wayOut: copy.wayOut
	})];
	const holds = {
		none: "It can be read, and holds no login yet",
		hidden: "GitHub shows no secret to anybody, so it was not read",
		held: copy.kind === "held" ? `It can be read, and holds a login of the account ${accountHash(copy.credential.fingerprint)}` : ""
	}[copy.kind];
	switch (proof.kind) {
		case "proved": return [report.ok(`${holds}; it can be written.`)];
		case "unprovable": return [report.ok(`${holds}; whether it can be written only a write shows.`)];
		case "not-counted": return [report.ok(`${holds}.`)];
		case "refused": return [report.ok(`${holds}.`), report.problem({
			what: "It cannot be written: a refreshed login would be lost.",
			why: proof.why,
			wayOut: proof.wayOut
		})];
	}
}
/** A store that only a job can look at. */
function checkOutOfReach({ name, why }) {
	return [about("stores", "store", name).ok(`Not looked at: ${why}.`)];
}
/** The clone has workflows with stores, and the person has named none of them: what others wrote into a file is not followed by itself. */
function storesUnnamed() {
	return about("stores", "store", "Stores").ok("Those of the workflows were not looked at: name one of them with --workflow.");
}
// src/cli/doctor/store-facts.ts
/** The same places without the stores whose `role=` wants the id token of a job, where there is none. */
function reachedFromHere(places, env) {
	const isReached = (index) => Boolean(env["ACTIONS_ID_TOKEN_REQUEST_URL"]) || !["vault", "s3"].includes(places.settings[index]?.kind ?? "") || !/[?&]role=/.test(places.stores[index]?.name ?? "");
	const why = "role= logs in with the id token of a job of GitHub Actions";
	return {
		...places,
		stores: places.stores.filter((_, index) => isReached(index)),
		settings: places.settings.filter((_, index) => isReached(index)),
		outOfReach: [...places.outOfReach, ...places.stores.flatMap(({ name }, index) => isReached(index) ? [] : [{
			name,
			why
		}])]
	};
}
/** Reads and proves all stores at once; nothing is written. Never throws. */
async function storeFacts({ stores, settings }, context) {
	const seen = await Promise.all(stores.map((store, index) => {
		const kind = settings[index]?.kind;
		return kind === "github-secret" && context.environment.secrets.CODEX_AUTH_SEED === void 0 ? hiddenStore(store) : openStore(store, kind === "runner", context);
	}));
	const held = seen.flatMap(({ copy }) => copy.kind === "held" ? [copy.credential] : []);
	context.terminal.secrets.add(held.flatMap(({ bytes }) => secretValues(Buffer.from(bytes).toString("utf8"))));
	return seen;
}
async function openStore(store, isOfThisMachine, { clock }) {
	const { look, proof } = await examine(store, clock);
	const facts = {
		name: store.name,
		isOfThisMachine,
		proof: proofFacts(proof)
	};
	switch (look.kind) {
		case "none": return {
			...facts,
			copy: { kind: "none" }
		};
		case "unreadable": return {
			...facts,
			copy: {
				kind: "unreadable",
				...refusal(look.error)
			}
		};
		case "held": return {
			...facts,
			copy: {
				kind: "held",
				credential: look.credential
			},
			writer: await writerOf(store),
			refused: await refusalIn(store, look.credential)
		};
	}
}
async function writerOf(store) {
	return (await store.about?.().catch(() => void 0))?.writtenBy;
}
/** GitHub shows no secret to anybody: whether there is one, and whether it could be written, is all that can be asked. */
async function hiddenStore(store) {
	const [copy, proof] = await Promise.all([Promise.resolve(store.about?.()).then((facts) => ({ kind: facts === void 0 ? "none" : "hidden" }), (error) => ({
		kind: "unreadable",
		...refusal(error)
	})), store.proveWritable().then((kind) => ({ kind }), (error) => ({
		kind: "refused",
		error
	}))]);
	return {
		name: store.name,
		isOfThisMachine: false,
		copy,
		proof: proofFacts(proof)
	};
}
function proofFacts(proof) {
	return proof.kind === "refused" ? {
		kind: "refused",
		...refusal(proof.error)
	} : proof;
}
/** What the lease says of this copy: a holder that was refused leaves a word for those who would present the token again. */
async function refusalIn({ leasePlace }, { fingerprint }) {
	const found = await leasePlace?.read().catch(() => void 0);
	const lease = found && parseLease(found.bytes);
	if (lease?.state !== "refused" || lease.token !== refusedToken(fingerprint.refreshToken, lease.nonce)) return void 0;
	const { cause, wayOut } = failureWords[lease.failure];
	return {
		why: `${cause} It was ${holderName(lease.holder)} that presented the token.`,
		wayOut
	};
}
function refusal(error) {
	const wayOut = error instanceof KeeperError ? error.remedy : "See the message.";
	return {
		why: inWordsOfTheCommandLine(messageOf(error)),
		wayOut: inWordsOfTheCommandLine(wayOut)
	};
}
// src/cli/doctor/workflow-files.ts
/** GitHub takes no workflow that is larger. Bytes. */
const largestWorkflow = 1048576;
/** What the workflows of the clone show that use the keeper; nothing where none does. */
async function workflowFindings(cwd) {
	const workflows = await workflowsOfClone(cwd);
	if (workflows.length === 0) return [];
	const { checkWorkflows } = await import("./check-workflows.js");
	return checkWorkflows(workflows);
}
/**
* The workflows of the clone that a folder is in; none outside of a clone. What is no workflow is left out. Nothing in them is followed:
* what they name is asked only where the person names it too.
*/
async function workflowsOfClone(cwd) {
	const clone = await cloneOf(cwd);
	if (clone === void 0) return [];
	const folder = join(clone, ".github", "workflows");
	const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort();
	if (names.length === 0) return [];
	const { parseWorkflow } = await import("./workflow.js");
	const found = names.map(async (name) => {
		const path = join(folder, name);
		const bytes = await readPlainFile(path, largestWorkflow).catch(() => void 0);
		return bytes === void 0 ? void 0 : parseWorkflow(Buffer.from(bytes).toString("utf8"), relative(clone, path));
	});
	return (await Promise.all(found)).filter((workflow) => workflow !== void 0);
}
async function cloneOf(folder) {
	if (await stat(join(folder, ".git")).then(() => true, () => false)) return folder;
	const above = dirname(folder);
	return above === folder ? void 0 : cloneOf(above);
}
// src/cli/commands/doctor.ts
/** What is wrong and the way out. Nothing is changed without --fix, and OpenAI is not asked. */
const doctor = {
	describe: (command) => {
		describePlaceOptions(command).option("--fix", "mends what is safe (modes), and asks before it changes anything else").option("--json", "for programs; docs/doctor.schema.json says what it means").addHelpText("after", "\nLooks at Codex and its configuration, at the login of this machine and its modes, at each store that you name (it is read,\nand asked whether it could be written; what it holds stays as it is), and at the workflows of the clone that you are in.\nThe stores of a workflow are asked only where you name it with --workflow. OpenAI is not asked.\nExit code 0 where nothing is wrong (there may be warnings), 1 for a problem, 3 where a person must log in.");
	},
	examples: [
		["codex-auth-keeper doctor", "this machine, and the workflows of this clone"],
		["codex-auth-keeper doctor --workflow .github/workflows/codex.yml", "and the stores of that workflow"],
		["codex-auth-keeper doctor --store ssh:ci@build-1.example.com/srv/codex/auth.json", "and that store"],
		["codex-auth-keeper doctor --fix", "mends modes"],
		["codex-auth-keeper doctor --json | jq '.findings[] | select(.level == \"problem\")'", "for a script"]
	],
	run: async ({ options }, context) => {
		const opened = await openPlaces(placeOptions(options), context);
		try {
			const places = reachedFromHere(opened, context.environment.shared);
			const asJson = options["json"] === true;
			const look = await context.terminal.during("Looking at everything", examined(places, context));
			let findings = judged(look, places, context);
			let mended = [];
			if (options["fix"] === true) {
				mended = await mendAll(findings, context, context.questions.canAsk && !asJson);
				if (mended.some(({ kind }) => kind === "mended")) findings = judged({
					...look,
					machine: await machineFacts(places, context)
				}, places, context);
			}
			if (asJson) context.terminal.printText(`${JSON.stringify(doctorJson(findings, mended, context.clock.now() / 1e3), void 0, 2)}\n`);
			else for (const line of [...mended.map(mendedLine), ...doctorLines(findings)]) context.terminal.print(line);
			return exitCodeFor(findings);
		} finally {
			await opened.close();
		}
	}
};
async function examined(places, context) {
	const [machine, stores, workflows] = await Promise.all([
		machineFacts(places, context),
		storeFacts(places, context),
		workflowFindings(context.cwd)
	]);
	return {
		machine,
		stores,
		workflows
	};
}
function judged({ machine, stores, workflows }, { outOfReach }, { clock }) {
	const areUnnamed = stores.length + outOfReach.length === 0 && workflows.length > 0;
	const login = {
		machine,
		stores,
		mayBeElsewhere: outOfReach.length > 0 || areUnnamed
	};
	return [
		...checkCodex(machine.codex),
		...checkShadows(machine),
		...checkDocument(machine),
		...checkModes(machine),
		...checkAlive(login, clock.now() / 1e3),
		...checkOnePlace(login),
		...stores.flatMap(checkStore),
		...outOfReach.flatMap(checkOutOfReach),
		...areUnnamed ? [storesUnnamed()] : [],
		...workflows
	];
}
export { doctor };
