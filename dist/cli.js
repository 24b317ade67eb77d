#!/usr/bin/env node
const { readFileSync } = process.getBuiltinModule("node:fs");
// src/cli/codex-auth-keeper.ts
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const words = process.argv.slice(2);
if (words.length === 1 && [
	"--version",
	"-V",
	"-v"
].includes(words[0] ?? "")) process.stdout.write(`${version}\n`);
else {
	const { main } = await import("./cli/main.js");
	process.exitCode = await main({
		words,
		version,
		process
	});
}
export {};
