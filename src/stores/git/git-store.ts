import { randomUUID } from 'node:crypto'
import { KeeperError } from '../../keeper-error.ts'
import type { GitAccess } from './git-access.ts'
import type { GitAddress } from './git-address.ts'
import { gitFailure, isCertainlyMissing, refusedPush, rejectionOf, type GitAnswer } from './git-answers.ts'
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
  /** What a person may see in the commit besides the slot: the run (its address or id), and when. */
  readonly commitNote: { readonly run: string; now(): Date }
  /** Proxy, certificate and agent variables that git and ssh may have; nothing is taken from this process. */
  readonly networkEnv: Readonly<Record<string, string>>
  /** Saves post a round trip; without it nothing stays. */
  readonly pack?: CarriedPack | undefined
}

/** Where the fetched commit stays in the temporary repository. */
const copyRef = 'refs/keeper/copy'
/** Name of the only file in the commit. */
const fileName = 'auth.age'
const largestCopy = 1024 * 1024
const readMs = 25_000
const pushMs = 40_000

/**
 * A ref of a git repository that points to one commit without parents with one file, written with the stock git and
 * `--force-with-lease`; a version is the commit's object id. The bytes are stored as they come: seal them.
 *
 * Over http a read costs two requests (one when the copy is the last seen or carried one), a write two, a proof one. A
 * proof shows that the server lets this run open a push; its rules and hooks, and file modes behind ssh, show only at
 * the push.
 */
export function gitStore(options: GitStoreOptions): Store {
  const { name, address, access, pack } = options
  const { url, ref } = address
  const askedWith = { name, address, tokenWithheld: access.kind === 'http' && access.tokenWithheld }
  let opened: Promise<GitRepository> | undefined
  const repository = (): Promise<GitRepository> => {
    opened ??= openRepository()
    return opened
  }
  const openRepository = async (): Promise<GitRepository> => {
    const made = await temporaryRepository(options)
    if (pack) await takePack(made, pack)
    return made
  }
  /** What is left is a gain in time alone, so failing to leave it is no failure. */
  const leave = async (version: string): Promise<void> => {
    if (pack) await leavePack(await repository(), version, pack).catch(() => undefined)
  }

  const ask = async (args: readonly string[]): Promise<GitAnswer> => {
    const answer = await (await repository()).remote(args, readMs)
    if (answer === 'timed-out') throw noAnswer(name, readMs)
    return answer
  }

  const read = async (): Promise<StoredCopy | undefined> => {
    const answer = await ask(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', url, `+${ref}:${copyRef}`])
    if (isCertainlyMissing(answer, ref)) return undefined
    if (answer.exitCode !== 0) throw gitFailure(answer, askedWith)
    const copy = await copyIn(await repository(), name, address)
    await leave(copy.version)
    return copy
  }

  /** Object id at the ref now; undefined when there certainly is none. */
  const tip = async (): Promise<string | undefined> => {
    const answer = await ask(['ls-remote', '--refs', url, ref])
    if (answer.exitCode !== 0 || !answer.spoke) throw gitFailure(answer, askedWith)
    return answer.stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([, at]) => at === ref)?.[0]
  }

  const push = async (oid: string, lease: string, ...more: string[]): Promise<GitAnswer | 'timed-out'> => {
    const how = ['--porcelain', '--no-verify', ...more, `--force-with-lease=${ref}:${lease}`]
    return (await repository()).remote(['push', ...how, url, `${oid}:${ref}`], pushMs)
  }

  const written = async (version: string): Promise<WriteOutcome> => {
    await leave(version)
    return { kind: 'written', version }
  }

  const write = async (bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> => {
    const oid = await commit(await repository(), bytes, options)
    const answer = await push(oid, ifVersion ?? '')
    if (answer === 'timed-out') throw unknownOutcome(name, `no answer within ${pushMs / 1000} s`)
    if (answer.exitCode === 0) return written(oid)
    const rejection = rejectionOf(answer)
    if (rejection?.kind === 'stale') return { kind: 'conflict' }
    if (!answer.sent) throw gitFailure(answer, askedWith)
    // What happened is what the ref says now; also a refusal may be the echo of our own push, which curl sends again
    // when a connection breaks.
    const now = await tip().catch(() => {
      throw unknownOutcome(name, 'the answer to the push was lost')
    })
    if (now === oid) return written(oid)
    if (now !== ifVersion) return { kind: 'conflict' }
    if (rejection !== undefined) throw refusedPush(answer, rejection.reason, askedWith)
    const failure = gitFailure(answer, askedWith)
    throw failure.code === 'store-unreachable' ? unknownOutcome(name, failure.message) : failure
  }

  const proveWritable = async (): Promise<'proved' | 'unprovable'> => {
    const probe = await commit(await repository(), new Uint8Array(), options)
    // The lease names an object that the ref cannot hold: even without --dry-run nothing would be sent.
    const answer = await push(probe, probe, '--dry-run')
    if (answer === 'timed-out') throw noAnswer(name, pushMs)
    if (rejectionOf(answer)?.kind !== 'stale') throw gitFailure(answer, askedWith)
    return access.kind === 'file' ? 'unprovable' : 'proved'
  }

  const close = async (): Promise<void> => {
    const closing = opened
    opened = undefined
    await closing?.then((made) => made.remove()).catch(() => undefined)
    if (pack) await dropPack(pack).catch(() => undefined)
  }

  return { name, guarantee: 'compare-and-set', proveWritable, read, write, close }
}

async function copyIn(repository: GitRepository, name: string, { url, ref }: GitAddress): Promise<StoredCopy> {
  const wanted = Buffer.from(`${copyRef}\n${copyRef}:${fileName}\n`)
  const report = await repository.local(['cat-file', '--batch-check'], wanted)
  const [commit, file] = report
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' '))
  const [version = '', type] = commit ?? []
  const [blob = '', fileType, size] = file ?? []
  if (type !== 'commit' || fileType !== 'blob' || Number(size) > largestCopy) {
    throw new KeeperError(
      'store-damaged',
      `${name}: ${ref} of ${url} holds something else than a stored copy`,
      'Find out who else writes to this ref. To go on, delete it or name another one, and log in again.',
    )
  }
  return { bytes: new Uint8Array(await repository.local(['cat-file', 'blob', blob])), version }
}

