import { An as boolean, Bn as record, Gn as unknown, Hn as string, Nn as looseObject, Rn as optional, Tn as _catch, Wn as union, an as PlainFileError, kn as array, ln as messageOf, on as readPlainFile, vt as isLoopbackHost, yt as isInside } from "./shared.js";
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
export { isLoopback as n, configHazards as t };
