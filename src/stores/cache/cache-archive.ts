import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { KeeperError } from '../../keeper-error.ts'
import { runChild } from '../../process/child.ts'
import { replaceEnvironment, type Env } from './cache-environment.ts'
import { captureOutput, type Captured } from './library-output.ts'
import { findTool } from '../../process/tools.ts'

/** Where an archive is packed and unpacked; the path inside the archive is the same on every machine. */
export interface ArchivePlace {
  /** A directory of this job; what is put there is removed again. */
  readonly tempDir: string
  readonly env: Env
  /** Relative path of the one file in the archive; it is part of the entry's identity. */
  readonly path: string
}

/** A sealed credential is a few kilobytes; more is not ours. */
const largestArchive = 1024 * 1024

let lastUpload: Promise<unknown> = Promise.resolve()

/** Stores one file under a key with @actions/cache. Uploads wait for each other, because each has the process for itself. */
export function upload(place: ArchivePlace, key: string, bytes: Uint8Array): Promise<Captured> {
  const mine = lastUpload.then(() =>
    isolated(place, async (directory) => {
      const file = join(directory, place.path)
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await writeFile(file, bytes, { mode: 0o600 })
      const { saveCache } = await import('@actions/cache')
      return (await saveCache([place.path], key)) !== -1
    }),
  )
  lastUpload = mine.catch(() => undefined)
  return mine
}

/** Absolute path of `tar`. @throws KeeperError store-refused when this machine has none */
export function findTar(env: Env): string {
  const tar = findTool('tar', programPath(env))
  if (tar === undefined)
    throw new KeeperError('store-refused', 'The store cache needs tar, and there is none.', 'Install tar on the runner.')
  return tar
}

/**
 * Takes the one file out of an entry's archive, which @actions/cache has packed with `tar` and `gzip`.
 * @param tar absolute path of the program
 * @returns undefined when the archive is none, or holds no such file
 * @throws KeeperError store-unreachable when `tar` was ended before it was done
 */
export async function unpacked(
  { tempDir, path }: Omit<ArchivePlace, 'env'>,
  archive: Uint8Array,
  tar: string,
): Promise<Uint8Array | undefined> {
  const stdin = await promisify(gunzip)(archive, { maxOutputLength: largestArchive }).catch(() => undefined)
  if (stdin === undefined) return undefined
  // To stdout: a link or a path that leads elsewhere writes nothing.
  const result = await runChild({ tool: tar, args: ['-xOf', '-', path], env: {}, cwd: tempDir, stdin })
  // A shell gives these codes to a program that could not run or was killed: that says nothing about the archive.
  if (result.kind === 'timed-out' || result.exitCode > 125) {
    throw new KeeperError(
      'store-unreachable',
      'The store cache could not unpack its entry: tar did not come to its end.',
      'Run the job again.',
    )
  }
  return result.exitCode === 0 && result.stdout.length > 0 ? result.stdout : undefined
}

/** Where the programs are that pack an archive; a later step of the job can put nothing in between. */
function programPath(env: Env): string {
  return `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${env['PATH'] ?? ''}`
}

/**
 * Runs the library in a directory and environment of its own: it takes its workspace, its temporary directory, its programs
 * and its addresses from process-wide settings. PATH leads to `tar` and `gzip` alone: without `zstd` every machine packs the
 * same way, which is part of an entry's identity, and a later step of the job can put nothing in between.
 */
async function isolated(place: ArchivePlace, call: (directory: string) => Promise<boolean>): Promise<Captured> {
  // The library splits the command line of tar at blanks.
  const directory = await mkdtemp(join(/\s/.test(place.tempDir) ? tmpdir() : place.tempDir, 'codex-auth-cache-'))
  const programs = join(directory, 'bin')
  await mkdir(programs)
  for (const program of ['tar', 'gzip']) {
    const file = findTool(program, programPath(place.env))
    if (file !== undefined) await symlink(file, join(programs, program))
  }
  const putBack = replaceEnvironment(place.env, { PATH: programs, GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory })
  const before = currentDirectory()
  process.chdir(directory)
  try {
    return await captureOutput(() => call(directory))
  } finally {
    process.chdir(before)
    putBack()
    await rm(directory, { recursive: true, force: true })
  }
}

/** The working directory, or the root when a step has deleted it. */
function currentDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
