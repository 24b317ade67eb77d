import { Cn as accountHash, Dn as isSameAccount, En as isSame, Q as parseSshAddress, Wt as look, ct as sshOptions, dn as removeAuthFile, gn as messageOf, in as failureWords, ln as observeAuthFile, lt as writeKeyFiles, mn as KeeperError, ot as howToPin, pt as secretsIn, st as quoted, tn as failureOfExec, wn as compareAge, xn as unmanagedReasons, zt as writeBack } from "../shared.js";
import { t as sshStore } from "../ssh-store.js";
import { t as bringToMachine } from "./bring-to-machine.js";
import { t as stderrTail } from "../stderr-tail.js";
import { t as runChild } from "../child.js";
import { n as exitCodes } from "./exit-code.js";
import { a as makeNewLogin, r as keptWords, t as codexProgram } from "./new-login.js";
import { i as withCodexFile, t as openPlaces } from "./places.js";
import { o as warning } from "./line.js";
import { t as wrongUsage } from "./wrong-usage.js";
const { mkdtemp, rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { readFileSync } = process.getBuiltinModule("node:fs");
const { dirname: dirname$1 } = process.getBuiltinModule("node:path/posix");
// src/cli/deploy/deploy-login.ts
/**
* Puts a login on a host, has Codex prove it there, and gives up this machine's copy if it was to be moved. The host's own login is never
* replaced by an older one or by another account's; what a failure leaves is a host as it was, or one that holds the whole login.
* @throws KeeperError two-accounts, store-superseded or a code of the store, with nothing written; needs-reseed where OpenAI refuses
*   the login; codex-failed where it could not be proved
*/
async function deployLogin(request) {
	const { credential, host, file, who, say, interrupts, onArrived, way } = request;
	const copy = await copyThere(request);
	await host.makeFolder(dirname$1(file));
	const takeBack = async () => {
		if (copy !== "none" || way === "login") return "as-it-should-be";
		return await host.remove(file, credential.bytes) ? "as-it-should-be" : "refreshed";
	};
	const forgetTakingBack = interrupts.onInterrupt(async () => {
		await takeBack();
	});
	const arrived = await put(request, copy).catch(async (error) => {
		await takeBack().catch(() => void 0);
		throw error;
	}).finally(forgetTakingBack);
	await onArrived();
	say(arrived === "written" ? `Put on ${who}: ${file.replace(/^\/~/, "~")}` : `${who} holds this login already.`);
	const forgetSaying = interrupts.onInterrupt(() => {
		say(`The login is on ${who}, and Codex there was at work with it. "codex-auth-keeper sync" tells which copy is the newest.`);
	});
	const proof = await host.prove(dirname$1(file)).finally(forgetSaying);
	const refusal = refusalOf(proof, who);
	if (refusal !== void 0) throw withCopies(request, refusal, proof.kind === "left-running" ? "as-it-should-be" : await takeBack().catch(() => "unknown"));
	say(proof.kind === "failed" ? `OpenAI accepts the login on ${who}; its usage limit is reached.` : `Codex on ${who} has answered with it.`);
	await settleThisMachine(request);
}
/** What the host holds, where it may be replaced. */
async function copyThere({ store, credential, who, clock, way }) {
	const seen = await look(store, clock);
	if (seen.kind === "unreadable") throw seen.error;
	if (seen.kind === "none") return "none";
	const { fingerprint: there } = seen.credential;
	const { fingerprint: ours } = credential;
	if (!isSameAccount(there, ours)) throw new KeeperError("two-accounts", `${who} holds the login of another account (${accountHash(there)}; this one is ${accountHash(ours)}). Nothing was written.`, "Log out there first (codex logout), if that login is not needed any more.");
	if (!isSame(there, ours) && compareAge(ours, there) !== "newer") throw new KeeperError("store-superseded", `${who} holds a login of this account that is ${compareAge(there, ours) === "newer" ? "newer" : "of the same moment"}. Nothing was written.`, way === "login" ? "Try again." : "Bring it here with \"codex-auth-keeper sync\", or make a new one for that host with --login.");
	return there;
}
async function put({ store, credential, who, clock }, copy) {
	const { fingerprint: base } = credential;
	const standing = {
		base,
		lastSeen: { [store.name]: {
			base,
			copy
		} }
	};
	const { results } = await writeBack({
		stores: [store],
		file: {
			kind: "managed",
			credential
		},
		standing,
		clock
	});
	const outcome = results[0]?.outcome;
	if (outcome?.kind === "written") return "written";
	if (outcome?.kind === "kept" && outcome.reason === "unchanged") {
		await store.publish?.();
		return "unchanged";
	}
	if (outcome?.kind === "failed") throw outcome.error;
	throw new KeeperError("store-superseded", `${who} was given another login meanwhile. Nothing was written.`, "Run this again.");
}
/** Why the login does not count as proved. A login whose usage limit is reached has been accepted. */
function refusalOf(proof, who) {
	if (proof.kind === "passed" || proof.kind === "failed" && proof.failure === "quota") return void 0;
	if (proof.kind === "left-running") return new KeeperError("codex-failed", `Codex on ${who} has not answered within 45 seconds. It was left to end by itself, since it may be refreshing the login.`, "See whether OpenAI can be reached from there; then run this again.");
	if (proof.failure === void 0) return new KeeperError("codex-failed", `The proof failed: "codex exec" on ${who} ended with an error that says nothing about the login.`, "Run \"codex exec --skip-git-repo-check 'Reply exactly: OK'\" there and read what it says.");
	const { cause, needsPerson } = failureWords[proof.failure];
	const wayOut = needsPerson ? "Log in again: codex-auth-keeper deploy HOST --login." : "Run this again when that has passed.";
	return new KeeperError(needsPerson ? "needs-reseed" : "codex-failed", `The proof on ${who} failed. ${cause}`, wayOut);
}
/** The same refusal, with what became of the copies. */
function withCopies({ who, way }, { code, message, remedy }, after) {
	const here = way === "login" ? "" : " This machine's copy stays.";
	switch (after) {
		case "as-it-should-be": return new KeeperError(code, message + here, remedy);
		case "refreshed": return new KeeperError(code, `${message}${here} Codex on ${who} has refreshed the login meanwhile, so the copy there is the newest now and stays too.`, `${remedy} "codex-auth-keeper sync" brings the newest here.`);
		case "unknown": return new KeeperError(code, `${message}${here} The one on ${who} could not be taken away again.`, remedy);
	}
}
/** After the proof: a login that was moved is given up here, and one that was copied becomes what the proof has made of it. */
async function settleThisMachine(request) {
	const { store, clock, codexHome, credential, way, who, say } = request;
	if (way === "login") return;
	const seen = await look(store, clock);
	const there = seen.kind === "held" && goesOnFrom(seen.credential.fingerprint, credential.fingerprint) ? seen.credential : void 0;
	if (there === void 0) throw new KeeperError("codex-failed", `${who} does not hold the login any more that was proved there. This machine's copy stays.`, "See what has replaced it there, and run this again.");
	if (way === "move") {
		if (await removeAuthFile(codexHome, credential.bytes)) {
			say("This machine's copy is gone.");
			return;
		}
		throw new KeeperError("codex-failed", "Codex on this machine has written another login meanwhile, so it was not removed.", "Let no Codex work here during the move, and run \"codex-auth-keeper sync\" first.");
	}
	if (isSame(there.fingerprint, credential.fingerprint)) return;
	const outcome = await bringToMachine({
		codexHome,
		clock,
		dryRun: false,
		credential: there,
		seen: {
			kind: "managed",
			credential
		}
	});
	if (outcome.kind === "failed") throw outcome.error;
	say(`Codex on ${who} has refreshed the login during the proof; this machine holds the new one too.`);
}
function goesOnFrom(there, ours) {
	return isSameAccount(there, ours) && (isSame(there, ours) || compareAge(there, ours) !== "older");
}
// src/stores/ssh/ssh-failure.ts?cli
/**
* What ssh's own exit code 255 means, from its messages (OpenSSH, LC_ALL=C).
* @param operation a write whose connection had been made may have been stored
*/
function sshFailure(stderr, operation, { host, port }) {
	const message = `ssh to ${host}: ${stderrTail(stderr) || "the connection ended without a message."}`;
	if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) return new KeeperError("store-refused", `THE HOST KEY OF ${host} IS NOT THE PINNED ONE. Nothing was sent. ${message}`, `Somebody may be between this runner and the host. Only when you know that its key was changed: ${howToPin(host, port)}`);
	if (/Host key verification failed|No .*host key is known|No matching host key/i.test(stderr)) return new KeeperError("store-refused", `ssh-known-hosts has no key for ${host} (port ${port}). Nothing was sent. ${message}`, howToPin(host, port));
	if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr)) return new KeeperError("store-unauthorized", message, "See that ssh-key is a private key without passphrase whose public half is in authorized_keys on the host.");
	if (operation === "read" || neverConnected.test(stderr)) return new KeeperError("store-unreachable", message, "See that the host is up and reachable from this runner.");
	return new KeeperError("store-unknown-outcome", message, "The connection broke off in a write: read it back.");
}
const neverConnected = /^ssh: (connect to host|Could not resolve)|kex_exchange_identification|banner exchange/im;
// src/stores/ssh/ssh-client.ts?cli
/** The system's ssh, without any configuration of this machine or user. */
function sshClient(options) {
	const { address, ssh, timeoutMs = 3e4 } = options;
	let made;
	const keys = () => {
		if (made === void 0) {
			const making = keyDirectory(options);
			made = making;
			making.catch(() => {
				if (made === making) made = void 0;
			});
		}
		return made;
	};
	return {
		run: async (operation, commandLine, stdin) => {
			let result;
			try {
				const directory = await keys();
				const args = [...sshArguments(options), commandLine];
				result = await runChild({
					tool: ssh,
					args,
					env: sshEnvironment(options, directory),
					cwd: directory,
					timeoutMs,
					...stdin && { stdin }
				});
			} catch (error) {
				throw new KeeperError("store-refused", `${ssh} could not be started: ${messageOf(error)}`, "Install the OpenSSH client on this runner.", { cause: error });
			}
			if (result.kind === "exited" && result.exitCode === 255) throw sshFailure(result.stderr, operation, address);
			return result;
		},
		close: async () => {
			const directory = await made?.catch(() => void 0);
			made = void 0;
			if (directory) await rm(directory, {
				recursive: true,
				force: true
			}).catch(() => void 0);
		}
	};
}
/** ssh runs in the directory of its key files, so their names alone will do, whatever characters the path has. */
function sshArguments(options) {
	const { user, host, port } = options.address;
	return [
		...sshOptions(options, (file) => file),
		"-p",
		String(port),
		"-l",
		user,
		"--",
		host
	];
}
/** LC_ALL, because the messages are parsed. */
function sshEnvironment({ key, agentSocket }, directory) {
	return {
		PATH: "/usr/bin:/bin",
		HOME: directory,
		LC_ALL: "C",
		...key === void 0 && agentSocket !== void 0 && { SSH_AUTH_SOCK: agentSocket }
	};
}
async function keyDirectory(options) {
	const directory = await mkdtemp(join(options.tempDir, "codex-auth-ssh-"));
	try {
		await writeKeyFiles(options, directory);
	} catch (error) {
		await rm(directory, {
			recursive: true,
			force: true
		}).catch(() => void 0);
		throw error;
	}
	return directory;
}
// src/cli/deploy/host-codex.ts
/** What a host runs. It lies beside this file, and in dist beside the bundle. */
const scriptFile = new URL("./codex-auth-host.sh", import.meta.url);
/** Two profiles of ten seconds each, 45 seconds for Codex, and the way there. Milliseconds. */
const longest = 1e5;
/** Works on a host by a script that is sent with each command; nothing of it stays there. */
function hostCodex(options) {
	const { host, port, user } = options.address;
	const client = sshClient({
		...options,
		timeoutMs: longest
	});
	const script = readFileSync(scriptFile, "utf8").trimEnd();
	const run = async (words, stdin) => {
		const result = await client.run("read", `sh -c ${quoted(script)} codex-auth-host ${words}`, stdin).catch((error) => {
			throw isUnknownHost(error, host, port) ? unknownHost(host, port) : error;
		});
		if (result.kind === "exited") return result;
		throw new KeeperError("store-unreachable", `${host} did not end in time.`, "See why it hangs; it was not stopped.");
	};
	const done = async (words, stdin) => {
		const { exitCode, stdout, stderr } = await run(words, stdin);
		if (exitCode === 0) return stdout.toString("utf8");
		if (exitCode === exit.noCodex) throw new KeeperError("codex-failed", `${user}@${host} has no Codex: neither in PATH, nor with the profile of a login shell, nor where installers put it. Nothing was put there.`, "Install it there (npm install --global @openai/codex), and run this again.");
		throw new KeeperError("store-refused", `${host}: ${stderrTail(stderr) || `exit code ${exitCode}`}`, "Make it possible for that user there.");
	};
	return {
		find: async () => /^home (.+)$/m.exec(await done("find"))?.[1],
		makeFolder: async (folder) => {
			await done(`folder ${folder}`);
		},
		prove: async (folder) => proofIn(await done(`prove ${folder}`)),
		remove: async (file, bytes) => {
			const { exitCode } = await run(`remove ${file}`, bytes);
			return exitCode === 0;
		},
		close: () => client.close()
	};
}
const exit = { noCodex: 69 };
/** What the script prints of a proof: a line that says how it ended, then what Codex printed. */
function proofIn(printed) {
	const [, code] = /^ended (\d+)\n/.exec(printed) ?? [];
	if (code === void 0) return { kind: "left-running" };
	if (code === "0") return { kind: "passed" };
	return {
		kind: "failed",
		failure: failureOfExec(printed, printed)
	};
}
function isUnknownHost(error, host, port) {
	return error instanceof KeeperError && error.remedy === howToPin(host, port);
}
function unknownHost(host, port) {
	return new KeeperError("store-refused", `The key of the host ${host} (port ${port}) is not known here, and it is not trusted on first use. Nothing was sent.`, `Compare the output of "ssh-keyscan -p ${port} ${host}" with the key as the host itself shows it (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), for ssh-keyscan alone proves nothing. Then add it: ssh-keyscan -p ${port} ${host} >> ~/.ssh/known_hosts`);
}
// src/cli/commands/deploy.ts
const deploy = {
	describe: (command) => {
		command.argument("<host>", "user@host:port; the port may be missing, a path to auth.json may follow").option("--login", "makes a new login for that host (recommended): each machine then has one of its own").option("--device", "with --login: log in with a code, on any device, instead of in a browser of this machine").option("--move", "hands over this machine's login, and gives it up here once it has been proved there").option("--copy", "hands over this machine's login, and keeps it here; the two will spend one token").option("--codex-home <folder>", "where Codex keeps auth.json on this machine (default: $CODEX_HOME, else ~/.codex)");
	},
	examples: [
		["codex-auth-keeper deploy me@build.example.com --login", "a login of its own for that host; you sign in here"],
		["codex-auth-keeper deploy me@build.example.com --move", "the login of this machine works on that host from now on, and no longer here"],
		["codex-auth-keeper deploy me@build.example.com:2222 --copy", "both have it; mind that only one of them may refresh it"]
	],
	run: async ({ args, options }, context) => {
		const way = await chosenWay(options, context);
		const address = withCodexFile(args[0] ?? "");
		const parsed = parseSshAddress(address);
		if (parsed.kind === "problems") throw wrongUsage(parsed.problems.join(" "), "Name the host as user@host:port.");
		const places = await openPlaces({
			store: [`ssh: ${address}`],
			codexHome: textOf(options["codexHome"])
		}, context);
		try {
			await deployTo(places, {
				way,
				device: options["device"] === true
			}, context);
			return exitCodes.well;
		} finally {
			await places.close();
		}
	}
};
async function chosenWay(options, { questions }) {
	const ways = [
		"login",
		"move",
		"copy"
	].filter((way) => options[way] === true);
	const [way, ...more] = ways;
	if (more.length > 0) throw wrongUsage(`Only one of ${ways.map((name) => `--${name}`).join(" and ")} can be meant.`, "Leave out the others.");
	if (way !== void 0) return way;
	return questions.choose("Which login is the host to have?", [
		{
			value: "login",
			label: "a new one, made for it",
			hint: "recommended: no machine spends the token of another"
		},
		{
			value: "move",
			label: "this machine's, which is given up here",
			hint: "one login, one machine"
		},
		{
			value: "copy",
			label: "a copy of this machine's",
			hint: "the two will spend one token"
		}
	], {
		flag: "--login, --move or --copy",
		byDefault: "login"
	});
}
async function deployTo(places, { way, device }, context) {
	const { terminal, interrupts, clock } = context;
	const [settings] = places.settings;
	if (settings?.kind !== "ssh") throw new Error("A host was opened as another store.");
	const { address } = settings;
	const who = `${address.user}@${address.host}`;
	const say = (text) => {
		terminal.print(text);
	};
	const own = way === "login" ? void 0 : await loginOfThisMachine(places, context);
	if (way === "login") codexProgram(context);
	const host = hostCodex(settings);
	const close = interrupts.onInterrupt(() => host.close());
	try {
		const folder = await terminal.during(`Looking for Codex on ${who}`, host.find());
		const file = fileThere(address.path, folder);
		const store = sshStore({
			...settings,
			address: {
				...address,
				path: file
			}
		});
		const closeStore = interrupts.onInterrupt(() => store.close?.());
		try {
			if (way === "copy") terminal.say([warning("Note:"), " a refresh token works once. Two machines with one login will spend the same one; --move avoids it."]);
			if (own === void 0) await store.proveWritable();
			const made = own === void 0 ? await makeNewLogin({ way: device ? "device" : "browser" }, context) : void 0;
			const credential = own ?? made?.credential;
			if (credential === void 0) throw new Error("There is a login by now.");
			await handedOver(made, context, (onArrived) => {
				const request = {
					who,
					way,
					credential,
					codexHome: places.codexHome,
					store,
					file,
					host,
					clock,
					interrupts,
					say,
					onArrived
				};
				return terminal.during(`Handing the login to Codex on ${who}`, deployLogin(request));
			});
		} finally {
			await store.close?.();
			closeStore();
		}
	} finally {
		await host.close();
		close();
	}
}
/** A new login is removed here once the host holds it; where it never gets there it is kept, since no machine can make it again. */
async function handedOver(made, { terminal }, work) {
	const homeless = new Set(made === void 0 ? [] : [made]);
	try {
		await work(async () => {
			homeless.clear();
			await made?.discard();
		});
	} catch (error) {
		for (const login of homeless) terminal.say(keptWords(await login.keep()));
		throw error;
	}
}
async function loginOfThisMachine({ codexHome }, { clock, terminal }) {
	const seen = await observeAuthFile(codexHome, clock);
	if (seen.kind === "managed") {
		terminal.secrets.add(secretsIn({
			authJson: Buffer.from(seen.credential.bytes).toString("utf8"),
			keyFiles: [],
			tokens: []
		}));
		return seen.credential;
	}
	if (seen.kind === "missing") throw new KeeperError("no-credential", `There is no login in ${codexHome}.`, "Log in with \"codex login\".");
	const what = seen.kind === "unmanaged" ? unmanagedReasons[seen.credential.why] : "is damaged";
	throw new KeeperError("unusable-credential", `auth.json in ${codexHome} ${what}. Nothing was sent.`, "Log in with \"codex login\".");
}
/** The file that Codex reads on the host: the one that was named, else that of its CODEX_HOME there. */
function fileThere(named, folder) {
	if (named !== "/~/.codex/auth.json" || folder === void 0) return named;
	const file = `${folder.replace(/\/+$/, "")}/auth.json`;
	if (parseSshAddress(`user@host${file}`).kind === "address" && dirname$1(file).startsWith("/")) return file;
	throw new KeeperError("store-refused", "CODEX_HOME of that user names a folder that cannot be used over SSH: it must be a whole path of letters, digits and . _ - / alone.", "Set it to such a folder there, or name the file: user@host:port/path/auth.json.");
}
function textOf(value) {
	return typeof value === "string" ? value : void 0;
}
export { deploy };
