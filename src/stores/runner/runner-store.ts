import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, messageOf, systemCodeOf } from '../../keeper-error.ts'
import { PlainFileError, readPlainFile } from '../../plain-file.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface RunnerStoreOptions {
  readonly name: string
  /** Absolute path of the slot's directory; made when missing. */
  readonly directory: string
  /** A directory above it that a person has named: it must be there, because a disk that is not mounted is not an empty one. */
  readonly mustExist?: string | undefined
}

/** A credential is a few kilobytes; more is not ours. */
const largestCopy = 1024 * 1024
/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9_999_999_989

/**
 * A directory of this machine that outlives jobs. Each write is a new generation `auth.<10 digits>`, made with link(2),
 * which fails when the name is taken: of two processes on one host exactly one wins. Generations before the previous one
 * are emptied but stay, so that a very late writer cannot make an old number again. A crash at any point leaves a whole
 * document as the highest generation.
 */
export function runnerStore({ name, directory, mustExist }: RunnerStoreOptions): Store {
  const there = <T>(operation: () => Promise<T>): Promise<T> =>
    reported(directory, async () => {
      if (mustExist !== undefined) await requireDirectory(mustExist)
      return operation()
    })
  return {
    name,
    guarantee: 'compare-and-set',
    proveWritable: () => there(() => prove(directory)),
    read: () => there(() => newest(directory)),
    write: (bytes, ifVersion) => there(() => append(directory, bytes, ifVersion)),
  }
}

async function requireDirectory(path: string): Promise<void> {
  const isMissing = await stat(path).then(
    (found) => !found.isDirectory(),
    (error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return true
      throw error
    },
  )
  if (isMissing) {
    throw new KeeperError(
      'store-refused',
      `There is no directory ${path}.`,
      `If it is on a disk of its own, see that the disk is mounted. If this is the first run, make it: mkdir -p -m 700 ${path}`,
    )
  }
}

async function prove(directory: string): Promise<'proved'> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const probe = join(directory, `.probe-${randomUUID()}`)
  try {
    await (await open(probe, 'wx', 0o600)).close()
    await link(probe, `${probe}-link`)
  } finally {
    await rm(probe, { force: true })
    await rm(`${probe}-link`, { force: true })
  }
  return 'proved'
}

async function newest(directory: string): Promise<StoredCopy | undefined> {
  // A generation can be emptied between listing and reading; then a newer one is there.
  for (const attempt of [1, 2, 3]) {
    const last = await lastGeneration(directory)
    if (last === 0) return undefined
    const bytes = await readPlainFile(generationFile(directory, last), largestCopy)
    if (bytes.length > 0) return { bytes, version: String(last) }
    if (attempt === 3) break
  }
  throw damaged(directory, `The newest generation in ${directory} is empty: a full disk or a person has emptied it.`)
}

async function append(directory: string, bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const last = await lastGeneration(directory)
  if (String(last) !== (ifVersion ?? '0')) return { kind: 'conflict' }
  await removeLeftovers(directory)
  const temporary = join(directory, `.write-${randomUUID()}`)
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true })
    try {
      await link(temporary, generationFile(directory, last + 1))
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return { kind: 'conflict' }
      throw error
    }
    await syncDirectory(directory)
  } finally {
    await rm(temporary, { force: true })
  }
  await emptyOlderThan(directory, last)
  return { kind: 'written', version: String(last + 1) }
}

/** The highest generation number; 0 when there is none. @throws KeeperError store-damaged where none could follow */
async function lastGeneration(directory: string): Promise<number> {
  const last = Math.max(0, ...(await generations(directory)))
  if (last <= highestGeneration) return last
  throw damaged(directory, `Generation ${last} in ${directory} is none that the keeper has made, and no later one could be counted.`)
}

function damaged(directory: string, message: string): KeeperError {
  return new KeeperError('store-damaged', message, `Delete ${directory} and reseed.`)
}

async function generations(directory: string): Promise<number[]> {
  try {
    const names = await readdir(directory)
    return names.flatMap((file) => /^auth\.(\d{10})$/.exec(file)?.[1] ?? []).map(Number)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

function generationFile(directory: string, generation: number): string {
  return join(directory, `auth.${String(generation).padStart(10, '0')}`)
}

async function emptyOlderThan(directory: string, previous: number): Promise<void> {
  for (const generation of await generations(directory)) {
    // Losing this race or the right to do it costs nothing: the newest generation is what counts.
    if (generation < previous) await truncate(generationFile(directory, generation)).catch(() => undefined)
  }
}

/** A writer that was killed leaves its temporary file; after an hour no writer can still be using it. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const file of await readdir(directory)) {
    if (!/^\.(write|probe)-/.test(file)) continue
    const path = join(directory, file)
    const age =
      Date.now() -
      (await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ))
    if (age > 3_600_000) await unlink(path).catch(() => undefined)
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function reported<T>(directory: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    if (error instanceof KeeperError) throw error
    if (error instanceof PlainFileError) throw damaged(directory, `The newest generation in ${directory} ${error.message}.`)
    const code = systemCodeOf(error)
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    throw new KeeperError(
      denied ? 'store-unauthorized' : 'store-unreachable',
      `${directory}: ${messageOf(error)}`,
      denied
        ? 'Give the user who runs this runner that directory, or name another one: store: "runner: /path".'
        : 'See that the disk is there, has room and supports hard links.',
      { cause: error },
    )
  }
}
