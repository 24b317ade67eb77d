import { KeeperError } from '../../keeper-error.ts'
import type { ChildResult } from '../../process/child.ts'
import { sha256 } from '../../sha256.ts'
import { firstLine, readingOf, printedVersion, writingOf } from '../script-protocol.ts'
import type { LeasePlace } from '../store.ts'

export interface CommandLeaseOptions {
  /** Runs the read-command with these variables. */
  readonly read: (variables: Record<string, string>) => Promise<ChildResult>
  /** Runs the write-command with these variables, and the document on its standard input. */
  readonly write: (variables: Record<string, string>, document: Uint8Array) => Promise<ChildResult>
}

/** Starts the line with which both commands show that they know leases; no script has another reason to print it. */
const mark = 'codex-auth-lease'

/** What both commands are told. */
const asked = { CODEX_AUTH_DOCUMENT: 'lease' }

/**
 * The lease of a command store, where the user's commands hold one: they see CODEX_AUTH_DOCUMENT=lease, and each begins its
 * answer with the mark, the read also when there is no lease yet. Commands that do not know the variable would take the
 * lease for the login. So the write-command is not run before the read-command has answered with the mark; and the version
 * it must find carries the mark too, so that one that compares it with the version of the login finds another one.
 */
export function commandLease({ read, write }: CommandLeaseOptions): LeasePlace {
  return {
    seenBy: 'all-jobs',
    read: async () => {
      const result = await read(asked)
      if (result.kind === 'exited' && result.exitCode === 0) {
        const answer = markedAnswer(result.stdout)
        if (answer === undefined) throw unknown()
        return answer.version === '' ? undefined : { bytes: answer.bytes, version: answer.version }
      }
      if (result.kind === 'exited' && (result.exitCode === 64 || result.exitCode === 74)) throw unknown()
      readingOf(result, 'read-command')
      throw new Error('A read that did not end with 0 or 74 has thrown.')
    },
    write: async (bytes, ifVersion) => {
      const variables = { ...asked, CODEX_AUTH_IF_VERSION: `${mark} ${ifVersion ?? ''}`.trimEnd(), CODEX_AUTH_SHA256: sha256(bytes) }
      const result = await write(variables, bytes)
      const writing = writingOf(result, 'write-command')
      if (writing.kind === 'conflict') return writing
      const { version = '' } = (result.kind === 'exited' && markedAnswer(result.stdout)) || {}
      if (version !== '') return { kind: 'written', version }
      throw new KeeperError(
        'store-refused',
        `write-command was asked to write the lease and did not answer with "${mark} VERSION": it may have stored the lease in the place of the login.`,
        'Make both commands follow CODEX_AUTH_DOCUMENT, or none of them, and see what the store holds now.',
      )
    },
  }
}

/** The version, empty for none, and what comes after the first line; undefined where that line does not bear the mark. */
function markedAnswer(stdout: Buffer): { version: string; bytes: Uint8Array } | undefined {
  const { line, rest } = firstLine(stdout) ?? { line: stdout, rest: Buffer.alloc(0) }
  const [found, ...words] = line.toString('latin1').trim().split(' ')
  if (found !== mark) return undefined
  const version = words.join(' ')
  if (version === '') return { version, bytes: new Uint8Array() }
  return printedVersion(Buffer.from(version, 'latin1')) === undefined ? undefined : { version, bytes: Uint8Array.from(rest) }
}

function unknown(): KeeperError {
  return new KeeperError(
    'store-without-lease',
    'read-command holds no lease: it does not answer to CODEX_AUTH_DOCUMENT=lease.',
    'See "A lease with command" in docs/stores.md.',
  )
}
