import { expect, test } from '@jest/globals'
import { errorWords, KeeperError } from '../src/keeper-error.ts'

test('an error is shown with its way out, and anything else that was thrown as its text', () => {
  const full = new KeeperError('store-refused', 'The disk is full', 'Make room.')
  expect([errorWords(full), errorWords(new Error('x')), errorWords('y')]).toEqual(['The disk is full. Make room.', 'x', 'y'])
})
