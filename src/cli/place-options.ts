import type { Command } from 'commander'
import * as z from 'zod/mini'
import { slotPattern, slotRule } from '../stores/slot.ts'
import { repositoryPattern } from './repository.ts'
import { wrongUsage } from './wrong-usage.ts'

/** The options that say where a login is; every command that looks at places takes them. */
export interface PlaceOptions {
  readonly store: readonly string[]
  readonly slot?: string | undefined
  readonly codexHome?: string | undefined
  readonly workflow?: string | undefined
  readonly repo?: string | undefined
  readonly readCommand?: string | undefined
  readonly writeCommand?: string | undefined
  readonly proveCommand?: string | undefined
}

/** Adds them to a command. */
export function describePlaceOptions(command: Command): Command {
  return describeStoreOptions(command).option('--codex-home <folder>', 'where Codex keeps auth.json (default: $CODEX_HOME, else ~/.codex)')
}

/** Adds those that say where a login is besides this machine. */
export function describeStoreOptions(command: Command): Command {
  return command
    .option('--store <line>', 'a store, as in the input of the action; can be given several times', collected)
    .option('--slot <name>', 'the name of the login in the stores (default: "default")')
    .option('--workflow <file>', 'takes the stores and the slot from the keeper step of this workflow')
    .option('--repo <owner/name>', 'the repository on GitHub (default: the origin of the clone you are in)')
    .option('--read-command <script>', 'reads the store "command"')
    .option('--write-command <script>', 'writes the store "command"')
    .option('--prove-command <script>', 'proves that the store "command" can be written')
}

const line = z.optional(z.string())

const schema = z.object({
  store: z._default(z.array(z.string()), []),
  slot: z.optional(z.string().check(z.regex(slotPattern, slotRule))),
  codexHome: line,
  workflow: line,
  repo: z.optional(z.string().check(z.regex(repositoryPattern, 'must be owner/name'))),
  readCommand: line,
  writeCommand: line,
  proveCommand: line,
})

/** Reads them from what commander gives. @throws KeeperError invalid-inputs */
export function placeOptions(options: Readonly<Record<string, unknown>>): PlaceOptions {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}.`)
  throw wrongUsage(problems.join(' '), 'Correct it; --help lists all options.')
}

function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value]
}
