import { t as runChild } from "../child.js";
import { Ct as findTool, at as parsedUrl } from "../shared.js";
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
export { repositoryPattern as i, githubToken as n, repositoryOfClone as r, githubServer as t };
