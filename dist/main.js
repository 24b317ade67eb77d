import { $n as unknown, A as saveState$1, An as isDue, At as listAccounts, B as rawInputs, C as listed, Cn as accountHash, Ct as findTool, Dn as isSameAccount, Dt as pathOutside, E as savedJobState, En as isSame, Et as isInside, F as readStoreInputs, Fn as _enum, Ft as writeBackRotation, G as durationSeconds, Gn as object, H as truth, I as storeRunOf, In as _null, J as judgeStores, Jn as record, Jt as noCodexToTest, Kn as optional, Kt as retried, Ln as array, Lt as holdsFile, Mt as refreshEarly, N as remembering, Nn as _catch, O as loadStateOfPre, On as accessEnds, Ot as realPlace, Pt as wasStored, Qn as union, Qt as holderName, R as invalidInputs, Rn as boolean, S as healthWords, Sn as isLoopbackHost, St as networkVariables, Tn as isAccountNamed, Tt as reclaimLeftovers, U as distanceWords, Ut as copyState, V as trimmed, Vn as looseObject, W as durationRule, Wn as number, Wt as look, Xn as string, Xt as requireLogin, Yn as refine, Zn as transform, Zt as smokeTestRefused, _t as closeStores, an as logInFirst, ar as exportVariable, b as restoreReport, bn as parseAuthJson, bt as rememberEnvironment, c as runStage, cn as installAuthFile, cr as info, d as writeThroughStart, dr as warning$1, dt as keyDigest, f as readRunContext, fn as PlainFileError, ft as maskInputs, gn as messageOf, gt as secretValues, h as outcomeWords, hn as errorWords, ht as seedBytes, in as failureWords, ir as NEVER, j as loggedRetry, jt as originName, k as reserveState, kt as chooseNewest, ln as observeAuthFile, lr as saveState, m as withdrawReseed, mn as KeeperError, nn as failureOfRefresh, on as authFileChangedAt, or as getInput, p as announceReseed, pn as readPlainFile, qn as pipe, qt as noCodexToRefresh, sn as authFileIn, sr as getState, tn as failureOfExec, tr as _regex, ur as setOutput, vn as AuthJsonError, vt as openStores, w as marks, wt as findTools, x as warning, xn as unmanagedReasons, y as lifeOf, yn as isAnotherLogin, yt as systemClock, z as line } from "./shared.js";
const { isAbsolute, join, resolve } = process.getBuiltinModule("node:path");
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
/** Made where there is a file to judge: most machines have none, and a stage would start the later for it. */
function configSchema() {
	return looseObject({
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
}
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
		return judgeConfig(configSchema().parse(parse(text)), place);
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
		remedy: "Set cli_auth_credentials_store = \"file\".",
		setting: {
			path,
			name: "cli_auth_credentials_store"
		}
	});
	if (config.forced_login_method !== void 0 && config.forced_login_method !== "chatgpt") hazards.push({
		severity: "refuse",
		message: `${path} sets forced_login_method = "${config.forced_login_method}": codex exec deletes a ChatGPT auth.json.`,
		remedy: "Remove forced_login_method, or set it to \"chatgpt\"."
	});
	const forced = [config.forced_chatgpt_workspace_id ?? []].flat();
	if (forced.length > 0 && accountId !== void 0 && !forced.includes(accountId)) hazards.push({
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
		...workspaceHazards(codexHome, workspace),
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
function workspaceHazards(codexHome, workspace) {
	if (workspace === void 0 || workspace === "") return [];
	if (!isAbsolute(codexHome)) return [{
		severity: "refuse",
		message: `CODEX_HOME (${codexHome}) is not an absolute path, and nothing expands a ~ in the env of a workflow.`,
		remedy: "Use an absolute path: set the input codex-home, for example to ${{ runner.temp }}/codex-home."
	}];
	const place = realPlace(workspace);
	const isHome = isInside(realPlace(codexHome), place);
	if (!isHome && !isInside(realPlace(authFileIn(codexHome)), place)) return [];
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
		remedy: "Remove CODEX_ACCESS_TOKEN from the environment, or do without the keeper."
	});
	for (const name of ["CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"]) {
		const url = env[name];
		if (url && !isLoopback(url)) hazards.push({
			severity: "refuse",
			message: `${name} is set: Codex would send the refresh token to a server other than OpenAI's.`,
			remedy: `Remove ${name} from the environment. If you did not set it, find out who did.`
		});
	}
	if (env["CODEX_API_KEY"]) hazards.push({
		severity: "warn",
		message: "CODEX_API_KEY is set: codex exec bills its model calls to that key, and still refreshes the ChatGPT login.",
		remedy: "Remove CODEX_API_KEY from the environment to use the ChatGPT login, or do without the keeper to use the key."
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
		remedy: "Nothing to do if this machine needs it."
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
/** Why GitHub gives a run no secrets of Actions, so that inputs are empty; undefined where it does. */
function whyNoSecrets({ eventName, actor, repositoryId, pullRequestHead }) {
	if (actor === "dependabot[bot]") return refused("Dependabot started this run, and GitHub gives such a run the secrets of Dependabot alone, not those of Actions.", "Skip the job for Dependabot (if: github.actor != 'dependabot[bot]'), or keep the same secrets as Dependabot secrets too.");
	if (eventName.startsWith("pull_request") && eventName !== "pull_request_target" && pullRequestHead !== repositoryId) return refused("The pull request of this run comes from a fork, and GitHub gives such a run no secrets.", "Skip the job for forks (if: github.event.pull_request.head.repo.full_name == github.repository).");
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
	"codex-home": pipe(line, optional(string()).check(refine((path) => path === void 0 || isAbsolute(path), "must be an absolute path, such as ${{ runner.temp }}/codex-home (nothing expands ~ here)"))),
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
* @param startedBy GitHub gives some runs no secrets, which is then the one thing to say
* @throws KeeperError invalid-inputs, or untrusted-event; names inputs and rules, never a value that could be a secret
*/
function parseInputs(read, run, startedBy = {
	eventName: "",
	actor: ""
}) {
	const result = schema.safeParse(rawInputs(schema, read));
	const ofStores = readStoreInputs(read, result.success ? result.data.slot : "default");
	const { stores, problems } = judgeStores(read("store"), ofStores, run);
	const all = /* @__PURE__ */ new Set([
		...problems,
		...result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`),
		...ofStores.encryptionKey?.kind === "problems" ? ofStores.encryptionKey.problems : [],
		...ofStores.secretWriter?.kind === "problems" ? ofStores.secretWriter.problems : []
	]);
	if (!result.success || all.size > 0) {
		const noSecrets = whyNoSecrets({
			...startedBy,
			...parseRunFacts(read("run-facts"))
		});
		throw noSecrets ? new KeeperError("untrusted-event", noSecrets.message, noSecrets.remedy) : invalidInputs([...all]);
	}
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
		began: systemClock.now(),
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
// src/credential/mistaken-seed.ts
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
// src/keeper/read-seed.ts
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
/** GitHub masks each line of a secret in the log of the whole job; nothing for a seed on one line. */
function seedNote({ authJson }) {
	if (!/^\s*\{[^]*\n/.test(authJson?.trim() ?? "")) return [];
	return [`The secret in auth-json has more than one line, and GitHub masks every one of them, such as "{", in the whole log. ${oneLine}`];
}
const oneLine = "Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME";
const whole = `The secret must hold the whole file, and a copy of it by hand is easily cut. ${oneLine}`;
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
// src/action/report/refresh-report.ts
/** What the early refresh did; undefined when there is nothing to say. */
function refreshReport(refresh, due, context) {
	const { now } = context;
	switch (refresh.kind) {
		case "not-asked":
			if (refresh.why !== "no-cli" || !due) return void 0;
			return report("Codex login is due, but not refreshed yet", [], [warning("The login is due for a refresh and there is no Codex CLI in PATH, so Codex will refresh it in the middle of the job, where a lost runner loses it. Install Codex before this step.")]);
		case "refreshed": return {
			...report("Codex login refreshed before the job goes on", rotationLines(refresh, now), rotationWarnings(refresh)),
			...rotationVerdict(refresh, context, "refreshed")
		};
		case "overtaken": return withVerdict(`${marks.well} Codex login refreshed by another job, taken from ${refresh.store}, ${healthWords(refresh.standing.base.issued, now)}`, lifeOf(refresh.standing.base.issued, context.refreshWindow, now), `Codex login refreshed by another job, taken from ${refresh.store}`, [refresh.after === "refused" ? "OpenAI refused our copy because another job was faster; its newer copy is installed." : "Another job has refreshed the login while this one waited for its turn; the newer copy is installed, and nothing was spent here.", `Access token ends: ${distanceWords(accessEnds(refresh.standing.base.issued), now)}`], []);
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
/** What the smoke test showed. @param login the login that was tested */
function smokeTestReport(test, login, context) {
	const { now } = context;
	switch (test.kind) {
		case "passed": return {
			...report("Codex login proved by a smoke test", rotationLines(test.rotation, now), rotationWarnings(test.rotation)),
			...test.rotation === void 0 ? { verdict: `${marks.well} Codex login proved by a smoke test, ${healthWords(login, now)}` } : rotationVerdict(test.rotation, context, "proved by a smoke test, refreshed")
		};
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
	return [`Access token ends: ${distanceWords(accessEnds(standing.base.issued), now)}`, ...writeBack.results.map(({ name, outcome }) => `Store ${name}: ${outcomeWords(outcome)}`)];
}
function rotationVerdict({ standing, credential, writeBack }, { refreshWindow, now }, what) {
	const holding = writeBack.results.filter(({ outcome }) => holdsFile(outcome)).map(({ name }) => name);
	const health = healthWords(credential.issued, now);
	return {
		verdict: holding.length > 0 ? `${marks.well} Codex login ${what} and stored in ${listed(holding)}, ${health}` : writeBack.verdict === "lost" ? `${marks.look} Codex login ${what}, but no store holds it yet` : `${marks.well} Codex login ${what}, and a later one is stored already`,
		life: lifeOf((writeBack.verdict === "lost" ? credential.fingerprint : standing.base).issued, refreshWindow, now)
	};
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
		...annotations.length > 0 && { verdict: `${marks.look} ${title}` },
		summary: lines.length === 0 ? [] : [{
			kind: "list",
			items: lines
		}]
	};
}
function withVerdict(verdict, life, title, lines, annotations) {
	return {
		...report(title, lines, annotations),
		verdict,
		life
	};
}
// src/action/report/workflow-secret.ts
/** A workflow is a few kilobytes. Bytes. */
const largestWorkflow = 262144;
/**
* The name of the secret that the workflow passes as auth-json, by its file in the workspace, where the job has checked it out.
* Only for people to read: before the steps of the job have run, the file is what the repository has.
* @returns undefined where the file is not there, or names no such secret, or more than one
*/
async function workflowSecret({ GITHUB_WORKFLOW_REF: ref = "", GITHUB_REPOSITORY: repository = "" }, workspace) {
	const path = ref.startsWith(`${repository}/`) ? ref.slice(repository.length + 1).split("@", 1)[0] : void 0;
	if (workspace === void 0 || path === void 0) return void 0;
	const file = resolve(join(workspace, path));
	if (!isInside(file, workspace)) return void 0;
	const text = await readPlainFile(file, largestWorkflow).catch(() => /* @__PURE__ */ new Uint8Array());
	const found = Buffer.from(text).toString("utf8").matchAll(/\bauth-json:\s*["']?\$\{\{\s*secrets\.([A-Za-z_]\w{0,199})\s*\}\}/g);
	const names = new Set([...found].map(([, name = ""]) => name));
	return names.size === 1 ? [...names][0] : void 0;
}
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
// src/action/progress.ts
/** Sets the outputs of the step as they are by now. */
function tellOutputs({ keeper: { codexHome } }, { origin }, { credential, refreshed, stored }) {
	setOutputs(outputsOf({
		codexHome,
		source: originName(origin),
		credential,
		refreshed,
		stored
	}));
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
	const told = readAnswer(answer.data);
	return {
		visibility: visibility ?? visibilityOf(told.visibility, told.private) ?? (told.private === true ? "internal" : known.visibility),
		defaultBranch: defaultBranch ?? told.default_branch
	};
}
/** What GitHub says of a repository, as far as it can be read. */
function readAnswer(answer) {
	const optional$1 = (schema) => _catch(optional(schema), void 0);
	const shape = looseObject({
		private: optional$1(boolean()),
		visibility: optional$1(string()),
		default_branch: optional$1(string())
	});
	return _catch(shape, {
		private: void 0,
		visibility: void 0,
		default_branch: void 0
	}).parse(answer);
}
// src/keeper/lease-words.ts
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
async function verifyRestored(reporter, state) {
	reporter.onFailure(() => {
		saveState$1({
			...state,
			failedWith: "install-failed"
		});
		return Promise.resolve();
	});
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
	if (earlier !== void 0) return verifyRestored(reporter, earlier);
	reserveState();
	const context = readRunContext(process.env);
	const path = pathOutside(context.path, context.workspace);
	const before = {
		tools: findTools(path),
		environment: rememberEnvironment({
			...process.env,
			PATH: path
		})
	};
	reporter.masks.add([before.environment.salt]);
	const inputs = parseInputs(getInput, storeRunOf(context, before, reporter.masks), context);
	const announce = (error) => announceReseed(error, {
		...inputs,
		...context,
		findSecret: () => workflowSecret(process.env, context.workspace)
	}, reporter.masks);
	reporter.onFailure(announce);
	const job = await prepareJob(reporter, inputs, context, {
		...before,
		...await requireTrust(inputs, context)
	});
	reporter.onFailure((error) => {
		job.keeper.state.fail(error);
		return announce(error);
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
	const notes = [...keeper.stores.flatMap((store) => store.notes?.() ?? []), ...seedNote(inputs)];
	const { refreshWindow, refresh } = inputs;
	const authFile = authFileIn(keeper.codexHome);
	reporter.publish(restoreReport({
		restored,
		authFile,
		notes,
		refreshWindow,
		willRefresh: refresh === "always",
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
	const report = refreshReport(refresh, due, {
		refreshWindow: inputs.refreshWindow,
		now: now(job)
	});
	if (report !== void 0) reporter.publish(report);
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
	reporter.publish(smokeTestReport(test, done.credential.issued, {
		refreshWindow: inputs.refreshWindow,
		now: now(job)
	}));
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
/** Seconds since 1970. */
function now({ keeper }) {
	return keeper.clock.now() / 1e3;
}
// src/action/main.ts
await runStage(restoringStage);
export {};
