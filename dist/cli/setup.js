import { r as Option } from "./esm.js";
import { $ as parseSecretAddress, An as _enum, Bn as object, Gn as string, In as looseObject, Mn as array, Nn as boolean, Rn as nullish, Vn as optional, Xn as _regex, Zn as parse, fn as systemCodeOf, kn as _default, ln as KeeperError, un as errorWords, vt as findTool, zn as number } from "../shared.js";
import { n as exitCodes } from "./exit-code.js";
import { a as makeNewLogin, n as keptFolder, r as keptWords, t as codexProgram } from "./new-login.js";
import { n as githubToken, r as repositoryOfClone, t as githubServer } from "./repository.js";
import { t as runChild } from "../child.js";
import { t as stderrTail } from "../stderr-tail.js";
import { t as wrongUsage } from "./wrong-usage.js";
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
		}
	};
}
function understood(schema, { data }) {
	const result = schema.safeParse(data);
	if (result.success) return result.data;
	throw new KeeperError("store-unreachable", "GitHub gave an answer that is not one of its API.", "Check GITHUB_API_URL.");
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
// src/cli/setup/workflow-files.ts
const keepFreshFile = "keep-codex-login-fresh.yml";
const examples = {
	"github-hosted": [["codex.yml", "git.yml"], [keepFreshFile, "keep-fresh.yml"]],
	"self-hosted": [["codex.yml", "runner.yml"], [keepFreshFile, "keep-fresh-self-hosted.yml"]]
};
/** How the examples name the action; zeros until a release puts its commit there. */
const named = /[\w.-]+\/codex-auth-keeper@[0-9a-f]{40} # v\S+/g;
const unreleased = `@${"0".repeat(40)} `;
/**
* The workflows for a kind of runner, with the texts of examples/, and whether the clone has them.
* @param action `owner/name@commit` in place of what the examples say
* @throws KeeperError invalid-inputs where the examples name no version of the action and nobody else does
*/
async function workflowFiles(root, kind, action) {
	return Promise.all(examples[kind].map(async ([name, example]) => {
		const given = await readFile(new URL(`../../examples/${example}`, import.meta.url), "utf8");
		if (action === void 0 && given.includes(unreleased)) throw wrongUsage("Nobody has said which version of the action the workflows use.", "Name it with --action owner/name@commit.");
		const text = action === void 0 ? given : given.replaceAll(named, action);
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
async function keyStep(secret, repository, context) {
	const name = "Age key";
	if (await secret.prove() === "replaces") return {
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
async function loginStep(secret, way, context) {
	const name = "Login";
	if (await secret.prove() === "replaces") return {
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
// src/cli/commands/setup.ts
const setup = {
	describe: (command) => {
		command.addOption(new Option("--runner <kind>", "where the jobs run (default: github-hosted)").choices(["github-hosted", "self-hosted"])).option("--action <owner/name@commit>", "the version of the action that the workflows use").option("--pull-request", "push a branch with the workflows and open a pull request").option("--device", "log in with a code, on any device, instead of in a browser of this machine").option("--dry-run", "only say what there is to do").option("--yes", "ask nothing and take what is proposed");
	},
	examples: [
		["codex-auth-keeper setup --dry-run", "what there is to do for the repository you are in"],
		["codex-auth-keeper setup --pull-request", "all of it, up to a pull request with the workflows"],
		["codex-auth-keeper setup", "again when it is merged: starts the first run and follows it"]
	],
	run: async ({ options }, context) => {
		const asked = parse(ownOptions, options);
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
	action: optional(string().check(_regex(/^[\w.-]+\/[\w./-]+@[\w./-]+$/, "must be owner/name@commit"))),
	pullRequest: _default(boolean(), false),
	device: _default(boolean(), false),
	dryRun: _default(boolean(), false),
	yes: _default(boolean(), false)
});
async function setUp(asked, tempDirectory, context) {
	const { terminal, questions } = context;
	const asksNothing = asked.yes || asked.dryRun;
	const kind = asked.runner ?? (asksNothing ? "github-hosted" : await chosenRunner(context));
	const steps = await terminal.during("Looking at what is there", lookAt(asked, kind, tempDirectory, context));
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
function chosenRunner({ questions }) {
	return questions.choose("Where do the jobs run?", [{
		value: "github-hosted",
		label: "on runners of GitHub",
		hint: "the login rests in the repository, sealed"
	}, {
		value: "self-hosted",
		label: "on a machine of yours that stays",
		hint: "the login rests on its disk"
	}], {
		flag: "--runner, or --yes",
		byDefault: "github-hosted"
	});
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
/** Looks at all that setup would do, and proves that it may; changes nothing. */
async function lookAt(asked, kind, tempDirectory, context) {
	const { environment, cwd, clock, terminal } = context;
	const clone = await openClone(context);
	const server = githubServer(environment.shared);
	const repository = await repositoryOfClone(cwd, environment.shared, server);
	const [owner, repo] = repository?.split("/") ?? [];
	if (repository === void 0 || owner === void 0 || repo === void 0) throw wrongUsage("The origin of this clone is no repository on GitHub.", "Run setup in a clone whose origin is on GitHub.");
	const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server);
	if (token === void 0) throw wrongUsage("There is no token for GitHub.", "Log in with \"gh auth login\", or set CODEX_AUTH_TOKEN.");
	terminal.secrets.add([token]);
	const [{ githubApi }, { loginSecret }] = await Promise.all([import("../github-api.js"), import("./login-secret.js")]);
	const api = githubApi({
		baseUrl: server.apiUrl,
		auth: {
			kind: "token",
			token
		},
		clock
	});
	const github = githubRepository(api, owner, repo);
	const { isPrivate, defaultBranch } = await github.facts();
	if (!isPrivate) throw new KeeperError("untrusted-event", `${repository} is public.`, "Keep the login in a private repository: the keeper does not run in a public one.");
	const secret = (name) => loginSecret(api, {
		owner,
		repo
	}, secretNamed(name), clock);
	const files = await workflowFiles(clone.root, kind, asked.action);
	const [key, login, run] = await Promise.all([
		kind === "github-hosted" ? keyStep(secret("CODEX_AUTH_KEY"), repository, context) : void 0,
		loginStep(secret("CODEX_AUTH_SEED"), asked.device ? "device" : "browser", context),
		runStep(github, defaultBranch, context)
	]);
	if (login.state === "to-do") codexProgram(context);
	const wantsPullRequest = asked.pullRequest && run.state === "later";
	return [
		{
			name: "Repository",
			state: "done",
			words: `${repository} is private`,
			perform: () => Promise.resolve()
		},
		...key === void 0 ? [] : [key],
		login,
		...files.map((file) => fileStep(clone.root, file, context)),
		...wantsPullRequest ? [await pullRequestStep({
			clone,
			github,
			files,
			base: defaultBranch,
			tempDirectory
		}, context)] : [],
		run
	];
}
function secretNamed(name) {
	const parsed = parseSecretAddress(name);
	if (parsed.kind === "name") return parsed.name;
	throw new Error(parsed.problem);
}
export { setup };
