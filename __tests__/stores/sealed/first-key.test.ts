import { expect, test } from '@jest/globals'
import { keyDigest, withFirstKey } from '../../../src/stores/sealed/first-key.ts'
import { sealingKeysOf, someIdentity } from '../../support/sealing.ts'

const keys = sealingKeysOf(await someIdentity(), 'correct horse battery staple again', await someIdentity())
const [identity, passphrase, other] = keys

test.each([
  ['an identity', identity],
  ['a passphrase', passphrase],
])('%s is known again by its digest, which does not hold it, and goes to the front', (_, key) => {
  if (key === undefined || other === undefined) throw new Error('There are three keys.')
  const digest = keyDigest(key)
  expect(digest).not.toContain(key.secret.slice(0, 20))
  expect(withFirstKey(keys, digest)).toEqual([key, ...keys.filter((each) => each !== key)])
  expect(withFirstKey([other], digest)).toBeUndefined()
  expect(withFirstKey([{ ...key, secret: `${key.secret}x` }], digest)).toBeUndefined()
})

test('two digests of one passphrase do not look alike', () => {
  if (passphrase === undefined) throw new Error('There are three keys.')
  expect(keyDigest(passphrase)).not.toBe(keyDigest(passphrase))
})
