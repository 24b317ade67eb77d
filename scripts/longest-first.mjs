// Jest's order of the test files: what takes longest begins first, so that nobody waits for one file alone at the end. Where Jest has
// run all of them before, it knows how long each took; a new clone goes by this list, and then by the size of the file, as Jest does.
import TestSequencer from '@jest/test-sequencer'

const longest = [
  'end-to-end/many-jobs',
  'end-to-end/killed-holders',
  'end-to-end/fault-table',
  'end-to-end/examples',
  'end-to-end/leaks',
  'stores/git/git-lease',
  'end-to-end/run',
  'stores/cache/cache-store',
  'end-to-end/write-through',
  'end-to-end/failures',
  'end-to-end/deploy',
  'stores/git/git-store.contract',
  'end-to-end/setup',
  'end-to-end/reseed-issue',
  'end-to-end/hardening',
  'end-to-end/decision-table',
]

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests)
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted
    const place = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`${name}.test.ts`))
      return found === -1 ? longest.length : found
    }
    return sorted.sort((one, other) => place(one) - place(other))
  }
}
