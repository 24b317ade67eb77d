import { KeeperError, messageOf } from '../../keeper-error.ts'
import { sha256 } from '../../sha256.ts'
import { runChild, type ChildResult } from '../../process/child.ts'
import { readingOf, writingOf, type Reading } from '../script-protocol.ts'
import { commandLease } from './command-lease.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface CommandStoreOptions {
  readonly name: string
  readonly slot: string
  /** The user's own script, run as a `run:` step would be; prints the stored document. */
  readonly readCommand: string
  /** The user's own script; stores the document it reads on stdin. */
  readonly writeCommand: string
  /** Absolute path of bash. */
  readonly bash: string
  /** The whole environment of both commands, see trusted-environment.ts. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Milliseconds one command may take. Default 60 000. */
  readonly timeoutMs?: number
}

/**
 * The user's own two commands. The credential goes over stdin and stdout only, nothing is put into their text.
 * Whether they compare and set is seen when a read prints a version; until then `guarantee` says last-writer-wins.
 */
export function commandStore(options: CommandStoreOptions): Store {
  let seen: Reading['kind'] | undefined

  const read = async (): Promise<StoredCopy | undefined> => {
    const reading = readingOf(await run(options, 'read-command', {}), 'read-command')
    seen = reading.kind
    switch (reading.kind) {
      case 'empty':
        return undefined
      case 'plain':
        return { bytes: reading.bytes, version: sha256(reading.bytes) }
      case 'versioned':
        return { bytes: reading.bytes, version: reading.version }
    }
  }

  const write = async (bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome> => {
    const hash = sha256(bytes)
    const variables = { CODEX_AUTH_IF_VERSION: ifVersion ?? '', CODEX_AUTH_SHA256: hash }
    const writing = writingOf(await run(options, 'write-command', variables, bytes), 'write-command')
    if (writing.kind === 'conflict') return writing
    // What a plain command prints after writing is talk, no version.
    return { kind: 'written', version: (seen === 'plain' ? undefined : writing.printed) ?? hash }
  }

  const lease = commandLease({
    read: (variables) => run(options, 'read-command', variables),
    write: (variables, document) => run(options, 'write-command', variables, document),
  })

  return {
    name: options.name,
    get guarantee() {
      return seen === 'versioned' ? 'compare-and-set' : 'last-writer-wins'
    },
    // Of an empty place nobody knows yet whether it compares.
    get leasePlace() {
      return seen === 'plain' ? undefined : lease
    },
    proveWritable: () => Promise.resolve('unprovable'),
    read,
    write,
  }
}

async function run(
  options: CommandStoreOptions,
  which: 'read-command' | 'write-command',
  variables: Record<string, string>,
  stdin?: Uint8Array,
): Promise<ChildResult> {
  const { slot, bash, env, cwd, timeoutMs } = options
  const command = which === 'read-command' ? options.readCommand : options.writeCommand
  try {
    return await runChild({
      tool: bash,
      args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command],
      env: { ...env, CODEX_AUTH_SLOT: slot, CODEX_AUTH_DOCUMENT: 'login', ...variables },
      cwd,
      ...(stdin && { stdin }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  } catch (error) {
    throw new KeeperError(
      'store-refused',
      `${which} could not be started with ${bash} in ${cwd}: ${messageOf(error)}`,
      'See that bash and the working directory are still there.',
      { cause: error },
    )
  }
}
