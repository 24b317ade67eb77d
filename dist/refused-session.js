import { Ht as findNewerCopy, Nt as seedIsOlder, Yt as refreshRefused, gn as messageOf, in as failureWords } from "./shared.js";
// src/keeper/refused-session.ts
/** A login that Codex was refused may have been refreshed by another job: then the stores tell. */
async function judgeSession({ session, ...request }) {
	if (session.kind === "none") return { kind: "unknown" };
	const { failure } = session;
	if (failure === void 0) return { kind: "worked" };
	const { cause, wayOut, needsPerson } = failureWords[failure];
	if (!needsPerson) return {
		kind: "passing",
		words: `${cause} ${wayOut}`
	};
	const newer = await findNewerCopy(request);
	switch (newer.kind) {
		case "newer":
		case "superseded": return {
			kind: "passing",
			words: `Codex was refused in this job, because another job had refreshed the login meanwhile. ${newer.store} holds the newer one: run this job again.`
		};
		case "unread": return {
			kind: "passing",
			words: `${cause} The store ${newer.store} may hold a newer login and could not be read: ${messageOf(newer.error)} Run this job again; a person is needed only if that fails too.`
		};
		case "none": return {
			kind: "needs-reseed",
			error: refreshRefused({
				kind: "needs-reseed",
				failure,
				seedIsOlder: seedIsOlder(request.standing)
			})
		};
	}
}
export { judgeSession };
