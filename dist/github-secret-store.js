import { Hn as string, Ln as object, Rn as optional, ln as messageOf, sn as KeeperError } from "./shared.js";
import { a as spent, c as markOf, d as documentIn, i as replaced, l as recordOf, n as invalid, o as secretPlace, r as notGiven, s as judgeSnapshot, t as elsewhere, u as compactDocument } from "./github-secret-refusals.js";
// src/stores/github-secret/github-secret-store.ts
/** Reads a handover from saved state. */
const secretHandover = optional(object({
	fingerprint: string(),
	updatedAt: optional(string()),
	recorded: optional(string())
}));
/** Milliseconds for which what was seen counts as seen just now. */
const justNow = 5e3;
/**
* A GitHub Actions secret as a store. Its value reaches a job once, as an input, and can be replaced but never asked for; so
* a later read gives the bytes of that input, or of what this process wrote, and asks GitHub only whether they still count:
* - the variable beside the secret says which document the keeper stored last, and when it was issued;
* - the secret's `updated_at` tells of a write by anybody else.
*
* The secret is written before the variable. A job that dies between the two has saved the login; the next job finds a
* document that was issued later than the variable says and takes it, as it takes a reseed.
*/
function githubSecretStore(setup) {
	const { name, currentValue, api, clock, repository, secret } = setup;
	const place = secretPlace(api, repository, secret);
	const given = currentValue === void 0 || currentValue.trim() === "" ? void 0 : currentValue;
	let known = setup.handover;
	let seen;
	/** A write whose answer was lost, and what was seen before it. */
	let attempt;
	let key;
	let unrecorded;
	const publicKey = () => {
		key ??= place.publicKey();
		key.catch(() => {
			key = void 0;
		});
		return key;
	};
	const look = async () => {
		publicKey();
		const sight = await place.look();
		if (sight.updatedAt === void 0) await publicKey();
		seen = {
			sight,
			at: clock.now()
		};
		if (attempt !== void 0 && attempt.before.updatedAt !== sight.updatedAt) known = {
			...attempt.document,
			updatedAt: sight.updatedAt
		};
		attempt = void 0;
		return sight;
	};
	const firstSight = (sight, updatedAt) => {
		if (given === void 0) throw notGiven(place.words, secret);
		const bytes = documentIn(given);
		const mark = markOf(bytes);
		const record = sight.record.kind === "held" ? sight.record.record : void 0;
		const verdict = judgeSnapshot(mark, record, updatedAt);
		if (verdict !== "current") throw spent(place.words, secret, verdict);
		return {
			bytes,
			fingerprint: mark.fingerprint,
			updatedAt,
			recorded: record?.fingerprint
		};
	};
	const put = async (document) => {
		const outcome = await place.put(document, await publicKey());
		if (outcome.kind !== "invalid") return outcome;
		key = void 0;
		return place.put(document, await publicKey());
	};
	return {
		name,
		guarantee: "last-writer-wins",
		proveWritable: async () => {
			await place.proveWritable();
			return "proved";
		},
		read: async () => {
			const sight = await look();
			if (sight.updatedAt === void 0) {
				if (known === void 0 && given !== void 0) throw elsewhere(place.words, secret);
				known = void 0;
				return;
			}
			if (known !== void 0 && isChanged(known, sight)) throw replaced(place.words);
			known ??= firstSight(sight, sight.updatedAt);
			const bytes = known.bytes ?? (given === void 0 ? void 0 : documentIn(given));
			return bytes && {
				bytes,
				version: secretVersion(known)
			};
		},
		write: async (bytes, ifVersion) => {
			const document = compactDocument(bytes);
			const before = seen !== void 0 && clock.now() - seen.at < justNow ? seen.sight : await look();
			if (versionSeen(known, before) !== ifVersion) return { kind: "conflict" };
			const mark = markOf(document);
			const written = {
				bytes: document,
				fingerprint: mark.fingerprint,
				updatedAt: void 0,
				recorded: recordedIn(before)
			};
			seen = {
				sight: before,
				at: -Infinity
			};
			const outcome = await put(document).catch((error) => {
				if (error instanceof KeeperError && error.code === "store-unknown-outcome") attempt = {
					document: written,
					before
				};
				throw error;
			});
			switch (outcome.kind) {
				case "busy": return { kind: "conflict" };
				case "invalid": throw invalid(place.words);
			}
			const { at } = outcome;
			const saveRecord = async () => {
				if (before.record.kind === "denied") return void 0;
				await place.saveRecord(recordOf(mark, at), before.record.kind !== "none");
				return mark.fingerprint;
			};
			const [updatedAt, recorded] = await Promise.allSettled([place.updatedAt(), saveRecord()]);
			unrecorded = recorded.status === "rejected" ? messageOf(recorded.reason) : void 0;
			known = {
				...written,
				updatedAt: updatedAt.status === "fulfilled" ? updatedAt.value : void 0,
				recorded: recorded.status === "fulfilled" ? recorded.value ?? written.recorded : void 0
			};
			return {
				kind: "written",
				version: secretVersion(known)
			};
		},
		about: async () => {
			const { updatedAt, record } = await look();
			if (updatedAt === void 0) return void 0;
			const issued = record.kind === "held" ? record.record.issued : void 0;
			return {
				writtenAt: updatedAt,
				...issued && { issued }
			};
		},
		handover: () => known && {
			fingerprint: known.fingerprint,
			updatedAt: known.updatedAt,
			recorded: known.recorded
		},
		notes: () => notes(secret, seen?.sight, unrecorded)
	};
}
function secretVersion({ fingerprint, updatedAt }) {
	return `${fingerprint.slice(0, 16)}@${updatedAt ?? "unknown"}`;
}
/** The version of what is there; another one than any read has given when it is not what this job knows. */
function versionSeen(known, sight) {
	if (sight.updatedAt === void 0) return void 0;
	return known === void 0 || isChanged(known, sight) ? `unknown@${sight.updatedAt}` : secretVersion(known);
}
/** Whether anybody else has written since. Either sign counts, as far as it is known. */
function isChanged(known, sight) {
	if (known.updatedAt !== void 0 && known.updatedAt !== sight.updatedAt) return true;
	return sight.record.kind === "held" && known.recorded !== void 0 && known.recorded !== sight.record.record.fingerprint;
}
function recordedIn({ record }) {
	return record.kind === "held" ? record.record.fingerprint : void 0;
}
function notes({ secret, environment, variable }, sight, unrecorded) {
	const unseen = `Without it, a value of ${secret} that was already spent by another job cannot be recognised before Codex uses it.`;
	return [
		...environment === void 0 ? [`GitHub reads the repository secret ${secret} when the run is queued: a run that waits gets an old one. Use an environment secret.`] : [],
		...sight?.record.kind === "denied" ? [`${sight.record.why} ${unseen}`] : [],
		...sight?.record.kind === "foreign" ? [`The value of the variable ${variable} was not written by the keeper and is replaced at the next write.`] : [],
		...unrecorded !== void 0 ? [`The login is stored, but not its fingerprint: ${unrecorded} ${unseen}`] : []
	];
}
export { githubSecretStore, secretHandover };
