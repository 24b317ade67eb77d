import { expect, test } from '@jest/globals'
import { leaseWords } from '../../src/keeper/lease-words.ts'
import { KeeperError } from '../../src/keeper-error.ts'

const run = 'https://github.com/your-org/your-repo/actions/runs/7'

test.each([
  [
    { holder: { run, attempt: 1, job: 'test' }, endsIn: 89.2, atMost: 600 },
    `Waiting for ${run} (test), which is refreshing this login. If it gets no further, its turn ends in 1 min 30 s; this job waits 10 min 0 s at most.`,
  ],
  [
    { holder: { run, attempt: 2, job: 'test' }, endsIn: 59, atMost: 0.5 },
    `Waiting for ${run} (attempt 2, test), which is refreshing this login. If it gets no further, its turn ends in 59 s; this job waits 1 s at most.`,
  ],
])('waiting is told with whom for and how long at most', (wait, words) => {
  expect(leaseWords({ kind: 'waiting', wait })).toBe(words)
})

test('a store without a lease is told with the way out', () => {
  const error = new KeeperError('store-without-lease', 'It holds no lease.', 'Install the new one.')
  expect(leaseWords({ kind: 'without', error })).toBe('It holds no lease. Install the new one.')
})

test('where no store holds one, it is told what to do instead', () => {
  expect(leaseWords({ kind: 'nowhere' })).toMatch(/^No store in the list holds a lease, .*concurrency with queue: max\)\.$/)
})
