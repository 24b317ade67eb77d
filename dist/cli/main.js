import { _n as systemCodeOf, fr as logLine, l as knownSecrets, mn as KeeperError, pt as secretsIn, yt as systemClock } from "../shared.js";
import { n as exitCodes, t as exitCodeOf } from "./exit-code.js";
import { n as CommanderError, t as Command } from "./esm.js";
import { t as wrongUsage } from "./wrong-usage.js";
import { t as tellError } from "./tell-error.js";
import { i as piecesOf } from "./line.js";
const { constants, homedir } = process.getBuiltinModule("node:os");
// src/cli/environment.ts
/** The variables that hold the keeper's secrets, and what each of them is. */
const secretVariables = {
	CODEX_AUTH_SEED: "an auth.json, as it is or in base64: the login to start from",
	CODEX_AUTH_KEY: "the age key that seals the stores git, cache and s3",
	CODEX_AUTH_SSH_KEY: "the private key for ssh stores and hosts (else the agent, else a key file of ~/.ssh)",
	CODEX_AUTH_KNOWN_HOSTS: "the keys of those hosts, as in a known_hosts file (else ~/.ssh/known_hosts)",
	CODEX_AUTH_TOKEN: "a GitHub token (else GH_TOKEN, GITHUB_TOKEN, or what \"gh auth token\" says)",
	CODEX_AUTH_STORE_TOKEN: "the token of git stores on another server"
};
/** Divides the variables of this process into the keeper's secrets and what others may know. */
function divideEnvironment(env) {
	const given = Object.entries(env).flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]);
	const isSecret = ([name, value]) => Object.hasOwn(secretVariables, name) && value.trim() !== "";
	return {
		secrets: Object.fromEntries(given.filter(isSecret)),
		shared: Object.fromEntries(given.filter(([name]) => !name.startsWith("CODEX_AUTH_")))
	};
}
// src/cli/interrupts.ts
const signals = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP"
];
/** So long may a clean-up take before the program ends without it. Milliseconds. */
const patience = 5e3;
/** Listens to the signals that end a program. @param exit ends the process */
function listenToInterrupts(exit = (code) => process.exit(code)) {
	const cleanUps = [];
	const aborting = new AbortController();
	let taker;
	let ending;
	const undo = async () => {
		for (const cleanUp of cleanUps.splice(0).reverse()) try {
			await cleanUp();
		} catch {}
	};
	const end = (signal) => {
		ending ??= (async () => {
			aborting.abort();
			let limit;
			const tooLong = new Promise((resolve) => {
				limit = setTimeout(resolve, patience);
			});
			await Promise.race([undo(), tooLong]);
			clearTimeout(limit);
			return exit(128 + constants.signals[signal]);
		})();
		return ending;
	};
	const heard = (signal) => {
		if (taker !== void 0) taker(signal);
		else end(signal);
	};
	for (const signal of signals) process.on(signal, heard);
	return {
		onInterrupt(cleanUp) {
			cleanUps.push(cleanUp);
			return () => {
				const index = cleanUps.indexOf(cleanUp);
				if (index !== -1) cleanUps.splice(index, 1);
			};
		},
		takeOver(handler) {
			taker = handler;
			return () => {
				if (taker === handler) taker = void 0;
			};
		},
		isTakenOver: () => taker !== void 0,
		end,
		signal: aborting.signal,
		close() {
			for (const signal of signals) process.off(signal, heard);
		}
	};
}
// src/cli/commands.ts
/** All commands, in the order of the help. */
const commands = [
	{
		name: "login",
		summary: "a new login by the real codex login, handed over to a secret on GitHub or to stores",
		load: async () => (await import("./login.js")).login
	},
	{
		name: "setup",
		summary: "from nothing to a green job in one repository: checks, key, login, secrets, workflows, first run",
		load: async () => (await import("./setup.js")).setup
	},
	{
		name: "status",
		summary: "all places of a login side by side: this machine and every store",
		load: async () => (await import("./status.js")).status
	},
	{
		name: "doctor",
		summary: "what is wrong with the login, its stores and the workflows that use it, and the way out",
		load: async () => (await import("./doctor.js")).doctor
	},
	{
		name: "sync",
		summary: "the newest login wins, on this machine and in every store",
		load: async () => (await import("./sync.js")).sync
	},
	{
		name: "deploy",
		summary: "put a login on a host over SSH, and prove it there",
		load: async () => (await import("./deploy.js")).deploy
	},
	{
		name: "run",
		summary: "the whole keeper around one command: restore, refresh, run, store what Codex has refreshed",
		load: async () => (await import("./run.js")).run
	}
];
// src/cli/program.ts
const programName = "codex-auth-keeper";
/**
* Reads the words of the command line and runs the command that they name.
* @returns the exit code
* @throws KeeperError invalid-inputs for words that mean nothing; whatever the command throws
*/
async function runProgram(words, version, context) {
	const { terminal } = context;
	const named = commands.find(({ name }) => name === commandWord(words));
	const { program, command, module } = await describedProgram(version, named, {
		print: terminal.printText,
		columns: terminal.columns
	});
	let code = exitCodes.well;
	command?.action(async () => {
		code = await module?.run({
			args: command.args,
			options: command.opts()
		}, context) ?? code;
	});
	if (words.length === 0) {
		program.outputHelp();
		return exitCodes.wrongUsage;
	}
	try {
		await program.parseAsync(words, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode !== 0) throw misunderstood(error, named);
	}
	return code;
}
async function describedProgram(version, named, output) {
	const program = describeProgram(version, output);
	const module = await named?.load();
	for (const entry of commands) {
		const command = program.command(entry.name).description(entry.summary);
		if (entry === named && module !== void 0) describeCommand(command, module);
	}
	return {
		program,
		command: program.commands.find((command) => command.name() === named?.name),
		module
	};
}
function describeProgram(version, { print, columns }) {
	return new Command(programName).description("Keeps a ChatGPT login of the Codex CLI alive: one keeper for this machine, your hosts, and the stores that your CI uses.\nA secret is never given on the command line, but in a variable of the environment.").version(version, "-V, --version", "print the version").helpOption("-h, --help", "print this help").helpCommand("help [command]", "print the help of a command").exitOverride().configureOutput({
		writeOut: print,
		writeErr: () => void 0,
		outputError: () => void 0,
		getOutHelpWidth: () => columns ?? 120,
		getOutHasColors: () => false
	}).addHelpText("after", environmentHelp);
}
function describeCommand(command, module) {
	command.allowExcessArguments(false);
	module.describe(command);
	command.addHelpText("after", examplesHelp(module));
}
const environmentHelp = `
Environment:
${aligned(Object.entries(secretVariables))}
  GITHUB_API_URL, GITHUB_SERVER_URL   where GitHub is, if not at github.com

Exit codes:
  0 well, 1 failed, 2 wrong usage, 3 a person must log in
`;
function examplesHelp({ examples }) {
	return `\nExamples:\n${examples.map(([line, what]) => `  # ${what}\n  ${line}`).join("\n")}\n`;
}
function aligned(rows) {
	const width = Math.max(...rows.map(([name]) => name.length));
	return rows.map(([name, what]) => `  ${name.padEnd(width)}   ${what}`).join("\n");
}
/** The first word that is no option. */
function commandWord(words) {
	const plain = words.filter((word) => !word.startsWith("-"));
	return plain[0] === "help" ? plain[1] : plain[0];
}
function misunderstood({ message }, named) {
	const words = message.replace(/^error: /, "").replaceAll("\n", " ");
	const help = [
		programName,
		...named ? [named.name] : [],
		"--help"
	].join(" ");
	return wrongUsage(`${words.charAt(0).toUpperCase()}${words.slice(1)}`, `"${help}" shows what there is.`);
}
// src/cli/refuse-secrets.ts
/** Flags that would hold a secret, by the variable that it goes to. */
const flags = {
	"auth-json": "CODEX_AUTH_SEED",
	seed: "CODEX_AUTH_SEED",
	"refresh-token": "CODEX_AUTH_SEED",
	"access-token": "CODEX_AUTH_SEED",
	"encryption-key": "CODEX_AUTH_KEY",
	key: "CODEX_AUTH_KEY",
	"age-key": "CODEX_AUTH_KEY",
	passphrase: "CODEX_AUTH_KEY",
	"ssh-key": "CODEX_AUTH_SSH_KEY",
	"private-key": "CODEX_AUTH_SSH_KEY",
	token: "CODEX_AUTH_TOKEN",
	password: "CODEX_AUTH_TOKEN",
	"github-token": "CODEX_AUTH_TOKEN",
	"gh-token": "CODEX_AUTH_TOKEN",
	"secret-writer-token": "CODEX_AUTH_TOKEN",
	"store-token": "CODEX_AUTH_STORE_TOKEN"
};
/** How secrets begin, wherever in a word they stand, by the variable that they go to. */
const values = [
	[/\b(?:rt_|at_)[\w-]{8}/, "CODEX_AUTH_SEED"],
	[/\beyJ[\w-]{10}/, "CODEX_AUTH_SEED"],
	[/"(?:refresh_token|access_token|id_token)"/, "CODEX_AUTH_SEED"],
	[/\bsk-[\w-]{12}/, "no variable: the keeper handles ChatGPT logins, and no API key"],
	[/AGE-SECRET-KEY-/i, "CODEX_AUTH_KEY"],
	[/\b(?:gh[a-z]_|github_pat_)\w{8}/, "CODEX_AUTH_TOKEN"],
	[/-----BEGIN [A-Z ]*PRIVATE KEY/, "CODEX_AUTH_SSH_KEY"]
];
/**
* Refuses secrets among the words of the command line, which every user of a machine can read while the program runs, and which the
* shell writes down. What stands after `--` belongs to another program.
* @throws KeeperError invalid-inputs; never with the value in it
*/
function refuseSecrets(words) {
	const end = words.indexOf("--");
	for (const [index, word] of words.slice(0, end === -1 ? void 0 : end).entries()) {
		const flag = /^--([a-z-]+)(?:=|$)/s.exec(word)?.[1] ?? "";
		if (Object.hasOwn(flags, flag)) throw refused(`--${flag}`, flags[flag] ?? "");
		const variable = values.find(([pattern]) => pattern.test(word))?.[1];
		if (variable !== void 0) throw refused(flag === "" ? `Word ${index + 1}` : `The value of --${flag}`, variable);
	}
}
function refused(what, variable) {
	const problem = what.startsWith("--") ? `${what} is not an option: a secret is never given on the command line, where others can read it.` : `${what} looks like a secret, which is never given on the command line, where others can read it.`;
	const way = variable.startsWith("CODEX") ? `Put it into the environment variable ${variable}` : `There is ${variable}`;
	return wrongUsage(problem, `${way}. Treat what you have typed as known to others: your shell has kept it in its history.`);
}
// src/cli/terminal/questions.ts
/**
* @param canAsk both stdin and stdout are a terminal
* @param clean makes a text fit to be shown
* @param giveUp what happens when the person presses Ctrl-C
*/
function questionsOn(canAsk, clean, giveUp) {
	const asked = async (flag, question, ask) => {
		if (!canAsk) throw wrongUsage(`"${question}" has no answer, and there is no terminal to ask on.`, `Answer it with ${flag}.`);
		const answer = await ask(await import("./dist.js"));
		return typeof answer === "symbol" ? giveUp() : answer;
	};
	return {
		canAsk,
		confirm: (question, { flag, byDefault = true }) => asked(flag, question, ({ confirm }) => confirm({
			message: clean(question),
			initialValue: byDefault
		})),
		choose: (question, choices, { flag, byDefault }) => asked(flag, question, ({ select }) => select({
			message: clean(question),
			options: choices.map(({ value, label, hint }) => ({
				value,
				label: clean(label),
				...hint !== void 0 && { hint: clean(hint) }
			})),
			...byDefault !== void 0 && { initialValue: byDefault }
		})),
		text: (question, { flag, byDefault, problem }) => asked(flag, question, ({ text }) => text({
			message: clean(question),
			...byDefault !== void 0 && {
				defaultValue: byDefault,
				placeholder: clean(byDefault)
			},
			...problem && { validate: (value) => problem(value ?? "") }
		}))
	};
}
// src/cli/terminal/spinner.ts
const frames = [
	"|",
	"/",
	"-",
	"\\"
];
const eraseLine = "\r\x1B[2K";
/**
* Waits for work. On a terminal a line that moves says so after one second, and is gone when the work is done.
* @param what one line that is safe to print
* @param stream undefined where nobody watches
*/
async function spinning(what, work, stream) {
	if (stream === void 0) return work;
	let frame = 0;
	let timer;
	const delay = setTimeout(() => {
		timer = setInterval(() => {
			stream.write(`${eraseLine}${frames[frame++ % frames.length] ?? ""} ${what}`);
		}, 100);
		timer.unref();
	}, 1e3);
	delay.unref();
	try {
		return await work;
	} finally {
		clearTimeout(delay);
		if (timer !== void 0) {
			clearInterval(timer);
			stream.write(eraseLine);
		}
	}
}
// src/cli/terminal/terminal.ts
function openTerminal({ stdout, stderr, env }) {
	const secrets = knownSecrets();
	const writer = (stream) => (line = "") => {
		const colour = hasColour(stream, env);
		stream.write(`${piecesOf(line).map((piece) => shown(piece, colour, secrets)).join("")}\n`);
	};
	return {
		secrets,
		fit: (text) => logLine(secrets.clean(text)),
		print: writer(stdout),
		say: writer(stderr),
		printText: (text) => {
			stdout.write(secrets.clean(text));
		},
		isTerminal: stdout.isTTY === true,
		columns: stdout.isTTY === true ? stdout.columns : void 0,
		clear: () => {
			if (stdout.isTTY === true) stdout.write("\x1B[H\x1B[2J");
		},
		during: (what, work) => spinning(logLine(secrets.clean(what)), work, stderr.isTTY === true && env["CI"] === void 0 ? stderr : void 0)
	};
}
/** NO_COLOR: no-color.org, any text that is not empty. */
function hasColour(stream, env) {
	return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
const codes = {
	plain: "",
	strong: "1",
	faint: "2",
	good: "32",
	warning: "33",
	bad: "31"
};
function shown({ text, look }, colour, secrets) {
	const clean = logLine(secrets.clean(text));
	return colour && look !== "plain" ? `\u001b[${codes[look]}m${clean}\u001b[0m` : clean;
}
// src/cli/main.ts
/**
* The whole program, but for its process. This is the only place that catches what a command throws.
* @returns the exit code
*/
async function main({ words, version, process }) {
	const { stdin, stdout, stderr, env } = process;
	const environment = divideEnvironment(env);
	const terminal = openTerminal({
		stdout,
		stderr,
		env
	});
	terminal.secrets.add(secretsOf(environment));
	const interrupts = listenToInterrupts();
	for (const stream of [stdout, stderr]) stream.on("error", (error) => {
		endQuietly(error, interrupts);
	});
	const context = {
		environment,
		terminal,
		interrupts,
		questions: questionsOn(stdin.isTTY && stdout.isTTY, terminal.fit, () => interrupts.end("SIGINT")),
		clock: systemClock,
		home: environment.shared["HOME"] ?? homedir(),
		cwd: process.cwd()
	};
	try {
		refuseSecrets(words);
		if (process.platform === "win32") throw new KeeperError("unsupported-platform", "Windows is not supported yet.", "Use it on Linux or macOS, or in WSL.");
		return await runProgram(words, version, context);
	} catch (error) {
		tellError(error, terminal);
		return exitCodeOf(error);
	} finally {
		interrupts.close();
	}
}
function secretsOf({ secrets, shared }) {
	return secretsIn({
		authJson: secrets.CODEX_AUTH_SEED,
		encryptionKey: secrets.CODEX_AUTH_KEY,
		keyFiles: [secrets.CODEX_AUTH_SSH_KEY],
		tokens: [
			secrets.CODEX_AUTH_TOKEN,
			secrets.CODEX_AUTH_STORE_TOKEN,
			shared["GH_TOKEN"],
			shared["GITHUB_TOKEN"]
		]
	});
}
/** Whoever reads our output has read enough (`… | head`). */
function endQuietly(error, interrupts) {
	if (systemCodeOf(error) !== "EPIPE") throw error;
	if (!interrupts.isTakenOver()) process.exit();
}
export { main };
