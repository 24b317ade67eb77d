import { rename, rm, writeFile } from 'node:fs/promises'
import { readPlainFile } from '../../plain-file.ts'
import type { GitRepository } from './git-repository.ts'

/** A file in which one stage leaves the copy it fetched, so that the next needs one round trip instead of two. */
export interface CarriedPack {
  /** Absolute path, the same in all stages of a job and another for each store. */
  readonly file: string
  /** True: a later stage of this job comes. False: this is the last one, and `close` removes the file. */
  readonly forNextStage: boolean
}

/** A commit with a sealed copy of a few kilobytes. Bytes. */
const largestPack = 2 * 1024 * 1024

/** Leaves a commit of the repository, with what it holds (sealed as it is in the store), in the file. */
export async function leavePack(repository: GitRepository, version: string, { file, forNextStage }: CarriedPack): Promise<void> {
  if (!forNextStage) return
  const pack = await repository.local(['pack-objects', '--revs', '--stdout', '--quiet'], Buffer.from(`${version}\n`))
  await writeFile(`${file}.new`, pack, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/**
 * Brings the objects of the file into the repository. A step that changed the file gains nothing: git names objects by what
 * they hold, and which one is wanted is what the server says.
 */
export async function takePack(repository: GitRepository, { file }: CarriedPack): Promise<void> {
  const pack = await readPlainFile(file, largestPack).catch(() => undefined)
  if (pack !== undefined) await repository.local(['unpack-objects', '-q'], pack).catch(() => undefined)
}

export async function dropPack({ file, forNextStage }: CarriedPack): Promise<void> {
  if (!forNextStage) await rm(file, { force: true })
}
