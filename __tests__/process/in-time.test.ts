import { expect, test } from '@jest/globals'
import { inTime } from '../../src/process/in-time.ts'

test('gives what the work gave, or throws what it threw, and leaves no timer behind', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  expect(await inTime(Promise.resolve('done'), 60_000)).toBe('done')
  await expect(inTime(Promise.reject(new Error('broken')), 60_000)).rejects.toThrow('broken')
  expect(timers()).toBe(before)
})

test('says late when the limit is over', async () => {
  expect(await inTime(new Promise(() => undefined), 5)).toBe('late')
})
