// Fills the commit of a release into everything that people copy: README.md, docs/*.md and examples/*.yml then name the keeper as
// OWNER/codex-auth-keeper@<commit> # v<version>, where they had another commit, or zeros before the first release.
//   node scripts/pin-release.mjs OWNER/codex-auth-keeper COMMIT VERSION
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const [repository = '', commit = '', version = ''] = process.argv.slice(2)
if (!/^[\w.-]+\/codex-auth-keeper$/.test(repository) || !/^[0-9a-f]{40}$/.test(commit) || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error('Usage: node scripts/pin-release.mjs OWNER/codex-auth-keeper COMMIT VERSION')
  process.exit(2)
}
const pages = ['README.md', ...inFolder('docs', '.md'), ...inFolder('examples', '.yml')]
for (const page of pages) {
  const before = readFileSync(page, 'utf8')
  const after = before
    .replaceAll(/[\w.-]+\/codex-auth-keeper@[0-9a-f]{40} # v\d+\.\d+\.\d+/g, `${repository}@${commit} # v${version}`)
    // Badges and links.
    .replaceAll('your-org/codex-auth-keeper', repository)
  if (after !== before) writeFileSync(page, after)
}

function inFolder(folder, ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
}
