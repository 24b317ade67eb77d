import { Dn as isSameAccount, Kt as retried, Wt as look } from "../shared.js";
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
/** Whether a store would take a refreshed copy of this credential; it never gives up what it holds of another account. */
function canTake(finding, base) {
	const { proof } = finding;
	return (proof.kind === "proved" || proof.kind === "unprovable") && !holdsForeign(finding, base);
}
/** Whether a store holds a login that is not the one to be restored. */
function holdsForeign({ look: seen }, base) {
	return seen.kind === "held" && !isSameAccount(seen.credential.fingerprint, base);
}
export { examine as n, holdsForeign as r, canTake as t };
