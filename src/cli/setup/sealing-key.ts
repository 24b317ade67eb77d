import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../../keeper-error.ts'
import type { CliContext } from '../context.ts'
import { keptFolder } from '../new-login.ts'

/** The age identity that seals the login of a repository. */
export interface SealingKeyFile {
  readonly identity: string
  /** Where it lies on this machine; undefined where the person has brought it. */
  readonly path: string | undefined
}

/**
 * The key of the environment, or the one that an earlier run has made for this repository, or a new one; a new one is in a file of mode
 * 0600 before anything is sealed with it.
 */
export async function sealingKeyFor(repository: string, { environment, terminal, home }: CliContext): Promise<SealingKeyFile> {
  const given = environment.secrets.CODEX_AUTH_KEY
  if (given !== undefined) return { identity: given.trim(), path: undefined }
  const folder = keptFolder(home)
  const path = join(folder, `key-${repository.replace('/', '-')}.txt`)
  const { generateX25519Identity } = await import('age-encryption')
  const fresh = await generateX25519Identity()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  try {
    await writeFile(path, `${fresh}\n`, { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
  const identity = (await readFile(path, 'utf8')).trim()
  terminal.secrets.add([identity])
  return { identity, path }
}
