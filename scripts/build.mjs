// Builds dist/: main, post, the cache's upload and the process that writes through, each with what it alone loads; what several load, in chunks of their own;
// the licences of everything inside. pre does what main does. With --if-stale nothing is done when dist is what src builds already.
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'rolldown'
import { builtinsOnDemand } from './builtins-on-demand.mjs'
import { isFresh, leaveStamp } from './dist-stamp.mjs'
import { licences } from './licenses.mjs'

const fresh = 'dist.new' // swapped in whole, so that nothing ever runs half a build

if (!process.argv.includes('--if-stale') || !isFresh()) await buildDist()

async function buildDist() {
  rmSync(fresh, { recursive: true, force: true })
  await build({
    input: {
      main: 'src/action/main.ts',
      post: 'src/action/post.ts',
      'cache-upload': 'src/stores/cache/cache-upload.ts',
      'write-through': 'src/action/write-through/write-through.ts',
    },
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
  writeFileSync(`${fresh}/licenses.txt`, licences())
  rmSync('dist', { recursive: true, force: true })
  renameSync(fresh, 'dist')
  leaveStamp()
}
