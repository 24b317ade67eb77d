import { KeeperError } from '../../keeper-error.ts'
import type { GitAccess } from './git-access.ts'
import { leaseRef, type GitAddress } from './git-address.ts'
import { gitDocument, type CommitNote } from './git-document.ts'
import { dropPack, leavePack, takePack, type CarriedPack } from './git-carried-pack.ts'
import { temporaryRepository, type GitRepository } from './git-repository.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface GitStoreOptions {
  readonly name: string
  readonly address: GitAddress
  readonly access: GitAccess
  readonly slot: string
  /** Absolute path of git 2.31 or newer. */
  readonly git: string
  /** Where the temporary repository is made, e.g. RUNNER_TEMP. */
  readonly tempDir: string
  readonly commitNote: CommitNote
  /** Proxy, certificate and agent variables that git and ssh may have; nothing is taken from this process. */
  readonly networkEnv: Readonly<Record<string, string>>
  /** Saves post a round trip; without it nothing stays. */
  readonly pack?: CarriedPack | undefined
}

/** Name of the only file in the commit of the copy. */
const fileName = 'auth.age'

/**
 * A ref of a git repository that points to one commit without parents with one file, written with the stock git and
 * `--force-with-lease`; a version is the commit's object id. The bytes are stored as they come: seal them. The lease has a ref
 * of its own beside it.
 *
 * Over http a read costs two requests (one when the copy is the last seen or carried one), a write two, a proof one. A
 * proof shows that the server lets this run open a push; its rules and hooks, and file modes behind ssh, show only at
 * the push.
 */
export function gitStore(options: GitStoreOptions): Store {
  const { name, address, access, slot, pack, commitNote } = options
  const tokenInput = access.kind === 'http' ? access.tokenInput : undefined
  let opened: Promise<GitRepository> | undefined
  const repository = (): Promise<GitRepository> => {
    if (opened === undefined) {
      const opening = openRepository()
      opened = opening
      // What could not be made may be made at the next try.
      opening.catch(() => {
        if (opened === opening) opened = undefined
      })
    }
    return opened
  }
  const openRepository = async (): Promise<GitRepository> => {
    const made = await temporaryRepository(options)
    if (pack) await takePack(made, pack)
    return made
  }
  /** The pack only saves time, so failing to leave it is not a failure. */
  const leave = async (version: string): Promise<void> => {
    if (pack) await leavePack(await repository(), version, pack).catch(() => undefined)
  }

  const copy = gitDocument({
    asked: { name, address, tokenInput },
    file: fileName,
    fetchedTo: 'refs/keeper/copy',
    subject: `Store the refreshed Codex login of slot ${slot}`,
    slot,
    commitNote,
    repository,
  })
  const lease = gitDocument({
    asked: { name, address: { ...address, ref: leaseRef(address.ref) }, tokenInput },
    file: 'lease.json',
    fetchedTo: 'refs/keeper/lease',
    subject: `Say who may refresh the Codex login of slot ${slot}`,
    slot,
    commitNote,
    repository,
  })

  const read = async (): Promise<StoredCopy | undefined> => {
    const found = await copy.read()
    if (found === undefined) return undefined
    if (found.bytes === undefined) {
      throw new KeeperError(
        'store-damaged',
        `${name}: ${address.ref} of ${address.url} holds something other than a stored copy`,
        'Find out who else writes to this ref. To go on, delete it or name another one, and log in again.',
      )
    }
    await leave(found.version)
    return { bytes: found.bytes, version: found.version }
  }

  const write = async (bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> => {
    const outcome = await copy.write(bytes, ifVersion)
    if (outcome.kind === 'written') await leave(outcome.version)
    return outcome
  }

  const proveWritable = async (): Promise<'proved' | 'unprovable'> => {
    await copy.proveWritable()
    return access.kind === 'file' ? 'unprovable' : 'proved'
  }

  const close = async (): Promise<void> => {
    const closing = opened
    opened = undefined
    await closing?.then((made) => made.remove()).catch(() => undefined)
    if (pack) await dropPack(pack).catch(() => undefined)
  }

  return {
    name,
    guarantee: 'compare-and-set',
    proveWritable,
    read,
    write,
    leasePlace: {
      seenBy: 'all-jobs',
      read: async () => {
        const found = await lease.read()
        return found && { bytes: found.bytes ?? new Uint8Array(), version: found.version }
      },
      write: (bytes, ifVersion) => lease.write(bytes, ifVersion),
    },
    about: async () => {
      const note = await copy.note()
      return note && { writtenBy: note.run, writtenAt: note.when }
    },
    close,
  }
}
