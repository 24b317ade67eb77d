import * as z from 'zod/mini'
import { KeeperError } from '../keeper-error.ts'

/** The value of an input by its name, '' when it is not set. */
export type ReadInput = (name: string) => string

export const trimmed = z.string().check(z.trim())
/** Any text, kept as it is; undefined when there is nothing but blanks. */
export const text = z.pipe(
  z.string(),
  z.transform((value) => (value.trim() === '' ? undefined : value)),
)
export const line = z.pipe(
  trimmed,
  z.transform((value) => (value === '' ? undefined : value)),
)
export const truth = z.pipe(
  z.pipe(z.string().check(z.trim(), z.toLowerCase()), z.enum(['true', 'false', ''], 'must be true or false')),
  z.transform((value) => value === 'true'),
)

/** The inputs of a schema, by their names. */
export function rawInputs<Name extends string>(
  schema: { readonly shape: Readonly<Record<Name, unknown>> },
  read: ReadInput,
): Record<Name, string> {
  const names = Object.keys(schema.shape) as Name[]
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, string>
}

/** All that is wrong with the inputs, as the one error that lists it. */
export function invalidInputs(problems: readonly string[]): KeeperError {
  return new KeeperError(
    'invalid-inputs',
    problems.length === 1
      ? (problems[0] ?? '')
      : `${problems.length} inputs need attention:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    'Correct the inputs of this step; the README lists each of them.',
  )
}
