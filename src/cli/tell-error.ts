import { KeeperError, messageOf } from '../keeper-error.ts'
import { inWordsOfTheCommandLine } from './input-names.ts'
import { bad, strong } from './terminal/line.ts'
import type { Terminal } from './terminal/terminal.ts'

/** Says what happened, why, and the way out. */
export function tellError(error: unknown, terminal: Terminal): void {
  const [first = '', ...more] = inWordsOfTheCommandLine(messageOf(error)).split('\n')
  terminal.say([bad('codex-auth-keeper:'), ` ${first}`])
  for (const line of more) terminal.say(line)
  const remedy =
    error instanceof KeeperError
      ? inWordsOfTheCommandLine(error.remedy)
      : 'This is not expected: please report it with this message, and without auth.json.'
  terminal.say([strong('Way out:'), ` ${remedy}`])
}
