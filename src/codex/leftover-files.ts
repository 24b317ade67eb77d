import { lstat, readdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ManagedCredential } from '../credential/auth-json.ts'
import { compareAge, isSame, isSameAccount } from '../credential/fingerprint.ts'
import { authFileIn, observeDocument, type ObservedFile } from './codex-home.ts'
import { temporaryNames } from './temporary-name.ts'

/** A write takes milliseconds: a file that names no process and is older than this has no writer left. Milliseconds. */
const longestWrite = 60_000

/**
 * Looks for documents of ours that a SIGKILL has left beside `auth.json`, in the moment before they took its place or after they
 * were moved aside. The newest whole login among them and the file becomes the file; the others are removed. Where the
 * file is another account's, everything stays as it is. Never throws: what cannot be looked at is left alone.
 */
export async function reclaimLeftovers(codexHome: string): Promise<void> {
  const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome))
  for (const name of await namesIn(dirname(path))) {
    const leftover = join(dirname(path), name)
    if (await isInUse(leftover, temporaryNames.exec(name)?.[1])) continue
    const [found, file] = [await seen(leftover), await seen(path)]
    switch (judgeLeftover(found, file)) {
      case 'reclaim':
        await rename(leftover, path).catch(() => undefined)
        break
      case 'remove':
        await rm(leftover, { force: true }).catch(() => undefined)
        break
      case 'leave':
    }
  }
}

/** What becomes of one leftover; the last copy of a login is never removed. */
export function judgeLeftover(leftover: ObservedFile | undefined, file: ObservedFile | undefined): 'reclaim' | 'remove' | 'leave' {
  if (leftover === undefined || file === undefined) return 'leave'
  if (leftover.kind !== 'managed') return leftover.kind === 'damaged' ? 'remove' : 'leave'
  switch (file.kind) {
    case 'missing':
    case 'damaged':
      return 'reclaim'
    case 'unmanaged':
      return 'leave'
    case 'managed':
      return besideManaged(leftover.credential, file.credential)
  }
}

function besideManaged(
  { fingerprint: leftover }: ManagedCredential,
  { fingerprint: file }: ManagedCredential,
): 'reclaim' | 'remove' | 'leave' {
  if (!isSameAccount(leftover, file)) return 'leave'
  if (isSame(leftover, file)) return 'remove'
  switch (compareAge(leftover, file)) {
    case 'newer':
      return 'reclaim'
    case 'older':
      return 'remove'
    case 'same-instant':
      return 'leave'
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => temporaryNames.test(name))
}

/** Undefined for what is not a regular file, or cannot be read. */
async function seen(path: string): Promise<ObservedFile | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return { kind: 'missing' }
  return found.isFile() ? observeDocument(path).catch(() => undefined) : undefined
}

async function isInUse(path: string, pid: string | undefined): Promise<boolean> {
  if (pid === undefined) {
    const found = await lstat(path).catch(() => undefined)
    return found === undefined || Date.now() - found.mtimeMs < longestWrite
  }
  return Number(pid) !== process.pid && isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
