import { parseArgs } from 'node:util'
import { storeNames, type StoreName } from '../__tests__/support/store-places.ts'

export interface ChaosOptions {
  readonly seed: number
  /** The numbers of the rounds to play. */
  readonly rounds: readonly number[]
  readonly stores: readonly StoreName[]
  /** How many rounds are played at once. */
  readonly lanes: number
}

export const usage = 'npm run chaos -- [--rounds N] [--seed S] [--store NAME]… [--round K] [--lanes N]'

/**
 * @param now milliseconds since 1970: the seed where none is given
 * @throws Error with one line that names what is wrong
 */
export function chaosOptions(args: readonly string[], now: number): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(now % 1_000_000) },
      store: { type: 'string', multiple: true, default: [] },
      round: { type: 'string' },
      lanes: { type: 'string', default: '2' },
    },
  })
  const unknown = values.store.filter((name) => !storeNames.some((known) => known === name))
  if (unknown.length > 0) throw new Error(`There is no store ${unknown.join(', ')}; there are ${storeNames.join(', ')}.`)
  const stores = storeNames.filter((name) => values.store.length === 0 || values.store.includes(name))
  const rounds =
    values.round === undefined
      ? Array.from({ length: count('rounds', values.rounds, 1) }, (_, at) => at)
      : [count('round', values.round, 0)]
  return { seed: count('seed', values.seed, 0), rounds, stores, lanes: count('lanes', values.lanes, 1) }
}

function count(name: string, text: string, least: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) throw new Error(`--${name} must be a whole number, ${least} or more.`)
  return Number(text)
}
