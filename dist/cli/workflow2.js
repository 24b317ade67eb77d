import { $n as unknown, Hn as nullable, Jn as record, Kn as optional, Ln as array, Nn as _catch, Pn as _default, Qn as union, Rn as boolean, Vn as looseObject, Wn as number, Xn as string, Zn as transform, qn as pipe } from "../shared.js";
import { i as require_dist, n as isKeeper } from "./workflow-step.js";
// src/cli/doctor/workflows/workflow.ts
var import_dist = require_dist();
const scalar = union([
	string(),
	number(),
	boolean()
]);
const text = _catch(_default(pipe(scalar, transform(String)), ""), "");
const texts = _catch(_default(record(string(), text), {}), {});
const concurrency = _catch(optional(union([pipe(string(), transform((group) => ({
	group,
	"cancel-in-progress": "false",
	queue: ""
}))), looseObject({
	group: text,
	"cancel-in-progress": text,
	queue: text
})])), void 0);
const permissions = _catch(optional(nullable(union([string(), record(string(), string())]))), void 0);
const step = _catch(looseObject({
	uses: text,
	run: text,
	with: texts
}), {
	uses: "",
	run: "",
	with: {}
});
const job = looseObject({
	if: text,
	"runs-on": _catch(unknown(), void 0),
	permissions,
	concurrency,
	strategy: _catch(optional(looseObject({
		matrix: unknown(),
		"max-parallel": text,
		"fail-fast": text
	})), void 0),
	needs: _catch(_default(union([string(), array(string())]), []), []),
	env: texts,
	steps: _catch(_default(array(step), []), [])
});
const schedule = looseObject({ schedule: _catch(optional(array(looseObject({ cron: text }))), void 0) });
const document = looseObject({
	name: _catch(optional(string()), void 0),
	on: _catch(optional(schedule), void 0),
	permissions,
	concurrency,
	env: texts,
	jobs: record(string(), _catch(optional(job), void 0))
});
/** Reads a workflow; undefined for what is none, which GitHub would not run either. @param file its path in the clone */
function parseWorkflow(source, file) {
	const found = document.safeParse(parsedYaml(source));
	if (!found.success) return void 0;
	const { data } = found;
	return {
		file,
		name: data.name,
		crons: (data.on?.schedule ?? []).map(({ cron }) => cron),
		concurrency: concurrencyOf(data.concurrency),
		jobs: Object.entries(data.jobs).flatMap(([id, one]) => one === void 0 ? [] : [jobOf(id, one, data)])
	};
}
/** The steps that use the keeper with a store. */
function keeperUses(workflow) {
	return workflow.jobs.flatMap((one) => one.steps.flatMap((found, index) => {
		if (!isKeeper(found.uses) || !found.inputs["store"]?.trim()) return [];
		const stores = found.inputs["store"].split("\n").map((line) => line.trim());
		const slot = found.inputs["slot"]?.trim() || "default";
		return [{
			workflow,
			job: one,
			index,
			step: found,
			stores: stores.filter((line) => line !== ""),
			slot
		}];
	}));
}
/** Where a use stands, as people are told. */
function placeOf({ workflow, job: { id } }) {
	return `${workflow.file}, job ${id}`;
}
function parsedYaml(source) {
	try {
		return (0, import_dist.parse)(source, { logLevel: "silent" });
	} catch {
		return;
	}
}
function jobOf(id, found, workflow) {
	const strategy = found.strategy;
	return {
		id,
		condition: found.if,
		isHosted: isHosted(found["runs-on"]),
		permissions: permissionsOf(found.permissions === void 0 ? workflow.permissions : found.permissions),
		concurrency: concurrencyOf(found.concurrency),
		matrix: strategy?.matrix === void 0 ? void 0 : {
			maxParallel: strategy["max-parallel"],
			failFast: strategy["fail-fast"].toLowerCase() !== "false"
		},
		needs: [found.needs].flat(),
		restoresAtStart: (found.env["CODEX_AUTH_RESTORE_AT"] ?? workflow.env["CODEX_AUTH_RESTORE_AT"]) === "job-start",
		steps: found.steps.map(({ uses, run, with: inputs }) => ({
			uses,
			run,
			inputs
		}))
	};
}
/** GitHub's own machines, by the names that it gives them. */
function isHosted(runsOn) {
	return typeof runsOn === "string" && /^(?:ubuntu|macos|windows)-/.test(runsOn);
}
function permissionsOf(found) {
	if (found === void 0) return "unset";
	if (found === null) return {};
	if (typeof found !== "string") return found;
	return found === "write-all" || found === "read-all" ? found : {};
}
function concurrencyOf(found) {
	if (found === void 0) return void 0;
	const cancels = found["cancel-in-progress"].trim().toLowerCase();
	return {
		group: found.group,
		queue: found.queue,
		cancels: cancels === "true" ? "always" : cancels === "" || cancels === "false" ? "never" : "perhaps"
	};
}
export { parseWorkflow as n, placeOf as r, keeperUses as t };
