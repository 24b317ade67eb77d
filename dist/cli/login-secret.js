import { Bn as literal, Gn as object, Kn as optional, Vn as looseObject, Wn as number, Xn as string, jn as judgeTimes, kn as compareIssued, mn as KeeperError, zn as exactOptional } from "../shared.js";
// src/stores/github-secret/github-secret-document.ts?cli
/** Source: GitHub's "Secrets reference". */
const largest = 49152;
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
// src/stores/github-secret/github-secret-record.ts?cli
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
// src/stores/github-secret/github-secret-place.ts?cli
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
	const { default: sodium } = await import("../libsodium-wrappers.js");
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
// src/stores/github-secret/github-secret-refusals.ts?cli
function invalid(words) {
	return new KeeperError("store-refused", `GitHub refused the encrypted value for ${words} (422).`, "Check the name of the secret, and its size.");
}
// src/stores/github-secret/login-secret.ts
const attempts = 3;
function loginSecret(api, repository, name, clock) {
	const place = secretPlace(api, repository, name);
	const putValue = async (value) => {
		for (let attempt = 1; attempt <= attempts; attempt += 1) {
			const { kind } = await place.put(value, await place.publicKey());
			if (kind === "stored") return;
			if (kind === "invalid" && attempt > 1) throw invalid(place.words);
			await clock.sleep(attempt * 500);
		}
		throw new KeeperError("store-refused", `Others were writing ${place.words} at each of ${attempts} tries.`, "Try again in a minute.");
	};
	return {
		putValue,
		words: `${place.words} of ${repository.owner}/${repository.repo}`,
		prove: async () => {
			const [sight] = await Promise.all([
				place.look(),
				place.publicKey(),
				place.proveWritable()
			]);
			return sight.updatedAt === void 0 ? "new" : "replaces";
		},
		put: async ({ bytes, issued }) => {
			const { record } = await place.look();
			const stored = record.kind === "held" ? record.record.issued : void 0;
			if (stored !== void 0 && compareIssued(judgeTimes(stored, clock.now() / 1e3), issued) === "newer") return "superseded";
			await putValue(compactDocument(bytes));
			return "written";
		}
	};
}
export { loginSecret };
