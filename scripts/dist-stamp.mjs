// Knows whether dist/ is what src/ builds, without building it: after a build, a digest of all that went in and all that came out
// is left in node_modules/.cache. It is not committed, so a new clone builds once.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const stamp = 'node_modules/.cache/codex-auth-keeper/dist'
const parts = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'dist']

/** Whether the last build in this checkout was of these sources and packages, and dist is as it left it. */
export function isFresh(root = '.') {
  try {
    return readFileSync(join(root, stamp), 'utf8') === digest(root)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

/** To be called after a build. */
export function leaveStamp(root = '.') {
  mkdirSync(dirname(join(root, stamp)), { recursive: true })
  writeFileSync(join(root, stamp), digest(root))
}

function digest(root) {
  const hash = createHash('sha256')
  for (const file of parts.flatMap((part) => filesIn(join(root, part)))) {
    const bytes = readFileSync(file)
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

function filesIn(path) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}
