import type { RecipeServer } from './server.ts'

/** The server that a recipe is for. */
export interface RecipePlace {
  readonly server: RecipeServer
  readonly replacements: Readonly<Record<string, string>>
  /** What the job has set for the step, in place of what the document shows. */
  readonly env: Readonly<Record<string, string>>
  /** The same, for a place that does not exist. */
  readonly elsewhere: Readonly<Record<string, string>>
  /** The manager's own command line tools, as shell scripts. */
  readonly programs: Readonly<Record<string, string>>
  /** What no argument list may show. */
  readonly secrets: readonly string[]
  /** What argument lists do show. */
  readonly shows: string
  /** What prove-command can tell while nothing is stored. */
  readonly provedWhenEmpty: 'proved' | 'unprovable'
  readonly contents: () => Buffer | undefined
  readonly writes: () => number
}
