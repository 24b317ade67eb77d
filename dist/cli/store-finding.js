import { Lt as look, zt as retried } from "../shared.js";
// src/keeper/store-finding.ts?cli
/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. Never throws. */
async function examine(store, clock) {
	const [seen, proof] = await Promise.all([look(store, clock), proofOf(store, clock)]);
	return {
		name: store.name,
		guarantee: store.guarantee,
		look: seen,
		proof: seen.kind === "unreadable" ? { kind: "not-counted" } : proof
	};
}
async function proofOf(store, clock) {
	try {
		return { kind: await retried(() => store.proveWritable(), clock) };
	} catch (error) {
		return {
			kind: "refused",
			error
		};
	}
}
export { examine as t };
