import { expect, test } from '@jest/globals'
import { inTime, unendedWork } from '../../src/process/in-time.ts'

test('work that ends in time gives its result or its error, and nothing is left', async () => {
  expect(await inTime(Promise.resolve('done'), 1_000)).toBe('done')
  await expect(inTime(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken')
  expect(unendedWork()).toBe(0)
})

test('work that takes longer is late, and counts until it ends, however it ends', async () => {
  let fail = (): void => undefined
  const work = new Promise<string>((_, reject) => {
    fail = () => {
      reject(new Error('too late'))
    }
  })
  expect([await inTime(work, 10), unendedWork()]).toEqual(['late', 1])
  fail()
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(unendedWork()).toBe(0)
})
