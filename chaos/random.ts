/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  /** True in so many of a hundred cases. */
  percent(chance: number): boolean
  /** One of these. */
  of<T>(choices: readonly [T, ...T[]]): T
}

/** @param seed any two whole numbers: of the run, and of the round in it */
export function randomOf(seed: number, round: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(round + 1, 0xc2b2ae35)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    percent: (chance) => below(100) < chance,
    of: (choices) => choices[below(choices.length)] ?? choices[0],
  }
}
