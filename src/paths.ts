import { readlink, realpath } from 'node:fs/promises'
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
export async function realPlace(path: string, hops = 40): Promise<string> {
  const absolute = resolve(path)
  try {
    return await realpath(absolute)
  } catch {
    const parent = dirname(absolute)
    if (parent === absolute) return absolute
    const target = hops > 0 ? await readlink(absolute).catch(() => undefined) : undefined
    if (target !== undefined) return realPlace(resolve(parent, target), hops - 1)
    return join(await realPlace(parent, hops), relative(parent, absolute))
  }
}

/** A PATH without the entries that lead into a folder, and without those that depend on the working directory. */
export async function pathOutside(path: string, folder: string | undefined): Promise<string> {
  const place = folder ? await realPlace(folder) : undefined
  const entries = await Promise.all(
    path.split(delimiter).map(async (entry) => {
      if (!isAbsolute(entry)) return []
      return place !== undefined && (isInside(resolve(entry), resolve(folder ?? '')) || isInside(await realPlace(entry), place))
        ? []
        : [entry]
    }),
  )
  return entries.flat().join(delimiter)
}
