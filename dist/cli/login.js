import { Cn as accountHash, Gn as object, Kn as optional, Kt as retried, Pn as _default, Rn as boolean, Xn as string, gt as secretValues, hn as errorWords, mn as KeeperError, rr as parse, rt as parseSecretAddress, sn as authFileIn, un as observeDocument, zt as writeBack } from "../shared.js";
import { n as exitCodes } from "./exit-code.js";
import { a as makeNewLogin, n as keptFolder, r as keptWords$1, t as codexProgram } from "./new-login.js";
import { t as wrongUsage } from "./wrong-usage.js";
import { n as examine } from "./store-finding.js";
import { n as githubToken, t as githubServer } from "./repository.js";
import { n as describeStoreOptions, r as placeOptions } from "./place-options.js";
import { t as openPlaces } from "./places.js";
import { r as good, t as bad } from "./line.js";
import { t as tableLines } from "./table.js";
const { rm } = process.getBuiltinModule("node:fs/promises");
const { basename, dirname, resolve } = process.getBuiltinModule("node:path");
// src/cli/login/kept-login.ts
/**
* A login that an earlier run could not hand over and has kept.
* @param named as the person names the file
* @throws KeeperError invalid-inputs where it is not such a file, or holds no login
*/
async function keptLogin(named, { home, cwd, terminal }) {
	const path = resolve(cwd, named);
	const folder = dirname(path);
	if (!(folder === keptFolder(home) || basename(folder).startsWith("codex-auth-keeper-login-") && path === authFileIn(folder))) throw wrongUsage(`${path} was not kept by an earlier login.`, "Leave --from out to make a new login; to hand on the login that a machine uses, there are sync and deploy.");
	const file = await observeDocument(path);
	if (file.kind !== "managed") throw wrongUsage(`${path} ${file.kind === "missing" ? "is not there" : "holds no login"}.`, "Name another file.");
	terminal.secrets.add(secretValues(Buffer.from(file.credential.bytes).toString("utf8")));
	return {
		credential: file.credential,
		discard: () => rm(folder === keptFolder(home) ? path : folder, {
			recursive: true,
			force: true
		}),
		keep: () => Promise.resolve(path)
	};
}
// src/cli/login/login-places.ts
/** A store as a place for a new login: the keeper's own rules say whether it takes it. */
function storePlace(store, clock) {
	return {
		name: store.name,
		examine: async () => {
			const { look, proof } = await examine(store, clock);
			if (look.kind === "unreadable") return {
				kind: "refused",
				error: look.error
			};
			if (proof.kind === "refused") return {
				kind: "refused",
				error: proof.error
			};
			return {
				kind: "ready",
				words: `${look.kind === "held" ? `holds a login of account ${accountHash(look.credential.fingerprint)}` : "empty"}, ${proof.kind === "proved" ? "write access proved" : "write access cannot be proved beforehand"}`
			};
		},
		handOver: async (login) => {
			const standing = {
				base: login.fingerprint,
				lastSeen: {}
			};
			const { results } = await writeBack({
				stores: [store],
				file: {
					kind: "managed",
					credential: login
				},
				standing,
				clock
			});
			return results[0]?.outcome ?? {
				kind: "failed",
				error: /* @__PURE__ */ new Error("The store gave no answer.")
			};
		}
	};
}
/**
* A GitHub secret as a place for a new login.
* @throws KeeperError invalid-inputs where the repository or a token is missing
*/
async function secretAsPlace(secret, repository, { environment, terminal, cwd, clock }) {
	const [owner, repo] = repository?.split("/") ?? [];
	if (owner === void 0 || repo === void 0) throw wrongUsage(`Nobody has said in which repository the secret ${secret.secret} is.`, "Name it with --repo owner/name.");
	const server = githubServer(environment.shared);
	const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server);
	if (token === void 0) throw wrongUsage(`There is no token that could write the secret ${secret.secret}.`, "Log in with \"gh auth login\", or set CODEX_AUTH_TOKEN to a fine-grained token with the permission Secrets (for an environment: Environments): write.");
	terminal.secrets.add([token]);
	const [{ githubApi }, { loginSecret }] = await Promise.all([import("../github-api.js"), import("./login-secret.js")]);
	const place = loginSecret(githubApi({
		baseUrl: server.apiUrl,
		auth: {
			kind: "token",
			token
		},
		clock
	}), {
		owner,
		repo
	}, secret, clock);
	return {
		name: place.words,
		examine: async () => {
			try {
				return {
					kind: "ready",
					words: await retried(() => place.prove(), clock) === "new" ? "will be made, write access proved" : "will be replaced, write access proved"
				};
			} catch (error) {
				return {
					kind: "refused",
					error
				};
			}
		},
		handOver: async (login) => {
			try {
				const outcome = await retried(() => place.put(login), clock);
				return outcome === "written" ? { kind: "written" } : {
					kind: "kept",
					reason: outcome
				};
			} catch (error) {
				return {
					kind: "failed",
					error
				};
			}
		}
	};
}
/** Whether the place has the login now. */
function hasLogin(outcome) {
	return outcome.kind === "written" || outcome.kind === "kept" && outcome.reason === "unchanged";
}
/** What became of the login at one place. */
function handedWords(outcome) {
	switch (outcome.kind) {
		case "written": return "has the new login";
		case "kept": return keptWords[outcome.reason] ?? `stays as it was (${outcome.reason})`;
		case "failed": return `failed: ${errorWords(outcome.error)}`;
	}
}
const keptWords = {
	unchanged: "has this login already",
	"different-account": "stays as it was: it holds the login of another account (name another slot or secret, or log in as that account)",
	superseded: "stays as it was: it holds a login that was issued later"
};
// src/cli/commands/login.ts
const login = {
	describe: (command) => {
		describeStoreOptions(command.option("--secret <name>", "a secret of the repository on GitHub that takes the login").option("--environment <name>", "the environment that the secret belongs to").option("--device", "log in with a code, on any device, instead of in a browser of this machine").option("--from <file>", "hand over a login that an earlier run has kept, and make none"));
	},
	examples: [
		["codex-auth-keeper login --secret CODEX_AUTH_SEED", "a new login into a secret of the repository you are in"],
		["codex-auth-keeper login --secret CODEX_AUTH --environment codex --repo your-org/your-repo", "into a secret of an environment"],
		["codex-auth-keeper login --device --store \"ssh: ci@build-1:22/home/ci/codex/auth.json\"", "with a code, into a store"],
		["codex-auth-keeper login --workflow .github/workflows/codex.yml", "into all stores of a workflow"]
	],
	run: async ({ options }, context) => {
		const { secret, environment, device, from } = parse(ownOptions, options);
		const given = placeOptions(options);
		const lines = given.store.filter((line) => isSecretLine(line));
		const names = [...secretNames(secret, environment), ...lines.map((line) => secretName(line.replace(/^[^:]*:/, "")))];
		const places = await openPlaces({
			...given,
			store: given.store.filter((line) => !isSecretLine(line))
		}, context);
		try {
			const all = [...await Promise.all(names.map((name) => secretAsPlace(name, places.repository, context))), ...places.stores.map((store) => storePlace(store, context.clock))];
			if (all.length === 0) throw nowhere(places);
			if (from === void 0) codexProgram(context);
			await prove(all, context);
			return await handOver(from === void 0 ? await makeNewLogin({ way: device ? "device" : "browser" }, context) : await keptLogin(from, context), all, context);
		} finally {
			await places.close();
		}
	}
};
const ownOptions = object({
	secret: optional(string()),
	environment: optional(string()),
	device: _default(boolean(), false),
	from: optional(string())
});
function secretNames(secret, environment) {
	if (secret === void 0 && environment !== void 0) throw wrongUsage("--environment goes with --secret.", "Name the secret with --secret.");
	if (secret === void 0) return [];
	return [secretName(environment === void 0 ? secret : `${secret}?environment=${encodeURIComponent(environment)}`)];
}
/** @throws KeeperError invalid-inputs */
function secretName(address) {
	const parsed = parseSecretAddress(address);
	if (parsed.kind === "name") return parsed.name;
	throw wrongUsage(`The secret: ${parsed.problem}`, "Correct the name.");
}
function isSecretLine(line) {
	return line.trim().startsWith("github-secret:");
}
function nowhere({ outOfReach }) {
	const why = outOfReach.map((place) => `${place.name}: ${place.why}.`).join(" ");
	return wrongUsage(`Nobody has said where the new login goes. ${why}`.trim(), "Name a secret with --secret, or stores with --store or --workflow.");
}
/** What cannot be written is found out before the person logs in. */
async function prove(places, { terminal }) {
	const work = Promise.all(places.map(async (place) => ({
		name: place.name,
		found: await place.examine()
	})));
	const examined = await terminal.during("Looking at the places that the login is for", work);
	const refused = examined.flatMap(({ name, found }) => found.kind === "refused" ? [{
		name,
		error: found.error
	}] : []);
	if (refused.length > 0) {
		const [first] = refused;
		const lines = refused.map(({ name, error }) => `${name}: ${error instanceof KeeperError ? error.message : errorWords(error)}`);
		throw new KeeperError("not-writable", ["No login was made, because it could not be handed over.", ...lines].join("\n"), first?.error instanceof KeeperError ? first.error.remedy : "Correct it and run the command again.");
	}
	for (const { name, found } of examined) if (found.kind === "ready") terminal.say(`${name}: ${found.words}`);
}
async function handOver(made, places, { terminal }) {
	const { credential } = made;
	terminal.print(`Logged in: account ${accountHash(credential.fingerprint)}, plan ${credential.plan ?? "unknown"}.`);
	const work = Promise.all(places.map(async (place) => ({
		name: place.name,
		outcome: await place.handOver(credential)
	})));
	const handed = await terminal.during("Handing the login over", work);
	const rows = handed.map(({ name, outcome }) => [name, hasLogin(outcome) ? good(handedWords(outcome)) : bad(handedWords(outcome))]);
	for (const line of tableLines(rows)) terminal.print(line);
	if (handed.every(({ outcome }) => hasLogin(outcome))) {
		await made.discard();
		return exitCodes.well;
	}
	terminal.say(keptWords$1(await made.keep()));
	return exitCodes.failed;
}
export { login };
