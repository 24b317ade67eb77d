import { ct as sshOptions, gn as messageOf, it as leaseRef, lt as writeKeyFiles, mn as KeeperError, pn as readPlainFile, st as quoted } from "./shared.js";
import { n as withoutSecretPieces, t as stderrTail } from "./stderr-tail.js";
import { t as runChild } from "./child.js";
const { mkdir, mkdtemp, readFile, rename, rm, writeFile } = process.getBuiltinModule("node:fs/promises");
const { dirname, join } = process.getBuiltinModule("node:path");
const { randomUUID } = process.getBuiltinModule("node:crypto");
// src/stores/git/git-answers.ts
/** True when the server listed its refs and this one is not among them. */
function isCertainlyMissing(answer, ref) {
	const missing = `fatal: couldn't find remote ref ${ref}`;
	return answer.spoke && answer.exitCode === 128 && answer.stderr.split("\n").includes(missing);
}
/** What `git push --porcelain` says of the ref; undefined when it did not get that far. */
function rejectionOf({ stdout, spoke }) {
	const [, how, reason = ""] = /^!\t[^\t]*\t\[(rejected|remote rejected)\] \((.*)\)$/m.exec(stdout) ?? [];
	if (how === "remote rejected") return {
		kind: "by-server",
		reason
	};
	return how === "rejected" && reason === "stale info" && spoke ? { kind: "stale" } : void 0;
}
/** What git, OpenSSH and github.com say (LC_ALL=C), tried in this order. */
const causes = [
	[
		/Host key verification failed|IDENTIFICATION HAS CHANGED/,
		"store-refused",
		() => "Put the host key that the administrator of the host gives you into ssh-known-hosts."
	],
	[
		/(returned error:|RPC failed; HTTP) 40[134]|could not read (Username|Password)|Authentication failed/,
		"store-unauthorized",
		access$1
	],
	[
		/repository '.*' not found|Permission (to \S+ )?denied|Repository not found|Write access|read.only|not allowed/i,
		"store-unauthorized",
		access$1
	],
	[
		/(returned error:|RPC failed; HTTP) 3\d\d/,
		"store-refused",
		() => "The repository has moved. A token does not follow to another address: write the new one into store."
	],
	[
		/(returned error:|RPC failed; HTTP) 413|does not appear to be a git repository|dubious ownership|mismatched alg/,
		"store-refused",
		() => "See that the address names a git repository that takes this."
	]
];
/** The error for an answer that brought nothing, sorted by what it says; without a known cause it is an outage. */
function gitFailure(answer, asked) {
	const message = `${asked.name}: ${said(answer)}`;
	const cause = causes.find(([pattern]) => pattern.test(answer.stderr));
	if (cause) return new KeeperError(cause[1], message, cause[2](asked));
	return new KeeperError("store-unreachable", message, `See that ${asked.address.url} answers from this runner.`);
}
/** The error for a push that the server refused while the ref stayed as it was. */
function refusedPush(answer, reason, { name, address }) {
	const message = `${name}: the push was refused (${reason}): ${said(answer)}`;
	if (/lock|failed to update ref|incorrect old value|already exists/.test(reason)) return new KeeperError("store-unreachable", message, "Try again.");
	return new KeeperError("store-refused", message, `A rule or hook of the server protects ${address.ref}. Allow it there, or name another ref: store: "git: …?ref=refs/heads/codex-auth/<slot>".`);
}
/** What git and the server said, as one bounded line. */
function said({ stderr, spoke }) {
	const kept = stderr.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e]|@{3,}/g, "").trim()).filter((line) => line !== "" && !noise.test(line));
	const text = withoutSecretPieces(kept.join("\n")).replaceAll("\n", "; ").slice(0, 400);
	return !spoke && (text === "" || text.includes("couldn't find remote ref")) ? "what answers there is not a git server" : text;
}
const noise = /^error: failed to push|^Please make sure|^and the repository exists|^hint:|^remote:$/;
function access$1({ address: { url, transport }, tokenInput }) {
	if (transport.kind === "ssh") return `Register the public half of ssh-key at ${url} with write access.`;
	if (transport.kind === "file") return "Give the user who runs this runner access to that directory.";
	if (tokenInput === "store-token") return `Put a token of ${transport.origin} into store-token that may read and write ${url}. Git must be 2.31 or newer.`;
	return `Give the job "permissions: contents: write", or put a token into github-token that may read and write ${url}. Git must be 2.31 or newer.`;
}
// src/stores/git/git-document.ts
const largest = 1048576;
const readMs = 25e3;
const pushMs = 4e4;
/** Reads with `git fetch`, writes with `git push --force-with-lease`. The errors are those of a store. */
function gitDocument(options) {
	const { asked, fetchedTo, repository } = options;
	const { name } = asked;
	const { url, ref } = asked.address;
	const ask = async (args) => {
		const answer = await (await repository()).remote(args, readMs);
		if (answer === "timed-out") throw noAnswer(name, readMs);
		return answer;
	};
	/** Object id at the ref now; undefined when there certainly is none. */
	const tip = async () => {
		const answer = await ask([
			"ls-remote",
			"--refs",
			url,
			ref
		]);
		if (answer.exitCode !== 0 || !answer.spoke) throw gitFailure(answer, asked);
		return answer.stdout.split("\n").map((line) => line.split("	")).find(([, at]) => at === ref)?.[0];
	};
	const push = async (oid, lease, ...more) => {
		const how = [
			"--porcelain",
			"--no-verify",
			...more,
			`--force-with-lease=${ref}:${lease}`
		];
		return (await repository()).remote([
			"push",
			...how,
			url,
			`${oid}:${ref}`
		], pushMs);
	};
	return {
		read: async () => {
			const answer = await ask([
				"fetch",
				"--quiet",
				"--no-tags",
				"--no-write-fetch-head",
				url,
				`+${ref}:${fetchedTo}`
			]);
			if (isCertainlyMissing(answer, ref)) return void 0;
			if (answer.exitCode !== 0) throw gitFailure(answer, asked);
			return fetched(await repository(), options);
		},
		write: async (bytes, ifVersion) => {
			const oid = await commit(await repository(), bytes, options);
			const answer = await push(oid, ifVersion ?? "");
			if (answer === "timed-out") throw unknownOutcome(name, `no answer within ${pushMs / 1e3} s`);
			if (answer.exitCode === 0) return {
				kind: "written",
				version: oid
			};
			const rejection = rejectionOf(answer);
			if (rejection?.kind === "stale") return { kind: "conflict" };
			if (!answer.sent) throw gitFailure(answer, asked);
			const now = await tip().catch(() => {
				throw unknownOutcome(name, "the answer to the push was lost");
			});
			if (now === oid) return {
				kind: "written",
				version: oid
			};
			if (now !== ifVersion) return { kind: "conflict" };
			if (rejection !== void 0) throw refusedPush(answer, rejection.reason, asked);
			const failure = gitFailure(answer, asked);
			throw failure.code === "store-unreachable" ? unknownOutcome(name, failure.message) : failure;
		},
		note: async () => {
			const text = await (await repository()).local([
				"cat-file",
				"commit",
				fetchedTo
			]).catch(() => void 0);
			const said = (word) => new RegExp(`^${word}: (.{1,300})$`, "m").exec(text?.toString("utf8") ?? "")?.[1];
			const [run, when] = [said("Run"), said("When")];
			return run === void 0 || when === void 0 ? void 0 : {
				run,
				when
			};
		},
		proveWritable: async () => {
			const probe = await commit(await repository(), /* @__PURE__ */ new Uint8Array(), options);
			const answer = await push(probe, probe, "--dry-run");
			if (answer === "timed-out") throw noAnswer(name, pushMs);
			if (rejectionOf(answer)?.kind !== "stale") throw gitFailure(answer, asked);
		}
	};
}
/** What the last fetch has brought. */
async function fetched(repository, { fetchedTo, file }) {
	const wanted = Buffer.from(`${fetchedTo}\n${fetchedTo}:${file}\n`);
	const [commit, found] = (await repository.local(["cat-file", "--batch-check"], wanted)).toString("utf8").split("\n").map((line) => line.split(" "));
	const [version = "", type] = commit ?? [];
	const [blob = "", fileType, size] = found ?? [];
	return {
		version,
		bytes: type === "commit" && fileType === "blob" && Number(size) <= largest ? new Uint8Array(await repository.local([
			"cat-file",
			"blob",
			blob
		])) : void 0
	};
}
/** Makes a commit without parents; two of them are never the same, so that of two equal documents one push wins. */
async function commit(repository, bytes, options) {
	const { slot, subject, file, commitNote } = options;
	const now = commitNote.now();
	const write = randomUUID();
	const plain = (text) => text.replace(/[^\x20-\x7e]/g, "?");
	const message = [
		plain(subject),
		"",
		`Slot: ${plain(slot)}`,
		`Run: ${plain(commitNote.run)}`,
		`When: ${now.toISOString()}`,
		`Write: ${write}`,
		""
	].join("\n");
	const stream = Buffer.concat([
		Buffer.from(`commit refs/keeper/${write}\nmark :1\ncommitter codex-auth-keeper <codex-auth-keeper@localhost> ${Math.floor(now.getTime() / 1e3)} +0000\ndata ${message.length}\n${message}\nM 100644 inline ${file}\ndata ${bytes.length}\n`),
		bytes,
		Buffer.from("\nget-mark :1\n")
	]);
	return (await repository.local([
		"fast-import",
		"--quiet",
		"--date-format=raw"
	], stream)).toString("utf8").trim();
}
function noAnswer(name, ms) {
	return new KeeperError("store-unreachable", `${name}: no answer within ${ms / 1e3} s`, "See that it answers from this runner.");
}
function unknownOutcome(name, why) {
	return new KeeperError("store-unknown-outcome", `${name}: ${why}`, "The copy may or may not be stored; the next read tells.");
}
// src/stores/git/git-carried-pack.ts
/** A commit with a sealed copy of a few kilobytes. Bytes. */
const largestPack = 2097152;
/** Leaves a commit of the repository, with what it holds (sealed as it is in the store), in the file. */
async function leavePack(repository, version, { file, forNextStage }) {
	if (!forNextStage) return;
	const pack = await repository.local([
		"pack-objects",
		"--revs",
		"--stdout",
		"--quiet"
	], Buffer.from(`${version}\n`));
	await writeFile(`${file}.new`, pack, { mode: 384 });
	await rename(`${file}.new`, file);
}
/**
* Brings the objects of the file into the repository. A step that changed the file gains nothing: git names objects by what
* they hold, and which one is wanted is what the server says.
*/
async function takePack(repository, { file }) {
	const pack = await readPlainFile(file, largestPack).catch(() => void 0);
	if (pack !== void 0) await repository.local(["unpack-objects", "-q"], pack).catch(() => void 0);
}
async function dropPack({ file, forNextStage }) {
	if (!forNextStage) await rm(file, { force: true });
}
// src/stores/git/git-ssh.ts
/**
* Writes the key files into a private directory.
* @returns the value for GIT_SSH_COMMAND, which git gives to a shell
*/
async function sshCommand(ssh, directory) {
	await writeKeyFiles(ssh, directory);
	const inOption = (file) => `"${join(directory, file).replaceAll("%", "%%")}"`;
	return [ssh.path, ...sshOptions(ssh, inOption)].map(quoted).join(" ");
}
// src/stores/git/git-repository.ts
/** Makes the repository, in a directory that only this user can enter. */
async function temporaryRepository(setup) {
	const directory = await mkdtemp(join(setup.tempDir, "codex-auth-git-"));
	try {
		return await repositoryIn(directory, setup);
	} catch (error) {
		await rm(directory, {
			recursive: true,
			force: true
		});
		throw error;
	}
}
async function repositoryIn(directory, setup) {
	const home = join(directory, "home");
	await mkdir(home);
	const base = {
		PATH: `${dirname(setup.git)}:/usr/bin:/bin`,
		HOME: home,
		LC_ALL: "C",
		GIT_DIR: join(directory, "repository"),
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_TERMINAL_PROMPT: "0"
	};
	const { address, access } = setup;
	const token = access.kind === "http" ? access.token : void 0;
	const basic = token === void 0 ? void 0 : Buffer.from(`x-access-token:${token}`).toString("base64");
	const networked = {
		...setup.networkEnv,
		...base,
		...configuration(address, basic),
		GIT_ALLOW_PROTOCOL: address.url.includes("://") ? address.url.slice(0, address.url.indexOf(":")) : "ssh",
		...access.kind === "ssh" && {
			GIT_SSH_COMMAND: await sshCommand(access.ssh, directory),
			GIT_SSH_VARIANT: "ssh"
		}
	};
	const secrets = [token, basic].filter((secret) => secret !== void 0);
	const redacted = (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
	let count = 0;
	const local = async (args, stdin) => {
		const result = await runChild({
			tool: setup.git,
			args,
			env: base,
			cwd: directory,
			...stdin && { stdin }
		});
		if (result.kind === "exited" && result.exitCode === 0 && !result.cut) return result.stdout;
		const why = result.kind === "exited" ? stderrTail(result.stderr) || "more than 1 MiB" : "it did not end within a minute";
		throw new KeeperError("store-refused", `git ${args[0] ?? ""}: ${why}`, "See that the runner has git 2.31 or newer and room in RUNNER_TEMP.");
	};
	const remote = async (args, timeoutMs) => {
		count += 1;
		const trace = join(directory, `packets-${count}`);
		const env = {
			...networked,
			GIT_TRACE_PACKET: trace
		};
		const result = await runChild({
			tool: setup.git,
			args,
			env,
			cwd: directory,
			timeoutMs
		});
		if (result.kind === "timed-out") return "timed-out";
		const packets = await readFile(trace, "latin1").catch(() => "");
		await rm(trace, { force: true });
		return {
			exitCode: result.exitCode,
			stdout: redacted(result.stdout.toString("utf8")),
			stderr: redacted(result.stderr),
			spoke: address.transport.kind !== "http" || /< # service=git-(upload|receive)-pack$/m.test(packets),
			sent: /> [0-9a-f]{40,64} [0-9a-f]{40,64} refs\//m.test(packets)
		};
	};
	try {
		await local([
			"init",
			"--quiet",
			"--bare",
			"--template="
		]);
	} catch (error) {
		if (error instanceof KeeperError) throw error;
		const message = `git could not be started: ${messageOf(error)}`;
		throw new KeeperError("store-refused", message, "Install git on the runner.", { cause: error });
	}
	return {
		local,
		remote,
		remove: () => rm(directory, {
			recursive: true,
			force: true
		})
	};
}
/**
* The only configuration git sees, as GIT_CONFIG_* of the environment.
* Protocol 0, because it answers with the list of refs at once, which saves version 2's extra round trip. No redirects:
* git sends its extra headers, and so the token, on to the server it was sent to.
*/
function configuration({ transport }, basic) {
	const entries = [
		["protocol.version", "0"],
		["core.hooksPath", "/dev/null"],
		["credential.helper", ""],
		["gc.auto", "0"],
		["maintenance.auto", "false"],
		["pack.threads", "1"],
		["http.followRedirects", "false"],
		["http.lowSpeedLimit", "1"],
		["http.lowSpeedTime", "20"]
	];
	if (transport.kind === "http" && basic !== void 0) entries.push([`http.${transport.origin}/.extraHeader`, `Authorization: Basic ${basic}`]);
	return Object.fromEntries([
		["GIT_CONFIG_COUNT", String(entries.length)],
		...entries.map(([key], index) => [`GIT_CONFIG_KEY_${index}`, key]),
		...entries.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value])
	]);
}
// src/stores/git/git-store.ts
/** Name of the only file in the commit of the copy. */
const fileName = "auth.age";
/**
* A ref of a git repository that points to one commit without parents with one file, written with the stock git and
* `--force-with-lease`; a version is the commit's object id. The bytes are stored as they come: seal them. The lease has a ref
* of its own beside it.
*
* Over http a read costs two requests (one when the copy is the last seen or carried one), a write two, a proof one. A
* proof shows that the server lets this run open a push; its rules and hooks, and file modes behind ssh, show only at
* the push.
*/
function gitStore(options) {
	const { name, address, access, slot, pack, commitNote } = options;
	const tokenInput = access.kind === "http" ? access.tokenInput : void 0;
	let opened;
	const repository = () => {
		if (opened === void 0) {
			const opening = openRepository();
			opened = opening;
			opening.catch(() => {
				if (opened === opening) opened = void 0;
			});
		}
		return opened;
	};
	const openRepository = async () => {
		const made = await temporaryRepository(options);
		if (pack) await takePack(made, pack);
		return made;
	};
	/** The pack only saves time, so failing to leave it is not a failure. */
	const leave = async (version) => {
		if (pack) await leavePack(await repository(), version, pack).catch(() => void 0);
	};
	const copy = gitDocument({
		asked: {
			name,
			address,
			tokenInput
		},
		file: fileName,
		fetchedTo: "refs/keeper/copy",
		subject: `Store the refreshed Codex login of slot ${slot}`,
		slot,
		commitNote,
		repository
	});
	const lease = gitDocument({
		asked: {
			name,
			address: {
				...address,
				ref: leaseRef(address.ref)
			},
			tokenInput
		},
		file: "lease.json",
		fetchedTo: "refs/keeper/lease",
		subject: `Say who may refresh the Codex login of slot ${slot}`,
		slot,
		commitNote,
		repository
	});
	const read = async () => {
		const found = await copy.read();
		if (found === void 0) return void 0;
		if (found.bytes === void 0) throw new KeeperError("store-damaged", `${name}: ${address.ref} of ${address.url} holds something other than a stored copy`, "Find out who else writes to this ref. To go on, delete it or name another one, and log in again.");
		await leave(found.version);
		return {
			bytes: found.bytes,
			version: found.version
		};
	};
	const write = async (bytes, ifVersion) => {
		const outcome = await copy.write(bytes, ifVersion);
		if (outcome.kind === "written") await leave(outcome.version);
		return outcome;
	};
	const proveWritable = async () => {
		await copy.proveWritable();
		return access.kind === "file" ? "unprovable" : "proved";
	};
	const close = async () => {
		const closing = opened;
		opened = void 0;
		await closing?.then((made) => made.remove()).catch(() => void 0);
		if (pack) await dropPack(pack).catch(() => void 0);
	};
	return {
		name,
		guarantee: "compare-and-set",
		proveWritable,
		read,
		write,
		leasePlace: {
			seenBy: "all-jobs",
			read: async () => {
				const found = await lease.read();
				return found && {
					bytes: found.bytes ?? /* @__PURE__ */ new Uint8Array(),
					version: found.version
				};
			},
			write: (bytes, ifVersion) => lease.write(bytes, ifVersion)
		},
		about: async () => {
			const note = await copy.note();
			return note && {
				writtenBy: note.run,
				writtenAt: note.when
			};
		},
		close
	};
}
export { gitStore };
