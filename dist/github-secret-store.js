import { Bn as literal, Gn as object, Kn as optional, Mn as sha256, Vn as looseObject, Wn as number, Xn as string, an as logInFirst, bn as parseAuthJson, gn as messageOf, ht as seedBytes, jn as judgeTimes, kn as compareIssued, mn as KeeperError, vn as AuthJsonError, zn as exactOptional } from "./shared.js";
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
// src/stores/github-secret/github-secret-store.ts
/** Reads a handover from saved state. */
const secretHandover = optional(object({
	fingerprint: string(),
	updatedAt: optional(string()),
	recorded: optional(string())
}));
/** Milliseconds for which what was seen counts as seen just now. */
const justNow = 5e3;
/**
* A GitHub Actions secret as a store. Its value reaches a job once, as an input, and can be replaced but never asked for; so
* a later read gives the bytes of that input, or of what this process wrote, and asks GitHub only whether they still count:
* - the variable beside the secret says which document the keeper stored last, and when it was issued;
* - the secret's `updated_at` tells of a write by anybody else.
*
* The secret is written before the variable. A job that dies between the two has saved the login; the next job finds a
* document that was issued later than the variable says and takes it, as it takes a reseed.
*/
function githubSecretStore(setup) {
	const { name, currentValue, api, clock, repository, secret } = setup;
	const place = secretPlace(api, repository, secret);
	const given = currentValue === void 0 || currentValue.trim() === "" ? void 0 : currentValue;
	let known = setup.handover;
	let seen;
	/** A write whose answer was lost, and what was seen before it. */
	let attempt;
	let key;
	let unrecorded;
	const publicKey = () => {
		key ??= place.publicKey();
		key.catch(() => {
			key = void 0;
		});
		return key;
	};
	const look = async () => {
		publicKey();
		const sight = await place.look();
		if (sight.updatedAt === void 0) await publicKey();
		seen = {
			sight,
			at: clock.now()
		};
		if (attempt !== void 0 && attempt.before.updatedAt !== sight.updatedAt) known = {
			...attempt.document,
			updatedAt: sight.updatedAt
		};
		attempt = void 0;
		return sight;
	};
	const firstSight = (sight, updatedAt) => {
		if (given === void 0) throw notGiven(place.words, secret);
		const bytes = documentIn(given);
		const mark = markOf(bytes);
		const record = sight.record.kind === "held" ? sight.record.record : void 0;
		const verdict = judgeSnapshot(mark, record, updatedAt);
		if (verdict !== "current") throw spent(place.words, secret, verdict);
		return {
			bytes,
			fingerprint: mark.fingerprint,
			updatedAt,
			recorded: record?.fingerprint
		};
	};
	const put = async (document) => {
		const outcome = await place.put(document, await publicKey());
		if (outcome.kind !== "invalid") return outcome;
		key = void 0;
		return place.put(document, await publicKey());
	};
	return {
		name,
		guarantee: "last-writer-wins",
		proveWritable: async () => {
			await place.proveWritable();
			return "proved";
		},
		read: async () => {
			const sight = await look();
			if (sight.updatedAt === void 0) {
				if (known === void 0 && given !== void 0) throw elsewhere(place.words, secret);
				known = void 0;
				return;
			}
			if (known !== void 0 && isChanged(known, sight)) throw replaced(place.words);
			known ??= firstSight(sight, sight.updatedAt);
			const bytes = known.bytes ?? (given === void 0 ? void 0 : documentIn(given));
			return bytes && {
				bytes,
				version: secretVersion(known)
			};
		},
		write: async (bytes, ifVersion) => {
			const document = compactDocument(bytes);
			const before = seen !== void 0 && clock.now() - seen.at < justNow ? seen.sight : await look();
			if (versionSeen(known, before) !== ifVersion) return { kind: "conflict" };
			const mark = markOf(document);
			const written = {
				bytes: document,
				fingerprint: mark.fingerprint,
				updatedAt: void 0,
				recorded: recordedIn(before)
			};
			seen = {
				sight: before,
				at: -Infinity
			};
			const outcome = await put(document).catch((error) => {
				if (error instanceof KeeperError && error.code === "store-unknown-outcome") attempt = {
					document: written,
					before
				};
				throw error;
			});
			switch (outcome.kind) {
				case "busy": return { kind: "conflict" };
				case "invalid": throw invalid(place.words);
			}
			const { at } = outcome;
			const saveRecord = async () => {
				if (before.record.kind === "denied") return void 0;
				await place.saveRecord(recordOf(mark, at), before.record.kind !== "none");
				return mark.fingerprint;
			};
			const [updatedAt, recorded] = await Promise.allSettled([place.updatedAt(), saveRecord()]);
			unrecorded = recorded.status === "rejected" ? messageOf(recorded.reason) : void 0;
			known = {
				...written,
				updatedAt: updatedAt.status === "fulfilled" ? updatedAt.value : void 0,
				recorded: recorded.status === "fulfilled" ? recorded.value ?? written.recorded : void 0
			};
			return {
				kind: "written",
				version: secretVersion(known)
			};
		},
		about: async () => {
			const { updatedAt, record } = await look();
			if (updatedAt === void 0) return void 0;
			const issued = record.kind === "held" ? record.record.issued : void 0;
			return {
				writtenAt: updatedAt,
				...issued && { issued }
			};
		},
		handover: () => known && {
			fingerprint: known.fingerprint,
			updatedAt: known.updatedAt,
			recorded: known.recorded
		},
		notes: () => notes(secret, seen?.sight, unrecorded)
	};
}
function secretVersion({ fingerprint, updatedAt }) {
	return `${fingerprint.slice(0, 16)}@${updatedAt ?? "unknown"}`;
}
/** The version of what is there; another one than any read has given when it is not what this job knows. */
function versionSeen(known, sight) {
	if (sight.updatedAt === void 0) return void 0;
	return known === void 0 || isChanged(known, sight) ? `unknown@${sight.updatedAt}` : secretVersion(known);
}
/** Whether anybody else has written since. Either sign counts, as far as it is known. */
function isChanged(known, sight) {
	if (known.updatedAt !== void 0 && known.updatedAt !== sight.updatedAt) return true;
	return sight.record.kind === "held" && known.recorded !== void 0 && known.recorded !== sight.record.record.fingerprint;
}
function recordedIn({ record }) {
	return record.kind === "held" ? record.record.fingerprint : void 0;
}
function notes({ secret, environment, variable }, sight, unrecorded) {
	const unseen = `Without it, a value of ${secret} that was already spent by another job cannot be recognised before Codex uses it.`;
	return [
		...environment === void 0 ? [`GitHub reads the repository secret ${secret} when the run is queued: a run that waits gets an old one. Use an environment secret.`] : [],
		...sight?.record.kind === "denied" ? [`${sight.record.why} ${unseen}`] : [],
		...sight?.record.kind === "foreign" ? [`The value of the variable ${variable} was not written by the keeper and is replaced at the next write.`] : [],
		...unrecorded !== void 0 ? [`The login is stored, but not its fingerprint: ${unrecorded} ${unseen}`] : []
	];
}
export { githubSecretStore, secretHandover };
