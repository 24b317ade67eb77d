import { gn as messageOf, mn as KeeperError } from "../shared.js";
import { t as inWordsOfTheCommandLine } from "./input-names.js";
import { a as strong, t as bad } from "./line.js";
// src/cli/tell-error.ts
/** Says what happened, why, and the way out. */
function tellError(error, terminal) {
	const [first = "", ...more] = inWordsOfTheCommandLine(messageOf(error)).split("\n");
	terminal.say([bad("codex-auth-keeper:"), ` ${first}`]);
	for (const line of more) terminal.say(line);
	const remedy = error instanceof KeeperError ? inWordsOfTheCommandLine(error.remedy) : "This is not expected: please report it with this message, and without auth.json.";
	terminal.say([strong("Way out:"), ` ${remedy}`]);
}
export { tellError as t };
