// Runs its arguments on Node 24, the version the action runs on: this Node if it is one, else npm's platform package.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packaged = fileURLToPath(new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url))
const node24 = process.version.startsWith('v24.') ? process.execPath : packaged
if (!existsSync(node24)) {
  console.error(`Node 24 is needed and this is ${process.version}. Run "npm ci" (it brings Node 24 on Linux) or install Node 24.`)
  process.exit(1)
}
const { status, signal, error } = spawnSync(node24, process.argv.slice(2), { stdio: 'inherit' })
if (error) throw error
process.exitCode = signal ? 1 : status
