import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

export interface FoundFile {
  readonly path: string
  /** Relative to the folder that was searched. */
  readonly name: string
  readonly kind: 'file' | 'link' | 'other'
  /** Permission bits, for instance 0o600. */
  readonly mode: number
  /** The content; of a link the path it points to. */
  readonly bytes: Buffer
}

/** Every file under a folder, links not followed; none when the folder is not there. */
export function filesUnder(folder: string): FoundFile[] {
  return walk(folder, folder)
}

function walk(root: string, folder: string): FoundFile[] {
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch {
    return []
  }
  return names.flatMap((name) => {
    const path = join(folder, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (!stat) return []
    if (stat.isDirectory()) return walk(root, path)
    const found = { path, name: relative(root, path), mode: stat.mode & 0o777 }
    if (stat.isSymbolicLink()) return [{ ...found, kind: 'link' as const, bytes: Buffer.from(readlinkSync(path)) }]
    if (stat.isFile()) return [{ ...found, kind: 'file' as const, bytes: readFileSync(path) }]
    return [{ ...found, kind: 'other' as const, bytes: Buffer.alloc(0) }]
  })
}
