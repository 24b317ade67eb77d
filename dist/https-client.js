import { Sn as isLoopbackHost, at as parsedUrl } from "./shared.js";
const { isIP } = process.getBuiltinModule("node:net");
const { Agent, request } = process.getBuiltinModule("node:http");
const { Agent: Agent$1, request: request$1 } = process.getBuiltinModule("node:https");
const { TLSSocket, connect: connect$1 } = process.getBuiltinModule("node:tls");
// src/proxy-tunnel.ts
/** Since 24.5 and 22.21 Node's agents go by a proxy themselves. The command line also runs on older ones. */
const nodeGoesByProxy = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
/**
* The proxy for a URL as the variables of this process name it (HTTPS_PROXY, NO_PROXY); undefined where there is none.
* For a process whose variables stay as they are: the command line.
*/
async function proxyOf(url) {
	const { getProxyUrl } = await import("./proxy.js");
	return getProxyUrl(url);
}
/**
* A connection to the host of a URL by way of a proxy; what it carries later is between us and the host.
* @param signal ends the attempt
* @throws Error with the code ERR_PROXY_TUNNEL where the proxy refuses, else that of the connection
*/
function tunnelTo(url, proxy, signal) {
	const target = `${url.hostname}:${url.port || "443"}`;
	const login = [proxy.username, proxy.password].map(decodeURIComponent).join(":");
	const authorization = login !== ":" && { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
	const send = proxy.protocol === "https:" ? request$1 : request;
	return new Promise((resolve, reject) => {
		const refused = () => {
			reject(Object.assign(/* @__PURE__ */ new Error("The proxy refuses."), { code: "ERR_PROXY_TUNNEL" }));
		};
		const asking = send(proxy.origin, {
			method: "CONNECT",
			path: target,
			headers: {
				host: target,
				...authorization
			},
			agent: false,
			signal
		});
		asking.once("error", reject);
		asking.once("response", (response) => {
			response.destroy();
			refused();
		});
		asking.once("connect", (response, socket) => {
			if (response.statusCode === 200) {
				resolve(socket);
				return;
			}
			socket.destroy();
			refused();
		});
		asking.end();
	});
}
// src/https-client.ts
/** No document of ours comes near it. */
const largestAnswer = 4194304;
/**
* Sends one request that carries a credential: over verified TLS (plain only to this machine itself), through the proxy of the
* environment that is given, following no redirect, and exactly once.
*/
async function sendHttps(request$2, { ca, env, limit = 1e4 }) {
	const { url, method, headers, body } = request$2;
	const isHere = isLoopbackHost(url.hostname);
	const isPlain = url.protocol === "http:";
	if (isPlain && !isHere) return {
		kind: "untrusted",
		why: "its address is plain http"
	};
	const agentOptions = isHere ? {} : { proxyEnv: { ...env } };
	const agent = isPlain ? new Agent(agentOptions) : new Agent$1(agentOptions);
	const common = {
		method,
		agent,
		headers: {
			"user-agent": "codex-auth-keeper",
			...headers,
			...body && { "content-length": body.length }
		}
	};
	let timer;
	const until = AbortSignal.timeout(limit);
	let tunnel;
	/** From then on the request may have been read by whom it was meant for. */
	let isReached = false;
	try {
		const proxy = nodeGoesByProxy || isHere ? void 0 : await proxyOf(url);
		if (proxy !== void 0) {
			const socket = await tunnelTo(url, proxy, until);
			tunnel = connect$1({
				socket,
				servername: isIP(url.hostname) ? "" : url.hostname,
				host: url.hostname,
				rejectUnauthorized: true,
				...ca !== void 0 && { ca }
			});
		}
		const byTunnel = tunnel && {
			agent: void 0,
			createConnection: () => tunnel
		};
		return await new Promise((resolve, reject) => {
			const sending = isPlain ? request(url, common) : request$1(url, {
				...common,
				...byTunnel,
				rejectUnauthorized: true,
				...ca !== void 0 && { ca }
			});
			timer = setTimeout(() => sending.destroy(new Late()), limit);
			sending.once("socket", (socket) => {
				whenReached(socket, () => isReached = true);
			});
			sending.once("error", reject);
			sending.once("response", (response) => {
				const chunks = [];
				let size = 0;
				response.on("data", (chunk) => {
					chunks.push(chunk);
					size += chunk.length;
					if (size > largestAnswer) response.destroy(new TooLarge());
				});
				response.once("error", reject);
				response.once("end", () => {
					resolve({
						kind: "answered",
						status: response.statusCode ?? 0,
						headers: response.headers,
						body: Buffer.concat(chunks)
					});
				});
			});
			sending.end(body);
		});
	} catch (error) {
		return failed(until.aborted ? new Late() : error, isReached);
	} finally {
		clearTimeout(timer);
		tunnel?.destroy();
		agent.destroy();
	}
}
var Late = class extends Error {};
var TooLarge = class extends Error {};
/** A socket from a proxy's tunnel may be there already. */
function whenReached(socket, tell) {
	const isSecure = socket instanceof TLSSocket;
	if (isSecure ? socket.authorized : !socket.connecting) tell();
	else socket.once(isSecure ? "secureConnect" : "connect", tell);
}
function failed(error, sent) {
	if (error instanceof Late) return {
		kind: "unanswered",
		sent,
		why: "no complete answer came in time"
	};
	if (error instanceof TooLarge) return {
		kind: "unanswered",
		sent,
		why: "the answer is far too long"
	};
	const { code } = error;
	const why = typeof code === "string" && /^[A-Z_0-9]{4,60}$/.test(code) ? code : "the connection failed";
	if (!sent && isOfTheCertificate(why)) return {
		kind: "untrusted",
		why: `its certificate is not trusted here, ${why}`
	};
	return {
		kind: "unanswered",
		sent,
		why: `no complete answer came, ${why}`
	};
}
/** The codes of OpenSSL's verification, as Node's documentation lists them ("X509 certificate error codes"), and of its own. */
function isOfTheCertificate(code) {
	return /CERT|SIGNATURE|ISSUER|^(CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code);
}
/** Where an answer sends the request on to, as its origin alone; undefined when it does not. A credential is never sent there. */
function redirectOf({ status, headers }, from) {
	if (status < 300 || status > 399 || headers.location === void 0) return void 0;
	const to = parsedUrl(headers.location, from.href);
	return to !== void 0 && /^https?:$/.test(to.protocol) && /^[\w.:[\]-]+$/.test(to.host) ? to.origin : "another place";
}
export { sendHttps as n, redirectOf as t };
