import { expect, test } from '@jest/globals'
import { knownSecrets } from '../../src/credential/known-secrets.ts'

test('each secret is new once, however often it is met', () => {
  const known = knownSecrets()
  expect(known.add(['first-secret', 'second-secret', 'first-secret', ''])).toEqual(['first-secret', 'second-secret'])
  expect(known.add(['second-secret', 'third-secret'])).toEqual(['third-secret'])
})

test('a secret is removed from all that is written once it is known, also where others were known before', () => {
  const known = knownSecrets()
  expect(known.clean('with first-secret')).toBe('with first-secret')
  known.add(['first-secret'])
  expect(known.clean('with first-secret')).toBe('with ***')
  known.add(['second-secret'])
  expect(known.clean('with first-secret and second-secret')).toBe('with *** and ***')
})
