import { rt as KeeperError } from "./shared.js";
// src/stores/sealed/sealed-store.ts
/**
* Wraps a store that others can read: what it holds is an age file with the bare document in it, which
* `age -d -i key.txt` opens.
* @param inner the store that holds the sealed bytes
* @param keys the first seals, all of them open
* @returns a store with the name, the guarantee and the versions of the inner one; besides its errors, reading throws
* store-damaged for what is no age file, is cut short or changed, or is sealed for another key, and proveWritable throws
* store-refused when the first key cannot seal
*/
function sealedStore(inner, keys) {
	return {
		name: inner.name,
		get guarantee() {
			return inner.guarantee;
		},
		proveWritable: async () => {
			await seal(inner.name, /* @__PURE__ */ new Uint8Array(), keys[0]);
			return inner.proveWritable();
		},
		read: async () => {
			const copy = await inner.read();
			return copy && {
				bytes: await unseal(inner.name, copy.bytes, keys),
				version: copy.version
			};
		},
		write: async (bytes, ifVersion) => inner.write(await seal(inner.name, bytes, keys[0]), ifVersion),
		get leasePlace() {
			return inner.leasePlace;
		},
		notes: () => inner.notes?.() ?? [],
		...inner.handover && { handover: () => inner.handover?.() },
		close: async () => inner.close?.()
	};
}
async function seal(name, bytes, key) {
	const age = await import("./dist.js");
	const encrypter = new age.Encrypter();
	if (key.kind === "passphrase") encrypter.setPassphrase(key.secret);
	else {
		const recipient = await age.identityToRecipient(key.secret).catch(() => void 0);
		if (recipient === void 0) throw mistyped(name);
		encrypter.addRecipient(recipient);
	}
	return encrypter.encrypt(bytes);
}
async function unseal(name, bytes, keys) {
	const decrypter = new (await (import("./dist.js"))).Decrypter();
	for (const key of keys) if (key.kind === "passphrase") decrypter.addPassphrase(key.secret);
	else addIdentity(name, decrypter, key);
	try {
		return await decrypter.decrypt(bytes);
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
function mistyped(name) {
	return new KeeperError("store-refused", `${name}: an age identity in encryption-key is mistyped (its checksum is wrong)`, "Copy the AGE-SECRET-KEY-1… line again, whole, from the key file.");
}
function damaged(name, bytes, why) {
	if (why.includes("no identity matched")) return new KeeperError("store-damaged", `${name}: the stored copy is sealed for another key`, "Add the key it was sealed with as a further line of encryption-key; or remove the stored copy and log in again.");
	const what = Buffer.from(bytes.subarray(0, 18)).toString("latin1") === "age-encryption.org" ? "is cut short or was changed after it was sealed" : "is not sealed with age";
	return new KeeperError("store-damaged", `${name}: the stored copy ${what}`, "Find out who else writes to this place. To go on, remove the stored copy and log in again.");
}
export { sealedStore };