/** Makes a commit without parents; two of them are never the same, so that of two equal documents one push wins. */
async function commit(repository: GitRepository, bytes: Uint8Array, options: GitStoreOptions): Promise<string> {
  const { slot, commitNote } = options
  const now = commitNote.now()
  const write = randomUUID()
  const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
  const message = [
    `Store the refreshed Codex login of slot ${plain(slot)}`,
    '',
    `Slot: ${plain(slot)}`,
    `Run: ${plain(commitNote.run)}`,
    `When: ${now.toISOString()}`,
    `Write: ${write}`,
    '',
  ].join('\n')
  const stream = Buffer.concat([
    Buffer.from(
      `commit refs/keeper/${write}\nmark :1\n` +
        `committer codex-auth-keeper <codex-auth-keeper@localhost> ${Math.floor(now.getTime() / 1000)} +0000\n` +
        `data ${message.length}\n${message}\nM 100644 inline ${fileName}\ndata ${bytes.length}\n`,
    ),
    bytes,
    Buffer.from('\nget-mark :1\n'),
  ])
  return (await repository.local(['fast-import', '--quiet', '--date-format=raw'], stream)).toString('utf8').trim()
}

function noAnswer(name: string, ms: number): KeeperError {
  return new KeeperError('store-unreachable', `${name}: no answer within ${ms / 1000} s`, 'See that it answers from this runner.')
}

function unknownOutcome(name: string, why: string): KeeperError {
  return new KeeperError('store-unknown-outcome', `${name}: ${why}`, 'The copy may or may not be stored; the next read tells.')
}
