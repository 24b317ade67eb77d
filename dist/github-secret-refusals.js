import { Cn as judgeTimes, Hn as string, In as number, Ln as object, Mn as literal, Nn as looseObject, Qt as logInFirst, Rn as optional, dn as AuthJsonError, jn as exactOptional, pn as parseAuthJson, sn as KeeperError, st as seedBytes, wn as sha256, xn as compareIssued } from "./shared.js";
// src/stores/github-secret/github-secret-document.ts
/** Source: GitHub's "Secrets reference". */
const largest = 49152;
/**
* The document in a secret's value, as the keeper wrote it or as a person pasted it.
* @throws KeeperError store-damaged when it is neither JSON nor base64 of it
*/
function documentIn(value) {
	try {
		const bytes = seedBytes(value);
		JSON.parse(Buffer.from(bytes).toString("utf8"));
		return bytes;
	} catch (error) {
		if (!(error instanceof AuthJsonError || error instanceof SyntaxError)) throw error;
		throw new KeeperError("store-damaged", "The value of the secret in auth-json is not an auth.json: it is neither JSON nor base64 of it.", logInFirst);
	}
}
/**
* The same document on one line: the runner masks every line of a secret, and of a pretty one that would be every brace.
* @throws KeeperError store-refused when it is not JSON or larger than a secret may be
*/
function compactDocument(bytes) {
	let line;
	try {
		line = JSON.stringify(JSON.parse(Buffer.from(bytes).toString("utf8")));
	} catch {
		throw new KeeperError("store-refused", "The document is not JSON, and a GitHub secret holds it on one line.", "Use another store.");
	}
	const document = Buffer.from(line);
	if (document.length <= largest) return document;
	throw new KeeperError("store-refused", `The document has ${document.length} bytes and a GitHub secret holds at most ${largest}.`, "Use another store.");
}
// src/stores/github-secret/github-secret-record.ts
const record = object({
	v: literal(1),
	fingerprint: string(),
	issued: optional(object({
		iat: exactOptional(number()),
		exp: exactOptional(number()),
		lastRefresh: string()
	})),
	/** GitHub's clock when it took the document (RFC 3339). */
	storedAt: string()
});
/** A record from the variable's value; undefined when it is not one, as after an edit by hand. */
function parseRecord(value) {
	try {
		return record.parse(JSON.parse(value));
	} catch {
		return;
	}
}
function recordOf(mark, storedAt) {
	const value = {
		v: 1,
		...mark,
		storedAt: storedAt.toISOString()
	};
	return JSON.stringify(value);
}
/** The mark of a document. Text that is not an `auth.json` has one too: what it is worth is for others to judge. */
function markOf(document) {
	try {
		const credential = parseAuthJson(document);
		if (credential.kind === "managed") return {
			fingerprint: digest("refresh token", credential.refreshToken),
			issued: credential.issued
		};
	} catch (error) {
		if (!(error instanceof AuthJsonError)) throw error;
	}
	return {
		fingerprint: digest("document", JSON.stringify(JSON.parse(Buffer.from(document).toString("utf8")))),
		issued: void 0
	};
}
/** A prefix of its own keeps equal tokens from looking equal to any other digest of them. */
function digest(what, value) {
	return sha256(`codex-auth-keeper github-secret ${what}\n${value}`);
}
/** Differences between two of GitHub's clocks that mean nothing, in milliseconds. */
const sameMoment = 6e4;
/**
* Whether the value that this job was given is still the one to use.
* - current: it is what was stored last, or a reseed that was issued later
* - spent: the keeper has stored a later one since
* - replaced: it is what the keeper stored last, but somebody has replaced the secret since
* @param updatedAt when the secret was last written, by GitHub
*/
function judgeSnapshot(given, stored, updatedAt) {
	if (stored === void 0) return "current";
	if (given.fingerprint === stored.fingerprint) return Date.parse(updatedAt) > Date.parse(stored.storedAt) + sameMoment ? "replaced" : "current";
	if (given.issued === void 0 || stored.issued === void 0) return "current";
	return compareIssued(given.issued, judgeTimes(stored.issued, Date.now() / 1e3)) === "newer" ? "current" : "spent";
}
// src/stores/github-secret/github-secret-place.ts
const secretSchema = looseObject({ updated_at: string() });
const keySchema = looseObject({
	key: string(),
	key_id: string()
});
const variableSchema = looseObject({ value: string() });
function secretPlace(api, repository, name) {
	const { secret, environment, variable } = name;
	const words = environment === void 0 ? `the repository secret ${secret}` : `the secret ${secret} of the environment "${environment}"`;
	const scope = environment === void 0 ? "/repos/{owner}/{repo}/actions" : "/repos/{owner}/{repo}/environments/{environment_name}";
	const names = {
		...repository,
		...environment !== void 0 && { environment_name: environment }
	};
	const ask = (what, route, parameters, expected = []) => {
		const [method = "", path = ""] = route.split(" ");
		return api.request({
			what,
			route: `${method} ${scope}${path}`,
			parameters: {
				...names,
				...parameters
			},
			expected
		});
	};
	const updatedAt = async () => {
		const answer = await ask(`read the state of ${words}`, "GET /secrets/{secret_name}", { secret_name: secret }, [404]);
		return answer.status === 404 ? void 0 : understood(secretSchema, answer).updated_at;
	};
	const record = async () => {
		try {
			const answer = await ask(`read the variable ${variable}`, "GET /variables/{name}", { name: variable }, [404]);
			if (answer.status === 404) return { kind: "none" };
			const held = parseRecord(understood(variableSchema, answer).value);
			return held === void 0 ? { kind: "foreign" } : {
				kind: "held",
				record: held
			};
		} catch (error) {
			if (error instanceof KeeperError && error.code === "store-unauthorized") return {
				kind: "denied",
				why: error.message
			};
			throw error;
		}
	};
	return {
		words,
		updatedAt,
		look: async () => {
			const [written, held] = await Promise.all([updatedAt(), record()]);
			return {
				updatedAt: written,
				record: held
			};
		},
		publicKey: async () => understood(keySchema, await ask(`read the public key for ${words}`, "GET /secrets/public-key", {})),
		put: async (document, { key, key_id }) => {
			const encrypted_value = await sealedBox(document, key);
			const answer = await ask(`write ${words}`, "PUT /secrets/{secret_name}", {
				secret_name: secret,
				encrypted_value,
				key_id
			}, [409, 422]);
			if (answer.status === 409) return { kind: "busy" };
			if (answer.status === 422) return { kind: "invalid" };
			return {
				kind: "stored",
				at: dateOf(answer)
			};
		},
		saveRecord: async (value, exists) => {
			const update = (expected) => ask(`write the variable ${variable}`, "PATCH /variables/{name}", {
				name: variable,
				value
			}, expected);
			if (exists && (await update([404])).status !== 404) return;
			const { status } = await ask(`write the variable ${variable}`, "POST /variables", {
				name: variable,
				value
			}, [409]);
			if (status === 409) await update([]);
		},
		proveWritable: () => proveWritable(api, environment, words, () => ask(`write ${words}`, "PUT /secrets/{secret_name}", { secret_name: `${secret}_PROBE` }, [422]))
	};
}
/**
* A GitHub App's token names its permissions. Any other token is tried on a secret that does not exist, with a request
* that lacks the required `key_id` (GitHub's REST documentation, "Create or update an environment secret"): without the
* permission the answer is 403, with it 422. That GitHub looks at the permission first is not documented, and not verified
* (docs/not-verified-live.md). The secret itself is not touched.
*/
async function proveWritable(api, environment, words, probe) {
	const permissions = await api.permissions();
	const wanted = environment === void 0 ? "secrets" : "environments";
	if (permissions?.[wanted] === "write") return;
	if (permissions !== void 0 && permissions["secrets"] !== "write") throw new KeeperError("store-unauthorized", `The token of the GitHub App may not write ${words}: it lacks the permission ${wanted}=write.`, "Give the App this permission in its settings, and accept the change where it is installed.");
	await probe();
}
/** libsodium's sealed box in base64, as GitHub's guide "Encrypting secrets for the REST API" wants it. */
async function sealedBox(document, key) {
	const { default: sodium } = await import("./libsodium-wrappers.js");
	await sodium.ready;
	const { ORIGINAL } = sodium.base64_variants;
	return sodium.to_base64(sodium.crypto_box_seal(document, sodium.from_base64(key, ORIGINAL)), ORIGINAL);
}
function dateOf({ headers }) {
	const date = new Date(String(headers["date"]));
	return Number.isNaN(date.getTime()) ? /* @__PURE__ */ new Date() : date;
}
function understood(schema, { data }) {
	const result = schema.safeParse(data);
	if (result.success) return result.data;
	throw new KeeperError("store-unreachable", "GitHub gave an answer that is not one of its API.", "Check GITHUB_API_URL and what is between this runner and GitHub, then run the job again.");
}
// src/stores/github-secret/github-secret-refusals.ts
/** The secret exists and the job was not given its value. */
function notGiven(words, { secret, environment }) {
	const job = environment === void 0 ? "" : ` and "environment: ${environment}" to the job`;
	return new KeeperError("store-refused", `GitHub has ${words}, but auth-json is empty, so this job was not given its value.`, `Add "auth-json: \${{ secrets.${secret} }}" to this step${job}. If both are there, the secret was made after this run was queued: start a new run of the workflow.`);
}
/** The job was given a document and the secret does not exist. */
function elsewhere(words, { secret, environment }) {
	return new KeeperError("store-refused", `GitHub does not have ${words}, yet auth-json holds a login: it comes from another secret, which the keeper would not keep up to date.`, environment === void 0 ? `Put the login into the repository secret ${secret}, or name the secret that auth-json comes from.` : `Put the login into the secret ${secret} of the environment "${environment}": a secret of the same name elsewhere does not count.`);
}
/** The value that this job was given must not be used: its refresh token was or will be spent by somebody else. */
function spent(words, { secret, environment }, why) {
	const cause = why === "spent" ? "since then the keeper has stored a login that was issued later" : "it has been replaced since";
	const read = environment === void 0 ? "GitHub reads a repository secret when the run is queued" : "GitHub reads an environment secret when the job starts";
	const keep = environment === void 0 ? `keep the login in an environment secret (github-secret: ${secret}?environment=NAME), which is read when the job starts, and ` : "";
	return new KeeperError("store-refused", `This job was given an old value of ${words}: ${cause}. ${read}; using the old value could cost the whole login.`, `Start a new run of the workflow (not "Re-run jobs"). So that it does not happen again, ${keep}let jobs wait for each other with concurrency and "queue: max". If the secret was set by hand: log in again, an older login is not taken.`);
}
/** Somebody else has written the secret while this job ran. */
function replaced(words) {
	return new KeeperError("store-superseded", `Somebody else has replaced ${words} while this job ran; what is there now stays.`, "If that was a reseed, all is well from the next run on. If it was another job, let jobs wait for each other with concurrency and \"queue: max\".");
}
function invalid(words) {
	return new KeeperError("store-refused", `GitHub refused the encrypted value for ${words} (422).`, "Check the name of the secret, and its size.");
}
export { spent as a, markOf as c, documentIn as d, replaced as i, recordOf as l, invalid as n, secretPlace as o, notGiven as r, judgeSnapshot as s, elsewhere as t, compactDocument as u };
