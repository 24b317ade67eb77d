import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const scripts = new URL('../scripts/', import.meta.url).href
const { default: freshDist } = (await import(`${scripts}fresh-dist.mjs`)) as { default: (config: object) => void }
const { leaveStamp } = (await import(`${scripts}dist-stamp.mjs`)) as { leaveStamp: (root: string) => void }

/** A project whose build leaves a mark. */
const files = {
  'src/main.ts': 'export const answer = 42\n',
  'dist/index.js': 'const answer = 42\n',
  'package.json': '{}',
  'package-lock.json': '{}',
  'tsconfig.json': '{}',
  'scripts/build.mjs': "import { writeFileSync } from 'node:fs'\nwriteFileSync('built', '')\n",
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fresh-dist-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  leaveStamp(root)
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

/** Whether a run of the tests has built dist first. */
function builds(): boolean {
  freshDist({ rootDir: root })
  return existsSync(join(root, 'built'))
}

test('a dist that was built from these sources is taken as it is', () => {
  expect(builds()).toBe(false)
})

test.each(['src/main.ts', 'dist/index.js', 'package-lock.json'])('a change of %s since the last build means another build', (name) => {
  appendFileSync(join(root, name), '\n')
  expect(builds()).toBe(true)
})

test.each(['src/main.ts', 'dist/index.js'])('so does a missing %s', (name) => {
  rmSync(join(root, name))
  expect(builds()).toBe(true)
})

test('a clone that was never built is built', () => {
  rmSync(join(root, 'node_modules'), { recursive: true })
  expect(builds()).toBe(true)
})
