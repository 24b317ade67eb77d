import { readFileSync } from 'node:fs'
import { KeeperError } from '../../keeper-error.ts'
import { sha256 } from '../../sha256.ts'
import type { ChildResult } from '../../process/child.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import { quoted } from '../openssh.ts'
import { readingOf, writingOf } from '../script-protocol.ts'
import { sshClient, type SshClientOptions } from './ssh-client.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface SshStoreOptions extends SshClientOptions {
  readonly name: string
}

/** What the host runs. It lies beside this file, and in dist beside the bundle. */
const scriptFile = new URL('./codex-auth-store.sh', import.meta.url)

/** Generation, checksum and size, as the script makes it. */
const versionPattern = /^\d+-\d+-(\d+)$/

/**
 * A file on a host that answers ssh. The host runs codex-auth-store.sh of this folder, sent with each command, or installed
 * there as the key's forced command. One round trip for each call.
 */
export function sshStore(options: SshStoreOptions): Store {
  const { name, address } = options
  const { user, host, path } = address
  const who = `${user}@${host}:${path}`
  const client = sshClient(options)
  const script = readFileSync(scriptFile, 'utf8').trimEnd()
  const remote = (operation: 'read' | 'write', words: string, stdin?: Uint8Array): Promise<ChildResult> =>
    client.run(operation, `sh -c ${quoted(script)} codex-auth-store ${words} ${path}`, stdin).then((result) => {
      if (isNotThere(result)) throw noForcedCommand(who, result.stderr)
      return result
    })

  const proveWritable = async (): Promise<'proved'> => {
    const result = await remote('read', 'prove')
    if (result.kind === 'timed-out' || result.exitCode !== 0) readingOf(result, who)
    else if (result.stdout.toString().trim() === 'writable') return 'proved'
    throw notOurAnswer(who)
  }

  const reading = (result: ChildResult): StoredCopy | undefined => {
    if (result.kind === 'exited' && result.exitCode === 0) {
      const copy = copyIn(result.stdout)
      if (copy !== undefined) return copy
    } else if (readingOf(result, who).kind === 'empty') return undefined
    throw notOurAnswer(who)
  }

  const write = async (verb: 'write' | 'lease-write', bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> => {
    const words = `${verb} ${ifVersion ?? 'none'} ${sha256(bytes)} ${bytes.length}`
    const writing = writingOf(await remote('write', words, bytes), who)
    if (writing.kind === 'conflict') return writing
    if (writing.printed === undefined || !versionPattern.test(writing.printed)) {
      throw new KeeperError('store-unknown-outcome', `${who} did not confirm the write.`, 'Read it back.')
    }
    return { kind: 'written', version: writing.printed }
  }

  return {
    name,
    guarantee: 'compare-and-set',
    proveWritable,
    read: async () => reading(await remote('read', 'read')),
    write: (bytes, ifVersion) => write('write', bytes, ifVersion),
    publish: async () => {
      const result = await remote('read', 'publish')
      // The script of a forced command that knows no such order is for a file that no Codex reads.
      if (!isOlderScript(result)) readingOf(result, who)
    },
    leasePlace: {
      seenBy: 'all-jobs',
      read: async () => {
        const result = await remote('read', 'lease-read')
        if (isOlderScript(result)) throw olderScript(who)
        return reading(result)
      },
      write: (bytes, ifVersion) => write('lease-write', bytes, ifVersion),
    },
    close: () => client.close(),
  }
}

/** What a read printed: a line with the version, which tells the size, and so many bytes. */
function copyIn(stdout: Buffer): StoredCopy | undefined {
  const end = stdout.indexOf('\n')
  const version = stdout.toString('latin1', 0, Math.max(0, end))
  const bytes = Uint8Array.from(stdout.subarray(end + 1))
  return Number(versionPattern.exec(version)?.[1]) === bytes.length ? { version, bytes } : undefined
}

/** The codes of a shell for a program that is not there or cannot be run; our script ends with neither. */
function isNotThere(result: ChildResult): result is Extract<ChildResult, { kind: 'exited' }> {
  return result.kind === 'exited' && (result.exitCode === 126 || result.exitCode === 127)
}

function noForcedCommand(who: string, stderr: string): KeeperError {
  return new KeeperError(
    'store-refused',
    `${who}: the forced command of the key (command="…" in authorized_keys) is not there or cannot be run: ${stderrTail(stderr) || 'the host says no more.'}`,
    'Install src/stores/ssh/codex-auth-store.sh of this version under the name that authorized_keys has, and make it executable (chmod 755); or take command="…" out.',
  )
}

/** The script of a forced command that is older than an order takes it for a wrong one. */
function isOlderScript(result: ChildResult): boolean {
  return result.kind === 'exited' && result.exitCode === 64
}

function olderScript(who: string): KeeperError {
  return new KeeperError(
    'store-without-lease',
    `${who} can hold no lease: the codex-auth-store that is the forced command of the key is an older one.`,
    'Install the src/stores/ssh/codex-auth-store.sh of this version there.',
  )
}

function notOurAnswer(who: string): KeeperError {
  return new KeeperError(
    'store-damaged',
    `${who} answered with something other than the stored document.`,
    'See that the login shell of that user prints nothing when it is not interactive (.bashrc, .zshenv, .cshrc), ' +
      'and that a forced command of the key is codex-auth-store.',
  )
}
