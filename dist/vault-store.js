import { $n as unknown, Bn as literal, In as _null, Jn as record, Ln as array, Nn as _catch, Vn as looseObject, Wn as number, X as areNames, Xn as string, mn as KeeperError, nt as parseServer, tr as _regex } from "./shared.js";
import { a as unusable, i as unanswered, n as serverWords, o as variableOf, r as ask, t as requestIdToken } from "./id-token.js";
// src/stores/vault/vault-refusals.ts
/** The rules that the keeper needs for one place, to be pasted into a policy. */
function policyText(apiPaths) {
	return apiPaths.map((path) => `path "${path}" { capabilities = ["create", "read", "update"] }`).join("\n");
}
function noToken() {
	return new KeeperError("store-unauthorized", "The line has no role=, and there is no VAULT_TOKEN when the keeper starts.", "Add role= to the line and \"id-token: write\" to the permissions of the job (no long-lived token is needed then), or set VAULT_TOKEN before this step.");
}
/** Who may log in is what people get wrong first, so the error says what was sent. */
function loginRefused(address, claims, answer) {
	const { role = "", auth } = address;
	const why = saidBy(answer);
	return new KeeperError("store-unauthorized", `${answer.name} did not let the job log in as role ${role} at auth/${auth} (${why}). The id token said: ${claims}.`, `See that auth/${auth}/role/${role} is there, and that its bound_audiences and bound_claims fit this subject and audience` + (address.audience === void 0 ? " (audience= in the line changes the audience)." : "."));
}
function denied(apiPath, answer, paths) {
	return new KeeperError("store-unauthorized", `${answer.name} does not give ${answer.as} access to ${apiPath} (${saidBy(answer)}). It says the same of a token that has ended and of a mount that is not there.`, `Give its policy:\n${policyText(paths)}`);
}
function refused(apiPath, answer) {
	if (answer.errors === void 0) return unanswered(answer, `status ${answer.status}, and not as Vault says it`, false);
	return new KeeperError("store-refused", `${answer.name} refused the request for ${apiPath} (${saidBy(answer)}).`, "Check mount, path and namespace= in the line; the same request will be refused again.");
}
function saidBy({ status, errors }) {
	return `${status}${errors?.length ? `: ${errors.join(" ")}` : ""}`;
}
// src/stores/vault/kv-document.ts
/** No secret has so many versions: a write that wants to follow this one never succeeds. */
const impossible = 2147483647;
const heldSchema = looseObject({ data: looseObject({
	data: record(string(), unknown()),
	metadata: looseObject({ version: number() })
}) });
const deletedSchema = looseObject({ data: looseObject({
	data: _null(),
	metadata: looseObject({ version: number() })
}) });
const writtenSchema = looseObject({ data: looseObject({ version: number() }) });
const mountSchema = looseObject({ data: looseObject({
	type: literal("kv"),
	options: looseObject({ version: literal("2") })
}) });
/**
* One document in a KV v2 secrets engine, with compare-and-set by the number of its version.
*
* KV v1 takes the same requests, answers 404 where nothing is and writes over whatever is there. So nothing is believed to be
* empty, proved or written before an answer has shown that the engine is version 2: one that holds a version does, and
* otherwise one more request asks for it.
*/
function kvDocument({ session, engine, form, mount, path, policyPaths }) {
	const apiPath = `${mount}/data/${path}`;
	let looking;
	/** What a write to the empty place must follow: 0, or the version that somebody has deleted by hand. */
	let emptyAt = 0;
	const requireVersion2 = async () => {
		await looking?.catch(() => void 0);
		if (engine.isVersion2) return;
		const answer = await session.send({
			method: "GET",
			path: `sys/internal/ui/mounts/${apiPath}`,
			changes: false
		});
		if (answer.status === 403) throw denied(apiPath, answer, policyPaths);
		if (!mountSchema.safeParse(answer.body).success) throw notVersion2(mount, answer);
		engine.isVersion2 = true;
	};
	const look = async () => {
		const answer = await session.send({
			method: "GET",
			path: apiPath,
			changes: false
		});
		const held = heldSchema.safeParse(answer.body).data?.data;
		if (answer.status === 200 && held !== void 0) {
			engine.isVersion2 = true;
			return {
				bytes: form.bytesIn(held.data, apiPath),
				version: String(held.metadata.version)
			};
		}
		const deleted = deletedSchema.safeParse(answer.body).data?.data;
		if (answer.status === 404 && deleted !== void 0) {
			engine.isVersion2 = true;
			emptyAt = deleted.metadata.version;
			return;
		}
		if (answer.status === 404 && answer.errors?.length === 0) {
			looking = void 0;
			await requireVersion2();
			emptyAt = 0;
			return;
		}
		throw answer.status === 200 ? notVersion2(mount, answer) : unexpected(answer);
	};
	const unexpected = (answer) => answer.status === 403 ? denied(apiPath, answer, policyPaths) : refused(apiPath, answer);
	const put = async (cas, data, changes) => {
		await requireVersion2();
		const answer = await session.send({
			method: "POST",
			path: apiPath,
			body: {
				options: { cas },
				data
			},
			changes
		});
		return (answer.status === 400 && answer.errors?.some((error) => error.includes("did not match the current version"))) === true ? "mismatch" : answer;
	};
	return {
		read: () => {
			const copy = look();
			looking = copy;
			return copy;
		},
		proveWritable: async () => {
			const answer = await put(impossible, {}, false);
			if (answer === "mismatch") return "proved";
			throw answer.status < 300 ? notVersion2(mount, answer) : unexpected(answer);
		},
		write: async (bytes, ifVersion) => {
			const cas = ifVersion === void 0 ? emptyAt : Number(ifVersion);
			if (!Number.isSafeInteger(cas)) return { kind: "conflict" };
			const answer = await put(cas, form.dataOf(bytes), true);
			if (answer === "mismatch") return { kind: "conflict" };
			if (answer.status >= 300) throw unexpected(answer);
			const version = writtenSchema.safeParse(answer.body).data?.data.version;
			if (version !== void 0) return {
				kind: "written",
				version: String(version)
			};
			throw new KeeperError("store-unknown-outcome", `Vault did not confirm the write of ${apiPath}.`, "Read it back.");
		}
	};
}
function notVersion2(mount, answer) {
	return new KeeperError("store-refused", `The mount ${mount} is not a KV secrets engine of version 2 (${saidBy(answer)}); version 1 would let one job overwrite another's login.`, `Name another mount, or make this one version 2: "kv enable-versioning ${mount}".`);
}
// src/stores/vault/kv-forms.ts
const field = "auth.json";
/** The login: the one field of its secret, so that `kv get -field=auth.json` prints the file. */
const loginForm = {
	dataOf: (bytes) => ({ [field]: textOf(bytes) }),
	bytesIn: (data, apiPath) => {
		const { [field]: text, ...others } = data;
		if (typeof text === "string" && Object.keys(others).length === 0) return Buffer.from(text);
		throw new KeeperError("store-damaged", `The secret at ${apiPath} does not hold the one field ${field}${typeof text === "string" ? ", it has others beside it" : ""}.`, `Give the keeper a path of its own, or put the login there by hand: kv put … ${field}=@auth.json`);
	}
};
/** The lease: anything else there is not a lease, and is given as it is so that it can be replaced. */
const leaseForm = {
	dataOf: (bytes) => ({ lease: textOf(bytes) }),
	bytesIn: (data) => Buffer.from(typeof data["lease"] === "string" ? data["lease"] : JSON.stringify(data))
};
/** A secret is JSON, which holds text alone. */
function textOf(bytes) {
	try {
		return new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
	} catch {
		throw new KeeperError("store-refused", "Vault holds text, and this document is not text.", "See what has written auth.json.");
	}
}
// src/stores/vault/vault-exchange.ts
const errorsSchema = looseObject({ errors: array(string()) });
/** A standby that has not caught up, that does not answer for others, too many requests, sealed: nothing was done. */
const away = [
	412,
	429,
	472,
	473,
	503
];
/** Sends one request to one server. @throws KeeperError as `ask` does, and where the server itself says that it cannot answer now */
async function exchange({ url: origin, namespace, name, variables }, { method, path, body, changes }, headers) {
	const url = new URL(`/v1/${path.split("/").map(encodeURIComponent).join("/")}`, origin);
	const answer = await ask({
		name,
		caVariable: "VAULT_CACERT",
		variables
	}, {
		method,
		url,
		headers: {
			...headers,
			"x-vault-request": "true",
			...namespace !== void 0 && { "x-vault-namespace": namespace },
			...body !== void 0 && { "content-type": "application/json" }
		},
		...body !== void 0 && { body: Buffer.from(JSON.stringify(body)) }
	}, changes);
	const { status } = answer;
	const parsed = json(answer.body);
	const errors = errorsSchema.safeParse(parsed).data?.errors.map(serverWords);
	if (away.includes(status) || status >= 500) {
		const why = `status ${status}${errors?.length ? `: ${errors.join(" ")}` : ""}`;
		throw unanswered({ name }, why, changes && !away.includes(status));
	}
	return {
		status,
		body: parsed,
		errors,
		name
	};
}
function json(body) {
	try {
		return JSON.parse(body.toString("utf8"));
	} catch {
		return;
	}
}
// src/stores/vault/vault-session.ts
const loginSchema = looseObject({ auth: looseObject({
	client_token: string().check(_regex(/^[\x21-\x7e]+$/)),
	lease_duration: _catch(number(), 0)
}) });
/** A token counts as ended so many milliseconds before it ends. */
const margin = 15e3;
/** A login at one Vault or OpenBao server, made at the first request and kept until its token ends. */
function vaultSession({ address, variables, idTokenRight, onSecret }) {
	let login;
	const loggedIn = async (at) => {
		const before = login;
		const known = await before?.catch(() => void 0);
		if (known !== void 0 && known.until > performance.now()) return known;
		if (login === before) login = newLogin(at);
		return login ?? newLogin(at);
	};
	const newLogin = async (at) => {
		const { role, auth, audience } = address;
		if (role === void 0) {
			const token = variableOf(variables, "VAULT_TOKEN", "login");
			if (token === void 0 || !/^[\x21-\x7e]+$/.test(token)) throw noToken();
			onSecret(token);
			return {
				token,
				as: "VAULT_TOKEN",
				until: Infinity
			};
		}
		const networkEnv = variables.values;
		const { token: jwt, claims } = await requestIdToken({
			audience,
			right: idTokenRight,
			networkEnv,
			onSecret
		});
		const answer = await exchange(at, {
			method: "POST",
			path: `auth/${auth}/login`,
			body: {
				role,
				jwt
			},
			changes: false
		}, {});
		const granted = loginSchema.safeParse(answer.body).data?.auth;
		if (answer.status !== 200 || granted === void 0) throw loginRefused(address, claims, answer);
		onSecret(granted.client_token);
		const until = granted.lease_duration > 0 ? performance.now() + granted.lease_duration * 1e3 - margin : Infinity;
		return {
			token: granted.client_token,
			as: `role ${role} (${claims})`,
			until
		};
	};
	return { send: async (request) => {
		const at = serverOf(address, variables);
		const { token, as } = await loggedIn(at);
		return {
			...await exchange(at, request, { "x-vault-token": token }),
			as
		};
	} };
}
function serverOf({ server, namespace }, variables) {
	const at = (url, inside) => ({
		url,
		namespace: inside,
		name: `Vault at ${url.host}`,
		variables
	});
	if (server !== void 0) return at(new URL(server), namespace);
	const url = parseServer(variableOf(variables, "VAULT_ADDR") ?? "");
	if (typeof url === "string") throw unusable("VAULT_ADDR", url);
	const inside = variableOf(variables, "VAULT_NAMESPACE")?.replace(/^\/|\/$/g, "");
	if (inside !== void 0 && !areNames(inside)) throw unusable("VAULT_NAMESPACE", "It must be a name, or names with / between them.");
	return at(url, inside);
}
// src/stores/vault/vault-store.ts
/** A secret in a KV v2 secrets engine of HashiCorp Vault or OpenBao: one request each to read, to prove and to write. */
function vaultStore({ name, ...setup }) {
	const { mount, path } = setup.address;
	const leasePath = `${path}.lease`;
	const common = {
		session: vaultSession(setup),
		engine: { isVersion2: false },
		mount,
		policyPaths: [path, leasePath].map((each) => `${mount}/data/${each}`)
	};
	const { read, write } = kvDocument({
		...common,
		path: leasePath,
		form: leaseForm
	});
	return {
		name,
		guarantee: "compare-and-set",
		...kvDocument({
			...common,
			path,
			form: loginForm
		}),
		leasePlace: {
			seenBy: "all-jobs",
			read,
			write
		}
	};
}
export { vaultStore };
