import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../scripts/pin-release.mjs', import.meta.url))
const zeros = '0'.repeat(40)
const commit = 'c0ffee'.padEnd(40, '1')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pin-release-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

function pinned(files: Readonly<Record<string, string>>, ...args: readonly string[]): string[] {
  for (const [name, text] of Object.entries({ 'README.md': '', 'docs/page.md': '', 'examples/git.yml': '', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: 'pipe' })
  return Object.keys(files).map((name) => readFileSync(join(root, name), 'utf8'))
}

test('fills the commit of a release into all that people copy, and only there', () => {
  const [readme, page, example] = pinned(
    {
      'README.md': `![CI](https://github.com/your-org/codex-auth-keeper/badge.svg)\n- uses: your-org/codex-auth-keeper@${zeros} # v1.0.0\n`,
      'docs/page.md': `- uses: your-org/codex-auth-keeper@${zeros} # v1.0.0\n- uses: actions/checkout@${zeros} # v7.0.1\n`,
      'examples/git.yml': `        uses: owner/codex-auth-keeper@${commit.replace('c0', 'd0')} # v1.0.9\n`,
    },
    'owner/codex-auth-keeper',
    commit,
    '1.1.0',
  )
  const uses = `uses: owner/codex-auth-keeper@${commit} # v1.1.0\n`
  expect(readme).toBe(`![CI](https://github.com/owner/codex-auth-keeper/badge.svg)\n- ${uses}`)
  expect(page).toBe(`- ${uses}- uses: actions/checkout@${zeros} # v7.0.1\n`)
  expect(example).toBe(`        ${uses}`)
})

test.each([
  ['owner/codex-auth-keeper', 'main', '1.1.0'],
  ['owner', commit, '1.1.0'],
  ['owner/codex-auth-keeper', commit, 'v1'],
])('refuses %s %s %s', (...args) => {
  expect(() => pinned({}, ...args)).toThrow(/Usage/)
})
