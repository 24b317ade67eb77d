import { Bn as literal, Jn as record, Kn as optional, Mn as sha256, Nn as _catch, Rn as boolean, Vn as looseObject, Xn as string, er as _minLength, gn as messageOf, gt as secretValues, mn as KeeperError } from "./shared.js";
import { n as sendHttps } from "./https-client.js";
import { t as stderrTail } from "./stderr-tail.js";
const { readFile } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
// src/stores/kubernetes/kubernetes-api.ts
/**
* Sends one request to the API of the cluster, over TLS that only the cluster's own certificates can open, through no proxy,
* following no redirect. It is not repeated.
* @param limit milliseconds in which the whole answer must be there
*/
async function askApi({ host, port }, { token, ca }, { method, path, body }, limit) {
	const answer = await sendHttps({
		method,
		url: new URL(path, `https://${host.includes(":") ? `[${host}]` : host}:${port}`),
		headers: {
			authorization: `Bearer ${token}`,
			accept: "application/json",
			...body !== void 0 && { "content-type": "application/json" }
		},
		...body !== void 0 && { body: Buffer.from(JSON.stringify(body)) }
	}, {
		ca,
		env: {},
		limit
	});
	return answer.kind === "answered" ? {
		kind: "answered",
		status: answer.status,
		body: parsed(answer.body)
	} : answer;
}
function parsed(bytes) {
	try {
		return JSON.parse(bytes.toString("utf8"));
	} catch {
		return;
	}
}
// src/stores/kubernetes/kubernetes-failure.ts
const statusSchema = looseObject({
	kind: literal("Status"),
	reason: _catch(optional(string()), void 0),
	message: _catch(optional(string()), void 0)
});
/** The API's own words about a request that it did not carry out; undefined when the answer is not one of the API. */
function statusOf(body) {
	const result = statusSchema.safeParse(body);
	return result.success ? {
		reason: result.data.reason ?? "",
		message: result.data.message ?? ""
	} : void 0;
}
/** The error for an answer that means neither done nor conflict. */
function refusal(answer, asked) {
	switch (answer.kind) {
		case "untrusted": return new KeeperError("store-refused", `What answers as the API of the cluster is not to be trusted: ${answer.why}. Nothing was sent to it.`, "See who changes the connection between the runner pod and the API (KUBERNETES_SERVICE_HOST and ca.crt of the pod).");
		case "unanswered": return asked.verb === "get" || asked.dryRun || !answer.sent ? outage(answer.why, asked) : unknownOutcome(answer.why, asked);
		case "answered": return refusedWith(answer.status, statusOf(answer.body), asked);
	}
}
function refusedWith(status, said, asked) {
	const words = said === void 0 ? "" : stderrTail(said.message);
	const why = `${status}${words === "" ? "" : `: ${words}`}`;
	if (status === 401) return new KeeperError("store-unauthorized", `The API of the cluster does not accept the token of the service account (${why}).`, "See that the runner pod has a service account that still exists, and start the pod anew.");
	if (status === 403 && said !== void 0 && /\bcannot (get|update|create) resource\b/.test(said.message)) return new KeeperError("store-unauthorized", `The service account may not ${asked.verb} ${secretWords(asked)} (${why}).`, asked.verb === "create" ? wayToCreate(asked) : `Give it the right: ${roleCommand(asked)}`);
	if (status === 429) return outage(`it answered ${why}`, asked);
	if (status >= 500 || said === void 0 || status >= 200 && status < 300) {
		const odd = status < 500 ? `it answered ${status} with something that is not part of its API` : `it answered ${why}`;
		if (status >= 300 && status < 500) return notTheApi(status);
		return asked.verb === "get" || asked.dryRun ? outage(odd, asked) : unknownOutcome(odd, asked);
	}
	if (status === 404 && asked.verb === "create") return new KeeperError("store-refused", `The API of the cluster finds no place for ${secretWords(asked)} (${why}).`, "See that the namespace exists.");
	return new KeeperError("store-refused", `The API of the cluster refused to ${asked.verb} ${secretWords(asked)} (${why}).`, "Change what it names (a quota, an admission rule, the Secret itself); the same request will be refused again.");
}
/** A Secret that no update can change. */
function unchangeable(why, address) {
	return new KeeperError("store-refused", `The Secret ${address.namespace}/${address.name} ${why}, so nothing can be stored in it.`, `Name another Secret, or make it anew: ${emptySecretCommand(address)}`);
}
function busy({ namespace, name }) {
	return new KeeperError("store-unreachable", `The Secret ${namespace}/${name} was changed by somebody else at each try; nothing was stored.`, "See which controller rewrites this Secret all the time, and give the login a Secret of its own.");
}
/** A Secret without anything in it: with it in place, no right to create is needed, which cannot be limited to one name. */
function emptySecretCommand({ namespace, name }) {
	return `kubectl create secret generic ${name} --namespace ${namespace}`;
}
/** Makes a role for this one Secret and binds it to the account; one line, as errors are shown in tables too. */
function roleCommand({ address: { namespace, name }, account }) {
	const whom = account === void 0 ? "RUNNER-NAMESPACE:SERVICE-ACCOUNT" : `${account.namespace}:${account.name}`;
	const role = `${name}-keeper`;
	return `kubectl create role ${role} --namespace ${namespace} --verb=get,update --resource=secrets --resource-name=${name} && kubectl create rolebinding ${role} --namespace ${namespace} --role=${role} --serviceaccount=${whom}`;
}
function wayToCreate(asked) {
	return `Make the Secret, empty, before the first run; then the right to get and update this one name is enough: ${emptySecretCommand(asked.address)}`;
}
function notTheApi(status) {
	return new KeeperError("store-refused", `What answers as the API of the cluster is not it (${status}${status < 400 ? ", a redirect, which is not followed" : ""}).`, "See that KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT of the runner pod are those that the cluster has set.");
}
function outage(why, asked) {
	return new KeeperError("store-unreachable", `The API of the cluster could not be asked to ${asked.verb} ${secretWords(asked)}: ${why}.`, "Run the job again when the API answers; see that no network policy keeps the runner pod from it.");
}
function unknownOutcome(why, asked) {
	return new KeeperError("store-unknown-outcome", `Whether the API of the cluster did ${asked.verb} ${secretWords(asked)} is unknown: ${why}.`, "Run the job again when the API answers.");
}
function secretWords({ address: { namespace, name } }) {
	return `the Secret ${namespace}/${name}`;
}
// src/stores/kubernetes/kubernetes-secret.ts
/** A Secret as the API shows it. What we do not know of it is kept, so the object itself goes back, not what the schema gives. */
const secretSchema = looseObject({
	kind: literal("Secret"),
	metadata: looseObject({
		resourceVersion: string().check(_minLength(1)),
		deletionTimestamp: optional(string())
	}),
	data: optional(record(string(), string())),
	immutable: optional(boolean())
});
/** Tries of one write while others change the Secret, but not the key that is written. */
const mostTries = 5;
function secretPlace(address, ask) {
	const secrets = `/api/v1/namespaces/${address.namespace}/secrets`;
	const itself = `${secrets}/${address.name}`;
	const dry = "?dryRun=All";
	let last;
	let looking;
	const failed = ({ answer, account }, verb, dryRun = false) => refusal(answer, {
		verb,
		dryRun,
		address,
		account
	});
	const lookNow = async () => {
		const asking = await ask({
			method: "GET",
			path: itself
		});
		const secret = secretIn(asking.answer);
		if (secret !== void 0) return last = {
			kind: "present",
			secret
		};
		if (says(asking.answer, 404, "NotFound")) return last = { kind: "absent" };
		throw failed(asking, "get");
	};
	/** Reads and proofs of the same moment share one look. */
	const look = () => {
		looking ??= lookNow().finally(() => {
			looking = void 0;
		});
		return looking;
	};
	const update = (secret, query = "") => ask({
		method: "PUT",
		path: itself + query,
		body: secret
	});
	const create = (data, query = "") => ask({
		method: "POST",
		path: secrets + query,
		body: newSecret(address, data)
	});
	/** Whether it was stored, or the Secret is no longer the one that was looked at. */
	const put = async (seen, key, value) => {
		const isNew = seen.kind === "absent";
		const asking = isNew ? await create({ [key]: value }) : await update(withValue(seen.secret, key, value));
		const secret = secretIn(asking.answer);
		if (secret !== void 0) {
			last = {
				kind: "present",
				secret
			};
			return "stored";
		}
		const { answer } = asking;
		if (answer.kind === "answered" && statusOf(answer.body) !== void 0) {
			if (answer.status === 409 || answer.status === 404 && !isNew) return "overtaken";
		}
		throw failed(asking, isNew ? "create" : "update");
	};
	const proveUpdate = async (secret) => {
		const asking = await update(secret, dry);
		if (secretIn(asking.answer) !== void 0 || saidTo(asking.answer, [404, 409])) return "proved";
		if (knowsNoDryRun(asking.answer)) return "unprovable";
		throw failed(asking, "update", true);
	};
	const proveCreate = async () => {
		const asking = await create({}, dry);
		if (secretIn(asking.answer, "new") !== void 0 || saidTo(asking.answer, [409])) return "proved";
		if (knowsNoDryRun(asking.answer)) return "unprovable";
		throw failed(asking, "create", true);
	};
	return {
		read: async (key) => {
			const bytes = valueIn(await look(), key);
			return bytes && {
				bytes,
				version: sha256(bytes)
			};
		},
		write: async (key, bytes, ifVersion) => {
			let seen = last !== void 0 && versionIn(last, key) === ifVersion ? last : await look();
			for (let tries = 0; tries < mostTries; tries += 1) {
				if (versionIn(seen, key) !== ifVersion) return { kind: "conflict" };
				if (await put(seen, key, Buffer.from(bytes).toString("base64")) === "stored") return {
					kind: "written",
					version: sha256(bytes)
				};
				seen = await look();
			}
			throw busy(address);
		},
		proveWritable: async () => {
			const seen = await look();
			if (seen.kind === "present") {
				const why = whyUnchangeable(seen.secret);
				if (why !== void 0) throw unchangeable(why, address);
				return proveUpdate(seen.secret);
			}
			const none = {
				...newSecret(address, {}),
				metadata: {
					...address,
					resourceVersion: "1"
				}
			};
			return (await Promise.all([proveCreate(), proveUpdate(none)])).every((proof) => proof === "proved") ? "proved" : "unprovable";
		}
	};
}
function newSecret({ namespace, name }, data) {
	return {
		apiVersion: "v1",
		kind: "Secret",
		type: "Opaque",
		metadata: {
			namespace,
			name,
			labels: { "app.kubernetes.io/managed-by": "codex-auth-keeper" }
		},
		data
	};
}
function withValue(secret, key, value) {
	return {
		...secret,
		data: {
			...secret.data,
			[key]: value
		}
	};
}
function valueIn(seen, key) {
	const value = seen.kind === "present" ? seen.secret.data?.[key] : void 0;
	return value === void 0 || value === "" ? void 0 : Uint8Array.from(Buffer.from(value, "base64"));
}
function versionIn(seen, key) {
	const bytes = valueIn(seen, key);
	return bytes && sha256(bytes);
}
function whyUnchangeable({ immutable, metadata }) {
	if (immutable === true) return "is immutable";
	return metadata.deletionTimestamp === void 0 ? void 0 : "is being deleted";
}
/** The Secret that the API answers with. @param kept `new` for one that was only tried: it has no version yet */
function secretIn(answer, kept = "kept") {
	if (answer.kind !== "answered" || answer.status < 200 || answer.status > 299) return void 0;
	const { body } = answer;
	const tried = kept === "new" ? {
		...body,
		metadata: { resourceVersion: "none yet" }
	} : body;
	return secretSchema.safeParse(tried).success ? body : void 0;
}
function says(answer, status, reason) {
	return answer.kind === "answered" && answer.status === status && statusOf(answer.body)?.reason === reason;
}
function saidTo(answer, statuses) {
	return answer.kind === "answered" && statuses.includes(answer.status) && statusOf(answer.body) !== void 0;
}
/** A webhook of the cluster that has effects of its own refuses every dry run. */
function knowsNoDryRun(answer) {
	return answer.kind === "answered" && answer.status === 400 && /does not support dry run/.test(statusOf(answer.body)?.message ?? "");
}
/**
* Reads the files of the service account. The kubelet replaces the token while the pod lives, so they are read for each use.
* @throws KeeperError store-refused where there are none
*/
async function readServiceAccount(directory) {
	try {
		const [token, ca] = await Promise.all([readFile(join(directory, "token"), "utf8"), readFile(join(directory, "ca.crt"), "utf8")]);
		if (token.trim() === "") throw new Error("its token is empty");
		if (!ca.includes("-----BEGIN CERTIFICATE-----")) throw new Error("its ca.crt holds no certificate");
		return {
			token: token.trim(),
			ca
		};
	} catch (error) {
		throw new KeeperError("store-refused", `There is no service account in this container: ${messageOf(error)}`, "Give the runner pod a service account whose token is mounted (serviceAccountName, and automountServiceAccountToken: true), or use another store.", { cause: error });
	}
}
/** Namespace and name of the account that a token speaks for; undefined when it does not tell. */
function accountOf(token) {
	try {
		const { sub } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
		const [, namespace, name] = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(String(sub)) ?? [];
		return namespace === void 0 || name === void 0 ? void 0 : {
			namespace,
			name
		};
	} catch {
		return;
	}
}
// src/stores/kubernetes/kubernetes-store.ts
/** The keys of the Secret that hold the document and the lease; a change of the one is not a conflict for the other. */
const keys = {
	document: "auth.json",
	lease: "lease.json"
};
/**
* A Secret of the cluster that the runner pod is in, by the pod's own service account.
* Read, proof and write are one request each; a write costs two more where somebody has changed the Secret meanwhile.
*/
function kubernetesStore({ name, address, cluster, onSecret, serviceAccount, limit }) {
	const place = secretPlace(address, async (request) => {
		if (cluster === void 0) throw noPod();
		const account = await readServiceAccount(serviceAccount ?? "/var/run/secrets/kubernetes.io/serviceaccount");
		for (const secret of secretValues(account.token)) onSecret(secret);
		return {
			answer: await askApi(cluster, account, request, limit ?? 1e4),
			account: accountOf(account.token)
		};
	});
	return {
		name,
		guarantee: "compare-and-set",
		proveWritable: () => place.proveWritable(),
		read: () => place.read(keys.document),
		write: (bytes, ifVersion) => place.write(keys.document, bytes, ifVersion),
		leasePlace: {
			seenBy: "all-jobs",
			read: () => place.read(keys.lease),
			write: (bytes, ifVersion) => place.write(keys.lease, bytes, ifVersion)
		}
	};
}
function noPod() {
	return new KeeperError("store-refused", "This runner is not a pod of a Kubernetes cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set.", "Run the job on a runner in the cluster (Actions Runner Controller), or use another store.");
}
export { kubernetesStore };
