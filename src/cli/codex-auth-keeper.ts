#!/usr/bin/env node
import { readFileSync } from 'node:fs'

// The command line. This file is dist/cli.js: it loads the rest when there is more to do than to say which version it is.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const words = process.argv.slice(2)

if (words.length === 1 && ['--version', '-V', '-v'].includes(words[0] ?? '')) process.stdout.write(`${version}\n`)
else {
  const { main } = await import('./main.ts')
  process.exitCode = await main({ words, version, process })
}
