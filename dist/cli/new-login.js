import { Cn as accountHash, Ct as findTool, gn as messageOf, gt as secretValues, ln as observeAuthFile, mn as KeeperError, s as inTime, sn as authFileIn, xn as unmanagedReasons } from "../shared.js";
import { t as codexEnvironment } from "./codex-environment.js";
import { n as withoutSecretPieces } from "../stderr-tail.js";
const { chmod, mkdir, rm, writeFile } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { mkdtempSync } = process.getBuiltinModule("node:fs");
const { stripVTControlCharacters } = process.getBuiltinModule("node:util");
const { constants: constants$2, tmpdir } = process.getBuiltinModule("node:os");
const { createInterface } = process.getBuiltinModule("node:readline");
const { spawn } = process.getBuiltinModule("node:child_process");
// src/codex/codex-login.ts
/** What opens a browser on the person's screen. */
const screenVariables = [
	"BROWSER",
	"DISPLAY",
	"WAYLAND_DISPLAY",
	"XAUTHORITY",
	"XDG_CURRENT_DESKTOP",
	"XDG_DATA_DIRS",
	"XDG_RUNTIME_DIR",
	"DBUS_SESSION_BUS_ADDRESS",
	"WSL_DISTRO_NAME"
];
/** They lead refresh tokens elsewhere; a login has no use for them. */
const tokenUrls = ["CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"];
/** So long may Codex take to end when it is asked to. Milliseconds. */
const patience = 2e3;
/**
* Starts `codex login`, which writes `auth.json` into that home whatever the machine's configuration says. It has a process group of its
* own, so that Ctrl-C comes to its parent, which ends it and looks at what it has left.
*/
function startLogin({ program, codexHome, env, way, onLine }) {
	const screen = Object.fromEntries(screenVariables.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
	const own = Object.entries(codexEnvironment(env, codexHome)).filter(([name]) => !tokenUrls.includes(name));
	const child = spawn(program, [
		"login",
		...way === "device" ? ["--device-auth"] : [],
		"-c",
		"cli_auth_credentials_store=\"file\""
	], {
		env: {
			...Object.fromEntries(own),
			...screen
		},
		cwd: codexHome,
		detached: true,
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		]
	});
	for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", (line) => {
		onLine(stripVTControlCharacters(line));
	});
	const ended = new Promise((resolve, reject) => {
		child.once("error", (error) => {
			reject(notStarted(program, error));
		});
		child.once("close", (code, signal) => {
			resolve(code ?? 128 + (signal ? constants$2.signals[signal] : 0));
		});
	});
	ended.catch(() => void 0);
	const isGone = () => inTime(ended.catch(() => 0), patience).then((end) => end !== "late");
	return {
		ended,
		end: async () => {
			child.kill("SIGTERM");
			if (!await isGone()) child.kill("SIGKILL");
			child.unref();
		}
	};
}
function notStarted(program, error) {
	return new KeeperError("codex-failed", `Codex could not be started (${program}): ${messageOf(error)}`, "Install a Codex CLI that runs on this machine.", { cause: error });
}
// src/cli/new-login.ts
/** The `codex` program. @throws KeeperError codex-failed where there is none */
function codexProgram({ environment }) {
	const program = findTool("codex", environment.shared["PATH"] ?? "");
	if (program !== void 0) return program;
	throw new KeeperError("codex-failed", "There is no codex in PATH.", "Install the Codex CLI: npm install --global @openai/codex.");
}
/**
* Has the person log in with the real `codex login`, in a CODEX_HOME made for it: neither the login of this machine nor its settings are
* touched. What can be proved of the places that the login is for is proved before: it cannot be made again without the person.
* @throws KeeperError codex-failed where Codex is missing, gives up or leaves no login; then nothing is left behind
*/
async function makeNewLogin({ way }, context) {
	const { environment, terminal, interrupts, clock } = context;
	const program = codexProgram(context);
	const codexHome = mkdtempSync(join(tmpdir(), loginFolderPrefix));
	const remove = () => rm(codexHome, {
		recursive: true,
		force: true
	});
	const made = async () => {
		const file = await observeAuthFile(codexHome, clock);
		if (file.kind !== "managed") return void 0;
		terminal.secrets.add(secretValues(Buffer.from(file.credential.bytes).toString("utf8")));
		return file.credential;
	};
	const running = startLogin({
		program,
		codexHome,
		env: environment.shared,
		way,
		onLine: (line) => {
			if (!isAboutFolder(line)) terminal.say(fitLine(line));
		}
	});
	const rescue = async () => {
		await running.end();
		const credential = await made();
		if (credential === void 0) await remove();
		else terminal.say(keptWords(await keepLogin(credential, codexHome, context)));
	};
	const forget = interrupts.onInterrupt(rescue);
	try {
		const code = await running.ended;
		if (interrupts.signal.aborted) return await interrupts.end("SIGINT");
		const credential = await made();
		if (credential === void 0) throw await noLogin(code, codexHome, context);
		return {
			credential,
			discard: async () => {
				await remove();
				forget();
			},
			keep: async () => {
				const path = await keepLogin(credential, codexHome, context);
				forget();
				return path;
			}
		};
	} catch (error) {
		await remove();
		forget();
		throw error;
	}
}
/** How the folder begins in which a login is made. */
const loginFolderPrefix = "codex-auth-keeper-login-";
/** Where logins are kept that nobody has taken. */
function keptFolder(home) {
	return join(home, ".codex-auth-keeper");
}
/** What a person is told of a login that nobody has taken. */
function keptWords(path) {
	return `The new login is kept in ${path}, because no machine can make it again. Hand it over with: codex-auth-keeper login --from ${path} …`;
}
async function keepLogin({ bytes, fingerprint }, codexHome, { home, clock }) {
	const folder = keptFolder(home);
	const moment = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
	const path = join(folder, `login-${moment}-${accountHash(fingerprint)}.json`);
	try {
		await mkdir(folder, {
			recursive: true,
			mode: 448
		});
		await chmod(folder, 448);
		await writeFile(path, bytes, {
			flag: "wx",
			mode: 384,
			flush: true
		});
	} catch {
		return authFileIn(codexHome);
	}
	await rm(codexHome, {
		recursive: true,
		force: true
	});
	return path;
}
async function noLogin(code, codexHome, { clock }) {
	const file = await observeAuthFile(codexHome, clock);
	const what = file.kind === "unmanaged" ? `The file that Codex has written ${unmanagedReasons[file.credential.why]}.` : file.kind === "damaged" ? "Codex has written a file that is no auth.json." : `"codex login" ended with ${code} and has written no login.`;
	return new KeeperError("codex-failed", what, "Run the command again and sign in with ChatGPT; on a machine without a browser, with --device. What Codex said stands above.");
}
/** A word of Codex on the folder it works in, which is nothing to the person. */
function isAboutFolder(line) {
	return line.includes("could not create PATH aliases");
}
/** The address to go to looks like a token in parts, and must be shown whole; in any other line nothing may. */
function fitLine(line) {
	return /https?:\/\//.test(line) ? line : withoutSecretPieces(line);
}
export { makeNewLogin as a, loginFolderPrefix as i, keptFolder as n, keptWords as r, codexProgram as t };
