import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The absolute path of a Node 24, the version `using: node24` runs on: this process's own, else npm's platform package.
 * Throws when there is neither.
 */
export function node24Path(): string {
  if (process.version.startsWith('v24.')) return process.execPath
  const packaged = `../../../node_modules/node-${process.platform}-${process.arch}/bin/node`
  const path = fileURLToPath(new URL(packaged, import.meta.url))
  if (existsSync(path)) return path
  throw new Error(`Node 24 is needed and this is ${process.version}: run "npm ci" or install Node 24.`)
}
