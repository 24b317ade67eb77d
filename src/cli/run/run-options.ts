import type { Command } from 'commander'
import * as z from 'zod/mini'
import { durationRule, durationSeconds } from '../../time-words.ts'
import { describePlaceOptions, placeOptions, type PlaceOptions } from '../place-options.ts'
import { wrongUsage } from '../wrong-usage.ts'

/** What `run` is told besides its command: the inputs of the action that mean something here. */
export interface RunOptions {
  readonly places: PlaceOptions
  readonly refresh: 'auto' | 'always' | 'never'
  /** Seconds. */
  readonly refreshWindow: number
  readonly writeThrough: 'auto' | 'always' | 'never'
  /** Seconds. */
  readonly retryFor: number
  readonly expectedAccount: string | undefined
  readonly smokeTest: boolean
}

/** Adds them to the command. */
export function describeRunOptions(command: Command): Command {
  return describePlaceOptions(command)
    .option('--refresh <when>', 'auto: before the command where the login is due; always; never', 'auto')
    .option('--refresh-window <time>', 'a login is due so long before it ends', '12h')
    .option(
      '--write-through <when>',
      'auto, always: what Codex refreshes while the command runs is stored at once; never: at its end',
      'auto',
    )
    .option('--retry-for <time>', 'so long is it tried again to store a refreshed login that no store takes', '4m')
    .option('--expected-account <account>', 'the account that the login must belong to: its short hash, or its id')
    .option('--smoke-test', 'proves the login with one short model call before the command')
}

const when = z.enum(['auto', 'always', 'never'], 'must be auto, always or never')
const duration = z.pipe(
  z.string(),
  z.transform((value, { issues }) => {
    const seconds = durationSeconds(value)
    if (seconds === undefined) issues.push({ code: 'custom', input: value, message: durationRule })
    return seconds ?? z.NEVER
  }),
)
const schema = z.object({
  refresh: when,
  refreshWindow: duration,
  writeThrough: when,
  retryFor: duration,
  expectedAccount: z.optional(z.string()),
  smokeTest: z._default(z.boolean(), false),
})

/** Reads them from what commander gives. @throws KeeperError invalid-inputs */
export function runOptions(options: Readonly<Record<string, unknown>>): RunOptions {
  const places = placeOptions(options)
  const result = schema.safeParse(options)
  if (result.success) return { places, ...result.data, expectedAccount: result.data.expectedAccount }
  const problems = result.error.issues.map(({ path, message }) => `--${flagOf(path.join('.'))} ${message}.`)
  throw wrongUsage(problems.join(' '), 'Correct it; --help lists all options.')
}

function flagOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
