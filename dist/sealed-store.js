import { mn as KeeperError } from "./shared.js";
const { buffer } = process.getBuiltinModule("node:stream/consumers");
// src/stores/sealed/place-mark.ts
/** The first word of the mark, in the header of an age file and in a line before the document. */
const owner = "codex-auth-keeper";
const lineStart = Buffer.from(`# ${owner} `);
const lineEnd = "\n".charCodeAt(0);
/**
* A stanza that names the place in the header of an age file. It opens nothing, and every age program passes over stanzas it
* does not know; the header is authenticated with the key of the file, so nobody changes it, takes it away or adds one
* who cannot open the file.
* @param place words without blanks in them, separated by one blank
*/
function markingRecipient(age, place) {
	return { wrapFileKey: () => [new age.Stanza([owner, ...place.split(" ")], /* @__PURE__ */ new Uint8Array())] };
}
/** The places that the header names; not to be believed before the file was opened. */
function markedPlaces(stanzas) {
	return stanzas.filter(({ args: [type] }) => type === owner).map(({ args: [, ...place] }) => place.join(" "));
}
/** The document behind a line that names the place: a file for a passphrase can have no other stanza. */
function withPlaceLine(place, document) {
	return Buffer.concat([
		lineStart,
		Buffer.from(`${place}\n`),
		document
	]);
}
/** Takes the line off, where there is one. */
function splitPlaceLine(opened) {
	const end = opened.indexOf(lineEnd);
	if (end < 0 || !lineStart.equals(opened.subarray(0, lineStart.length))) return {
		places: [],
		document: opened
	};
	return {
		places: [Buffer.from(opened.subarray(lineStart.length, end)).toString("utf8")],
		document: opened.subarray(end + 1)
	};
}
// src/stores/sealed/sealed-store.ts
/**
* Wraps a store that others can read: what it holds is an age file with the bare document in it, which
* `age -d -i key.txt` opens, and whose header names the place. For a passphrase a line before the document names it.
* A copy that names none, as version 1.0 sealed them, is read all the same.
* @param inner the store that holds the sealed bytes
* @returns a store with the name, the guarantee and the versions of the inner one; besides its errors, reading throws
* store-damaged for what is not an age file, is cut short or changed, or is sealed for another key or place, and proveWritable
* throws store-refused when the first key cannot seal
*/
function sealedStore(inner, { keys, place }) {
	let isUnbound = false;
	return {
		name: inner.name,
		get guarantee() {
			return inner.guarantee;
		},
		proveWritable: async () => {
			await seal(inner.name, /* @__PURE__ */ new Uint8Array(), keys[0], place);
			return inner.proveWritable();
		},
		read: async () => {
			const copy = await inner.read();
			if (copy === void 0) return void 0;
			const { document, places } = await unseal(inner.name, copy.bytes, keys);
			if (places.some((found) => found !== place)) throw misplaced(inner.name, places, place);
			isUnbound = places.length === 0;
			return {
				bytes: document,
				version: copy.version
			};
		},
		write: async (bytes, ifVersion) => {
			const outcome = await inner.write(await seal(inner.name, bytes, keys[0], place), ifVersion);
			if (outcome.kind === "written") isUnbound = false;
			return outcome;
		},
		get leasePlace() {
			return inner.leasePlace;
		},
		notes: () => [...inner.notes?.() ?? [], ...isUnbound ? [unbound(inner.name)] : []],
		...inner.about && { about: () => inner.about?.() ?? Promise.resolve(void 0) },
		...inner.handover && { handover: () => inner.handover?.() },
		close: async () => inner.close?.()
	};
}
async function seal(name, bytes, key, place) {
	const age = await import("./dist.js");
	const encrypter = new age.Encrypter();
	if (key.kind === "passphrase") {
		encrypter.setPassphrase(key.secret);
		return buffer(await encrypter.encrypt(streamOf(withPlaceLine(place, bytes))));
	}
	const recipient = await recipientOf(key);
	if (recipient === void 0) throw mistyped(name);
	encrypter.addRecipient(markingRecipient(age, place));
	encrypter.addRecipient(recipient.secret);
	return buffer(await encrypter.encrypt(streamOf(bytes)));
}
/** What is enough to seal for a key and opens nothing; undefined for a passphrase, which does both, and for a mistyped identity. */
async function recipientOf(key) {
	if (key.kind === "passphrase") return void 0;
	if (key.kind === "recipient") return key;
	const secret = await (await import("./dist.js")).identityToRecipient(key.secret).catch(() => void 0);
	return secret === void 0 ? void 0 : {
		kind: "recipient",
		secret
	};
}
function streamOf(bytes) {
	return new ReadableStream({ start: (controller) => {
		controller.enqueue(bytes);
		controller.close();
	} });
}
async function unseal(name, bytes, keys) {
	const decrypter = new (await (import("./dist.js"))).Decrypter();
	let inHeader = [];
	decrypter.addIdentity({ unwrapFileKey: (stanzas) => {
		inHeader = markedPlaces(stanzas);
		return null;
	} });
	for (const key of keys) if (key.kind === "passphrase") decrypter.addPassphrase(key.secret);
	else if (key.kind === "identity") addIdentity(name, decrypter, key);
	try {
		const { places, document } = splitPlaceLine(await buffer(await decrypter.decrypt(streamOf(bytes))));
		return {
			document,
			places: [...inHeader, ...places]
		};
	} catch (error) {
		throw damaged(name, bytes, error instanceof Error ? error.message : "");
	}
}
function addIdentity(name, decrypter, key) {
	try {
		decrypter.addIdentity(key.secret);
	} catch {
		throw mistyped(name);
	}
}
function misplaced(name, places, place) {
	const found = places.join(", ").replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
	return new KeeperError("store-damaged", `${name}: the stored copy is sealed for another place (${found}; this is ${place}), so somebody has put it here`, "Find out who writes to this place. To go on, put its own copy back, or remove the stored copy and log in again. If you have moved it yourself, open it with age and use it as the seed.");
}
function unbound(name) {
	return `${name}: the stored copy does not say which slot it is sealed for (version 1.0 did not), so that cannot be checked; the next write adds it.`;
}
function mistyped(name) {
	return new KeeperError("store-refused", `${name}: an age identity in encryption-key is mistyped (its checksum is wrong)`, "Copy the AGE-SECRET-KEY-1… line again, whole, from the key file.");
}
function damaged(name, bytes, why) {
	if (why.includes("no identity matched")) return new KeeperError("store-damaged", `${name}: the stored copy is sealed for another key`, "Add the key it was sealed with as a further line of encryption-key; or remove the stored copy and log in again.");
	const what = Buffer.from(bytes.subarray(0, 18)).toString("latin1") === "age-encryption.org" ? "is cut short or was changed after it was sealed" : "is not sealed with age";
	return new KeeperError("store-damaged", `${name}: the stored copy ${what}`, "Find out who else writes to this place. To go on, remove the stored copy and log in again.");
}
export { sealedStore as n, recipientOf as t };
