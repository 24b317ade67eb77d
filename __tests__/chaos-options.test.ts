import { expect, test } from '@jest/globals'
import { chaosOptions } from '../chaos/options.ts'
import { storeNames } from './support/store-places.ts'

const now = 1_700_000_123_456
const given = (...args: string[]): unknown => chaosOptions(args, now)

test('without options: twenty rounds on all stores, two at once, of a seed of this moment', () => {
  expect(given()).toEqual({ seed: 123_456, rounds: Array.from({ length: 20 }, (_, at) => at), stores: storeNames, lanes: 2 })
})

test('what is given counts; a round is played alone', () => {
  expect(given('--rounds', '2', '--seed', '7', '--store', 'ssh', '--store', 'git', '--lanes', '4')).toEqual({
    seed: 7,
    rounds: [0, 1],
    stores: storeNames.filter((name) => name === 'git' || name === 'ssh'),
    lanes: 4,
  })
  expect(given('--seed', '0', '--round', '9')).toMatchObject({ seed: 0, rounds: [9] })
})

test.each([
  [['--rounds', '0'], '--rounds must be a whole number, 1 or more.'],
  [['--rounds', '1.5'], '--rounds must be a whole number, 1 or more.'],
  [['--seed', 'x'], '--seed must be a whole number, 0 or more.'],
  [['--seed', ''], '--seed must be a whole number, 0 or more.'],
  [['--lanes', '0'], '--lanes must be a whole number, 1 or more.'],
  [['--round', '-1'], /round/],
  [['--store', 'gti'], /^There is no store gti; there are .*git/],
  [['--misspelt'], /--misspelt/],
  [['50'], /50/],
] as const)('%j is refused, by name', (args, problem) => {
  expect(() => given(...args)).toThrow(problem)
})
