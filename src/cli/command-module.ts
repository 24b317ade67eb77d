import type { Command } from 'commander'
import type { CliContext } from './context.ts'

/** What a person has asked a command to do. */
export interface Request {
  /** What stands beside the options, in its order; behind `--` as well. */
  readonly args: readonly string[]
  /** By their long names in camel case, as commander gives them. */
  readonly options: Readonly<Record<string, unknown>>
}

/** One command. Its module is loaded when it is used. */
export interface CommandModule {
  /** Tells commander the arguments and options; with `examples` for the help. */
  readonly describe: (command: Command) => void
  /** Lines that a person can copy, each with a word on what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** Does it. @returns the exit code; throws KeeperError for what has gone wrong */
  readonly run: (request: Request, context: CliContext) => Promise<number>
}
