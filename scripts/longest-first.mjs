// Jest's order of the test files: what takes longest begins first, so that nobody waits for one file alone at the end. Where Jest has
// run all of them before, it knows how long each took; a new clone goes by this list, and then by the size of the file, as Jest does.
import { statSync } from 'node:fs'
import TestSequencer from '@jest/test-sequencer'

export const longest = [
  'end-to-end/fault-table',
  'end-to-end/leaks',
  'end-to-end/examples',
  'end-to-end/many-jobs',
  'end-to-end/killed-holders',
  'stores/git/git-lease',
  'end-to-end/run',
  'stores/cache/cache-store',
  'end-to-end/write-through',
  'end-to-end/failures',
  'end-to-end/decision-table',
  'end-to-end/deploy',
  'end-to-end/reseed-issue',
  'end-to-end/setup',
  'end-to-end/hardening',
  'stores/git/git-store.contract',
]

function placeOf({ path }) {
  const found = longest.findIndex((name) => path.endsWith(`/${name}.test.ts`))
  return found === -1 ? longest.length : found
}

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests)
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted
    return sorted.sort((one, other) => placeOf(one) - placeOf(other))
  }

  /** For machines that share the tests (--shard): the same parts on each of them, and in each as much of what takes long. */
  shard(tests, { shardIndex, shardCount }) {
    const known = tests.map((test) => ({ test, place: placeOf(test), size: statSync(test.path).size }))
    known.sort((one, other) => one.place - other.place || other.size - one.size || (one.test.path < other.test.path ? -1 : 1))
    return known.filter((_, index) => partOf(index, shardCount) === shardIndex).map(({ test }) => test)
  }
}

/** There and back again: who has taken the longest of one round takes the shortest of the next. */
function partOf(index, count) {
  const round = Math.floor(index / count)
  const place = index % count
  return 1 + (round % 2 === 0 ? place : count - 1 - place)
}
