import { randomUUID } from 'node:crypto'
import { KeeperError } from '../../keeper-error.ts'
import { gitFailure, isCertainlyMissing, refusedPush, rejectionOf, type AskedWith, type GitAnswer } from './git-answers.ts'
import type { GitRepository } from './git-repository.ts'
import type { WriteOutcome } from '../store.ts'

/** What a person may see in the commit besides the slot: the run (its address or id), and when. */
export interface CommitNote {
  readonly run: string
  now(): Date
}

export interface GitDocumentOptions {
  /** Repository and ref, and how they are asked. */
  readonly asked: AskedWith
  /** Name of the only file in the commit. */
  readonly file: string
  /** Where the fetched commit stays in the temporary repository. */
  readonly fetchedTo: string
  /** First line of the commit's message. */
  readonly subject: string
  readonly slot: string
  readonly commitNote: CommitNote
  readonly repository: () => Promise<GitRepository>
}

/** One file in one commit without parents at one ref; its version is the object id at that ref. */
export interface GitDocument {
  /** Undefined when there certainly is no such ref; without bytes when it holds something other than such a commit. */
  read(): Promise<{ readonly version: string; readonly bytes: Uint8Array | undefined } | undefined>
  write(bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome>
  /** What the commit that was read last says of the run that made it; undefined where none was, or it is not of ours. */
  note(): Promise<{ readonly run: string; readonly when: string } | undefined>
  /** Opens a push that sends nothing. Throws when that is refused. */
  proveWritable(): Promise<void>
}

const largest = 1024 * 1024
const readMs = 25_000
const pushMs = 40_000

/** Reads with `git fetch`, writes with `git push --force-with-lease`. The errors are those of a store. */
export function gitDocument(options: GitDocumentOptions): GitDocument {
  const { asked, fetchedTo, repository } = options
  const { name } = asked
  const { url, ref } = asked.address

  const ask = async (args: readonly string[]): Promise<GitAnswer> => {
    const answer = await (await repository()).remote(args, readMs)
    if (answer === 'timed-out') throw noAnswer(name, readMs)
    return answer
  }

  /** Object id at the ref now; undefined when there certainly is none. */
  const tip = async (): Promise<string | undefined> => {
    const answer = await ask(['ls-remote', '--refs', url, ref])
    if (answer.exitCode !== 0 || !answer.spoke) throw gitFailure(answer, asked)
    return answer.stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([, at]) => at === ref)?.[0]
  }

  const push = async (oid: string, lease: string, ...more: string[]): Promise<GitAnswer | 'timed-out'> => {
    const how = ['--porcelain', '--no-verify', ...more, `--force-with-lease=${ref}:${lease}`]
    return (await repository()).remote(['push', ...how, url, `${oid}:${ref}`], pushMs)
  }

  return {
    read: async () => {
      const answer = await ask(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', url, `+${ref}:${fetchedTo}`])
      if (isCertainlyMissing(answer, ref)) return undefined
      if (answer.exitCode !== 0) throw gitFailure(answer, asked)
      return fetched(await repository(), options)
    },
    write: async (bytes, ifVersion) => {
      const oid = await commit(await repository(), bytes, options)
      const answer = await push(oid, ifVersion ?? '')
      if (answer === 'timed-out') throw unknownOutcome(name, `no answer within ${pushMs / 1000} s`)
      if (answer.exitCode === 0) return { kind: 'written', version: oid }
      const rejection = rejectionOf(answer)
      if (rejection?.kind === 'stale') return { kind: 'conflict' }
      if (!answer.sent) throw gitFailure(answer, asked)
      // What happened is what the ref says now; even a refusal may be the echo of our own push, which curl sends again
      // when a connection breaks.
      const now = await tip().catch(() => {
        throw unknownOutcome(name, 'the answer to the push was lost')
      })
      if (now === oid) return { kind: 'written', version: oid }
      if (now !== ifVersion) return { kind: 'conflict' }
      if (rejection !== undefined) throw refusedPush(answer, rejection.reason, asked)
      const failure = gitFailure(answer, asked)
      throw failure.code === 'store-unreachable' ? unknownOutcome(name, failure.message) : failure
    },
    note: async () => {
      const text = await (await repository()).local(['cat-file', 'commit', fetchedTo]).catch(() => undefined)
      const said = (word: string): string | undefined => new RegExp(`^${word}: (.{1,300})$`, 'm').exec(text?.toString('utf8') ?? '')?.[1]
      const [run, when] = [said('Run'), said('When')]
      return run === undefined || when === undefined ? undefined : { run, when }
    },
    proveWritable: async () => {
      const probe = await commit(await repository(), new Uint8Array(), options)
      // The lease names an object that the ref cannot hold: even without --dry-run nothing would be sent.
      const answer = await push(probe, probe, '--dry-run')
      if (answer === 'timed-out') throw noAnswer(name, pushMs)
      if (rejectionOf(answer)?.kind !== 'stale') throw gitFailure(answer, asked)
    },
  }
}

/** What the last fetch has brought. */
async function fetched(
  repository: GitRepository,
  { fetchedTo, file }: GitDocumentOptions,
): Promise<{ version: string; bytes: Uint8Array | undefined }> {
  const wanted = Buffer.from(`${fetchedTo}\n${fetchedTo}:${file}\n`)
  const report = await repository.local(['cat-file', '--batch-check'], wanted)
  const [commit, found] = report
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' '))
  const [version = '', type] = commit ?? []
  const [blob = '', fileType, size] = found ?? []
  const isOurs = type === 'commit' && fileType === 'blob' && Number(size) <= largest
  return { version, bytes: isOurs ? new Uint8Array(await repository.local(['cat-file', 'blob', blob])) : undefined }
}

/** Makes a commit without parents; two of them are never the same, so that of two equal documents one push wins. */
async function commit(repository: GitRepository, bytes: Uint8Array, options: GitDocumentOptions): Promise<string> {
  const { slot, subject, file, commitNote } = options
  const now = commitNote.now()
  const write = randomUUID()
  const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
  const message = [
    plain(subject),
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
        `data ${message.length}\n${message}\nM 100644 inline ${file}\ndata ${bytes.length}\n`,
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
