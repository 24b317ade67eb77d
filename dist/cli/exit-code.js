import { mn as KeeperError } from "../shared.js";
// src/cli/exit-code.ts
/** What the command line ends with; `run` ends with the code of its command, and after a signal it is 128 and the signal's number. */
const exitCodes = {
	well: 0,
	failed: 1,
	wrongUsage: 2,
	loginNeeded: 3
};
/** The exit code for anything that a command can throw. */
function exitCodeOf(error) {
	if (!(error instanceof KeeperError)) return exitCodes.failed;
	switch (error.code) {
		case "invalid-inputs":
		case "unsupported-platform": return exitCodes.wrongUsage;
		case "no-credential":
		case "needs-reseed": return exitCodes.loginNeeded;
		default: return exitCodes.failed;
	}
}
export { exitCodes as n, exitCodeOf as t };
