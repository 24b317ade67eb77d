import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { node24Path } from './fake-runner/node24.ts'

/** Node 24, and every other major version of Node that PATH has: the version and its program. */
export function nodesAtHand(): (readonly [version: string, program: string])[] {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  const programs = [node24Path(), ...inPath.map((folder) => join(folder, 'node')).filter((path) => existsSync(path))]
  const found = new Map<string, readonly [string, string]>()
  for (const program of programs) {
    const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim()
    const [major = ''] = version.split('.')
    if (!found.has(major)) found.set(major, [version, program])
  }
  return [...found.values()]
}
