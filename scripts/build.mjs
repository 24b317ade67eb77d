// Builds dist/: main, post, the cache's upload and the process that writes through, each with what it alone loads; what several load, in chunks of their own;
// the command line, which loads the same chunks; the licences of everything inside. pre does what main does. With --if-stale nothing is done when dist is
// what src builds already.
import { chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { builtinsOnDemand } from './builtins-on-demand.mjs'
import { besideTheAction } from './beside-the-action.mjs'
import { isFresh, leaveStamp } from './dist-stamp.mjs'
import { licences } from './licenses.mjs'
import { withoutUndici } from './without-undici.mjs'

const fresh = 'dist.new' // swapped in whole, so that nothing ever runs half a build

const action = {
  main: 'src/action/main.ts',
  post: 'src/action/post.ts',
  'cache-upload': 'src/stores/cache/cache-upload.ts',
  'write-through': 'src/action/write-through/write-through.ts',
}

if (!process.argv.includes('--if-stale') || !isFresh()) await buildDist()

async function buildDist() {
  rmSync(fresh, { recursive: true, force: true })
  // Each file that a stage loads costs it time: one for all that stages share with each other or with what they load later.
  const alone = await bundled('generate', action, [], {
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: 'shared', tags: ['$initial'], minShareCount: 2 }] },
  })
  const { plugin, ...output } = besideTheAction(alone)
  const chunks = await bundled('write', { ...action, cli: 'src/cli/codex-auth-keeper.ts' }, [plugin], output)
  chmodSync(`${fresh}/cli.js`, 0o755)
  copyFileSync('src/stores/ssh/codex-auth-store.sh', `${fresh}/codex-auth-store.sh`)
  copyFileSync('src/cli/deploy/codex-auth-host.sh', `${fresh}/cli/codex-auth-host.sh`)
  writeFileSync(`${fresh}/pre.js`, "import './main.js'\n")
  writeFileSync(`${fresh}/package.json`, '{ "type": "module" }\n')
  writeFileSync(`${fresh}/licenses.txt`, licences(chunks.flatMap(({ moduleIds }) => moduleIds)))
  rmSync('dist', { recursive: true, force: true })
  renameSync(fresh, 'dist')
  leaveStamp()
}

/** @param how `generate` or `write` */
async function bundled(how, input, plugins, options) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    plugins: [...plugins, withoutUndici(), builtinsOnDemand()],
  })
  const { output } = await bundle[how]({ dir: fresh, ...options })
  await bundle.close()
  return output.filter(({ type }) => type === 'chunk')
}
