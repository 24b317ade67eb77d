import { $ as isRegion, Mn as sha256, et as leaseKeyOf, mn as KeeperError, nt as parseServer } from "./shared.js";
import { a as unusable, i as unanswered, n as serverWords, o as variableOf, r as ask, t as requestIdToken } from "./id-token.js";
// src/stores/s3/s3-refusals.ts
/** What the keeper needs, to be pasted into the policy of the role or user. */
function policyText(address) {
	const { bucket, key } = address;
	const allow = (actions, ...resources) => ({
		Effect: "Allow",
		Action: actions,
		Resource: resources.map((resource) => `arn:aws:s3:::${resource}`)
	});
	return JSON.stringify({
		Version: "2012-10-17",
		Statement: [allow(["s3:GetObject", "s3:PutObject"], `${bucket}/${key}`, `${bucket}/${leaseKeyOf(address)}`), allow(["s3:ListBucket"], bucket)]
	});
}
/** The server's own words. */
function saidBy({ status, code, message }) {
	return [
		String(status),
		code,
		message
	].filter((part) => part !== void 0 && part !== "").join(" ");
}
function noKeys() {
	return new KeeperError("store-unauthorized", "The line has no role=, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set when the keeper starts. Roles of the machine itself (EC2, ECS, EKS) and profiles are not used.", "Add role= to the line and \"id-token: write\" to the permissions of the job (no long-lived key is needed then), or let aws-actions/configure-aws-credentials run before this step.");
}
function noRegion() {
	return new KeeperError("store-refused", "The region of the bucket is not known.", "Add region= to the line, for example region=eu-central-1.");
}
/** Who may take a role is what people get wrong first, so the error says what was sent. */
function loginRefused({ role = "" }, claims, answer) {
	return new KeeperError("store-unauthorized", `${answer.name} did not let the job take the role ${role} (${saidBy(answer)}). The id token said: ${claims}.`, "See that the account has the identity provider token.actions.githubusercontent.com with this audience, and that the trust policy of the role allows sts:AssumeRoleWithWebIdentity to this subject.");
}
/** Codes of AWS for a key that is wrong or has ended, whatever it may do. */
const badKeys = [
	"InvalidAccessKeyId",
	"SignatureDoesNotMatch",
	"ExpiredToken",
	"InvalidToken",
	"TokenRefreshRequired",
	"InvalidSecurity"
];
/** The error for an answer that is neither done nor a conflict. */
function refused(address, answer) {
	const { bucket, key } = address;
	const { status, code = "", name, as } = answer;
	const why = saidBy(answer);
	if (badKeys.includes(code)) return new KeeperError("store-unauthorized", `${name} does not accept the key of ${as} (${why}).`, "Check the AWS_… variables of this step; keys of an assumed role end after an hour or so. With role= in the line each stage gets its own.");
	if (code === "RequestTimeTooSkewed") return new KeeperError("store-refused", `${name} says that the clock of this machine is wrong (${why}).`, "Set the clock of the runner.");
	if (status === 401 || status === 403) return new KeeperError("store-unauthorized", `${name} does not give ${as} access to ${bucket}/${key} (${why}). AWS says the same of an object that is not there, where s3:ListBucket is missing.`, `Give it this policy:\n${policyText(address)}`);
	if (answer.region !== void 0) return new KeeperError("store-refused", `The bucket ${bucket} is in the region ${answer.region} (${why}).`, `Write region=${answer.region} into the line.`);
	return new KeeperError("store-refused", `${name} refused the request for ${bucket}/${key} (${why}).`, code === "NoSuchBucket" ? `Make the bucket ${bucket}, or name another one.` : "Check the line; the same request will be refused again.");
}
/** A server that takes a write although its condition cannot hold. */
function ignoresConditions(name, header) {
	return new KeeperError("store-refused", `${name} took a write whose ${header} cannot hold: it does not support conditional writes, so one job would overwrite another's login.`, "Use a server that does (AWS S3, Cloudflare R2, MinIO, SeaweedFS, Ceph), in a version that has them, or another store.");
}
// src/stores/s3/s3-object.ts
/** No object has this ETag. */
const impossible = "\"ffffffffffffffffffffffffffffffff\"";
/**
* One object, with compare-and-set by its ETag. The proof writes what was just read under a condition that cannot hold: a server
* that says so may be written to, and one that takes it ignores conditions and is never written to.
*/
function s3Object({ session, address, key, isConditional, onConditional }) {
	let looking;
	/** The ETag of an object without a byte: no login, but what the proof leaves where a server ignores conditions. */
	let emptyAt;
	const look = async () => {
		const answer = await session.send({
			method: "GET",
			key,
			changes: false
		});
		if (answer.status === 200) {
			const { etag, body } = answer;
			emptyAt = body.length === 0 ? etag : void 0;
			if (etag !== void 0) return body.length === 0 ? void 0 : {
				bytes: body,
				version: etag
			};
			throw new KeeperError("store-refused", `${answer.name} gives no ETag, by which writers are told apart.`, "Use another store.");
		}
		emptyAt = void 0;
		if (answer.status === 404 && answer.code === "NoSuchKey") return void 0;
		throw unexpected(answer);
	};
	const unexpected = (answer) => answer.code === void 0 && answer.status === 404 ? unanswered(answer, "status 404, and not as S3 says it", false) : refused(address, answer);
	/** Writes under a condition; undefined when that did not hold. */
	const put = async (bytes, condition, changes) => {
		const headers = {
			...condition,
			"content-type": "application/octet-stream"
		};
		const answer = await session.send({
			method: "PUT",
			key,
			headers,
			body: bytes,
			changes
		});
		if (answer.status === 412 || answer.status === 409 || answer.status === 404 && answer.code === "NoSuchKey") return void 0;
		if (answer.status !== 200) throw unexpected(answer);
		return answer;
	};
	const prove = async () => {
		const copy = await (looking ?? look());
		const taken = await put(copy?.bytes ?? /* @__PURE__ */ new Uint8Array(), { "if-match": impossible }, false);
		if (taken !== void 0) throw ignoresConditions(taken.name, "If-Match");
		if (copy !== void 0 && !isConditional()) {
			const again = await put(copy.bytes, { "if-none-match": "*" }, false);
			if (again !== void 0) throw ignoresConditions(again.name, "If-None-Match");
		}
		onConditional();
	};
	return {
		read: async () => {
			const copy = look();
			looking = copy;
			try {
				return await copy;
			} finally {
				if (looking === copy) looking = void 0;
			}
		},
		proveWritable: async () => {
			await prove();
			return "proved";
		},
		write: async (bytes, ifVersion) => {
			if (ifVersion !== void 0 && !/^[\x21-\x7e]+$/.test(ifVersion)) return { kind: "conflict" };
			if (!isConditional()) await prove();
			const follows = ifVersion ?? emptyAt;
			const answer = await put(bytes, follows === void 0 ? { "if-none-match": "*" } : { "if-match": follows }, true);
			if (answer === void 0) return { kind: "conflict" };
			if (answer.etag !== void 0) return {
				kind: "written",
				version: answer.etag
			};
			throw unanswered(answer, "the answer has no ETag", true);
		}
	};
}
// node_modules/aws4fetch/dist/aws4fetch.esm.mjs
/**
* @license MIT <https://opensource.org/licenses/MIT>
* @copyright Michael Hart 2024
*/
const encoder = new TextEncoder();
const HOST_SERVICES = {
	appstream2: "appstream",
	cloudhsmv2: "cloudhsm",
	email: "ses",
	marketplace: "aws-marketplace",
	mobile: "AWSMobileHubService",
	pinpoint: "mobiletargeting",
	queue: "sqs",
	"git-codecommit": "codecommit",
	"mturk-requester-sandbox": "mturk-requester",
	"personalize-runtime": "personalize"
};
const UNSIGNABLE_HEADERS = /* @__PURE__ */ new Set([
	"authorization",
	"content-type",
	"content-length",
	"user-agent",
	"presigned-expires",
	"expect",
	"x-amzn-trace-id",
	"range",
	"connection"
]);
var AwsV4Signer = class {
	constructor({ method, url, headers, body, accessKeyId, secretAccessKey, sessionToken, service, region, cache, datetime, signQuery, appendSessionToken, allHeaders, singleEncode }) {
		if (url == null) throw new TypeError("url is a required option");
		if (accessKeyId == null) throw new TypeError("accessKeyId is a required option");
		if (secretAccessKey == null) throw new TypeError("secretAccessKey is a required option");
		this.method = method || (body ? "POST" : "GET");
		this.url = new URL(url);
		this.headers = new Headers(headers || {});
		this.body = body;
		this.accessKeyId = accessKeyId;
		this.secretAccessKey = secretAccessKey;
		this.sessionToken = sessionToken;
		let guessedService, guessedRegion;
		if (!service || !region) [guessedService, guessedRegion] = guessServiceRegion(this.url, this.headers);
		this.service = service || guessedService || "";
		this.region = region || guessedRegion || "us-east-1";
		this.cache = cache || /* @__PURE__ */ new Map();
		this.datetime = datetime || (/* @__PURE__ */ new Date()).toISOString().replace(/[:-]|\.\d{3}/g, "");
		this.signQuery = signQuery;
		this.appendSessionToken = appendSessionToken || this.service === "iotdevicegateway";
		this.headers.delete("Host");
		if (this.service === "s3" && !this.signQuery && !this.headers.has("X-Amz-Content-Sha256")) this.headers.set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
		const params = this.signQuery ? this.url.searchParams : this.headers;
		params.set("X-Amz-Date", this.datetime);
		if (this.sessionToken && !this.appendSessionToken) params.set("X-Amz-Security-Token", this.sessionToken);
		this.signableHeaders = ["host", ...this.headers.keys()].filter((header) => allHeaders || !UNSIGNABLE_HEADERS.has(header)).sort();
		this.signedHeaders = this.signableHeaders.join(";");
		this.canonicalHeaders = this.signableHeaders.map((header) => header + ":" + (header === "host" ? this.url.host : (this.headers.get(header) || "").replace(/\s+/g, " "))).join("\n");
		this.credentialString = [
			this.datetime.slice(0, 8),
			this.region,
			this.service,
			"aws4_request"
		].join("/");
		if (this.signQuery) {
			if (this.service === "s3" && !params.has("X-Amz-Expires")) params.set("X-Amz-Expires", "86400");
			params.set("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
			params.set("X-Amz-Credential", this.accessKeyId + "/" + this.credentialString);
			params.set("X-Amz-SignedHeaders", this.signedHeaders);
		}
		if (this.service === "s3") try {
			this.encodedPath = decodeURIComponent(this.url.pathname.replace(/\+/g, " "));
		} catch (e) {
			this.encodedPath = this.url.pathname;
		}
		else this.encodedPath = this.url.pathname.replace(/\/+/g, "/");
		if (!singleEncode) this.encodedPath = encodeURIComponent(this.encodedPath).replace(/%2F/g, "/");
		this.encodedPath = encodeRfc3986(this.encodedPath);
		const seenKeys = /* @__PURE__ */ new Set();
		this.encodedSearch = [...this.url.searchParams].filter(([k]) => {
			if (!k) return false;
			if (this.service === "s3") {
				if (seenKeys.has(k)) return false;
				seenKeys.add(k);
			}
			return true;
		}).map((pair) => pair.map((p) => encodeRfc3986(encodeURIComponent(p)))).sort(([k1, v1], [k2, v2]) => k1 < k2 ? -1 : k1 > k2 ? 1 : v1 < v2 ? -1 : v1 > v2 ? 1 : 0).map((pair) => pair.join("=")).join("&");
	}
	async sign() {
		if (this.signQuery) {
			this.url.searchParams.set("X-Amz-Signature", await this.signature());
			if (this.sessionToken && this.appendSessionToken) this.url.searchParams.set("X-Amz-Security-Token", this.sessionToken);
		} else this.headers.set("Authorization", await this.authHeader());
		return {
			method: this.method,
			url: this.url,
			headers: this.headers,
			body: this.body
		};
	}
	async authHeader() {
		return [
			"AWS4-HMAC-SHA256 Credential=" + this.accessKeyId + "/" + this.credentialString,
			"SignedHeaders=" + this.signedHeaders,
			"Signature=" + await this.signature()
		].join(", ");
	}
	async signature() {
		const date = this.datetime.slice(0, 8);
		const cacheKey = [
			this.secretAccessKey,
			date,
			this.region,
			this.service
		].join();
		let kCredentials = this.cache.get(cacheKey);
		if (!kCredentials) {
			kCredentials = await hmac(await hmac(await hmac(await hmac("AWS4" + this.secretAccessKey, date), this.region), this.service), "aws4_request");
			this.cache.set(cacheKey, kCredentials);
		}
		return buf2hex(await hmac(kCredentials, await this.stringToSign()));
	}
	async stringToSign() {
		return [
			"AWS4-HMAC-SHA256",
			this.datetime,
			this.credentialString,
			buf2hex(await hash(await this.canonicalString()))
		].join("\n");
	}
	async canonicalString() {
		return [
			this.method.toUpperCase(),
			this.encodedPath,
			this.encodedSearch,
			this.canonicalHeaders + "\n",
			this.signedHeaders,
			await this.hexBodyHash()
		].join("\n");
	}
	async hexBodyHash() {
		let hashHeader = this.headers.get("X-Amz-Content-Sha256") || (this.service === "s3" && this.signQuery ? "UNSIGNED-PAYLOAD" : null);
		if (hashHeader == null) {
			if (this.body && typeof this.body !== "string" && !("byteLength" in this.body)) throw new Error("body must be a string, ArrayBuffer or ArrayBufferView, unless you include the X-Amz-Content-Sha256 header");
			hashHeader = buf2hex(await hash(this.body || ""));
		}
		return hashHeader;
	}
};
async function hmac(key, string) {
	const cryptoKey = await crypto.subtle.importKey("raw", typeof key === "string" ? encoder.encode(key) : key, {
		name: "HMAC",
		hash: { name: "SHA-256" }
	}, false, ["sign"]);
	return crypto.subtle.sign("HMAC", cryptoKey, encoder.encode(string));
}
async function hash(content) {
	return crypto.subtle.digest("SHA-256", typeof content === "string" ? encoder.encode(content) : content);
}
const HEX_CHARS = [
	"0",
	"1",
	"2",
	"3",
	"4",
	"5",
	"6",
	"7",
	"8",
	"9",
	"a",
	"b",
	"c",
	"d",
	"e",
	"f"
];
function buf2hex(arrayBuffer) {
	const buffer = new Uint8Array(arrayBuffer);
	let out = "";
	for (let idx = 0; idx < buffer.length; idx++) {
		const n = buffer[idx];
		out += HEX_CHARS[n >>> 4 & 15];
		out += HEX_CHARS[n & 15];
	}
	return out;
}
function encodeRfc3986(urlEncodedStr) {
	return urlEncodedStr.replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}
function guessServiceRegion(url, headers) {
	const { hostname, pathname } = url;
	if (hostname.endsWith(".on.aws")) {
		const match = hostname.match(/^[^.]{1,63}\.lambda-url\.([^.]{1,63})\.on\.aws$/);
		return match != null ? ["lambda", match[1] || ""] : ["", ""];
	}
	if (hostname.endsWith(".r2.cloudflarestorage.com")) return ["s3", "auto"];
	if (hostname.endsWith(".backblazeb2.com")) {
		const match = hostname.match(/^(?:[^.]{1,63}\.)?s3\.([^.]{1,63})\.backblazeb2\.com$/);
		return match != null ? ["s3", match[1] || ""] : ["", ""];
	}
	const match = hostname.replace("dualstack.", "").match(/([^.]{1,63})\.(?:([^.]{0,63})\.)?amazonaws\.com(?:\.cn)?$/);
	let service = match && match[1] || "";
	let region = match && match[2];
	if (region === "us-gov") region = "us-gov-west-1";
	else if (region === "s3" || region === "s3-accelerate") {
		region = "us-east-1";
		service = "s3";
	} else if (service === "iot") {
		if (hostname.startsWith("iot.")) service = "execute-api";
		else if (hostname.startsWith("data.jobs.iot.")) service = "iot-jobs-data";
		else service = pathname === "/mqtt" ? "iotdevicegateway" : "iotdata";
	} else if (service === "autoscaling") {
		const targetPrefix = (headers.get("X-Amz-Target") || "").split(".")[0];
		if (targetPrefix === "AnyScaleFrontendService") service = "application-autoscaling";
		else if (targetPrefix === "AnyScaleScalingPlannerFrontendService") service = "autoscaling-plans";
	} else if (region == null && service.startsWith("s3-")) {
		region = service.slice(3).replace(/^fips-|^external-1/, "");
		service = "s3";
	} else if (service.endsWith("-fips")) service = service.slice(0, -5);
	else if (region && /-\d$/.test(service) && !/-\d$/.test(region)) [service, region] = [region, service];
	return [HOST_SERVICES[service] || service, region || ""];
}
// src/stores/s3/s3-exchange.ts
/** Sends one request to one server. @throws KeeperError as `ask` does, and where the server itself says that it cannot answer now */
async function exchange(variables, { name, changes, ...request }) {
	const { status, headers, body } = await ask({
		name,
		caVariable: "AWS_CA_BUNDLE",
		variables
	}, request, changes);
	const xml = status < 300 ? "" : body.toString("utf8");
	const [code, message] = [textIn(xml, "Code"), textIn(xml, "Message")];
	const region = [headers["x-amz-bucket-region"], textIn(xml, "Region")].find((each) => typeof each === "string" && isRegion(each));
	const answer = {
		status,
		body,
		name,
		etag: headers.etag,
		code: code !== void 0 && /^[\w.]{1,80}$/.test(code) ? code : void 0,
		message: message === void 0 ? void 0 : serverWords(message),
		region: status === 301 || code === "AuthorizationHeaderMalformed" ? region : void 0
	};
	const undone = status === 429 || status === 503 || code === "RequestTimeout";
	if (undone || status >= 500 && status !== 501) {
		const why = [
			`status ${status}`,
			answer.code,
			answer.message
		].filter((part) => part !== void 0).join(" ");
		throw unanswered({ name }, why, changes && !undone);
	}
	return answer;
}
/** The text of the first element of this name. */
function textIn(xml, tag) {
	return (new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1])?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", "\"").replaceAll(/&apos;|&#39;/g, "'").replaceAll("&amp;", "&");
}
// src/stores/s3/s3-session.ts
/** Seconds that a role is taken for, the shortest that AWS gives, and for how many of them it is used. */
const lasts = 900;
const used = 840;
/** A login at one object store, made at the first request and kept until its keys end. */
function s3Session({ address, variables, idTokenRight, sessionName, onSecret }) {
	let login;
	const keys = async (region) => {
		const before = login;
		const known = await before?.catch(() => void 0);
		if (known !== void 0 && known.until > performance.now()) return known;
		if (login === before) login = newKeys(region);
		return login ?? newKeys(region);
	};
	const newKeys = async (region) => {
		const { role, audience } = address;
		if (role === void 0) return keysOf(variables, onSecret);
		const networkEnv = variables.values;
		const { token, claims } = await requestIdToken({
			audience,
			right: idTokenRight,
			networkEnv,
			onSecret
		});
		const url = stsOf(address, region, variables);
		const form = {
			Action: "AssumeRoleWithWebIdentity",
			Version: "2011-06-15",
			RoleArn: role,
			RoleSessionName: sessionName,
			WebIdentityToken: token,
			DurationSeconds: String(lasts)
		};
		const answer = await exchange(variables, {
			method: "POST",
			url,
			name: `The STS at ${url.host}`,
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: Buffer.from(new URLSearchParams(form).toString()),
			changes: false
		});
		const xml = answer.body.toString("utf8");
		const [accessKeyId, secretAccessKey, sessionToken] = [
			"AccessKeyId",
			"SecretAccessKey",
			"SessionToken"
		].map((tag) => textIn(xml, tag));
		if (answer.status !== 200 || accessKeyId === void 0 || secretAccessKey === void 0) throw loginRefused(address, claims, {
			...answer,
			as: role
		});
		onSecret(secretAccessKey);
		if (sessionToken !== void 0) onSecret(sessionToken);
		return {
			accessKeyId,
			secretAccessKey,
			sessionToken,
			as: `the role ${role} (${claims})`,
			until: performance.now() + used * 1e3
		};
	};
	return { send: async ({ method, key, headers = {}, body, changes }) => {
		const region = regionOf(address, variables);
		const { accessKeyId, secretAccessKey, sessionToken = "", as } = await keys(region);
		const url = objectUrl(address, region, key);
		const signer = new AwsV4Signer({
			accessKeyId,
			secretAccessKey,
			sessionToken,
			method,
			url: url.href,
			headers: {
				...headers,
				"x-amz-content-sha256": sha256(body ?? /* @__PURE__ */ new Uint8Array())
			},
			service: "s3",
			region
		});
		const signed = Object.fromEntries((await signer.sign()).headers);
		return {
			...await exchange(variables, {
				method,
				url,
				name: `S3 at ${url.host}`,
				headers: signed,
				...body && { body },
				changes
			}),
			as
		};
	} };
}
function keysOf(variables, onSecret) {
	const [accessKeyId, secretAccessKey, sessionToken] = [
		"AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN"
	].map((name) => variableOf(variables, name, "login"));
	if (accessKeyId === void 0 || secretAccessKey === void 0) throw noKeys();
	if (![
		accessKeyId,
		secretAccessKey,
		sessionToken ?? "none"
	].every((word) => /^[\x21-\x7e]+$/.test(word))) throw noKeys();
	onSecret(secretAccessKey);
	if (sessionToken !== void 0) onSecret(sessionToken);
	return {
		accessKeyId,
		secretAccessKey,
		sessionToken,
		as: "AWS_ACCESS_KEY_ID",
		until: Infinity
	};
}
function regionOf({ region, endpoint }, variables) {
	const found = region ?? variableOf(variables, "AWS_REGION") ?? variableOf(variables, "AWS_DEFAULT_REGION");
	if (found === void 0 && endpoint === void 0) throw noRegion();
	if (found !== void 0 && !isRegion(found)) throw unusable("AWS_REGION", "It is not the name of a region.");
	return found ?? "us-east-1";
}
/** A bucket with a dot in its name would not fit AWS's certificate as a host, and other servers know their one host alone. */
function objectUrl({ bucket, endpoint }, region, key) {
	const path = key.split("/").map(encodeURIComponent).join("/");
	if (endpoint !== void 0) return new URL(`/${bucket}/${path}`, endpoint);
	const host = `s3.${region}.${domainOf(region)}`;
	return bucket.includes(".") ? new URL(`https://${host}/${bucket}/${path}`) : new URL(`https://${bucket}.${host}/${path}`);
}
function stsOf({ endpoint }, region, variables) {
	const named = variableOf(variables, "AWS_ENDPOINT_URL_STS");
	const url = named === void 0 ? void 0 : parseServer(named);
	if (typeof url === "string") throw unusable("AWS_ENDPOINT_URL_STS", url);
	return url ?? new URL(endpoint ?? `https://sts.${region}.${domainOf(region)}`);
}
function domainOf(region) {
	return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
// src/stores/s3/s3-store.ts
/** An object in AWS S3, or in a server that speaks it with conditional writes: one request each to read, to prove and to write. */
function s3Store({ name, handover, ...setup }) {
	const { address } = setup;
	let conditional = address.endpoint === void 0 || handover?.conditional === true;
	const common = {
		session: s3Session(setup),
		address,
		isConditional: () => conditional,
		onConditional: () => {
			conditional = true;
		}
	};
	const { read, write } = s3Object({
		...common,
		key: leaseKeyOf(address)
	});
	return {
		name,
		guarantee: "compare-and-set",
		...s3Object({
			...common,
			key: address.key
		}),
		leasePlace: {
			seenBy: "all-jobs",
			read,
			write
		},
		handover: () => ({ conditional })
	};
}
export { s3Store };
