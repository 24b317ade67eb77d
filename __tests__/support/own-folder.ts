import { mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The one folder in which everything of a program lies. */
export interface OwnFolder {
  readonly path: string
  /** Removes it with all that is in it. */
  remove(): Promise<void>
}

/** Makes the folder and lets this process put all its temporary files there, so that one removal leaves nothing behind. */
export function makeOwnFolder(name: string): OwnFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)))
  process.env['TMPDIR'] = path
  return {
    path,
    // A program that was killed may take a moment to be gone, and its files with it.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  }
}
