import { n as exitCodes } from "./exit-code.js";
// src/cli/doctor/finding.ts
/** Writes the findings of one check. */
function about(area, check, place) {
	const subject = {
		area,
		check,
		place
	};
	return {
		ok: (what) => ({
			...subject,
			level: "ok",
			what
		}),
		warning: (trouble) => ({
			...subject,
			level: "warning",
			...trouble
		}),
		problem: (trouble) => ({
			...subject,
			level: "problem",
			...trouble
		})
	};
}
/** What the program ends with: 3 where a person must log in, 1 where something else is wrong; a warning is not. */
function exitCodeFor(findings) {
	if (findings.some((finding) => finding.level === "problem" && finding.needsLogin === true)) return exitCodes.loginNeeded;
	return findings.some(({ level }) => level === "problem") ? exitCodes.failed : exitCodes.well;
}
export { exitCodeFor as n, about as t };
