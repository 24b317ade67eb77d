import type { KeeperUse } from './workflow.ts'

/** All uses of one login in the workflows of a repository. */
export interface SharedLogin {
  readonly slot: string
  readonly uses: readonly KeeperUse[]
}

/**
 * Divides the uses by the login that they mean: the slot, and within it the seed where several are named. A use without a seed belongs
 * to the first login of its slot, for there is no other way to tell.
 */
export function sharedLogins(uses: readonly KeeperUse[]): SharedLogin[] {
  const logins = new Map<string, KeeperUse[]>()
  const seedOf = ({ step }: KeeperUse): string => (step.inputs['auth-json'] ?? '').replaceAll(/\s+/g, '')
  for (const use of uses) {
    const seed = seedOf(use) || seedOf(uses.find((other) => other.slot === use.slot && seedOf(other) !== '') ?? use)
    const key = JSON.stringify([use.slot, seed])
    logins.set(key, [...(logins.get(key) ?? []), use])
  }
  return [...logins.values()].map((found) => ({ slot: found[0]?.slot ?? '', uses: found }))
}
