import { J as judgeStores, L as parseSecretWriter, N as remembering, _t as closeStores, gn as messageOf, mt as parseSealingKeys, vt as openStores, wt as findTools } from "../shared.js";
import { n as githubToken, r as repositoryOfClone, t as githubServer } from "./repository.js";
import { t as wrongUsage } from "./wrong-usage.js";
const { mkdtemp, readFile, rm } = process.getBuiltinModule("node:fs/promises");
const { join, resolve } = process.getBuiltinModule("node:path");
const { rmSync } = process.getBuiltinModule("node:fs");
const { hostname, tmpdir } = process.getBuiltinModule("node:os");
// src/cli/ssh-defaults.ts
const keyFiles = [
	"id_ed25519",
	"id_ecdsa",
	"id_rsa"
];
/** The key and the known hosts for ssh: of the keeper's variables, else of the agent and `~/.ssh`. */
async function sshDefaults(secrets, env, home) {
	const read = (name) => readFile(join(home, ".ssh", name), "utf8").catch(() => void 0);
	return {
		key: secrets.CODEX_AUTH_SSH_KEY ?? (env["SSH_AUTH_SOCK"] ? void 0 : (await Promise.all(keyFiles.map(read))).find((text) => text !== void 0)),
		knownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? await read("known_hosts")
	};
}
// src/cli/ssh-host.ts
/** Where Codex keeps the login of a host's user, if nothing there says otherwise. */
const codexFileOnHost = "/~/.codex/auth.json";
/** What follows `ssh:`, with the file that Codex reads on the host where none is named. */
function withCodexFile(address) {
	const text = address.trim();
	return text.includes("/") ? text : `${text}${codexFileOnHost}`;
}
/** The line of a store; a host of which no file is named stands for the one that Codex reads there. */
function storeLineOf(line) {
	const [, address] = /^ssh:\s*([^\s/]+)$/.exec(line.trim()) ?? [];
	return address === void 0 ? line : `ssh: ${withCodexFile(address)}`;
}
// src/cli/expressions.ts
/** A value of a workflow in which nothing is left to GitHub to fill in; undefined where there is. */
function literal(value, repository) {
	if (value === void 0) return void 0;
	const known = repository === void 0 ? value : value.replaceAll(/\$\{\{\s*github\.repository\s*\}\}/g, repository);
	return known.includes("${{") ? void 0 : known;
}
// src/cli/places.ts
/**
* Opens the places that the options and the environment name. Whoever opens them closes them; should the program be interrupted before,
* that is done for him.
* @throws KeeperError invalid-inputs with all that is wrong with the stores, in one list
*/
async function openPlaces(options, context) {
	const { environment, home, cwd, interrupts } = context;
	const { shared } = environment;
	const step = await workflowStep(options, cwd);
	const named = options.store.length > 0 ? options.store.map(storeLineOf) : step?.stores ?? [];
	const isAsked = named.some((line) => /^(?:git\s*$|git:\s*\?|github-secret\b)|\$\{\{/.test(line.trim()));
	const repository = options.repo ?? (isAsked ? await repositoryOfClone(cwd, shared, githubServer(shared)) : void 0);
	const slot = options.slot ?? step?.slot ?? "default";
	const { lines, outOfReach } = withinReach(storeLines(named, repository));
	const tempDirectory = await mkdtemp(join(tmpdir(), "codex-auth-keeper-"));
	const forget = interrupts.onInterrupt(() => {
		rmSync(tempDirectory, {
			recursive: true,
			force: true
		});
	});
	const removed = async () => {
		await rm(tempDirectory, {
			recursive: true,
			force: true
		}).catch(() => void 0);
		forget();
	};
	try {
		const given = await storeInputs({
			options,
			step,
			slot,
			lines,
			repository
		}, context);
		const { stores: settings, problems } = lines.length === 0 ? {
			stores: [],
			problems: []
		} : judgeStores(lines.join("\n"), given, storeRun(context, tempDirectory, repository));
		if (problems.length > 0) throw wrongUsage(problems.join("\n"), "Correct the options or the environment; --help lists them.");
		const stores = (await openStores(settings, {})).map(remembering);
		const closed = interrupts.onInterrupt(() => closeStores(stores));
		return {
			codexHome: resolve(cwd, options.codexHome ?? (shared["CODEX_HOME"] || join(home, ".codex"))),
			slot,
			stores,
			settings,
			outOfReach,
			repository,
			tempDirectory,
			close: async () => {
				await closeStores(stores);
				closed();
				await removed();
			}
		};
	} catch (error) {
		await removed();
		throw error;
	}
}
async function workflowStep({ workflow, slot, store }, cwd) {
	if (workflow === void 0) return void 0;
	const text = await readFile(resolve(cwd, workflow), "utf8").catch((error) => {
		throw wrongUsage(`${workflow} cannot be read: ${messageOf(error)}`, "Name a workflow file that is there.");
	});
	const { chosenStep, keeperStepsIn } = await import("./workflow-step2.js");
	const steps = keeperStepsIn(text, workflow);
	return store.length > 0 && steps.length !== 1 ? void 0 : chosenStep(steps, slot, workflow);
}
function storeLines(named, repository) {
	return named.map((line) => {
		const known = literal(line, repository);
		if (known === void 0) throw wrongUsage(`The workflow says "${line}", and only GitHub knows what that is.`, "Name this store with --store.");
		return known;
	});
}
function withinReach(lines) {
	const isCache = (line) => line.trim() === "cache";
	return {
		lines: lines.filter((line) => !isCache(line)),
		outOfReach: lines.filter(isCache).map((name) => ({
			name,
			why: "only a job of GitHub Actions can reach its cache"
		}))
	};
}
async function storeInputs({ options, step, slot, lines, repository }, { environment, terminal, home, cwd }) {
	const { secrets, shared } = environment;
	const token = lines.some((line) => /^(?:git|github-secret)\b/.test(line)) ? await githubToken(secrets.CODEX_AUTH_TOKEN, shared, cwd, githubServer(shared)) : void 0;
	if (token !== void 0) terminal.secrets.add([token]);
	const ssh = lines.some((line) => /^(?:ssh:|git:\s*(?:ssh:|[\w.-]+@))/.test(line)) ? await sshDefaults(secrets, shared, home) : void 0;
	const said = (input) => literal(step?.inputs[input], repository);
	return {
		slot,
		authJson: secrets.CODEX_AUTH_SEED,
		encryptionKey: secrets.CODEX_AUTH_KEY === void 0 ? void 0 : parseSealingKeys(secrets.CODEX_AUTH_KEY),
		githubToken: token,
		storeToken: secrets.CODEX_AUTH_STORE_TOKEN?.trim(),
		secretWriter: parseSecretWriter({
			token,
			appId: void 0,
			privateKey: void 0
		}),
		readCommand: options.readCommand ?? said("read-command"),
		writeCommand: options.writeCommand ?? said("write-command"),
		proveCommand: options.proveCommand ?? said("prove-command"),
		sshKey: ssh?.key,
		sshKnownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? said("ssh-known-hosts") ?? ssh?.knownHosts
	};
}
function storeRun({ environment: { shared }, home, terminal }, tempDirectory, repository = "") {
	return {
		home,
		tempDirectory,
		workspace: void 0,
		tools: findTools(shared["PATH"] ?? ""),
		env: shared,
		userEnv: shared,
		lostVariables: [],
		repository,
		ref: shared["GITHUB_REF"] ?? "",
		...githubServer(shared),
		runUrl: whoWrites(shared),
		hasNextStage: true,
		sealedFor: void 0,
		handovers: {},
		onSecret: (secret) => {
			terminal.secrets.add([secret]);
		}
	};
}
/** Where a person finds what has written a copy: the page of the CI job, else this machine. */
function whoWrites(env) {
	const { GITHUB_RUN_ID: run, GITHUB_REPOSITORY: repository } = env;
	if (run && repository) return `${githubServer(env).serverUrl}/${repository}/actions/runs/${run}`;
	return env["CI_JOB_URL"] ?? env["BUILD_URL"] ?? `codex-auth-keeper on ${hostname()}`;
}
export { withCodexFile as i, whoWrites as n, codexFileOnHost as r, openPlaces as t };
