// Builds dist/: one bundle that pre, main and post share, its lazy chunks, and the licences of everything inside.
import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })
const fresh = 'dist.new' // swapped in whole, so that nothing ever runs half a build

rmSync(fresh, { recursive: true, force: true })
run('@vercel/ncc/dist/ncc/cli.js', 'build', 'src/action/stages.ts', '--out', fresh, '--no-cache', '--quiet', '--target', 'es2022')
for (const stage of ['pre', 'main', 'post']) {
  writeFileSync(`${fresh}/${stage}.js`, `import { ${stage} } from './index.js'\nawait ${stage}()\n`)
}
// licenses.json leaves out Node: it is an optional package for the tests, another one on each platform, and not in the bundle.
run('generate-license-file/bin/generate-license-file', '--config', 'scripts/licenses.json', '--output', `${fresh}/licenses.txt`)
rmSync('dist', { recursive: true, force: true })
renameSync(fresh, 'dist')
