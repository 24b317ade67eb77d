// Jest's global setup: the tests never run an old dist. It is built first when it is not what src builds; what the build has changed,
// git shows as ever.
import { execFileSync } from 'node:child_process'
import { isFresh } from './dist-stamp.mjs'

export default function freshDist({ rootDir }) {
  if (isFresh(rootDir)) return
  console.error('dist is not what src builds: building it before the tests.')
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: rootDir, stdio: 'inherit' })
}
