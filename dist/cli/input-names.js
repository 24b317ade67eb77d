// src/cli/input-names.ts
/** The inputs of the action, by what the command line calls them. Stores name the inputs of the action in all that they say. */
const names = [
	["secret-writer-token (or app-id and app-private-key)", "CODEX_AUTH_TOKEN"],
	["secret-writer-token", "CODEX_AUTH_TOKEN"],
	["github-token", "CODEX_AUTH_TOKEN"],
	["store-token", "CODEX_AUTH_STORE_TOKEN"],
	["encryption-key", "CODEX_AUTH_KEY"],
	["ssh-known-hosts", "CODEX_AUTH_KNOWN_HOSTS"],
	["ssh-key", "CODEX_AUTH_SSH_KEY"],
	["auth-json", "CODEX_AUTH_SEED"],
	["read-command", "--read-command"],
	["write-command", "--write-command"],
	["prove-command", "--prove-command"],
	["refresh-window", "--refresh-window"],
	["expected-account", "--expected-account"],
	["codex-home", "--codex-home"],
	["retry-for", "--retry-for"],
	["${{ runner.temp }}/codex-home", "~/.codex-ci"],
	["(GITHUB_SERVER_URL, GITHUB_REPOSITORY)", "(there is no --repo, and no clone with an origin on GitHub)"],
	["Install ssh before this step", "Install ssh"],
	["Install git before this step", "Install git"],
	["Install bash before this step", "Install bash"],
	["; if there is one, see that the secret has this name and that the event is given secrets", ""],
	["Correct the inputs of this step; the README lists each of them.", "Correct them; --help lists each of them."]
];
const pattern = new RegExp(names.map(([name]) => wholeWord(name)).join("|"), "g");
const called = new Map(names);
/** A sentence about inputs of the action, about what the command line takes instead. */
function inWordsOfTheCommandLine(text) {
	return text.replaceAll(pattern, (name) => called.get(name) ?? name).replaceAll(/^store is required/gm, "--store is required");
}
function wholeWord(name) {
	const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
	return /^\w/.test(name) ? `(?<![\\w-])${literal}(?![\\w-])` : literal;
}
export { inWordsOfTheCommandLine as t };
