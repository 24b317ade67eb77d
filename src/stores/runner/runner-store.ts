import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KeeperError, messageOf, systemCodeOf } from '../../keeper-error.ts'
import { PlainFileError } from '../../plain-file.ts'
import type { Store } from '../store.ts'
import { generations } from './generations.ts'

export interface RunnerStoreOptions {
  readonly name: string
  /** Absolute path of the slot's directory; made when missing. */
  readonly directory: string
  /** A directory above it that a person has named: it must be there, because a disk that is not mounted is not an empty one. */
  readonly mustExist?: string | undefined
}

/**
 * A directory of this machine that outlives jobs. The copy is the newest of the generations `auth.<10 digits>`, the lease
 * that of `lease.<10 digits>`: of two processes on one host exactly one wins, and a crash at any point leaves a whole document.
 */
export function runnerStore({ name, directory, mustExist }: RunnerStoreOptions): Store {
  const there = <T>(operation: () => Promise<T>): Promise<T> =>
    reported(directory, async () => {
      if (mustExist !== undefined) await requireDirectory(mustExist)
      return operation()
    })
  const copies = generations({ directory, stem: 'auth', oldOnes: 'emptied' })
  const leases = generations({ directory, stem: 'lease', oldOnes: 'removed-after-a-day' })
  return {
    name,
    guarantee: 'compare-and-set',
    proveWritable: () => there(() => prove(directory)),
    read: () =>
      there(async () => {
        const copy = await copies.newest()
        if (copy?.bytes.length === 0) {
          throw damaged(directory, `The newest generation in ${directory} is empty: a full disk or a person has emptied it.`)
        }
        return copy
      }),
    write: (bytes, ifVersion) => there(() => copies.append(bytes, ifVersion)),
    leasePlace: {
      seenBy: 'this-machine',
      read: () => there(() => leases.newest()),
      write: (bytes, ifVersion) => there(() => leases.append(bytes, ifVersion)),
    },
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

function damaged(directory: string, message: string): KeeperError {
  return new KeeperError('store-damaged', message, `Delete ${directory} and reseed.`)
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
        ? 'Give the user who runs this runner access to that directory, or name another one: store: "runner: /path".'
        : 'See that the disk is there, has room and supports hard links.',
      { cause: error },
    )
  }
}
