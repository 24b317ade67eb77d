import { networkVariables } from '../process/network-variables.ts'
import type { StoreRun } from './store-line.ts'

/** The variables of the job that a store may use, as they were when the login was restored. */
export interface JobVariables {
  /** Those that no step has changed since. */
  readonly values: Readonly<Record<string, string | undefined>>
  /** The names of those that were there and have been changed or taken away since. */
  readonly lost: readonly string[]
}

/** The variables with these names, and those that say how the network is reached; nothing else of the job gets to a store. */
export function pickVariables({ userEnv, lostVariables }: StoreRun, names: readonly string[]): JobVariables {
  const values = [...names, ...networkVariables].flatMap((name) => (userEnv[name] === undefined ? [] : [[name, userEnv[name]] as const]))
  return { values: Object.fromEntries(values), lost: names.filter((name) => lostVariables.includes(name)) }
}
