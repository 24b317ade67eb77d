import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, systemCodeOf } from '../../keeper-error.ts'
import { readPlainFile } from '../../plain-file.ts'
import type { StoredCopy, WriteOutcome } from '../store.ts'

export interface GenerationsOptions {
  /** Made when missing. */
  readonly directory: string
  /** The files are `<stem>.<10 digits>`. */
  readonly stem: string
  /**
   * What becomes of those before the previous one.
   * - emptied: they stay as names, so that a writer that was held up for however long cannot make an old number again
   * - removed-after-a-day: for documents whose writers never take that long
   */
  readonly oldOnes: 'emptied' | 'removed-after-a-day'
}

/** One document in a directory; its version is the number of its generation. System errors come out as they are. @throws KeeperError store-damaged */
export interface Generations {
  /** The newest one, which may be empty when a full disk or a person has emptied it. */
  newest(): Promise<StoredCopy | undefined>
  append(bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome>
}

/**
 * Each write is a new generation, made with link(2), which fails when the name is taken: of two processes on one host
 * exactly one wins. A crash at any point leaves a whole document as the highest generation.
 */
export function generations(options: GenerationsOptions): Generations {
  return { newest: () => newest(options), append: (bytes, ifVersion) => append(options, bytes, ifVersion) }
}

const hour = 3_600_000
/** A credential is a few kilobytes; more is not ours. */
const largestDocument = 1024 * 1024
/** Generations have ten digits; what comes near their end was put there by somebody else. */
const highestGeneration = 9_999_999_989

async function newest(options: GenerationsOptions): Promise<StoredCopy | undefined> {
  // A generation can be emptied or removed between listing and reading; then a newer one is there.
  for (let attempt = 1; ; attempt += 1) {
    const last = await lastGeneration(options)
    if (last === 0) return undefined
    const bytes = await readPlainFile(file(options, last), largestDocument).catch((error: unknown) => {
      if (attempt < 3 && systemCodeOf(error) === 'ENOENT') return new Uint8Array()
      throw error
    })
    if (bytes.length > 0 || attempt === 3) return { bytes, version: String(last) }
  }
}

async function append(options: GenerationsOptions, bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> {
  const { directory } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const last = await lastGeneration(options)
  if (String(last) !== (ifVersion ?? '0')) return { kind: 'conflict' }
  await removeLeftovers(directory)
  const temporary = join(directory, `.write-${randomUUID()}`)
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true })
    try {
      await link(temporary, file(options, last + 1))
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return { kind: 'conflict' }
      throw error
    }
    await syncDirectory(directory)
  } finally {
    await rm(temporary, { force: true })
  }
  await forgetBefore(options, last)
  return { kind: 'written', version: String(last + 1) }
}

/** The highest generation number; 0 when there is none. @throws KeeperError store-damaged where none could follow */
async function lastGeneration(options: GenerationsOptions): Promise<number> {
  const last = Math.max(0, ...(await numbers(options)))
  if (last <= highestGeneration) return last
  const { directory } = options
  throw new KeeperError(
    'store-damaged',
    `Generation ${last} in ${directory} was not made by the keeper, and no later one could be counted.`,
    `Delete ${directory} and reseed.`,
  )
}

async function numbers({ directory, stem }: GenerationsOptions): Promise<number[]> {
  try {
    const pattern = new RegExp(`^${stem}\\.(\\d{10})$`)
    return (await readdir(directory)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

function file({ directory, stem }: GenerationsOptions, generation: number): string {
  return join(directory, `${stem}.${String(generation).padStart(10, '0')}`)
}

async function forgetBefore(options: GenerationsOptions, previous: number): Promise<void> {
  for (const generation of await numbers(options)) {
    if (generation >= previous) continue
    const path = file(options, generation)
    // Losing this race or the right to do it costs nothing: the newest generation is what counts.
    if (options.oldOnes === 'emptied') await truncate(path).catch(() => undefined)
    else await removeOlderThan(24 * hour, path)
  }
}

/** A writer that was killed leaves its temporary file; after an hour no writer can still be using it. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (/^\.(write|probe)-/.test(name)) await removeOlderThan(hour, join(directory, name))
  }
}

async function removeOlderThan(milliseconds: number, path: string): Promise<void> {
  const changed = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
  if (changed !== undefined && Date.now() - changed > milliseconds) await unlink(path).catch(() => undefined)
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
