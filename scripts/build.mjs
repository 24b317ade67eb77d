// Builds dist/: main, post and the cache's upload, each with what it alone loads; what several load, in chunks of their own;
// the licences of everything inside. pre does what main does.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'rolldown'
import { builtinsOnDemand } from './builtins-on-demand.mjs'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })
const fresh = 'dist.new' // swapped in whole, so that nothing ever runs half a build

rmSync(fresh, { recursive: true, force: true })
await build({
  input: { main: 'src/action/main.ts', post: 'src/action/post.ts', 'cache-upload': 'src/stores/cache/cache-upload.ts' },
  platform: 'node',
  plugins: [builtinsOnDemand()],
  output: {
    dir: fresh,
    chunkFileNames: '[name].js',
    // Each file that a stage loads costs it time: one for all that stages share with each other or with what they load later.
    codeSplitting: { groups: [{ name: 'shared', tags: ['$initial'], minShareCount: 2 }] },
  },
})
copyFileSync('src/stores/ssh/codex-auth-store.sh', `${fresh}/codex-auth-store.sh`)
writeFileSync(`${fresh}/pre.js`, "import './main.js'\n")
writeFileSync(`${fresh}/package.json`, '{ "type": "module" }\n')
// licenses.json leaves out Node: it is an optional package for the tests, another one on each platform, and not in the bundle.
run('generate-license-file/bin/generate-license-file', '--config', 'scripts/licenses.json', '--output', `${fresh}/licenses.txt`)
rmSync('dist', { recursive: true, force: true })
renameSync(fresh, 'dist')
