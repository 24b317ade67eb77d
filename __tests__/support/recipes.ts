import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { actionFolder } from './keeper-workflow.ts'
import { usesKeeper } from './shown-keeper.ts'

/** The keeper's step of one recipe, as docs/recipes.md shows it. */
export interface Recipe {
  readonly env: Readonly<Record<string, string>>
  readonly readCommand: string
  readonly writeCommand: string
  readonly proveCommand: string | undefined
}

interface ShownStep {
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

const text = readFileSync(`${actionFolder}docs/recipes.md`, 'utf8')

/** The titles of all recipes, in their order. */
export const recipeTitles: readonly string[] = [...text.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title)

/**
 * Reads a recipe out of the document.
 * @param replacements addresses that the document shows, and what they are in a test
 */
export function recipe(title: string, replacements: Readonly<Record<string, string>> = {}): Recipe {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
  let shown = /^```yaml\n([\s\S]*?)^```$/m.exec(section)?.[1] ?? ''
  for (const [address, value] of Object.entries(replacements)) {
    if (!shown.includes(address)) throw new Error(`The recipe ${title} does not say ${address}`)
    shown = shown.replaceAll(address, value)
  }
  const steps = parse(shown) as readonly ShownStep[]
  const keeper = steps.find(usesKeeper)
  const { 'read-command': readCommand, 'write-command': writeCommand, 'prove-command': proveCommand } = keeper?.with ?? {}
  if (readCommand === undefined || writeCommand === undefined) throw new Error(`The recipe ${title} lacks a command`)
  return { env: keeper?.env ?? {}, readCommand, writeCommand, proveCommand }
}
