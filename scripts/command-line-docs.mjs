// Writes docs/command-line.md from the program's own help, and the schemas of what it prints for programs. With --check it changes
// nothing, and fails when they are not what it would write. Run it with "npm run readme".
import { readFileSync, writeFileSync } from 'node:fs'
import { format } from 'prettier'
import * as z from 'zod/mini'
import { commands } from '../src/cli/commands.ts'
import { doctorSchema } from '../src/cli/doctor/doctor-schema.ts'
import { helpText } from '../src/cli/program.ts'
import { statusSchema } from '../src/cli/status/status-schema.ts'

const columns = 120
const style = JSON.parse(readFileSync('.prettierrc.json', 'utf8'))

const files = {
  'docs/command-line.md': await page(),
  'docs/doctor.schema.json': await schema('What "codex-auth-keeper doctor --json" prints', doctorSchema),
  'docs/status.schema.json': await schema('What "codex-auth-keeper status --json" prints', statusSchema),
}

const stale = Object.entries(files).filter(([path, text]) => read(path) !== text)
if (stale.length > 0 && process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the program says of itself. Run "npm run readme" and commit it.`)
  process.exitCode = 1
} else for (const [path, text] of stale) writeFileSync(path, text)

async function page() {
  const sections = []
  for (const entry of commands) sections.push(`## ${entry.name}\n\n${block(await helpText(entry, columns))}`)
  return [
    '# The command line',
    '<!-- Made from the program\'s own help by "npm run readme": change that, not this page. -->',
    'The same keeper as the action, for your own machines and for everything that is not GitHub Actions. It runs on Node 20.19 and later, on\nLinux and macOS, and needs nothing else: `npx codex-auth-keeper status`.',
    block(await helpText(undefined, columns)),
    ...sections,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function block(text) {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``
}

function schema(title, type) {
  return format(JSON.stringify({ ...z.toJSONSchema(type), title }), { ...style, parser: 'json' })
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
