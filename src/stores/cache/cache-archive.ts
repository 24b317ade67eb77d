import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { KeeperError } from '../../keeper-error.ts'
import { runChild, type ChildResult } from '../../process/child.ts'
import { findTool } from '../../process/tools.ts'
import type { Env } from './cache-service.ts'
import type { UploadAnswer } from './upload-answer.ts'

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

/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15_000

/** The program of an upload, which is in dist in any case: from source it would load the library file by file. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/cache-upload.js' : './cache-upload.js', import.meta.url),
)

/** What @actions/cache 6.3.0 and the HTTP client of the toolkit take from the environment; by the last the runner knows the process. */
const forLibrary =
  /^(ACTIONS_(CACHE_SERVICE_V2|RESULTS_URL|RUNTIME_TOKEN|CACHE_MODE)|GITHUB_SERVER_URL|HOME|(HTTPS?|NO)_PROXY|RUNNER_TRACKING_ID)$/i

/**
 * Stores one file under a key with @actions/cache, in a process with a directory and an environment of its own. PATH leads
 * to `tar` and `gzip` alone: without `zstd` every machine packs the same way, which is part of an entry's identity, and a
 * later step of the job can put nothing in between.
 * @returns undefined when nobody can tell how it ended: the process died, or was not done in time
 */
export async function upload(place: ArchivePlace, key: string, sealed: Uint8Array): Promise<UploadAnswer | undefined> {
  // The library splits the command line of tar at blanks.
  const directory = await mkdtemp(join(/\s/.test(place.tempDir) ? tmpdir() : place.tempDir, 'codex-auth-cache-'))
  try {
    const programs = join(directory, 'bin')
    await mkdir(programs)
    for (const name of ['tar', 'gzip']) {
      const file = findTool(name, programPath(place.env))
      if (file !== undefined) await symlink(file, join(programs, name))
    }
    const variables = Object.entries(place.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && forLibrary.test(entry[0]),
    )
    return answerOf(
      await runChild({
        tool: process.execPath,
        args: [program, key, place.path],
        env: { ...Object.fromEntries(variables), PATH: programs, GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory },
        cwd: directory,
        stdin: sealed,
        timeoutMs: patience,
      }),
    )
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The last line is ours; those before it are what the library says to a log. */
function answerOf(result: ChildResult): UploadAnswer | undefined {
  if (result.kind === 'timed-out' || result.exitCode !== 0) return undefined
  return JSON.parse(result.stdout.toString('utf8').trim().split('\n').at(-1) ?? '') as UploadAnswer
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
 * @returns undefined when it is not an archive, or holds no such file
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
    throw new KeeperError('store-unreachable', 'The store cache could not unpack its entry: tar did not finish.', 'Run the job again.')
  }
  return result.exitCode === 0 && result.stdout.length > 0 && !result.cut ? result.stdout : undefined
}

/** Where the programs are that pack an archive; a later step of the job can put nothing in between. */
function programPath(env: Env): string {
  return `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${env['PATH'] ?? ''}`
}
