import { t as about } from "./finding.js";
import { r as placeOf, t as keeperUses } from "./workflow2.js";
// src/cli/doctor/workflows/codex-first.ts
/** Whether Codex is there when the keeper starts: it is Codex that refreshes a login that is due before the job goes on. */
function codexFirst(use) {
	const { job, index, step } = use;
	const report = about("workflows", "codex-first", placeOf(use));
	if (step.inputs["refresh"] === "never") return [];
	if ((job.restoresAtStart ? [] : job.steps.slice(0, index)).some(installsCodex)) return [report.ok("Codex is installed before the keeper.")];
	const isInstalled = job.steps.some(installsCodex);
	if (!isInstalled && !job.isHosted) return [report.ok("No step installs Codex: the machine has it.")];
	return [report.warning({
		what: isInstalled ? "Codex is installed after the keeper." : "No step before the keeper installs Codex.",
		why: "The keeper cannot have a login that is due refreshed before the job goes on, nor take its turn with other jobs.",
		wayOut: job.restoresAtStart ? "With CODEX_AUTH_RESTORE_AT: job-start use a machine that has Codex already, or leave that variable out." : "Put a step with \"npm install --global @openai/codex@VERSION\" before the keeper."
	})];
}
/** By what the usual ways of installing it have in common; a script of the repository can do it too, if its name says so. */
function installsCodex({ uses, run }) {
	return /^openai\/codex-action@/.test(uses) || /(?:^|\/)(?:setup|install)-codex(?:\/|@|$)/.test(uses) || installLines(run);
}
function installLines(run) {
	return run.split(/\n|&&|;/).some((line) => /@openai\/codex\b|releases\/[^\s]*codex/.test(line) || /\b(?:install|add|setup|mise|curl)\b/.test(line) && /\bcodex\b/.test(line));
}
// src/cli/doctor/workflows/leases.ts
const withLease = [
	"runner",
	"git",
	"ssh",
	"kubernetes",
	"vault",
	"s3"
];
/** The word with which a store line begins. */
function kindOf(line) {
	return /^[a-z0-9-]+/.exec(line)?.[0] ?? "";
}
/**
* The first line that holds a lease, which jobs at the same moment take turns by; undefined where none does. Of the store
* `command` its commands show it, unless they are scripts of somewhere else.
*/
function leaseLine({ stores, step: { inputs } }) {
	const commandHolds = [inputs["read-command"], inputs["write-command"]].every((text) => /codex-auth-lease|CODEX_AUTH_DOCUMENT/.test(text ?? ""));
	return stores.find((line) => withLease.includes(kindOf(line)) || kindOf(line) === "command" && commandHolds);
}
// src/cli/doctor/workflows/job-rights.ts
/** Whether the job's token may do what the stores ask of it. */
function jobRights(use) {
	const { job, stores, step } = use;
	const report = about("workflows", "permissions", placeOf(use));
	const findings = [];
	const hasOwnToken = Boolean(step.inputs["github-token"]);
	const contents = rightOf(job.permissions, "contents");
	if (stores.some(isOwnRepository) && !hasOwnToken && contents !== "write") {
		const trouble = {
			what: contents === "unknown" ? "Nothing says that the job may write to the repository." : "The job may not write to the repository.",
			why: "The store git moves a ref of this repository with the token of the job.",
			wayOut: "Give the job \"permissions: contents: write\"."
		};
		findings.push(contents === "unknown" ? report.warning(trouble) : report.problem(trouble));
	} else if (contents === "none" && !hasOwnToken) findings.push(report.problem({
		what: "The job may not read the repository.",
		why: "The keeper asks GitHub whether the repository is private, and which branch is the default one.",
		wayOut: "Give the job \"permissions: contents: read\"."
	}));
	if (stores.some(asksForIdToken) && rightOf(job.permissions, "id-token") !== "write") findings.push(report.problem({
		what: "The job gets no id token.",
		why: "A store line with role= logs in with it.",
		wayOut: "Give the job \"permissions: id-token: write\"."
	}));
	if (step.inputs["reseed-issue"] === "true" && !hasOwnToken && ["none", "read"].includes(rightOf(job.permissions, "issues"))) findings.push(report.warning({
		what: "The job may not open an issue.",
		why: "With reseed-issue: true the keeper opens one when a person must log in.",
		wayOut: "Give the job \"permissions: issues: write\"."
	}));
	return findings.length > 0 ? findings : [report.ok("The job may do what its stores ask for.")];
}
/** The store git without an address of another repository. */
function isOwnRepository(line) {
	return /^git(?:\s*:\s*(?:\?.*)?)?$/.test(line);
}
function asksForIdToken(line) {
	return ["vault", "s3"].includes(kindOf(line)) && /[?&]role=/.test(line);
}
/** What is not named in a map is not given; where nothing is named the repository's settings decide. */
function rightOf(permissions, scope) {
	if (permissions === "write-all") return "write";
	if (permissions === "read-all") return "read";
	if (permissions === "unset") return "unknown";
	const given = permissions[scope];
	return given === "write" || given === "read" ? given : "none";
}
// src/cli/doctor/workflows/cron-gap.ts
const months = [
	"jan",
	"feb",
	"mar",
	"apr",
	"may",
	"jun",
	"jul",
	"aug",
	"sep",
	"oct",
	"nov",
	"dec"
];
const weekdays = [
	"sun",
	"mon",
	"tue",
	"wed",
	"thu",
	"fri",
	"sat"
];
/** Four years have every date, and every weekday on it that matters for gaps. */
const firstDay = Date.UTC(2024, 0, 1);
const days = 1464;
/**
* The longest time between two runs of schedules, in days.
* @param crons lines of five fields, in UTC; GitHub runs at least once on each day that one of them names
* @returns Infinity where they never run; undefined where none of them can be read
*/
function longestGap(crons) {
	const readable = crons.flatMap((line) => dayRule(line) ?? []);
	if (readable.length === 0) return void 0;
	const runs = Array.from({ length: days }, (_, day) => day).filter((day) => {
		const date = new Date(firstDay + day * 864e5);
		return readable.some((isDay) => isDay(date));
	});
	if (runs.length < 2) return Infinity;
	return Math.max(...runs.slice(1).map((day, index) => day - (runs[index] ?? day)));
}
/** Whether a day is one of those that a line names; of day and weekday one is enough where both are given. */
function dayRule(line) {
	const fields = line.trim().split(/\s+/);
	if (fields.length !== 5) return void 0;
	const [minute, hour, dayOfMonth, month, weekday] = fields;
	const [ofMonth, ofYear, ofWeek] = [
		numbers(dayOfMonth, 1, 31),
		numbers(month, 1, 12, months),
		numbers(weekday, 0, 7, weekdays)
	];
	if (ofMonth === void 0 || ofYear === void 0 || ofWeek === void 0) return void 0;
	if (numbers(minute, 0, 59) === void 0 || numbers(hour, 0, 23) === void 0) return void 0;
	const isEither = !dayOfMonth.startsWith("*") && !weekday.startsWith("*");
	return (date) => {
		const isWeekday = ofWeek.has(date.getUTCDay()) || date.getUTCDay() === 0 && ofWeek.has(7);
		const isDate = ofMonth.has(date.getUTCDate());
		return ofYear.has(date.getUTCMonth() + 1) && (isEither ? isDate || isWeekday : isDate && isWeekday);
	};
}
/** What one field names; undefined where it cannot be read. @param names words for its numbers, the first one for `least` or for 1 */
function numbers(field, least, most, names = []) {
	const found = /* @__PURE__ */ new Set();
	for (const part of field.toLowerCase().split(",")) {
		const [, range = "", every = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
		const numberOf = (text) => names.includes(text) ? names.indexOf(text) + least : /^\d+$/.test(text) ? Number(text) : NaN;
		const [start = "", end] = range.split("-");
		const from = range === "*" ? least : numberOf(start);
		const to = range === "*" || end === void 0 && part.includes("/") ? most : numberOf(end ?? start);
		const step = Number(every);
		if (!(from >= least && to <= most && from <= to && step > 0)) return void 0;
		for (let number = from; number <= to; number += step) found.add(number);
	}
	return found;
}
// src/cli/doctor/workflows/kept-fresh.ts
/** Days after which the cache deletes what nobody has read. */
const cacheForgetsAfter = 7;
/** A login that nothing has refreshed for two weeks has ended some days ago. */
const seldom = 14;
/** Whether a schedule uses the login often enough that it stays alive, and that its store does not forget it. */
function keptFresh({ slot, uses }) {
	const report = about("workflows", "keep-fresh", `slot ${slot}`);
	const inCache = uses.some(({ stores }) => stores.some((line) => kindOf(line) === "cache"));
	const onlyInCache = inCache && uses.every(({ stores }) => stores.every((line) => kindOf(line) === "cache"));
	const scheduled = uses.filter(isScheduled);
	const gap = longestGap([...new Set(scheduled.flatMap(({ workflow }) => workflow.crons))]);
	const wayOut = inCache ? "Add a schedule that runs at least twice a week, for example cron: '17 4 * * 1,4' (examples/keep-fresh.yml)." : "Add a workflow that refreshes it once a week (examples/keep-fresh.yml).";
	if (gap === void 0 || gap === Infinity) {
		const what = scheduled.length === 0 ? "No schedule uses this login." : "The schedule of this login is none that ever runs.";
		const why = onlyInCache ? `The cache deletes what nobody has read for ${cacheForgetsAfter} days, and a login that is not used expires.` : "A login that is not used expires, and Codex alone does not prevent that.";
		return [onlyInCache ? report.problem({
			what,
			why,
			wayOut
		}) : report.warning({
			what,
			why,
			wayOut
		})];
	}
	const what = `There can be ${gap} days between two scheduled runs that use this login.`;
	if (inCache && gap >= cacheForgetsAfter) {
		const why = `The cache deletes what nobody has read for ${cacheForgetsAfter} days.`;
		return [onlyInCache ? report.problem({
			what,
			why,
			wayOut
		}) : report.warning({
			what,
			why,
			wayOut
		})];
	}
	if (gap > seldom) return [report.warning({
		what,
		why: "An access token lives ten days, and an unused login expires.",
		wayOut
	})];
	const always = scheduled.some(({ step }) => step.inputs["refresh"] === "always");
	const often = gap === 1 ? "every day" : `at least every ${gap} days`;
	return [report.ok(`A schedule uses this login ${often}${always ? " and refreshes it" : ", and refreshes it when it is due"}.`)];
}
function isScheduled({ workflow, job, step }) {
	if (workflow.crons.length === 0 || step.inputs["refresh"] === "never") return false;
	return !/github\.event_name\s*!=\s*'schedule'/.test(job.condition);
}
// src/cli/doctor/workflows/never-cancelled.ts
const why = "A job that is cancelled while Codex refreshes the login can lose what the refresh has brought, and with it the login.";
/** Whether nothing cancels a job that holds the login. */
function neverCancelled(use) {
	const { workflow, job } = use;
	const report = about("workflows", "cancel-in-progress", placeOf(use));
	const cancels = [workflow.concurrency, job.concurrency].map((found) => found?.cancels ?? "never");
	const findings = [];
	if (cancels.includes("always")) findings.push(report.problem({
		what: "A newer run cancels this one (cancel-in-progress: true).",
		why,
		wayOut: "Remove cancel-in-progress, and write \"queue: max\"."
	}));
	else if (cancels.includes("perhaps")) findings.push(report.warning({
		what: "A newer run may cancel this one: cancel-in-progress is an expression.",
		why,
		wayOut: "Remove cancel-in-progress from workflows that use the keeper."
	}));
	if (job.matrix?.failFast === true && job.matrix.maxParallel !== "1") findings.push(report.warning({
		what: "A job of the matrix that fails cancels the others.",
		why,
		wayOut: "Write \"fail-fast: false\" under strategy."
	}));
	return findings.length > 0 ? findings : [report.ok("Nothing cancels a job that holds the login.")];
}
// src/cli/doctor/workflows/pinned.ts
/** Whether the keeper is the one that somebody has looked at: it is given the login. */
function pinned(use) {
	const report = about("workflows", "pinned", placeOf(use));
	const { uses } = use.step;
	if (uses.startsWith("./")) return [report.ok("The keeper is in this repository.")];
	const ref = uses.slice(uses.indexOf("@") + 1);
	if (/^0{40}$/.test(ref)) return [report.warning({
		what: "The keeper is pinned by zeros, which stand for the SHA of a commit in the examples.",
		why: "There is no such commit: the job cannot start.",
		wayOut: "Write the SHA of the release in its place."
	})];
	if (/^[0-9a-f]{40}$/i.test(ref)) return [report.ok("The keeper is pinned by the SHA of a commit.")];
	return [report.warning({
		what: `The keeper is taken from "${ref}", which can be moved.`,
		why: "It is given the login: whoever moves that tag or branch decides what happens with it.",
		wayOut: `Write the SHA of the commit and the version behind it: "uses: ${uses.slice(0, uses.indexOf("@"))}@SHA # ${ref}".`
	})];
}
// src/cli/doctor/workflows/same-stores.ts
/** Whether all that use a login name the same stores for it: elsewhere lies another copy, and both spend one refresh token. */
function sameStores({ slot, uses }) {
	const [first, ...others] = uses;
	if (first === void 0 || others.length === 0) return [];
	const report = about("workflows", "same-stores", `slot ${slot}`);
	const differing = others.find((other) => setOf(other) !== setOf(first));
	if (differing !== void 0) return [report.problem({
		what: `${placeOf(first)} keeps the login of this slot in ${listed(first)}; ${placeOf(differing)} keeps it in ${listed(differing)}.`,
		why: "Each of them spends a copy of its own of one refresh token, which works once: the second refresh is refused.",
		wayOut: "Give both the same store lines, or give one of them another slot with a login of its own."
	})];
	const elsewhere = others.find((other) => leaseLine(other) !== leaseLine(first));
	if (elsewhere !== void 0) return [report.problem({
		what: `${placeOf(first)} and ${placeOf(elsewhere)} list the stores of this slot in another order.`,
		why: "The lease lies in the first store that can hold one. In two places it keeps nobody from spending the token twice.",
		wayOut: "Give both the same store lines in the same order."
	})];
	return [report.ok(`${uses.length} steps use this login, all with the same stores.`)];
}
function setOf({ stores }) {
	return JSON.stringify([...new Set(stores)].sort());
}
function listed({ stores }) {
	return stores.map((line) => `"${line}"`).join(" and ");
}
// src/cli/doctor/workflows/same-login.ts
/**
* Divides the uses by the login that they mean: the slot, and within it the seed where several are named. A use without a seed belongs
* to the first login of its slot, for there is no other way to tell.
*/
function sharedLogins(uses) {
	const logins = /* @__PURE__ */ new Map();
	const seedOf = ({ step }) => (step.inputs["auth-json"] ?? "").replaceAll(/\s+/g, "");
	for (const use of uses) {
		const seed = seedOf(use) || seedOf(uses.find((other) => other.slot === use.slot && seedOf(other) !== "") ?? use);
		const key = JSON.stringify([use.slot, seed]);
		logins.set(key, [...logins.get(key) ?? [], use]);
	}
	return [...logins.values()].map((found) => ({
		slot: found[0]?.slot ?? "",
		uses: found
	}));
}
// src/cli/doctor/workflows/turns.ts
/** Whether jobs of one login wait for each other where no store holds a lease that would keep them apart. */
function turns({ slot, uses }) {
	const report = about("workflows", "concurrency", `slot ${slot}`);
	const withoutLease = uses.filter((use) => leaseLine(use) === void 0);
	if (withoutLease.length === 0) return [report.ok("A lease keeps jobs from spending one token twice.")];
	const findings = withoutLease.flatMap((use) => turnsOf(use, withoutLease, about("workflows", "concurrency", placeOf(use))));
	const groups = [...new Set(withoutLease.flatMap((use) => groupOf(use) ?? []))];
	if (groups.length > 1) findings.push(report.problem({
		what: `The jobs of this login are in several concurrency groups: ${groups.map((group) => `"${group}"`).join(", ")}.`,
		why: doubleSpending,
		wayOut: "Give all of them one group."
	}));
	return findings.length > 0 ? findings : [report.ok("All jobs of this login wait for each other.")];
}
const doubleSpending = "No store of this login holds a lease: jobs that run at once can spend one refresh token twice, and then it is dead.";
const fullGroup = "concurrency: { group: codex-auth, queue: max }";
function turnsOf(use, uses, report) {
	const { job, workflow, stores } = use;
	const group = groupOf(use);
	const concurrency = job.concurrency ?? workflow.concurrency;
	if (concurrency === void 0 || group === void 0) {
		const trouble = {
			what: "There is no concurrency group.",
			why: doubleSpending,
			wayOut: `Add "${fullGroup}" to the workflow.`
		};
		if (!stores.some((line) => kindOf(line) === "command")) return [report.problem(trouble)];
		const why = "Only a read-command and a write-command that hold a lease keep two jobs from spending one refresh token.";
		return [report.warning({
			...trouble,
			why
		})];
	}
	if (differsByRun(group)) return [report.problem({
		what: `The concurrency group "${group}" is another one for each run.`,
		why: doubleSpending,
		wayOut: "Give the group a name without such a part, for example codex-auth."
	})];
	const findings = [];
	if (concurrency.queue !== "max") findings.push(report.warning({
		what: "The concurrency group has no \"queue: max\".",
		why: "Of the runs that wait GitHub then keeps the latest alone and cancels the others.",
		wayOut: `Write "${fullGroup}".`
	}));
	if (job.concurrency !== void 0) return findings;
	const wayOut = "Give each job that uses the keeper the group itself: then its jobs wait for each other too.";
	if (job.matrix !== void 0 && job.matrix.maxParallel !== "1") findings.push(report.problem({
		what: "The jobs of its matrix run at the same time: the group is that of the workflow.",
		why: doubleSpending,
		wayOut
	}));
	if (uses.some((other) => isBeside(use, other))) findings.push(report.problem({
		what: "Another job of this workflow uses the keeper at the same time.",
		why: doubleSpending,
		wayOut
	}));
	return findings;
}
/** Its name as GitHub makes it, as far as that is known here. */
function groupOf({ job, workflow }) {
	return ((job.concurrency ?? workflow.concurrency)?.group)?.replaceAll(/\$\{\{\s*github\.workflow\s*\}\}/g, workflow.name ?? workflow.file);
}
/** Another job of the same run, which waits for this one no more than this one waits for it. */
function isBeside({ workflow, job }, other) {
	if (other.workflow !== workflow || other.job === job || other.job.concurrency !== void 0) return false;
	if (areExclusive(job.condition, other.job.condition)) return false;
	return !waitsFor(workflow, job.id, other.job.id) && !waitsFor(workflow, other.job.id, job.id);
}
/** Conditions of two jobs of which one run has one alone: events that are not the same. */
function areExclusive(one, other) {
	const [a, b] = [one, other].map((condition) => {
		const [, sign, event] = /^(?:\$\{\{)?\s*github\.event_name\s*([!=]=)\s*'(\w+)'\s*(?:\}\})?$/.exec(condition.trim()) ?? [];
		return {
			sign,
			event
		};
	});
	if (a?.event === void 0 || b?.event === void 0) return false;
	return a.sign === b.sign ? a.sign === "==" && a.event !== b.event : a.event === b.event;
}
function waitsFor({ jobs }, id, other, seen = []) {
	if (seen.includes(id)) return false;
	const needs = jobs.find((job) => job.id === id)?.needs ?? [];
	return needs.includes(other) || needs.some((need) => waitsFor({ jobs }, need, other, [...seen, id]));
}
function differsByRun(group) {
	return /\$\{\{[^}]*\b(?:github\.(?:ref|ref_name|head_ref|base_ref|sha|actor|event|event_name|run_id|run_number|run_attempt|job)|matrix|strategy|inputs|needs)\b/.test(group);
}
// src/cli/doctor/workflows/check-workflows.ts
/** All that can be said of the workflows of a repository; nothing where none uses the keeper. */
function checkWorkflows(workflows) {
	const uses = workflows.flatMap(keeperUses);
	return [...sharedLogins(uses).flatMap((login) => [
		sameStores,
		turns,
		keptFresh
	].flatMap((check) => check(login))), ...uses.flatMap((use) => [
		codexFirst,
		jobRights,
		neverCancelled,
		pinned
	].flatMap((check) => check(use)))];
}
export { checkWorkflows };
