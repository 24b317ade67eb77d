import { Bn as literal, Fn as _enum, Gn as object, Un as nullish, Vn as looseObject, Xn as string, rn as failureOfText } from "./shared.js";
const { open, readdir, stat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { constants: constants$1 } = process.getBuiltinModule("node:fs");
// src/codex/session-records.ts
/** The end of a record is its last line; a line with an error is short. Bytes. */
const readFromEnd = 65536;
/** A job lasts five days at most; one day more on either side, because folders are named by local dates. */
const mostDays = 8;
const day = 864e5;
const turnEnd = object({
	type: literal("event_msg"),
	payload: looseObject({
		type: _enum(["task_complete", "turn_complete"]),
		error: nullish(looseObject({ message: string() }))
	})
});
/**
* Looks how the last turn of Codex in this job ended. Codex leaves a record of each session in
* `CODEX_HOME/sessions/YYYY/MM/DD/rollout-*.jsonl`, whose last `task_complete` has the error that ended it, also where its
* refresh was refused (measured on 0.150.0 and 0.169.0). Nothing of the text is given on: what the model was asked is in it.
* @param began when this job restored the login, milliseconds since 1970
* @param now milliseconds since 1970
*/
async function lastSession(codexHome, began, now) {
	let last;
	for (const folder of foldersOf(join(codexHome, "sessions"), began, now)) {
		const names = (await readdir(folder).catch(() => [])).filter((name) => /^rollout-.*\.jsonl$/.test(name));
		for (const name of names) {
			const path = join(folder, name);
			const changedAt = await stat(path).then(({ mtimeMs }) => mtimeMs, () => 0);
			if (changedAt < began || last !== void 0 && changedAt < last.changedAt) continue;
			const end = turnEndIn(await tailOf(path).catch(() => ""));
			if (end !== void 0) last = {
				changedAt,
				failure: end.message === void 0 ? void 0 : failureOfText(end.message)
			};
		}
	}
	return last === void 0 ? { kind: "none" } : {
		kind: "ended",
		failure: last.failure
	};
}
function foldersOf(sessions, began, now) {
	const first = Math.max(began, now - mostDays * day) - day;
	const days = Math.min(10, Math.ceil((now + day - first) / day) + 1);
	return Array.from({ length: Math.max(0, days) }, (_, index) => join(sessions, ...new Date(first + index * day).toISOString().slice(0, 10).split("-")));
}
function turnEndIn(text) {
	for (const line of text.split("\n").reverse()) {
		const event = turnEnd.safeParse(parsed(line));
		if (event.success) return { message: event.data.payload.error?.message };
	}
}
function parsed(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}
/** A step may have put a pipe there, which would be waited for. */
async function tailOf(path) {
	const file = await open(path, constants$1.O_RDONLY | constants$1.O_NONBLOCK);
	try {
		const found = await file.stat();
		if (!found.isFile()) return "";
		const start = Math.max(0, found.size - readFromEnd);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size - start), 0, found.size - start, start);
		return buffer.toString("utf8", 0, bytesRead);
	} finally {
		await file.close();
	}
}
export { lastSession };
