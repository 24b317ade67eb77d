import { r as Option } from "./esm.js";
import { n as exitCodes } from "./exit-code.js";
import { Ct as findTool, Fn as _enum, Gn as object, Kn as optional, Ln as array, Pn as _default, Q as parseSshAddress, Rn as boolean, Un as nullish, Vn as looseObject, Wn as number, Xn as string, Z as parseVaultAddress, _n as systemCodeOf, hn as errorWords, mn as KeeperError, nr as _trim, rt as parseSecretAddress, tr as _regex, tt as parseS3Address, ut as parseKubernetesAddress } from "../shared.js";
import { a as makeNewLogin, n as keptFolder, r as keptWords, t as codexProgram } from "./new-login.js";
import { n as githubToken, r as repositoryOfClone, t as githubServer } from "./repository.js";
import { t as wrongUsage } from "./wrong-usage.js";
import { t as runChild } from "../child.js";
import { t as stderrTail } from "../stderr-tail.js";
import { n as faint, o as warning, r as good } from "./line.js";
import { t as tableLines } from "./table.js";
const { chmod, mkdir, readFile, writeFile } = process.getBuiltinModule("node:fs/promises");
const { dirname, join } = process.getBuiltinModule("node:path");
const { mkdtempSync, rmSync } = process.getBuiltinModule("node:fs");
const { tmpdir } = process.getBuiltinModule("node:os");
// src/cli/setup/github-repository.ts
const repositorySchema = looseObject({
	private: boolean(),
	default_branch: string()
});
const pullSchema = looseObject({ html_url: string() });
const runsSchema = looseObject({ workflow_runs: array(looseObject({
	id: number(),
	html_url: string(),
	status: string(),
	conclusion: nullish(string())
})) });
/** @throws KeeperError of each method: store-unauthorized, store-refused, store-unreachable, as the API does */
function githubRepository(api, owner, repo) {
	const ask = (what, route, parameters = {}, expected = []) => {
		const [method = "", path = ""] = route.split(" ");
		return api.request({
			what,
			route: `${method} /repos/{owner}/{repo}${path}`,
			parameters: {
				owner,
				repo,
				...parameters
			},
			expected
		});
	};
	return {
		facts: async () => {
			const found = understood(repositorySchema, await ask(`look at the repository ${owner}/${repo}`, "GET "));
			return {
				isPrivate: found.private,
				defaultBranch: found.default_branch
			};
		},
		pullRequest: async (branch) => {
			const answer = await ask("list pull requests", "GET /pulls", {
				head: `${owner}:${branch}`,
				state: "open"
			});
			return understood(array(pullSchema), answer)[0]?.html_url;
		},
		openPullRequest: async ({ branch, ...rest }) => understood(pullSchema, await ask("open a pull request", "POST /pulls", {
			head: branch,
			...rest
		})).html_url,
		latestRun: async (workflow) => {
			const parameters = {
				workflow_id: workflow,
				per_page: 1
			};
			const answer = await ask(`list the runs of ${workflow}`, "GET /actions/workflows/{workflow_id}/runs", parameters, [404]);
			if (answer.status === 404) return "no-workflow";
			const [run] = understood(runsSchema, answer).workflow_runs;
			if (run === void 0) return "none";
			return {
				id: run.id,
				url: run.html_url,
				state: run.status === "completed" ? run.conclusion ?? "unknown" : "under-way"
			};
		},
		startRun: async (workflow, branch) => {
			await ask(`start ${workflow}`, "POST /actions/workflows/{workflow_id}/dispatches", {
				workflow_id: workflow,
				ref: branch
			});
		},
		hasEnvironment: async (name) => {
			const parameters = { environment_name: name };
			return (await ask(`look for the environment "${name}"`, "GET /environments/{environment_name}", parameters, [404])).status !== 404;
		},
		makeEnvironment: async (name, branch) => {
			const deployment_branch_policy = {
				protected_branches: false,
				custom_branch_policies: true
			};
			const what = `make the environment "${name}"`;
			await ask(what, "PUT /environments/{environment_name}", {
				environment_name: name,
				deployment_branch_policy
			});
			const policy = {
				environment_name: name,
				name: branch
			};
			await ask(`let ${branch} use it`, "POST /environments/{environment_name}/deployment-branch-policies", policy);
		},
		hasVariable: async (name, environment) => {
			const route = `GET ${variables(environment)}/{name}`;
			return (await ask(`look for the variable ${name}`, route, {
				name,
				environment_name: environment
			}, [404])).status !== 404;
		},
		makeVariable: async (name, environment, value) => {
			const parameters = {
				name,
				value,
				environment_name: environment
			};
			await ask(`make the variable ${name}`, `POST ${variables(environment)}`, parameters, [409]);
		}
	};
}
function variables(environment) {
	return environment === void 0 ? "/actions/variables" : "/environments/{environment_name}/variables";
}
function understood(schema, { data }) {
	const result = schema.safeParse(data);
	if (result.success) return result.data;
	throw new KeeperError("store-unreachable", "GitHub gave an answer that is not one of its API.", "Check GITHUB_API_URL.");
}
// src/cli/setup/sealing-key.ts
/**
* The key of the environment, or the one that an earlier run has made for this repository, or a new one; a new one is in a file of mode
* 0600 before anything is sealed with it.
*/
async function sealingKeyFor(repository, { environment, terminal, home }) {
	const given = environment.secrets.CODEX_AUTH_KEY;
	if (given !== void 0) return {
		identity: given.trim(),
		path: void 0
	};
	const folder = keptFolder(home);
	const path = join(folder, `key-${repository.replace("/", "-")}.txt`);
	const { generateX25519Identity } = await import("../dist.js");
	const fresh = await generateX25519Identity();
	await mkdir(folder, {
		recursive: true,
		mode: 448
	});
	await chmod(folder, 448);
	try {
		await writeFile(path, `${fresh}\n`, {
			flag: "wx",
			mode: 384,
			flush: true
		});
	} catch (error) {
		if (systemCodeOf(error) !== "EEXIST") throw error;
	}
	const identity = (await readFile(path, "utf8")).trim();
	terminal.secrets.add([identity]);
	return {
		identity,
		path
	};
}
// src/cli/setup/setup-branch.ts
const setupBranch = "codex-auth-keeper-setup";
/** @throws KeeperError invalid-inputs where the folder is in no clone */
async function openClone({ cwd, environment, questions }) {
	const tool = findTool("git", environment.shared["PATH"] ?? "");
	if (tool === void 0) throw wrongUsage("There is no git in PATH.", "Install git.");
	const env = {
		...environment.shared,
		...!questions.canAsk && { GIT_TERMINAL_PROMPT: "0" }
	};
	const git = async (args, more = {}) => {
		const stdin = Buffer.from(more.stdin ?? "");
		const result = await runChild({
			tool,
			args,
			env: {
				...env,
				...more.env
			},
			cwd,
			stdin,
			timeoutMs: 12e4
		});
		if (result.kind === "exited" && result.exitCode === 0) return result.stdout.toString("utf8").trim();
		const why = result.kind === "timed-out" ? "it did not end in two minutes" : stderrTail(result.stderr);
		throw new KeeperError("store-refused", `git ${args[0] ?? ""} failed: ${why}`, "See that you may push to origin from here, and run setup again.");
	};
	const root = await git(["rev-parse", "--show-toplevel"]).catch(() => void 0);
	if (root === void 0) throw wrongUsage(`${cwd} is in no clone of a repository.`, "Run setup in a clone of the repository.");
	return {
		root,
		hasBranch: async () => await git([
			"ls-remote",
			"--heads",
			"origin",
			`refs/heads/${setupBranch}`
		]) !== "",
		pushBranch: async (base, files, message, tempDirectory) => {
			await git([
				"fetch",
				"--quiet",
				"--no-tags",
				"origin",
				`refs/heads/${base}`
			]);
			const parent = await git(["rev-parse", "FETCH_HEAD"]);
			const index = { env: { GIT_INDEX_FILE: join(tempDirectory, "index") } };
			await git(["read-tree", parent], index);
			for (const { path, text } of files) {
				const blob = await git([
					"hash-object",
					"-w",
					"--stdin"
				], { stdin: text });
				await git([
					"update-index",
					"--add",
					"--cacheinfo",
					`100644,${blob},${path}`
				], index);
			}
			const commit = await git([
				"commit-tree",
				await git(["write-tree"], index),
				"-p",
				parent,
				"-m",
				message
			]);
			await git([
				"push",
				"--quiet",
				"origin",
				`${commit}:refs/heads/${setupBranch}`
			]);
		}
	};
}
// src/cli/setup/workflow-texts.ts
/** The example of a store, with the line and the environment of the person. */
function codexWorkflow(example, { line, environment }) {
	const [, secret] = /^github-secret:\s*([^?\s]*)/.exec(line ?? "") ?? [];
	const withLine = line === void 0 ? example : example.replace(/^( +store: ).*$/m, (_, start) => start + scalar(line));
	const withSecret = secret === void 0 ? withLine : withLine.replace(/^( +auth-json: \$\{\{ secrets\.)\w+/m, (_, start) => start + secret);
	const named = environmentOf(example);
	if (environment === void 0 || environment === named) return withSecret;
	return named === void 0 ? withSecret.replace(/^ {4}timeout-minutes: .*\n/m, (found) => `${found}    environment: ${scalar(environment)}\n`) : withSecret.replace(/^( {4}environment: )(?:'[^']*'|\S+)/m, (_, start) => start + scalar(environment));
}
/**
* The workflow that keeps the login of another one fresh: with its store, its rights, its runner and its turns.
* @param keepFresh the example, which is for the store git
* @param codex the workflow that uses the login
*/
function keepFreshWorkflow(keepFresh, codex) {
	const [inputs, permissions, cron, runsOn] = [
		part(codex, /^ {8}with:\n((?: {10}.*\n)+)/m),
		part(codex, /^ {4}permissions:\n((?: {6}.*\n)+)/m),
		part(codex, /^ {4}- cron: ('[^']*')/m),
		part(codex, /^( {4}runs-on: .*\n)/m)
	];
	const environment = /^ {4}environment: .*\n/m.exec(codex)?.[0] ?? "";
	const turns = /^(?:#.*\n)*concurrency:\n(?: {2}.*\n)+/m.exec(codex)?.[0];
	return keepFresh.replace(/^# Give it the store lines(?:.*\n)*?#\n(?=# Schedules)/m, "").replace(/^( {4}- cron: )'[^']*'/m, (_, start) => start + cron).replace(/^permissions: \{\}\n/m, (found) => turns === void 0 ? found : `${found}\n${turns}`).replace(/^ {4}runs-on: .*\n/m, () => runsOn).replace(/^ {4}timeout-minutes: .*\n/m, (found) => found + environment).replace(/^ {6}contents: .*\n/m, () => permissions).replace(/^ {8}with:\n(?: {10}(?:store|auth-json|encryption-key):.*\n)+/m, () => `        with:\n${inputs}`);
}
/** The environment that the job of a workflow is in. */
function environmentOf(workflow) {
	const [, quoted, plain] = /^ {4}environment: (?:'((?:[^']|'')*)'|(\S+))/m.exec(workflow) ?? [];
	return quoted?.replaceAll("''", "'") ?? plain;
}
/** The secret or the variable that an input of the keeper's step comes from. */
function sourceOf(workflow, input) {
	return new RegExp(`^ +${input}: \\$\\{\\{ (?:secrets|vars)\\.(\\w+) \\}\\}`, "m").exec(workflow)?.[1];
}
/** A text that YAML reads as it is. */
function scalar(text) {
	return `'${text.replaceAll("'", "''")}'`;
}
function part(text, pattern) {
	const found = pattern.exec(text)?.[1];
	if (found === void 0) throw new Error(`The example has nothing like ${pattern.source}.`);
	return found;
}
// src/cli/setup/workflow-files.ts
const keepFreshFile = "keep-codex-login-fresh.yml";
/** How the examples name the action; zeros until a release puts its commit there. */
const named = /[\w.-]+\/codex-auth-keeper@[0-9a-f]{40} # v\S+/g;
const unreleased = `@${"0".repeat(40)} `;
/**
* The workflows for a store, with the texts of examples/.
* @param action `owner/name@commit` in place of what the examples say
* @returns the one that uses the login, and the one that keeps it fresh
* @throws KeeperError invalid-inputs where the examples name no version of the action and nobody else does
*/
async function workflowTexts(kind, choice, action) {
	const [example, fresh] = await Promise.all([exampleText(`${kind}.yml`, action), exampleText(kind === "runner" ? "keep-fresh-self-hosted.yml" : "keep-fresh.yml", action)]);
	const codex = codexWorkflow(example, choice);
	return {
		codex,
		keepFresh: codex === example && (kind === "git" || kind === "runner") ? fresh : keepFreshWorkflow(fresh, codex)
	};
}
async function exampleText(example, action) {
	const given = await readFile(new URL(`../../examples/${example}`, import.meta.url), "utf8");
	if (action === void 0 && given.includes(unreleased)) throw wrongUsage("Nobody has said which version of the action the workflows use.", "Name it with --action owner/name@commit.");
	return action === void 0 ? given : given.replaceAll(named, action);
}
/** The workflows as files of the person's clone, and whether it has them. */
function workflowFiles(root, { codex, keepFresh }) {
	const named = [["codex.yml", codex], [keepFreshFile, keepFresh]];
	return Promise.all(named.map(async ([name, text]) => {
		const path = join(".github", "workflows", name);
		const present = await readFile(join(root, path), "utf8").catch(() => void 0);
		return {
			path,
			text,
			state: present === void 0 ? "missing" : present === text ? "there" : "other"
		};
	}));
}
/** Writes a workflow that is missing. */
async function writeWorkflow(root, { path, text }) {
	await mkdir(dirname(join(root, path)), { recursive: true });
	await writeFile(join(root, path), text, { flag: "wx" });
}
// src/cli/setup/setup-steps.ts
const nothing = () => Promise.resolve();
/** The secret with the age key, which nobody can read again. */
function keyStep({ secret, isThere }, repository, context) {
	const name = "Age key";
	if (isThere) return {
		name,
		state: "done",
		words: `${secret.words} is there`,
		perform: nothing
	};
	return {
		name,
		state: "to-do",
		words: `make one and put it into ${secret.words}`,
		perform: async () => {
			const { identity, path } = await sealingKeyFor(repository, context);
			await secret.putValue(Buffer.from(identity));
			if (path !== void 0) context.terminal.print(`The key is in ${path}. Keep it in your password manager, then remove the file: GitHub shows it to nobody.`);
		}
	};
}
/** The secret with the login that everything starts from. */
function loginStep({ secret, isThere }, way, context) {
	const name = "Login";
	if (isThere) return {
		name,
		state: "done",
		words: `${secret.words} is there (a new login: codex-auth-keeper login)`,
		perform: nothing
	};
	return {
		name,
		state: "to-do",
		words: `log in with codex login, into ${secret.words}`,
		perform: async () => {
			const made = await makeNewLogin({ way }, context);
			try {
				if (await secret.put(made.credential) === "superseded") throw new KeeperError("store-refused", "The secret has a login that was issued later.", "Use that one.");
			} catch (error) {
				context.terminal.say(keptWords(await made.keep()));
				throw error;
			}
			await made.discard();
		}
	};
}
/** One workflow in the person's clone; a file that is there with another text is nobody's to replace. */
function fileStep(root, file, { terminal }) {
	const name = `File ${file.path}`;
	switch (file.state) {
		case "there": return {
			name,
			state: "done",
			words: "is there",
			perform: nothing
		};
		case "other": return {
			name,
			state: "done",
			words: "is there with another text, which stays",
			perform: nothing
		};
		case "missing": return {
			name,
			state: "to-do",
			words: "write it",
			perform: async () => {
				await writeWorkflow(root, file);
				terminal.print(`--- ${file.path}`);
				for (const line of file.text.trimEnd().split("\n")) terminal.print(line);
			}
		};
	}
}
/** The branch with the workflows and its pull request. */
async function pullRequestStep(facts, { terminal }) {
	const { clone, github, files, base, tempDirectory } = facts;
	const name = "Pull request";
	const [open, isPushed] = await Promise.all([github.pullRequest(setupBranch), clone.hasBranch()]);
	if (open !== void 0) return {
		name,
		state: "done",
		words: `is open: ${open}`,
		perform: nothing
	};
	return {
		name,
		state: "to-do",
		words: isPushed ? `open one from ${setupBranch}, which is there` : `push ${setupBranch} and open one`,
		perform: async () => {
			const title = "Keep the Codex login in CI alive";
			if (!isPushed) await clone.pushBranch(base, files.filter(({ state }) => state !== "other"), title, tempDirectory);
			terminal.print(`Pull request: ${await github.openPullRequest({
				branch: setupBranch,
				base,
				title,
				body: "A workflow that uses Codex with a kept login, and one that refreshes the login every week."
			})}`);
		}
	};
}
/** The first run of the workflow that keeps the login fresh, followed to its end. */
async function runStep(github, branch, context) {
	const name = "First run";
	const latest = await github.latestRun(keepFreshFile);
	if (latest === "no-workflow") return {
		name,
		state: "later",
		words: `when ${branch} has the workflows: run setup again then`,
		perform: nothing
	};
	if (latest !== "none" && latest.state === "success") return {
		name,
		state: "done",
		words: `is green: ${latest.url}`,
		perform: nothing
	};
	const isUnderWay = latest !== "none" && latest.state === "under-way";
	return {
		name,
		state: "to-do",
		words: isUnderWay ? `follow ${latest.url}` : `start ${keepFreshFile} on ${branch} and follow it`,
		perform: async () => {
			if (!isUnderWay) await github.startRun(keepFreshFile, branch);
			await follow(github, latest === "none" || isUnderWay ? void 0 : latest.id, context);
		}
	};
}
/** Between two looks at a run, and in all. Milliseconds. */
const pause = 3e3;
const patience = 18e5;
/** @param before the run that was the newest when another one was started */
async function follow(github, before, { terminal, clock }) {
	const end = clock.elapsed() + patience;
	const watched = async () => {
		let told = false;
		while (clock.elapsed() < end) {
			const run = await github.latestRun(keepFreshFile);
			if (typeof run === "object" && run.id !== before) {
				if (run.state !== "under-way") return run;
				if (!told) terminal.print(`The first run: ${run.url}`);
				told = true;
			}
			await clock.sleep(pause);
		}
		throw new KeeperError("store-unreachable", "The first run has not ended in half an hour.", "Look at it on GitHub; setup goes on from there.");
	};
	const run = await terminal.during("The first run is under way", watched());
	if (run.state !== "success") throw new KeeperError("codex-failed", `The first run has ended with ${run.state}: ${run.url}`, "Its log says why; then run setup again.");
	terminal.print(`The first run is green: ${run.url}`);
}
/** Makes sure that it is told of which step something went wrong; the cause stays. */
function stepFailed({ name }, error) {
	const [code, remedy] = error instanceof KeeperError ? [error.code, error.remedy] : ["store-refused", "Run setup again."];
	return new KeeperError(code, `${name}: ${error instanceof KeeperError ? error.message : errorWords(error)}`, remedy, { cause: error });
}
// src/cli/setup/given-steps.ts
/** The environment that has the secrets; what it is to hold is proved as soon as it is there, before a login is made for it. */
function environmentStep(name, isThere, branch, github, secrets) {
	const step = "Environment";
	if (isThere) return {
		name: step,
		state: "done",
		words: `"${name}" is there`,
		perform: nothing
	};
	return {
		name: step,
		state: "to-do",
		words: `make "${name}", which ${branch} alone may use`,
		perform: async () => {
			try {
				await github.makeEnvironment(name, branch);
			} catch (error) {
				const code = error instanceof KeeperError ? error.code : "store-refused";
				const remedy = `Make the environment "${name}" under Settings > Environments, let ${branch} alone use it, and run setup again.`;
				throw new KeeperError(code, error instanceof KeeperError ? error.message : errorWords(error), remedy, { cause: error });
			}
			await Promise.all(secrets().map(({ secret }) => secret.prove()));
		}
	};
}
/** The secret with the key that opens the host of the store ssh; the person has it, and setup is given it. */
function sshKeyStep({ secret, isThere }, { environment }) {
	const name = "SSH key";
	if (isThere) return {
		name,
		state: "done",
		words: `${secret.words} is there`,
		perform: nothing
	};
	const key = environment.secrets.CODEX_AUTH_SSH_KEY;
	if (key === void 0) return {
		name,
		state: "later",
		words: `${secret.words} is missing: run setup again with the key in CODEX_AUTH_SSH_KEY (docs/ssh.md)`,
		perform: nothing
	};
	if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/.test(key.trim())) throw wrongUsage("CODEX_AUTH_SSH_KEY is no private key.", "Put the text of the key into it, as ssh-keygen has written it.");
	return {
		name,
		state: "to-do",
		words: `put CODEX_AUTH_SSH_KEY into ${secret.words}`,
		perform: () => secret.putValue(Buffer.from(`${key.trim()}\n`))
	};
}
/** The variable with the keys of that host; nobody trusts them on first use. */
async function knownHostsStep(variable, environmentName, isEnvironmentThere, github, { environment }) {
	const name = "Known hosts";
	if (isEnvironmentThere && await github.hasVariable(variable, environmentName)) return {
		name,
		state: "done",
		words: `the variable ${variable} is there`,
		perform: nothing
	};
	const lines = environment.secrets.CODEX_AUTH_KNOWN_HOSTS;
	if (lines === void 0) return {
		name,
		state: "later",
		words: `the variable ${variable} is missing: run setup again with the keys of the host in CODEX_AUTH_KNOWN_HOSTS (docs/ssh.md)`,
		perform: nothing
	};
	return {
		name,
		state: "to-do",
		words: `put CODEX_AUTH_KNOWN_HOSTS into the variable ${variable}`,
		perform: () => github.makeVariable(variable, environmentName, lines.trim())
	};
}
/** The secret with the token that may write the store github-secret. Only the person can make it: that of this run may do far more. */
function writerStep({ secret, isThere }) {
	const name = "Writer token";
	if (isThere) return {
		name,
		state: "done",
		words: `${secret.words} is there`,
		perform: nothing
	};
	return {
		name,
		state: "later",
		words: `${secret.words} is missing: put a fine-grained token there that may write this repository's Environments, Secrets and Variables`,
		perform: nothing
	};
}
/** The login of a store that no secret of GitHub is the beginning of, and that setup cannot reach. */
function elsewhereStep(kind) {
	return {
		name: "Login",
		state: "later",
		words: `no secret of GitHub has it: put the first one there with the commands of docs/stores.md, "${kind}"`,
		perform: nothing
	};
}
// src/cli/setup/look-at.ts
/** Looks at all that setup would do, and proves that it may; changes nothing. @throws KeeperError where it may not be done */
async function lookAt(wanted, context) {
	const { chosen, tempDirectory } = wanted;
	const texts = await workflowTexts(chosen.kind, storeOf(wanted), wanted.action);
	const environment = environmentOf(texts.codex);
	const clone = await openClone(context);
	const { api, owner, repo } = await openGithub(context);
	const github = githubRepository(api, owner, repo);
	const { isPrivate, defaultBranch } = await github.facts();
	const repository = `${owner}/${repo}`;
	if (!isPrivate) throw new KeeperError("untrusted-event", `${repository} is public.`, "Keep the login in a private repository: the keeper does not run in a public one.");
	const isEnvironmentThere = environment === void 0 || await github.hasEnvironment(environment);
	const { loginSecret } = await import("./login-secret.js");
	const find = async (input) => {
		const name = sourceOf(texts.codex, input);
		if (name === void 0) return void 0;
		const secret = loginSecret(api, {
			owner,
			repo
		}, secretNamed(name, environment), context.clock);
		return {
			secret,
			isThere: isEnvironmentThere && await secret.prove() === "replaces"
		};
	};
	const knownHosts = sourceOf(texts.codex, "ssh-known-hosts");
	const [seed, key, sshKey, writer, hosts, files, run] = await Promise.all([
		find("auth-json"),
		find("encryption-key"),
		find("ssh-key"),
		find("secret-writer-token"),
		knownHosts === void 0 ? void 0 : knownHostsStep(knownHosts, environment, isEnvironmentThere, github, context),
		workflowFiles(clone.root, texts),
		runStep(github, defaultBranch, context)
	]);
	const found = [
		seed,
		key,
		sshKey,
		writer
	].filter((each) => each !== void 0);
	const login = seed === void 0 ? elsewhereStep(chosen.kind) : loginStep(seed, wanted.device ? "device" : "browser", context);
	if (login.state === "to-do") codexProgram(context);
	const before = [
		...environment === void 0 ? [] : [environmentStep(environment, isEnvironmentThere, defaultBranch, github, () => found)],
		...key === void 0 ? [] : [keyStep(key, repository, context)],
		...sshKey === void 0 ? [] : [sshKeyStep(sshKey, context)],
		...hosts === void 0 ? [] : [hosts],
		...writer === void 0 ? [] : [writerStep(writer)]
	];
	const wantsPullRequest = wanted.pullRequest && run.state === "later";
	return [
		{
			name: "Repository",
			state: "done",
			words: `${repository} is private`,
			perform: nothing
		},
		...before,
		login,
		...files.map((file) => fileStep(clone.root, file, context)),
		...wantsPullRequest ? [await pullRequestStep({
			clone,
			github,
			files,
			base: defaultBranch,
			tempDirectory
		}, context)] : [],
		run.state === "to-do" && before.some(({ state }) => state === "later") ? {
			...run,
			state: "later",
			words: "when what is missing above is there: run setup again then"
		} : run
	];
}
/** The line and the environment; the line of the store github-secret names its environment itself. */
function storeOf({ chosen: { kind, line }, environment }) {
	if (kind !== "github-secret") return {
		line,
		environment
	};
	const parsed = parseSecretAddress((line ?? `: CODEX_AUTH?environment=${encodeURIComponent(environment ?? "codex")}`).replace(/^[^:]*:/, ""));
	const name = parsed.kind === "name" ? parsed.name : secretNamed("", void 0);
	if (environment !== void 0 && name.environment !== environment) throw wrongUsage(`--store names the environment ${name.environment ?? ""}, and --environment names ${environment}.`, "Leave out --environment.");
	return {
		line: `github-secret: ${name.secret}?environment=${encodeURIComponent(name.environment ?? "")}`,
		environment: name.environment
	};
}
async function openGithub({ environment, cwd, clock, terminal }) {
	const server = githubServer(environment.shared);
	const [owner, repo] = (await repositoryOfClone(cwd, environment.shared, server))?.split("/") ?? [];
	if (owner === void 0 || repo === void 0) throw wrongUsage("The origin of this clone is no repository on GitHub.", "Run setup in a clone whose origin is on GitHub.");
	const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server);
	if (token === void 0) throw wrongUsage("There is no token for GitHub.", "Log in with \"gh auth login\", or set CODEX_AUTH_TOKEN.");
	terminal.secrets.add([token]);
	const { githubApi } = await import("../github-api.js");
	return {
		api: githubApi({
			baseUrl: server.apiUrl,
			auth: {
				kind: "token",
				token
			},
			clock
		}),
		owner,
		repo
	};
}
function secretNamed(name, environment) {
	const parsed = parseSecretAddress(environment === void 0 ? name : `${name}?environment=${encodeURIComponent(environment)}`);
	if (parsed.kind === "name") return parsed.name;
	throw wrongUsage(`The secret: ${parsed.problem}`, "Correct the name.");
}
// src/cli/setup/store-choice.ts
/** The stores of README.md, "Which store?", the default of each kind of runner first. */
const stores = [
	{
		value: "git",
		on: "github-hosted",
		label: "in the repository itself, sealed",
		hint: "needs nothing else"
	},
	{
		value: "runner",
		on: "self-hosted",
		label: "on the disk of the runner",
		hint: "for one machine that stays"
	},
	{
		value: "ssh",
		on: "github-hosted",
		label: "on a host of yours, over SSH",
		form: "ssh: user@host:22/path/auth.json"
	},
	{
		value: "github-secret",
		on: "github-hosted",
		label: "in a secret of an environment",
		hint: "needs a token that may write it"
	},
	{
		value: "cache",
		on: "github-hosted",
		label: "in the Actions cache, sealed",
		hint: "the weakest: needs two runs a week"
	},
	{
		value: "kubernetes",
		on: "self-hosted",
		label: "in a Secret of the cluster of the runner pods",
		form: "kubernetes: namespace/secret-name"
	},
	{
		value: "vault",
		on: "github-hosted",
		label: "in HashiCorp Vault or OpenBao",
		form: "vault: https://host/mount/path?role=NAME"
	},
	{
		value: "s3",
		on: "github-hosted",
		label: "in a bucket of AWS S3, sealed",
		form: "s3: bucket/key?region=NAME&role=ARN"
	}
];
/**
* What the flags say, what a person answers, and else the default: the kind of runner, the store on it, and its address where it needs one.
* @param asks false: nobody is asked, and what has no default is wrong usage
* @throws KeeperError invalid-inputs
*/
async function chosenStore(given, asks, context) {
	const line = given.store?.trim();
	const named = line === void 0 ? void 0 : storeOfLine(line);
	const runner = given.runner ?? named?.on ?? (asks ? await askedRunner(context) : "github-hosted");
	if (named !== void 0 && named.on !== runner) throw wrongUsage(`Setup brings the store ${named.value} on runners that are ${named.on}, and --runner says ${runner}.`, `Leave out --runner, or start from examples/${named.value}.yml.`);
	const kind = named?.value ?? (asks ? await askedStore(runner, context) : defaultOn(runner));
	const form = formOf(kind);
	if (form === void 0) return {
		kind,
		runner,
		line: line === kind ? void 0 : line
	};
	if (line !== void 0 && line !== kind) return {
		kind,
		runner,
		line
	};
	if (!asks) throw wrongUsage(`The store ${kind} needs its address.`, `Name it with --store '${form}'.`);
	const whole = (text) => kindOf(text.trim()) === kind ? text.trim() : `${kind}: ${text.trim()}`;
	return {
		kind,
		runner,
		line: whole(await context.questions.text(`The line of the store, ${form}`, {
			flag: "--store",
			problem: (text) => lineProblem(whole(text))
		}))
	};
}
function storeOfLine(line) {
	const store = stores.find(({ value }) => value === kindOf(line));
	const problem = store === void 0 ? `Setup brings no store "${line}".` : line === store.value ? void 0 : lineProblem(line);
	if (store === void 0 || problem !== void 0) throw wrongUsage(`--store: ${problem ?? ""}`, `It brings ${stores.map(({ value }) => value).join(", ")}; for others see docs/stores.md.`);
	return store;
}
/** What is wrong with a line that has an address, as a sentence. */
function lineProblem(line) {
	const kind = kindOf(line);
	const address = line.replace(/^[^:]*:?\s*/, "");
	if (/[\n\r]/.test(line)) return "Only one line is taken.";
	switch (kind) {
		case "git": return address.startsWith("?") ? void 0 : "Setup brings the store git of this repository alone, \"git\" or \"git: ?ref=refs/…\".";
		case "runner": return address.startsWith("/") ? void 0 : "It must look like runner: /path.";
		case "ssh": return problemsIn(parseSshAddress(address));
		case "github-secret": {
			const parsed = parseSecretAddress(address);
			if (parsed.kind === "problem") return `The store ${parsed.problem.replace(/^a name/, "github-secret: a name")}`;
			return parsed.name.environment === void 0 ? "Name the environment of the secret: github-secret: NAME?environment=NAME." : void 0;
		}
		case "kubernetes": {
			const parsed = parseKubernetesAddress(address);
			return parsed.kind === "problem" ? parsed.problem : void 0;
		}
		case "vault": return problemsIn(parseVaultAddress(address));
		case "s3": return problemsIn(parseS3Address(address));
		default: return `The store ${kind} takes nothing after it.`;
	}
}
function problemsIn(parsed) {
	return parsed.problems?.join(" ");
}
function kindOf(line) {
	return line.split(":", 1)[0]?.trim() ?? "";
}
function formOf(kind) {
	return stores.find(({ value }) => value === kind)?.form;
}
function defaultOn(runner) {
	return runner === "github-hosted" ? "git" : "runner";
}
function askedRunner({ questions }) {
	return questions.choose("Where do the jobs run?", [{
		value: "github-hosted",
		label: "on runners of GitHub"
	}, {
		value: "self-hosted",
		label: "on machines or in a cluster of yours"
	}], {
		flag: "--runner, or --yes",
		byDefault: "github-hosted"
	});
}
function askedStore(runner, { questions }) {
	const choices = stores.filter(({ on }) => on === runner);
	return questions.choose("Where does the login rest?", choices, {
		flag: "--store, or --yes",
		byDefault: defaultOn(runner)
	});
}
// src/cli/commands/setup.ts
const setup = {
	describe: (command) => {
		command.addOption(new Option("--runner <kind>", "where the jobs run (default: github-hosted)").choices(["github-hosted", "self-hosted"])).option("--store <line>", "where the login rests, as in the input of the action (default: git, on a self-hosted runner: runner)").option("--environment <name>", "the environment that has the secrets; made if there is none").option("--action <owner/name@commit>", "the version of the action that the workflows use").option("--pull-request", "push a branch with the workflows and open a pull request").option("--device", "log in with a code, on any device, instead of in a browser of this machine").option("--dry-run", "only say what there is to do").option("--yes", "ask nothing and take what is proposed");
	},
	examples: [
		["codex-auth-keeper setup --dry-run", "what there is to do for the repository you are in"],
		["codex-auth-keeper setup --store \"ssh: codex@logins.example.com:22/srv/codex/auth.json\"", "with the login on a host of yours"],
		["codex-auth-keeper setup --pull-request", "all of it, up to a pull request with the workflows"],
		["codex-auth-keeper setup", "again when it is merged: starts the first run and follows it"]
	],
	run: async ({ options }, context) => {
		const asked = ownOptionsOf(options);
		const tempDirectory = mkdtempSync(join(tmpdir(), "codex-auth-keeper-"));
		const remove = () => {
			rmSync(tempDirectory, {
				recursive: true,
				force: true
			});
		};
		const forget = context.interrupts.onInterrupt(remove);
		try {
			return await setUp(asked, tempDirectory, context);
		} finally {
			remove();
			forget();
		}
	}
};
const ownOptions = object({
	runner: optional(_enum(["github-hosted", "self-hosted"])),
	store: optional(string()),
	environment: optional(string().check(_trim(), _regex(/^(?=.*\S)[^\p{Cc}]{1,255}$/u, "must be the name of an environment"))),
	action: optional(string().check(_regex(/^[\w.-]+\/[\w./-]+@[\w./-]+$/, "must be owner/name@commit"))),
	pullRequest: _default(boolean(), false),
	device: _default(boolean(), false),
	dryRun: _default(boolean(), false),
	yes: _default(boolean(), false)
});
/** @throws KeeperError invalid-inputs */
function ownOptionsOf(options) {
	const result = ownOptions.safeParse(options);
	if (result.success) return result.data;
	const problems = result.error.issues.map(({ path, message }) => `--${path.join(".")} ${message}.`);
	throw wrongUsage(problems.join(" "), "Correct it; --help lists all options.");
}
async function setUp(asked, tempDirectory, context) {
	const { terminal, questions } = context;
	const asksNothing = asked.yes || asked.dryRun;
	const chosen = await chosenStore({
		runner: asked.runner,
		store: asked.store
	}, !asksNothing, context);
	const steps = await terminal.during("Looking at what is there", lookAt({
		...asked,
		chosen,
		tempDirectory
	}, context));
	for (const line of tableLines(steps.map((step) => [...stepCells(step)]))) terminal.print(line);
	const toDo = steps.filter(({ state }) => state === "to-do");
	if (asked.dryRun || toDo.length === 0) return exitCodes.well;
	if (!asked.yes && !await questions.confirm("Do this now?", { flag: "--yes" })) return exitCodes.well;
	for (const step of toDo) {
		terminal.print(`${step.name}: ${step.words}`);
		try {
			await step.perform();
		} catch (error) {
			throw stepFailed(step, error);
		}
	}
	return exitCodes.well;
}
function stepCells({ name, state, words }) {
	return [
		{
			done: good("done"),
			"to-do": warning("to do"),
			later: faint("later")
		}[state],
		name,
		words
	];
}
export { setup };
