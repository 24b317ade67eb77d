import { mn as KeeperError } from "../shared.js";
// src/cli/wrong-usage.ts
/**
* What was wrong with the words, flags or variables that the program was started with; it ends with exit code 2.
* @param remedy the way out
*/
function wrongUsage(message, remedy) {
	return new KeeperError("invalid-inputs", message, remedy);
}
export { wrongUsage as t };
