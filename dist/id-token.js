import { Ln as array, Nn as _catch, Qn as union, Vn as looseObject, Xn as string, at as parsedUrl, mn as KeeperError, tr as _regex } from "./shared.js";
import { n as sendHttps, t as redirectOf } from "./https-client.js";
const { readFile } = process.getBuiltinModule("node:fs/promises");
// src/stores/server-answers.ts
/**
* Sends a request once.
* @param changes whether its effect matters when the answer is lost
* @throws KeeperError store-unreachable, store-unknown-outcome, or store-refused for a server that is not to be trusted or that
*   sends the request on: the login is for this one alone
*/
async function ask(server, request, changes) {
	const ca = await authorities(server);
	const answer = await sendHttps(request, {
		env: server.variables.values,
		...ca !== void 0 && { ca }
	});
	switch (answer.kind) {
		case "untrusted": throw new KeeperError("store-refused", `${server.name} cannot be trusted: ${answer.why}. Nothing was sent to it.`, `If its certificate comes from an authority of your own, name the file with that authority in the variable ${server.caVariable}.`);
		case "unanswered": throw unanswered(server, answer.why, changes && answer.sent);
	}
	const elsewhere = redirectOf(answer, request.url);
	if (elsewhere === void 0) return answer;
	throw new KeeperError("store-refused", `${server.name} sends requests on to ${elsewhere} (status ${answer.status}); the login is not sent there.`, "Name the server that answers without sending requests on.");
}
/** No usable answer. @param mayBeDone whether the request may have changed what is stored */
function unanswered({ name }, why, mayBeDone) {
	return mayBeDone ? new KeeperError("store-unknown-outcome", `Whether ${name} took the login is unknown: ${why}.`, "Read it back.") : new KeeperError("store-unreachable", `${name} gave no usable answer: ${why}.`, "Run the job again when it is back.");
}
/**
* A variable of the job, as it was when the login was restored; undefined when it was not set.
* @throws KeeperError when a step has changed it since
*/
function variableOf({ values, lost }, name, what = "setting") {
	if (lost.includes(name)) throw taken(name, what);
	const value = values[name]?.trim();
	return value === "" ? void 0 : value;
}
function taken(name, what) {
	return new KeeperError("store-withdrawn", `A step of this job has changed or taken away ${name} since the login was restored, and its present value is not used.`, what === "login" ? "Log in with role= in the line of the store, which logs in anew at the end of the job." : `Set ${name} with "env:" at the step of the keeper, where later steps do not change it.`);
}
/** A variable whose value is of no use. */
function unusable(name, why) {
	return new KeeperError("store-refused", `${name} cannot be used: ${why}`, `Correct ${name}, or name the server in the line of the store.`);
}
async function authorities({ caVariable, variables }) {
	const file = variableOf(variables, caVariable);
	if (file === void 0) return void 0;
	try {
		return await readFile(file, "utf8");
	} catch {
		throw unusable(caVariable, "It must name a file with certificates (PEM) that the runner can read.");
	}
}
// src/server-words.ts
/**
* What a server said, fit for a sentence of ours: on one line, short, and without anything that looks like a token or starts a
* workflow command.
*/
function serverWords(text) {
	const words = text.replaceAll(/[\p{C}\s]+/gu, " ").replaceAll(tokenLike, "***").replaceAll("##[", "## [").trim();
	return words.length > longest ? "(a long text)" : words;
}
const longest = 600;
/** Forty characters as tokens and base64 have them; names of people's roles and branches are divided by : / and . */
const tokenLike = /[\w+=~-]{40,}/g;
// src/github/id-token.ts
const answerSchema = looseObject({ value: string().check(_regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)) });
const payloadSchema = looseObject({
	sub: _catch(string(), "none"),
	aud: _catch(union([string(), array(string())]), "none")
});
const remedy = "Give the job \"permissions: id-token: write\" (and \"contents: read\" for what needs it). Runs for pull requests from forks and from Dependabot never get an id token.";
/**
* Asks GitHub for the id token of this job; one request.
* @throws KeeperError store-unauthorized when the job may not have one, store-unreachable when GitHub did not give an answer
*/
async function requestIdToken({ audience, right, networkEnv, onSecret }) {
	const url = right && parsedUrl(right.url);
	if (right === void 0 || !url) throw new KeeperError("store-unauthorized", "role= logs in with the id token of the job, and this job may not ask for one.", remedy);
	onSecret(right.token);
	if (audience !== void 0) url.searchParams.set("audience", audience);
	const answer = await sendHttps({
		method: "GET",
		url,
		headers: {
			authorization: `Bearer ${right.token}`,
			accept: "application/json"
		}
	}, { env: networkEnv });
	if (answer.kind !== "answered") throw unreachable(answer.why);
	if (answer.status === 429 || answer.status >= 500 || redirectOf(answer, url) !== void 0) throw unreachable(`status ${answer.status}`);
	if (answer.status !== 200) throw new KeeperError("store-unauthorized", `GitHub did not give this job an id token (status ${answer.status}).`, remedy);
	const token = answerSchema.safeParse(parsed(answer.body.toString("utf8"))).data?.value;
	if (token === void 0) throw unreachable("the answer holds no token");
	onSecret(token);
	return {
		token,
		claims: shownClaims(token)
	};
}
function unreachable(why) {
	return new KeeperError("store-unreachable", `GitHub could not be asked for the id token of this job: ${why}.`, "Run the job again later.");
}
/** Subject and audience alone: what else the token says is nobody's business in a log. */
function shownClaims(token) {
	const { sub, aud } = payloadSchema.safeParse(parsed(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))).data ?? {
		sub: "unreadable",
		aud: "unreadable"
	};
	return `subject ${serverWords(sub)}, audience ${serverWords([aud].flat().join(" and "))}`;
}
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
export { unusable as a, unanswered as i, serverWords as n, variableOf as o, ask as r, requestIdToken as t };
