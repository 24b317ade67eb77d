import type { Clock, Stopwatch } from '../clock.ts'
import type { CliEnvironment } from './environment.ts'
import type { Interrupts } from './interrupts.ts'
import type { Questions } from './terminal/questions.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What every command works with. */
export interface CliContext {
  readonly environment: CliEnvironment
  readonly terminal: Terminal
  readonly interrupts: Interrupts
  readonly questions: Questions
  readonly clock: Clock & Stopwatch
  /** The person's home directory. */
  readonly home: string
  /** Where the program was started. */
  readonly cwd: string
}
