import { watch, type FSWatcher } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { authFileIn } from './codex-home.ts'

/** Tells of changes of `auth.json`. */
export interface AuthFileChanges {
  /** Waits at most this many milliseconds for the next change; a change since the last wait ends it at once. */
  next(milliseconds: number): Promise<void>
  /** Ends a wait, as a change does. */
  wake(): void
  close(): void
}

/**
 * Watches the directory of `auth.json`, because Codex renames a new file into its place (0.169) or writes the old one anew (0.150); where
 * changes are not reported, waits simply run out.
 */
export async function watchAuthFile(codexHome: string): Promise<AuthFileChanges> {
  const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome))
  let changed = false
  let wakeUp: (() => void) | undefined
  const wake = (): void => {
    changed = true
    wakeUp?.()
  }
  const watcher = watcherOf(dirname(path), (name) => {
    if (name === null || name === basename(path)) wake()
  })
  return {
    next: async (milliseconds) => {
      if (!changed) {
        await new Promise<void>((resolve) => {
          const limit = setTimeout(resolve, milliseconds)
          wakeUp = () => {
            clearTimeout(limit)
            resolve()
          }
        })
        wakeUp = undefined
      }
      changed = false
    },
    wake,
    close: () => watcher?.close(),
  }
}

function watcherOf(directory: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, (_, name) => {
      onChange(name)
    })
    return watcher.on('error', () => undefined)
  } catch {
    return undefined // No watches left on this machine: then waits end only when their time is up.
  }
}

/** A text that differs after each change of `auth.json`; undefined when there is no such file. */
export async function authFileStamp(codexHome: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(authFileIn(codexHome), { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join()
  } catch {
    return undefined
  }
}
