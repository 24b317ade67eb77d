import { expect, test } from '@jest/globals'
import { longestGap } from '../../../src/cli/doctor/workflows/cron-gap.ts'

test.each([
  [['* * * * *'], 1],
  [['17 4 * * *'], 1],
  [['*/15 */2 * * *'], 1],
  [['17 4 * * 1'], 7],
  [['17 4 * * MON'], 7],
  [['17 4 * * 7'], 7],
  [['17 4 * * 0,7'], 7],
  [['17 4 * * 1,4'], 4],
  [['17 4 * * mon-fri'], 3],
  [['17 4 * * 1', '0 9 * * 4'], 4],
  [['17 4 * * 1', 'nonsense'], 7],
  [['0 0 1 * *'], 31],
  [['0 0 1,15 * *'], 17],
  [['0 0 1 * 1'], 7],
  [['0 0 * * 1-5/2'], 3],
  [['0 0 */10 * *'], 10],
  [['0 0 1 jan *'], 366],
  [['0 0 30 2 *'], Infinity],
  [[], undefined],
  [['@daily'], undefined],
  [['0 0 * *'], undefined],
  [['0 24 * * *'], undefined],
  [['60 0 * * *'], undefined],
  [['0 0 32 * *'], undefined],
  [['0 0 * 13 *'], undefined],
  [['0 0 * * 8'], undefined],
  [['0 0 * * 5-1'], undefined],
  [['0 0 */0 * *'], undefined],
  [['0 0 a * *'], undefined],
  [['0 0 1//2 * *'], undefined],
])('%j: %s days', (crons, days) => {
  expect(longestGap(crons)).toBe(days)
})
