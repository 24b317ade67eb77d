import { AsyncLocalStorage } from 'node:async_hooks'
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf } from '../../keeper-error.ts'
import { enter, type Env } from './cache-environment.ts'
import { findTool } from '../tools.ts'

/** Where an entry goes to and comes from; the path inside the archive is the same on every machine. */
export interface ArchivePlace {
  /** A directory of this job; what is put there is removed again. */
  readonly tempDir: string
  readonly env: Env
  /** Relative path of the one file in the archive; it is part of the entry's identity. */
  readonly path: string
}

/** What the library said while it worked; it explains its results only there. */
export type Talk = readonly string[]

/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15_000
/** A sealed credential is a few kilobytes; more is not ours. */
const largestFile = 1024 * 1024

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
 * Fetches the first of these keys that exists with @actions/cache.
 * @returns the key and the file in it (undefined: the archive holds no such file); key undefined when nothing was restored
 */
export async function download(place: ArchivePlace, keys: readonly [string, ...string[]]):
Promise<{ key: string | undefined; bytes: Uint8Array | undefined; talk: Talk }> {
  const [first, ...others] = keys
  const { result, talk } = await apart(place, async (directory) => {
    const { restoreCache } = await import('@actions/cache')
    const key = await restoreCache([place.path], first, others)
    return { key, bytes: key === undefined ? undefined : await plainFile(join(directory, place.path)) }
  })
  return { key: result?.key, bytes: result?.bytes, talk }
}

/** The bytes of a regular file of modest size; a planted link, directory or giant is as good as nothing. */
async function plainFile(path: string): Promise<Uint8Array | undefined> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isFile() && found.size <= largestFile ? readFile(path) : undefined
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
      const file = await findTool(program, `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${place.env['PATH'] ?? ''}`)
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

const talking = new AsyncLocalStorage<string[]>()
let listeners = 0
let unhear = (): void => undefined

/** Keeps what the library prints out of the job's log, except its masks: a warning there would alarm without cause. */
async function overheard<T>(work: () => Promise<T>): Promise<{ result: T | undefined; talk: Talk }> {
  const talk: string[] = []
  startListening()
  const working = talking.run(talk, work).catch((error: unknown) => {
    talk.push(`Failed: ${messageOf(error)}`)
    return undefined
  })
  void working.finally(stopListening)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => { talk.push('Failed: no end in time'); resolve(undefined) }, patience)
  })
  const result = await Promise.race([working, late])
  clearTimeout(timer)
  return { result, talk }
}

/** How many transfers outlived their time limit and may keep this process alive; the stage that ends must not wait for them. */
export function unendedTransfers(): number {
  return listeners
}

function startListening(): void {
  listeners += 1
  if (listeners > 1) return
  const { stdout } = process
  const own = Object.getOwnPropertyDescriptor(stdout, 'write')
  const write = stdout.write.bind(stdout) as (...args: unknown[]) => boolean
  const heed = (...args: unknown[]): boolean => {
    const heard = talking.getStore()
    const text = typeof args[0] === 'string' ? args[0] : Buffer.from(args[0] as Uint8Array).toString('utf8')
    if (heard === undefined || text.startsWith('::add-mask::')) return write(...args)
    heard.push(text.trim())
    return true
  }
  Object.defineProperty(stdout, 'write', { value: heed, configurable: true, writable: true })
  unhear = () => {
    if (own) Object.defineProperty(stdout, 'write', own)
    else Reflect.deleteProperty(stdout, 'write')
  }
}

function stopListening(): void {
  listeners -= 1
  if (listeners === 0) unhear()
}
