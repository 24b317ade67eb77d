import { Gn as object, Kn as optional, Ln as array, Pn as _default, Xn as string, tr as _regex } from "../shared.js";
import { i as repositoryPattern } from "./repository.js";
import { t as wrongUsage } from "./wrong-usage.js";
// src/stores/slot.ts?cli
/** The name of a slot: it becomes part of the names of files, refs and cache keys. */
const slotPattern = /^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/;
/** What it must be, as the end of a sentence about it. */
const slotRule = "must be letters, digits, \".\", \"_\" and \"-\", at most 63, and fit a ref name";
// src/cli/place-options.ts
/** Adds them to a command. */
function describePlaceOptions(command) {
	return describeStoreOptions(command).option("--codex-home <folder>", "where Codex keeps auth.json (default: $CODEX_HOME, else ~/.codex)");
}
/** Adds those that say where a login is besides this machine. */
function describeStoreOptions(command) {
	return command.option("--store <line>", "a store, as in the input of the action; can be given several times", collected).option("--slot <name>", "the name of the login in the stores (default: \"default\")").option("--workflow <file>", "takes the stores and the slot from the keeper step of this workflow").option("--repo <owner/name>", "the repository on GitHub (default: the origin of the clone you are in)").option("--read-command <script>", "reads the store \"command\"").option("--write-command <script>", "writes the store \"command\"").option("--prove-command <script>", "proves that the store \"command\" can be written");
}
const line = optional(string());
const schema = object({
	store: _default(array(string()), []),
	slot: optional(string().check(_regex(slotPattern, slotRule))),
	codexHome: line,
	workflow: line,
	repo: optional(string().check(_regex(repositoryPattern, "must be owner/name"))),
	readCommand: line,
	writeCommand: line,
	proveCommand: line
});
/** Reads them from what commander gives. @throws KeeperError invalid-inputs */
function placeOptions(options) {
	const result = schema.safeParse(options);
	if (result.success) return result.data;
	const problems = result.error.issues.map(({ path, message }) => `--${path.join(".")} ${message}.`);
	throw wrongUsage(problems.join(" "), "Correct it; --help lists all options.");
}
function collected(value, earlier = []) {
	return [...earlier, value];
}
export { describeStoreOptions as n, placeOptions as r, describePlaceOptions as t };
