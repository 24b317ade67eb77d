import { mn as KeeperError } from "./shared.js";
// src/stores/sealed/store-without-key.ts
/**
* A sealed store in a stage that does not have the key any more which restore seals with: it refuses everything, so that
* a step which changes encryption-key can neither have the login sealed for a key of its own nor make it look stored.
*/
function storeWithoutKey(inner) {
	const refuse = () => Promise.reject(new KeeperError("store-withdrawn", `${inner.name}: a step has changed encryption-key since the login was restored, and the login is not sealed for another key`, "Give encryption-key straight from a secret, ${{ secrets.… }}: what comes from env can be changed by every step."));
	return {
		name: inner.name,
		get guarantee() {
			return inner.guarantee;
		},
		proveWritable: refuse,
		read: refuse,
		write: refuse,
		close: async () => inner.close?.()
	};
}
export { storeWithoutKey };
