import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { KeeperError } from '../../keeper-error.ts'
import { runChild } from '../child.ts'
import { enter, type Env } from './cache-environment.ts'
import { overheard, type Talk } from './cache-talk.ts'
import { findTool } from '../tools.ts'

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

/**
 * Stores one file under a key with @actions/cache.
 * @returns true when the library confirmed it; else only its talk tells why
 */
export async function upload(place: ArchivePlace, key: string, bytes: Uint8Array): Promise<{ saved: boolean; talk: Talk }> {
  return apart(place, async (directory) => {
    const file = join(directory, place.path)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, bytes, { mode: 0o600 })
    const { saveCache } = await import('@actions/cache')
    return await saveCache([place.path], key) !== -1
  }).then(({ result, talk }) => ({ saved: result === true, talk }))
}

/**
 * Takes the one file out of an entry's archive, which @actions/cache has packed with `tar` and `gzip`.
 * @returns undefined when the archive is none, or holds no such file
 * @throws KeeperError store-refused when this machine has no `tar`
 */
export async function unpacked({ tempDir, env, path }: ArchivePlace, archive: Uint8Array): Promise<Uint8Array | undefined> {
  const tar = findTool('tar', programPath(env))
  if (tar === undefined) throw new KeeperError('store-refused', 'The store cache needs tar, and there is none.', 'Install tar on the runner.')
  const stdin = await promisify(gunzip)(archive, { maxOutputLength: largestArchive }).catch(() => undefined)
  if (stdin === undefined) return undefined
  // To stdout: a link or a path that leads elsewhere writes nothing.
  const result = await runChild({ tool: tar, args: ['-xOf', '-', path], env: {}, cwd: tempDir, stdin })
  return result.kind === 'exited' && result.exitCode === 0 && result.stdout.length > 0 ? result.stdout : undefined
}

/** Where the programs are that pack an archive; a later step of the job can put nothing in between. */
function programPath(env: Env): string {
  return `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${env['PATH'] ?? ''}`
}

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs the library in a directory and environment of its own, one call at a time: it takes its workspace, its temporary
 * directory, its programs and its addresses from process-wide settings. PATH leads to `tar` and `gzip` alone: without `zstd`
 * every machine packs the same way, which is part of an entry's identity, and a later step of the job can put nothing in
 * between. The result is undefined when the library did not end in time or threw; the talk then says so.
 */
function apart<T>(place: ArchivePlace, work: (directory: string) => Promise<T>): Promise<{ result: T | undefined; talk: Talk }> {
  const mine = last.then(async () => {
    // The library splits the command line of tar at blanks.
    const directory = await mkdtemp(join(/\s/.test(place.tempDir) ? tmpdir() : place.tempDir, 'codex-auth-cache-'))
    const programs = join(directory, 'bin')
    await mkdir(programs)
    for (const program of ['tar', 'gzip']) {
      const file = findTool(program, programPath(place.env))
      if (file !== undefined) await symlink(file, join(programs, program))
    }
    const leave = enter(place.env, { PATH: programs, GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory })
    const before = currentDirectory()
    process.chdir(directory)
    try {
      return await overheard(() => work(directory))
    } finally {
      process.chdir(before)
      leave()
      await rm(directory, { recursive: true, force: true })
    }
  })
  last = mine.catch(() => undefined)
  return mine
}

/** The working directory, or the root when a step has deleted it. */
function currentDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
