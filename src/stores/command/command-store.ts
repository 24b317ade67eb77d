import { KeeperError, messageOf } from '../../keeper-error.ts'
import { sha256 } from '../../sha256.ts'
import { runChild, type ChildResult } from '../../process/child.ts'
import { provingOf, readingOf, writingOf, type Reading } from '../script-protocol.ts'
import { commandLease } from './command-lease.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'

export interface CommandStoreOptions {
  readonly name: string
  readonly slot: string
  /** The user's own script, run as a `run:` step would be; prints the stored document. */
  readonly readCommand: string
  /** The user's own script; stores the document it reads on stdin. */
  readonly writeCommand: string
  /** The user's own script; ends with 0 where a write would be allowed, with 77 where it would not, and changes nothing. */
  readonly proveCommand?: string
  /** Absolute path of bash. */
  readonly bash: string
  /** The whole environment of both commands, see trusted-environment.ts. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Milliseconds one command may take. Default 60 000. */
  readonly timeoutMs?: number
}

/**
 * The user's own commands. The credential goes over stdin and stdout only, nothing is put into their text.
 * Whether they compare and set is seen when a read prints a version; until then `guarantee` says last-writer-wins.
 */
export function commandStore(options: CommandStoreOptions): Store {
  let seen: Reading['kind'] | undefined
  let notProved: string | undefined

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
    // What a plain command prints after writing is talk, not a version.
    return { kind: 'written', version: (seen === 'plain' ? undefined : writing.printed) ?? hash }
  }

  const lease = commandLease({
    read: (variables) => run(options, 'read-command', variables),
    write: (variables, document) => run(options, 'write-command', variables, document),
  })

  const proveWritable = async (): Promise<'proved' | 'unprovable'> => {
    if (options.proveCommand === undefined) return 'unprovable'
    const proving = provingOf(await run(options, 'prove-command', {}), 'prove-command')
    notProved = proving.kind === 'unprovable' ? proving.why : undefined
    return proving.kind
  }

  return {
    name: options.name,
    get guarantee() {
      return seen === 'versioned' ? 'compare-and-set' : 'last-writer-wins'
    },
    // Nobody knows yet whether an empty place compares versions.
    get leasePlace() {
      return seen === 'plain' ? undefined : lease
    },
    proveWritable,
    read,
    write,
    notes: () => (notProved === undefined ? [] : [`${options.name}: ${notProved} Whether write-command may store is not known.`]),
  }
}

type Command = 'read-command' | 'write-command' | 'prove-command'

async function run(
  options: CommandStoreOptions,
  which: Command,
  variables: Record<string, string>,
  stdin?: Uint8Array,
): Promise<ChildResult> {
  const { slot, bash, env, cwd, timeoutMs } = options
  const texts: Record<Command, string> = {
    'read-command': options.readCommand,
    'write-command': options.writeCommand,
    'prove-command': options.proveCommand ?? '',
  }
  try {
    return await runChild({
      tool: bash,
      args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', texts[which]],
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
