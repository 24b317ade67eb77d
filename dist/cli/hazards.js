import { $n as unknown, Et as isInside, Jn as record, Kn as optional, Ln as array, Nn as _catch, Ot as realPlace, Qn as union, Rn as boolean, Sn as isLoopbackHost, Vn as looseObject, Xn as string, fn as PlainFileError, gn as messageOf, pn as readPlainFile, sn as authFileIn } from "../shared.js";
const { isAbsolute, join } = process.getBuiltinModule("node:path");
// src/codex/url-hosts.ts?cli
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
// src/codex/config-hazards.ts?cli
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
	const { parse, TomlError } = await import("../dist2.js");
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
// src/codex/hazards.ts?cli
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
export { configHazards as n, findHazards as t };
