import { relative } from 'node:path'

/**
 * Whether a path is a folder or anything below it, by the names alone: neither has to exist, and links are not followed.
 * @param path absolute, as `folder`
 */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../')
}
