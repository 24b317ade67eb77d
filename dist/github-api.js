import { mn as KeeperError } from "./shared.js";
import { t as endedBy } from "./request-limit.js";
// src/github/github-failure.ts
/** Reads what Octokit has thrown. */
function githubFailure(error) {
	const { response } = error;
	return {
		response,
		explained: (what, method) => {
			if (response === void 0) return isOctokits(error) ? lostAnswer(what, method, error) : unusableKey(what);
			return explained(response, what, method);
		}
	};
}
/** Whether GitHub asks to slow down. Source: GitHub's REST documentation, "Rate limits". */
function limited({ status, headers, data }) {
	if (status !== 403 && status !== 429) return false;
	return status === 429 || headers["retry-after"] !== void 0 || headers["x-ratelimit-remaining"] === "0" || /\bsecondary rate\b/i.test(String(data?.message));
}
function explained(response, what, method) {
	const { status } = response;
	if (limited(response)) return tooMany(response, what);
	switch (status) {
		case 401: return new KeeperError("store-unauthorized", `GitHub was asked to ${what} and does not accept the token (401).`, "Check that the token, or the id and private key of the App, is complete, has not expired and was not revoked.");
		case 403: return denied(response, what);
		case 404: return new KeeperError("store-refused", `GitHub was asked to ${what} and found nothing there (404), or hides it from this token.`, "Check the names, and that the token has access to this repository.");
	}
	if (status < 500) return new KeeperError("store-refused", `GitHub refused to ${what} (${status}).`, "Check the set-up against docs/stores.md; the same request will be refused again.");
	return noAnswer(what, method, `it answered with status ${status}`);
}
function denied({ headers }, what) {
	const wanted = String(headers["x-accepted-github-permissions"] ?? "");
	const named = /^[\w=,; -]{1,200}$/.test(wanted);
	return new KeeperError("store-unauthorized", `The token may not ${what} (403)${named ? `: GitHub asks for the permission ${wanted.replaceAll(";", " or")}` : ""}.`, "Use a fine-grained token or a GitHub App that has this permission for this repository (a classic token: the scope repo). The GITHUB_TOKEN of a job can never have permissions for secrets, variables or environments.");
}
function tooMany({ headers }, what) {
	const seconds = Number(headers["retry-after"]);
	const reset = Number(headers["x-ratelimit-reset"]);
	const until = seconds > 0 ? ` for ${seconds} s` : reset > 0 ? ` until ${(/* @__PURE__ */ new Date(reset * 1e3)).toISOString()}` : "";
	return new KeeperError("store-refused", `GitHub limits the rate of requests and asks to wait${until} before it lets this token ${what}, longer than this step can wait.`, "Run the job again later, or give the keeper a token that other programs do not use up.");
}
function lostAnswer(what, method, error) {
	const code = networkCode(error);
	return noAnswer(what, code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" ? "GET" : method, code === void 0 ? "no complete answer came" : `no complete answer came, ${code}`);
}
function noAnswer(what, method, why) {
	if (method === "GET") return new KeeperError("store-unreachable", `GitHub could not be asked to ${what}: ${why}.`, "Run the job again when GitHub is back.");
	return new KeeperError("store-unknown-outcome", `Whether GitHub did ${what} is unknown: ${why}.`, "Run the job again when GitHub is back.");
}
/** The code of a network error, which is all of it that is safe to show. */
function networkCode(error) {
	let at = error;
	for (let depth = 0; depth < 4 && typeof at === "object" && at !== null; depth += 1) {
		const { code, cause, name } = at;
		if (typeof code === "string" && /^[A-Z_]{4,40}$/.test(code)) return code;
		if (name === "TimeoutError") return "time-out";
		at = cause;
	}
}
function isOctokits(error) {
	return error instanceof Error && error.name === "HttpError";
}
/** Nothing but the App's key is worked on before a request goes out. */
function unusableKey(what) {
	return new KeeperError("store-unauthorized", `The request to ${what} could not be signed: the key or token is not usable.`, "Put the whole PEM file that GitHub gave for the App into app-private-key, with its first and last line.");
}
// src/github/proxied-fetch.ts
/** Anything larger is not an answer of the API. Bytes. */
const largestAnswer = 16777216;
/**
* Node's `fetch`, by way of the proxy that this process's HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Node's own
* ignores. The toolkit's HTTP client goes there, as it does for the Actions cache; it is loaded only where there is a
* proxy, and gives `authorization` to no other host after a redirect.
* @param milliseconds until an answer must be there in full
*/
async function proxiedFetch(input, init, milliseconds) {
	const signal = AbortSignal.timeout(milliseconds);
	if (!await goesByProxy(input)) return fetch(input, {
		...init,
		signal
	});
	const { HttpClient } = await import("./lib2.js");
	const client = new HttpClient(void 0, [endedBy(signal)], { allowRedirects: true });
	const headers = Object.fromEntries(new Headers(init.headers));
	try {
		return await responseOf(await client.request(init.method ?? "GET", input, typeof init.body === "string" ? init.body : null, headers));
	} catch (error) {
		throw signal.aborted ? signal.reason : error;
	}
}
async function goesByProxy(url) {
	if (![
		"https_proxy",
		"HTTPS_PROXY",
		"http_proxy",
		"HTTP_PROXY"
	].some((name) => process.env[name])) return false;
	const { getProxyUrl } = await import("./proxy.js");
	return getProxyUrl(new URL(url)) !== void 0;
}
async function responseOf({ message }) {
	const chunks = [];
	let size = 0;
	for await (const chunk of message) {
		size += chunk.length;
		if (size > largestAnswer) throw new Error("The answer is too large.");
		chunks.push(chunk);
	}
	const body = Buffer.concat(chunks);
	const headers = new Headers();
	for (const [name, value] of Object.entries(message.headers)) for (const one of [value ?? []].flat()) headers.append(name, one);
	return new Response(body.length === 0 ? null : body, {
		status: message.statusCode ?? 0,
		headers
	});
}
// src/github/github-api.ts
const furtherAttempts = 2;
/**
* The GitHub REST API through Octokit with its retry and throttling plug-ins, all loaded at the first request. It prints
* nothing. Requests go by the proxy that this process's variables name.
*/
function githubApi(setup) {
	const budget = budgetOf(setup);
	let opened;
	const octokit = async () => {
		opened ??= openOctokit(setup, budget);
		try {
			return await opened;
		} catch (error) {
			opened = void 0;
			throw error;
		}
	};
	return {
		request: async (request) => send((await octokit()).request, request, budget),
		permissions: async () => {
			const { auth } = await octokit();
			if (setup.auth.kind !== "app") return void 0;
			const { permissions } = await asked("get a token for the GitHub App", "GET", () => auth({ type: "installation" }));
			return permissions ?? {};
		}
	};
}
async function openOctokit(setup, budget) {
	const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
		import("./dist-src2.js"),
		import("./dist-bundle2.js"),
		import("./dist-bundle3.js")
	]);
	const Patient = Octokit.plugin(retry, throttling);
	const secondLasts = setup.secondLasts ?? 1e3;
	const wait = (seconds, _options, _octokit, retryCount) => retryCount < furtherAttempts && budget.take(seconds * secondLasts);
	const options = {
		baseUrl: setup.baseUrl.replace(/\/+$/, ""),
		userAgent: "codex-auth-keeper",
		log: silent,
		request: {
			log: silent,
			fetch: budget.fetch
		},
		retry: {
			retries: furtherAttempts,
			doNotRetry: [
				400,
				401,
				403,
				404,
				409,
				410,
				422,
				429,
				451
			],
			retryAfterBaseValue: secondLasts / 2
		},
		throttle: {
			onRateLimit: wait,
			onSecondaryRateLimit: wait,
			retryAfterBaseValue: secondLasts,
			write: unpaced,
			notifications: unpaced
		}
	};
	const { auth } = setup;
	if (auth.kind === "token") return new Patient({
		...options,
		auth: auth.token
	});
	const { createAppAuth } = await import("./dist-node.js");
	const { appId, privateKey, owner, repo } = auth;
	const { status, data } = await send(new Patient({
		...options,
		authStrategy: createAppAuth,
		auth: {
			appId,
			privateKey
		}
	}).request, {
		what: `find the installation of the GitHub App on ${owner}/${repo}`,
		route: "GET /repos/{owner}/{repo}/installation",
		parameters: {
			owner,
			repo
		},
		expected: [404]
	}, budget);
	const installationId = data?.id;
	if (status === 404 || typeof installationId !== "number") throw new KeeperError("store-unauthorized", `The GitHub App is not installed on ${owner}/${repo}.`, "Install the App on this repository, or check app-id.");
	return new Patient({
		...options,
		authStrategy: createAppAuth,
		auth: {
			appId,
			privateKey,
			installationId
		}
	});
}
async function send(request, { what, route, parameters, expected = [] }, budget) {
	const { status, data, headers } = await asked(what, route.split(" ", 1)[0] ?? "", () => request(route, {
		...parameters,
		headers: { "x-github-api-version": "2022-11-28" },
		...budget.left() <= 0 && { request: { retries: 0 } }
	}), expected);
	if (typeof data === "string" && data !== "") throw new KeeperError("store-unreachable", `GitHub did not answer the request to ${what} with JSON.`, "Check GITHUB_API_URL and what is between this runner and GitHub, then run the job again.");
	return {
		status,
		data: data === "" ? void 0 : data,
		headers
	};
}
async function asked(what, method, operation, expected = []) {
	try {
		return await operation();
	} catch (error) {
		const failure = githubFailure(error);
		if (failure.response !== void 0 && expected.includes(failure.response.status) && !limited(failure.response)) return failure.response;
		throw failure.explained(what, method);
	}
}
function budgetOf({ clock, patience = 2e4, longestAttempt = 1e4 }) {
	let left = patience;
	return {
		left: () => left,
		take: (milliseconds) => {
			if (milliseconds > left) return false;
			left -= milliseconds;
			return true;
		},
		fetch: async (input, init) => {
			const start = clock.now();
			try {
				const milliseconds = Math.ceil(Math.max(longestAttempt / 3, Math.min(longestAttempt, left)));
				const answer = await proxiedFetch(input instanceof Request ? input.url : input.toString(), init ?? {}, milliseconds);
				const body = await answer.arrayBuffer();
				if (answer.status >= 500) left -= clock.now() - start;
				return new Response(body.byteLength === 0 ? null : body, {
					status: answer.status,
					headers: answer.headers
				});
			} catch (error) {
				left -= clock.now() - start;
				throw error;
			}
		}
	};
}
const silent = {
	debug: noop,
	info: noop,
	warn: noop,
	error: noop
};
const unpaced = { key: () => ({ schedule: (_, job) => job() }) };
function noop() {}
export { githubApi };
