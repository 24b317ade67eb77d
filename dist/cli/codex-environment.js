import { St as networkVariables } from "../shared.js";
// src/codex/codex-environment.ts?cli
/** What Codex needs from the job's environment; everything else, above all the inputs, stays out. */
const passed = [
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"SHELL",
	"LANG",
	"LC_ALL",
	"LC_CTYPE",
	"TMPDIR",
	"TERM",
	"TZ",
	...networkVariables,
	"CODEX_CA_CERTIFICATE",
	"CODEX_REFRESH_TOKEN_URL_OVERRIDE",
	"CODEX_REVOKE_TOKEN_URL_OVERRIDE",
	"RUNNER_TRACKING_ID"
];
/** The whole environment of a Codex process that the keeper starts. */
function codexEnvironment(env, codexHome) {
	const kept = passed.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]);
	return {
		...Object.fromEntries(kept),
		CODEX_HOME: codexHome
	};
}
export { codexEnvironment as t };
