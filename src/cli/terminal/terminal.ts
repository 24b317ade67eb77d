import { knownSecrets, type KnownSecrets } from '../../credential/known-secrets.ts'
import { logLine } from '../../log-text.ts'
import { piecesOf, type Line, type Look, type Piece } from './line.ts'
import type { OutputStream } from './output-stream.ts'
import { spinning } from './spinner.ts'

/**
 * The only way out for text. Whatever is printed is free of the secrets that this process knows, and of control characters in what other
 * people wrote; colour and movement are for terminals alone.
 */
export interface Terminal {
  /** Secrets that are never printed. */
  readonly secrets: KnownSecrets
  /** A line of the answer, on stdout. */
  print(line?: Line): void
  /** A line for the person beside the answer, on stderr. */
  say(line?: Line): void
  /** The bytes of a text on stdout as they are (JSON), but for secrets. */
  readonly printText: (text: string) => void
  /** A text as it may be shown, on one line; for what is not printed here (a question). */
  readonly fit: (text: string) => string
  /** Whether a person sees stdout as it comes. */
  readonly isTerminal: boolean
  /** Columns that a line may have; undefined where nobody sees them. */
  readonly columns: number | undefined
  /** Empties the screen, for an answer that is printed again; nothing where there is none. */
  clear(): void
  /** Waits, and shows that it does where a person waits for more than a second. */
  during<T>(what: string, work: Promise<T>): Promise<T>
}

export interface TerminalOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
}

export function openTerminal({ stdout, stderr, env }: TerminalOptions): Terminal {
  const secrets = knownSecrets()
  const writer =
    (stream: OutputStream) =>
    (line: Line = ''): void => {
      const colour = hasColour(stream, env)
      stream.write(
        `${piecesOf(line)
          .map((piece) => shown(piece, colour, secrets))
          .join('')}\n`,
      )
    }
  return {
    secrets,
    fit: (text) => logLine(secrets.clean(text)),
    print: writer(stdout),
    say: writer(stderr),
    printText: (text) => {
      stdout.write(secrets.clean(text))
    },
    isTerminal: stdout.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    clear: () => {
      if (stdout.isTTY === true) stdout.write('\u001b[H\u001b[2J')
    },
    during: (what, work) =>
      spinning(logLine(secrets.clean(what)), work, stderr.isTTY === true && env['CI'] === undefined ? stderr : undefined),
  }
}

/** NO_COLOR: no-color.org, any text that is not empty. */
function hasColour(stream: OutputStream, env: TerminalOptions['env']): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

const codes: Readonly<Record<Look, string>> = { plain: '', strong: '1', faint: '2', good: '32', warning: '33', bad: '31' }

function shown({ text, look }: Piece, colour: boolean, secrets: KnownSecrets): string {
  const clean = logLine(secrets.clean(text))
  return colour && look !== 'plain' ? `\u001b[${codes[look]}m${clean}\u001b[0m` : clean
}
