// Writes src/stores/ssh/ssh-script.ts, the text of scripts/codex-auth-store.sh for the bundle; a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs'

const lines = readFileSync('scripts/codex-auth-store.sh', 'utf8').trimEnd().split('\n')
writeFileSync(
  'src/stores/ssh/ssh-script.ts',
  `/**
 * The text of scripts/codex-auth-store.sh, generated from it by scripts/embed-ssh-script.mjs.
 * A string in the bundle, because the bundler would not carry the file along.
 */
export const sshScript = [
${lines.map((line) => `  ${JSON.stringify(line)},`).join('\n')}
].join('\\n')
`,
)
