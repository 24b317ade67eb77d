import { Bt as decideWriteBack, Cn as accountHash, En as isSame, Ut as copyState, Wt as look, gn as messageOf, hn as errorWords, jt as originName, kt as chooseNewest, ln as observeAuthFile, mn as KeeperError, pt as secretsIn, q as momentWords, xn as unmanagedReasons, zt as writeBack } from "../shared.js";
import { n as machineState, r as withoutWriting, t as bringToMachine } from "./bring-to-machine.js";
import { n as exitCodes } from "./exit-code.js";
import { t as inWordsOfTheCommandLine } from "./input-names.js";
import { r as placeOptions, t as describePlaceOptions } from "./place-options.js";
import { t as openPlaces } from "./places.js";
import { a as strong, n as faint, o as warning, r as good, t as bad } from "./line.js";
import { t as tableLines } from "./table.js";
import { t as wrongUsage } from "./wrong-usage.js";
// src/keeper/sync.ts
/** How often all places are looked at, where others write newer logins meanwhile. */
const rounds = 3;
/**
* Brings the newest login of all places to all places that are behind. Each write is a compare-and-set on what was read, where
* the place can do that; nothing older ever replaces something newer, and what cannot be read is left alone.
* @throws KeeperError two-accounts where the places hold more than one login; no-credential where there is none;
*   before anything is written
*/
async function syncPlaces(request) {
	for (let round = 1;; round += 1) {
		const { synced, overtaken } = await syncOnce(request);
		if (!overtaken || round === rounds) return synced;
	}
}
async function syncOnce(request) {
	const { codexHome, stores, clock, dryRun, onCredential } = request;
	const [file, ...looks] = await Promise.all([observeAuthFile(codexHome, clock), ...stores.map((store) => look(store, clock))]);
	const candidates = [...stores.flatMap(({ name }, index) => candidatesOf({
		kind: "store",
		name
	}, looks[index])), ...file.kind === "managed" ? [{
		origin: { kind: "file" },
		credential: file.credential
	}] : []];
	for (const { credential } of candidates) onCredential(credential);
	const { newest, rivals } = newestOf(candidates, file, looks);
	const { credential } = newest;
	const onMachine = await bringToMachine({
		codexHome,
		clock,
		dryRun,
		credential,
		seen: file
	});
	const inStores = await Promise.all(stores.map(async (store, index) => {
		const outcome = await bringToStore({
			store,
			seen: looks[index],
			credential,
			clock,
			dryRun
		});
		return placeOf({
			kind: "store",
			name: store.name
		}, outcome, copyState(looks[index] ?? { kind: "none" }), credential.fingerprint);
	}));
	const places = [placeOf({ kind: "file" }, onMachine, machineState(file), credential.fingerprint), ...inStores];
	const isRival = ({ origin }) => rivals.some((rival) => originName(rival.origin) === originName(origin));
	const overtaken = places.some((place) => place.outcome.kind === "kept" && place.outcome.reason === "superseded" && !isRival(place));
	return {
		synced: {
			newest,
			places
		},
		overtaken
	};
}
function candidatesOf(origin, seen) {
	return seen?.kind === "held" ? [{
		origin,
		credential: seen.credential
	}] : [];
}
/** Nothing is spent here, so a place that cannot be read does not keep the others from being brought up to date. */
function newestOf(candidates, file, looks) {
	const unread = looks.some(({ kind }) => kind === "unreadable");
	const choice = chooseNewest({
		candidates,
		unread,
		isDue: () => false,
		isExpected: void 0
	});
	if (choice.kind === "chosen") return {
		newest: choice.candidate,
		rivals: choice.rivals
	};
	if (choice.kind === "two-accounts") throw new KeeperError("two-accounts", `These places hold different logins: ${choice.found.map(accountWords).join(", ")}. Nothing was written.`, "Name only places of one login: another login needs a slot, a file or a host of its own.");
	const why = file.kind === "unmanaged" ? `; auth.json on this machine ${unmanagedReasons[file.credential.why]}` : "";
	if (unread) {
		const error = looks.flatMap((seen) => seen.kind === "unreadable" ? [seen.error] : [])[0];
		throw new KeeperError("store-unreachable", `No login was found, and not every place could be read${why}. ${error instanceof Error ? error.message : ""}`.trim(), error instanceof KeeperError ? error.remedy : "Run it again when they answer.", { cause: error });
	}
	throw new KeeperError("no-credential", `None of the places holds a ChatGPT login${why}.`, "Log in with \"codex login\".");
}
function accountWords({ origin, credential }) {
	return `${placeName(origin)}: ${accountHash(credential.fingerprint)}`;
}
/** A place as a person at this machine calls it. */
function placeName(origin) {
	return origin.kind === "file" ? "this machine" : originName(origin);
}
async function bringToStore({ store, seen, credential, clock, dryRun }) {
	if (seen === void 0 || seen.kind === "unreadable") return {
		kind: "failed",
		error: seen?.error
	};
	const { fingerprint: base } = credential;
	const copy = copyState(seen);
	if (dryRun) return withoutWriting(decideWriteBack({
		seed: void 0,
		base,
		file: base,
		copy
	}));
	const standing = {
		base,
		lastSeen: { [store.name]: {
			base,
			copy
		} }
	};
	const { results } = await writeBack({
		stores: [store],
		file: {
			kind: "managed",
			credential
		},
		standing,
		clock
	});
	const outcome = results[0]?.outcome ?? {
		kind: "failed",
		error: void 0
	};
	return outcome.kind === "kept" && outcome.reason === "unchanged" ? published(store, outcome) : outcome;
}
/** Programs that read the file itself are to find the login that the store holds. */
async function published(store, outcome) {
	try {
		await store.publish?.();
		return outcome;
	} catch (error) {
		return {
			kind: "failed",
			error
		};
	}
}
function placeOf(origin, outcome, before, newest) {
	const was = typeof before === "object" ? before : void 0;
	return {
		origin,
		outcome,
		holds: outcome.kind === "written" || was !== void 0 && isSame(was, newest) ? newest : was
	};
}
// src/cli/commands/sync.ts
const sync = {
	describe: (command) => {
		describePlaceOptions(command).option("--dry-run", "says what would be written where, and writes nothing");
	},
	examples: [
		["codex-auth-keeper sync --store \"ssh: me@build.example.com\"", "this machine and the Codex of one host hold the newest login afterwards"],
		["codex-auth-keeper sync --store \"ssh: me@one.example.com\" --store \"ssh: me@two.example.com:2222\" --dry-run", "what would be written where"],
		["codex-auth-keeper sync --workflow .github/workflows/codex.yml", "this machine and the stores of a workflow"]
	],
	run: async ({ options }, context) => {
		const places = await openPlaces(placeOptions(options), context);
		try {
			if (places.stores.length + places.outOfReach.length === 0) throw wrongUsage("There is nothing to bring this machine in line with.", "Name one or more places with --store, or a workflow with --workflow.");
			return report(await synced(places, options["dryRun"] === true, context), places, context);
		} finally {
			await places.close();
		}
	}
};
function synced({ codexHome, stores }, dryRun, { clock, terminal }) {
	const onCredential = ({ bytes }) => {
		terminal.secrets.add(secretsIn({
			authJson: Buffer.from(bytes).toString("utf8"),
			keyFiles: [],
			tokens: []
		}));
	};
	return terminal.during("Reading all places", syncPlaces({
		codexHome,
		stores,
		clock,
		dryRun,
		onCredential
	}));
}
/** Says what went where. @returns the exit code */
function report({ newest, places }, { outOfReach, settings }, { terminal }) {
	const moment = newest.credential.issued.iat;
	const issued = moment === void 0 ? `refreshed ${newest.credential.lastRefresh}` : `issued ${momentWords(moment)}`;
	terminal.print([strong("Newest:"), ` ${placeName(newest.origin)}, ${issued}`]);
	const rows = places.map((place) => [placeName(place.origin), outcomeLine(place.outcome)]);
	const unreached = outOfReach.map(({ name, why }) => [name, bad(`left alone: ${why}`)]);
	for (const line of tableLines([...rows, ...unreached])) terminal.print(line);
	for (const { outcome } of places) if (outcome.kind === "failed" && outcome.error instanceof KeeperError) terminal.say([strong("Way out:"), ` ${inWordsOfTheCommandLine(outcome.error.remedy)}`]);
	if (machinesOf(places, settings) > 1) terminal.say([warning("Note:"), ` ${oneTokenTwice}`]);
	return places.every(({ outcome }) => isWell(outcome)) && outOfReach.length === 0 ? exitCodes.well : exitCodes.failed;
}
const oneTokenTwice = "a refresh token works once. Machines that both use Codex with one login will spend the same one, and OpenAI then refuses the second. Give each machine a login of its own: \"codex-auth-keeper deploy HOST --login\".";
/** On how many machines Codex itself works with this login: here, and on hosts where the file is the one that Codex reads. */
function machinesOf(places, settings) {
	const readByCodex = settings.flatMap((store) => store.kind === "ssh" && store.address.path.endsWith("/.codex/auth.json") ? [store.name] : []);
	return places.filter(({ origin, holds, outcome }) => (holds !== void 0 || outcome.kind === "behind") && (origin.kind === "file" || origin.kind === "store" && readByCodex.includes(origin.name))).length;
}
function isWell(outcome) {
	return outcome.kind === "written" || outcome.kind === "behind" || outcome.kind === "kept" && outcome.reason === "unchanged";
}
function outcomeLine(outcome) {
	switch (outcome.kind) {
		case "written": return good("brought up to date");
		case "behind": return warning("would be brought up to date");
		case "kept": return outcome.reason === "unchanged" ? faint("up to date") : warning("left alone: it holds another login that is not older");
		case "failed": return bad(`left alone: ${inWordsOfTheCommandLine(outcome.error instanceof KeeperError ? messageOf(outcome.error) : errorWords(outcome.error))}`);
	}
}
export { sync };
