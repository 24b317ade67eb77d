import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { listenToInterrupts, type Interrupts } from '../../src/cli/interrupts.ts'

let interrupts: Interrupts
let ended: Promise<number>
beforeEach(() => {
  ended = new Promise((resolve) => {
    interrupts = listenToInterrupts(((code: number) => {
      resolve(code)
    }) as (code: number) => never)
  })
})
afterEach(() => {
  interrupts.close()
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s: all is undone, the latest first, and the exit code is %i', async (signal, code) => {
  const done: string[] = []
  interrupts.onInterrupt(() => void done.push('first'))
  interrupts.onInterrupt(() => {
    throw new Error('cannot be undone')
  })
  interrupts.onInterrupt(() => void done.push('last'))
  const takeBack = interrupts.onInterrupt(() => void done.push('taken back'))
  takeBack()
  process.emit(signal, signal)
  expect(await ended).toBe(code)
  expect(done).toEqual(['last', 'first'])
  expect(interrupts.signal.aborted).toBe(true)
})

test('a signal goes to who has taken over, until he gives it back', async () => {
  const heard: string[] = []
  const giveBack = interrupts.takeOver((signal) => void heard.push(signal))
  process.emit('SIGTERM', 'SIGTERM')
  expect(heard).toEqual(['SIGTERM'])
  expect(interrupts.signal.aborted).toBe(false)
  giveBack()
  process.emit('SIGTERM', 'SIGTERM')
  expect(await ended).toBe(143)
})
