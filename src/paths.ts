import { readlinkSync, realpathSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path'

/**
 * Whether a path is a folder or anything below it, by the names alone: neither has to exist, and links are not followed.
 * @param path absolute, as `folder`
 */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../')
}

/**
 * The place that a path leads to, through all links; what does not exist yet counts as it would be made, also behind a link
 * that leads to nothing.
 */
export function realPlace(path: string, hops = 40): string {
  const absolute = resolve(path)
  try {
    return realpathSync.native(absolute)
  } catch {
    const parent = dirname(absolute)
    if (parent === absolute) return absolute
    const target = hops > 0 ? linkAt(absolute) : undefined
    if (target !== undefined) return realPlace(resolve(parent, target), hops - 1)
    return join(realPlace(parent, hops), relative(parent, absolute))
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/** A PATH without the entries that lead into a folder, and without those that depend on the working directory. */
export function pathOutside(path: string, folder: string | undefined): string {
  const entries = path.split(delimiter).filter((entry) => isAbsolute(entry))
  if (!folder) return entries.join(delimiter)
  const [named, place] = [resolve(folder), realPlace(folder)]
  return entries.filter((entry) => !isInside(resolve(entry), named) && !isInside(realPlace(entry), place)).join(delimiter)
}
