import { chmod, link, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AuthJsonError, parseAuthJson, type ManagedCredential, type UnmanagedCredential } from '../credential/auth-json.ts'
import { KeeperError, messageOf, systemCodeOf } from '../keeper-error.ts'
import { PlainFileError, readPlainFile } from '../plain-file.ts'
import type { Clock } from '../clock.ts'
import { temporaryName } from './temporary-name.ts'

/** What `auth.json` is at one moment. */
export type ObservedFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly problem: string; readonly bytes: Uint8Array }
  | { readonly kind: 'unmanaged'; readonly credential: UnmanagedCredential }
  | { readonly kind: 'managed'; readonly credential: ManagedCredential }

/** An `auth.json` has 4 to 6 kB; what is larger than this is something else. */
const largestFile = 256 * 1024
/** Codex before 0.169 truncates the file and writes it again: a reader may meet half of it. */
const retryParsingFor = 500

export function authFileIn(codexHome: string): string {
  return join(codexHome, 'auth.json')
}

/**
 * Reads and classifies `auth.json`; one that does not parse is read again for half a second, because Codex may be
 * writing it.
 * @throws KeeperError install-failed when the file is there but must not be read
 */
export async function observeAuthFile(codexHome: string, clock: Clock): Promise<ObservedFile> {
  const giveUp = clock.now() + retryParsingFor
  for (;;) {
    const seen = await observeDocument(authFileIn(codexHome))
    if (seen.kind !== 'damaged' || clock.now() >= giveUp) return seen
    await clock.sleep(50)
  }
}

/** Reads and classifies one document. @throws KeeperError install-failed when it is there but must not be read */
export async function observeDocument(path: string): Promise<ObservedFile> {
  let bytes: Uint8Array
  try {
    bytes = await readPlainFile(path, largestFile)
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' }
    if (error instanceof PlainFileError) return { kind: 'damaged', problem: `the document ${error.message}`, bytes: new Uint8Array() }
    throw new KeeperError(
      'install-failed',
      `${path} cannot be read: ${messageOf(error)}`,
      'Run Codex and this action as the same user, and give that user access to the file.',
      { cause: error },
    )
  }
  try {
    const credential = parseAuthJson(bytes)
    return credential.kind === 'managed' ? { kind: 'managed', credential } : { kind: 'unmanaged', credential }
  } catch (error) {
    if (error instanceof AuthJsonError) return { kind: 'damaged', problem: error.message, bytes }
    throw error
  }
}

/**
 * Puts a document in place as Codex would: directory 0700, file 0600, written beside and renamed, so that a reader meets
 * the old or the new one, never a part. A symbolic link stays a link, as with Codex itself.
 * @throws KeeperError install-failed when the place cannot be written
 */
export async function installAuthFile(codexHome: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(codexHome, { recursive: true, mode: 0o700 })
    await chmod(codexHome, 0o700)
    const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome))
    const temporary = join(dirname(path), temporaryName())
    try {
      await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true })
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  } catch (error) {
    throw new KeeperError(
      'install-failed',
      `auth.json cannot be written to ${codexHome}: ${messageOf(error)}`,
      'Set the input codex-home to a directory that the user who runs Codex owns; Codex itself must be able to write there, or a refreshed login is lost.',
      { cause: error },
    )
  }
}

/**
 * Removes `auth.json` if it is still the document that is safe elsewhere. It is moved aside before it is compared, so a
 * process that writes at that moment loses nothing.
 * @returns whether it was removed; false when something else was there, which is left in place
 */
export async function removeAuthFile(codexHome: string, safe: Uint8Array): Promise<boolean> {
  let aside: string
  let path: string
  try {
    path = await realpath(authFileIn(codexHome))
    aside = join(dirname(path), temporaryName())
    await rename(path, aside)
  } catch {
    return false // gone, or not ours to move
  }
  const isSafe = Buffer.compare(await readPlainFile(aside, largestFile).catch(() => new Uint8Array()), safe) === 0
  if (!isSafe) await putBack(aside, path)
  await rm(aside, { force: true })
  return isSafe
}

/** Unlike rename, link does not replace a file that Codex has written in the meantime. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path)
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') await rename(aside, path)
  }
}

/** Milliseconds since 1970 at which `auth.json` was last changed; undefined when there is none. */
export async function authFileChangedAt(codexHome: string): Promise<number | undefined> {
  try {
    return (await stat(authFileIn(codexHome))).mtimeMs
  } catch {
    return undefined
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String(systemCodeOf(error)))
}
