import { KeeperError } from '../keeper-error.ts'
import type { ChildResult } from '../process/child.ts'
import { stderrTail } from '../process/stderr-tail.ts'

/** What a read printed. */
export type Reading =
  | { readonly kind: 'empty' }
  /** The document alone: no version, so the last writer wins. */
  | { readonly kind: 'plain'; readonly bytes: Uint8Array }
  /** A first line with the version, then the document. */
  | { readonly kind: 'versioned'; readonly version: string; readonly bytes: Uint8Array }

export type Writing =
  /** `printed` is the first line of the answer, when it can be a version. */
  { readonly kind: 'written'; readonly printed: string | undefined } | { readonly kind: 'conflict' }

export type Proving =
  | { readonly kind: 'proved' }
  /** `why`: a sentence. */
  | { readonly kind: 'unprovable'; readonly why: string }

/** Exit codes of the protocol: those of sysexits.h where it has one that fits. */
const exit = {
  done: 0,
  badArguments: 64,
  wrongHash: 65,
  damaged: 70,
  cannotWrite: 73,
  empty: 74,
  busy: 75,
  conflict: 76,
  denied: 77,
} as const

/**
 * Understands how a read ended.
 * @param who the command or the host, for messages
 * @throws KeeperError store-unreachable, store-unauthorized, store-refused or store-damaged; it never quotes stdout
 */
export function readingOf(result: ChildResult, who: string): Reading {
  if (result.kind === 'timed-out') {
    throw new KeeperError('store-unreachable', `${who} did not end in time.`, 'See why it hangs; it was not stopped.')
  }
  switch (result.exitCode) {
    case exit.done:
      if (result.cut) throw notADocument(who, 'printed more than 1 MiB')
      return readingOfOutput(result.stdout, who)
    case exit.empty:
      return { kind: 'empty' }
    default:
      throw (
        knownFailure(result, who) ??
        new KeeperError(
          'store-unreachable',
          endedWith(result, who),
          `Only exit code ${exit.empty}, or no output with exit code 0, means that nothing is stored yet.`,
        )
      )
  }
}

/**
 * Understands how a write ended. Exit code 74, nothing is stored any more, is a conflict as well: what was read is gone.
 * @throws KeeperError as readingOf, and store-unknown-outcome for every exit code that the protocol does not name
 */
export function writingOf(result: ChildResult, who: string): Writing {
  if (result.kind === 'timed-out') {
    throw new KeeperError(
      'store-unknown-outcome',
      `${who} did not end in time.`,
      'See why it hangs; it was not stopped and may still write.',
    )
  }
  switch (result.exitCode) {
    case exit.done:
      return { kind: 'written', printed: printedVersion(firstLine(result.stdout)?.line ?? result.stdout) }
    case exit.conflict:
    case exit.empty:
      return { kind: 'conflict' }
    default:
      throw (
        knownFailure(result, who) ??
        new KeeperError(
          'store-unknown-outcome',
          endedWith(result, who),
          `Only exit code 0 means stored, ${exit.conflict} somebody else was faster, ${exit.busy} busy, ${exit.denied} not allowed.`,
        )
      )
  }
}

/**
 * Understands how a proof of write access ended: only a clear yes and a clear no count.
 * @throws KeeperError store-unauthorized
 */
export function provingOf(result: ChildResult, who: string): Proving {
  if (result.kind === 'timed-out') return { kind: 'unprovable', why: `${who} did not end in time.` }
  switch (result.exitCode) {
    case exit.done:
      return { kind: 'proved' }
    case exit.denied:
      throw denied(endedWith(result, who))
    default:
      return { kind: 'unprovable', why: endedWith(result, who).replace(/[^.!?]$/, '$&.') }
  }
}

/** The failures that mean the same for a read and a write: nothing was changed. */
function knownFailure(result: ChildResult & { kind: 'exited' }, who: string): KeeperError | undefined {
  const message = endedWith(result, who)
  switch (result.exitCode) {
    case exit.badArguments:
      return new KeeperError('store-refused', message, 'It did not accept its arguments; see its own message.')
    case exit.wrongHash:
      return new KeeperError('store-unreachable', message, 'The document was damaged on the way; nothing was stored.')
    case exit.damaged:
      return new KeeperError('store-damaged', message, 'Empty the slot by hand as docs/stores.md says, or name another one, then reseed.')
    case exit.cannotWrite:
      return new KeeperError('store-refused', message, 'It cannot create the file; nothing was stored. See its own message.')
    case exit.busy:
      return new KeeperError('store-unreachable', message, 'It is busy; try again later.')
    case exit.denied:
      return denied(message)
    default:
      return undefined
  }
}

function denied(message: string): KeeperError {
  return new KeeperError('store-unauthorized', message, 'Give this run the right to it; see its own message.')
}

function readingOfOutput(output: Buffer, who: string): Reading {
  const start = output.findIndex((byte) => !isBlank(byte))
  if (start === -1) return { kind: 'empty' }
  if (output[start] === 0x7b) return { kind: 'plain', bytes: Uint8Array.from(output) }
  const first = firstLine(output)
  const version = first && printedVersion(first.line)
  if (!first || version === undefined || first.rest.length === 0) {
    throw notADocument(who, 'printed neither a document nor a version line and a document')
  }
  return { kind: 'versioned', version, bytes: Uint8Array.from(first.rest) }
}

function notADocument(who: string, what: string): KeeperError {
  return new KeeperError(
    'store-damaged',
    `${who} ${what}.`,
    'It must print nothing else on stdout: the document alone, starting with {, or one line with its version before it.',
  )
}

/** Blanks as JSON has them, and the bytes of a byte order mark. */
function isBlank(byte: number): boolean {
  return [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)
}

/** The first line without its end, and the bytes after it; undefined where no line ends. */
export function firstLine(output: Buffer): { line: Buffer; rest: Buffer } | undefined {
  const end = output.indexOf(0x0a)
  return end === -1 ? undefined : { line: output.subarray(0, end), rest: output.subarray(end + 1) }
}

/** A version is short, so that a document in a form we do not expect is never taken for one. */
export function printedVersion(line: Buffer): string | undefined {
  const text = line.toString('latin1').trim()
  return /^[\x21-\x7a|\x7e][\x20-\x7e]{0,127}$/.test(text) ? text : undefined
}

function endedWith(result: ChildResult & { kind: 'exited' }, who: string): string {
  const tail = stderrTail(result.stderr)
  return `${who} ended with exit code ${result.exitCode}${tail === '' ? ', without a message.' : `: ${tail}`}`
}
