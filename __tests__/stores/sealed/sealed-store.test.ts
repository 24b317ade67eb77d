import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption'
import { recipientOf, sealedStore } from '../../../src/stores/sealed/sealed-store.ts'
import { parseSealingKeys, sealingSecrets, type SealingKeys } from '../../../src/stores/sealed/sealing-keys.ts'
import type { Guarantee, Store } from '../../../src/stores/store.ts'
import { anyBytes, login, text } from '../../support/documents.ts'
import { inMemoryPlace } from '../../support/in-memory-store.ts'
import { sealingKeysOf, someIdentity } from '../../support/sealing.ts'
import { describeStore } from '../store-contract.ts'

const mine = await someIdentity()
const other = await someIdentity()
const passphrase = 'correct horse battery staple again'
const keys = sealingKeysOf(mine)
const place = 'git slot=default ref=refs/codex-auth/default'
const otherPlace = 'git slot=other ref=refs/codex-auth/other'

describeStore('memory, sealed', {
  guarantee: 'compare-and-set',
  proof: 'proved',
  harness: () => {
    const place = inMemoryPlace()
    return {
      open: () => Promise.resolve(sealedStore(place.open(), { keys, place: 'memory slot=default' })),
      faults: {
        unreachable: () => {
          place.inject('read', { kind: 'unreachable' })
          place.inject('write', { kind: 'unreachable' })
        },
        readDenied: () => {
          place.inject('read', { kind: 'unauthorized' })
        },
        writeDenied: () => {
          place.inject('write', { kind: 'unauthorized' })
          place.inject('proveWritable', { kind: 'unauthorized' })
        },
        garbage: (bytes) => {
          place.put(bytes)
        },
        foreignKey: async () => {
          const theirs = inMemoryPlace()
          await sealedStore(theirs.open(), { keys: sealingKeysOf(other), place: 'memory slot=default' }).write(login('theirs'), undefined)
          place.put(theirs.bytes())
        },
        answerLost: () => {
          place.inject('write', { kind: 'answer-lost', stored: true }, 1)
        },
        writeInterrupted: () => {
          place.inject('write', { kind: 'answer-lost', stored: false }, 1)
        },
        emptied: () => {
          place.put(undefined)
        },
      },
      heal: () => {
        place.heal()
      },
      cleanup: () => undefined,
    }
  },
})

/** The age file that a store sealed with these keys leaves in its place. */
async function sealedBy(sealing: SealingKeys, document: Uint8Array, at = place): Promise<Uint8Array> {
  const memory = inMemoryPlace()
  await sealedStore(memory.open(), { keys: sealing, place: at }).write(document, undefined)
  return memory.bytes() ?? new Uint8Array()
}

/** A store of this place that holds the bytes. */
function storeWith(opening: SealingKeys, bytes: Uint8Array): Store {
  return sealedStore(inMemoryPlace({ bytes }).open(), { keys: opening, place })
}

async function openedBy(opening: SealingKeys, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  return (await storeWith(opening, bytes).read())?.bytes
}

/** As version 1.0 sealed, and as a person does. */
async function sealedByHand(key: string, document: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(10)
  if (key === passphrase) encrypter.setPassphrase(key)
  else encrypter.addRecipient(await identityToRecipient(key))
  return encrypter.encrypt(document)
}

describe('sealing', () => {
  test('no part of the document is left in the open, and the same document is never sealed to the same bytes', async () => {
    const [one, two] = [await sealedBy(keys, login('a')), await sealedBy(keys, login('a'))]
    expect(text(one)).not.toMatch(/rt_contract|auth_mode/)
    expect(text(one)).not.toBe(text(two))
  })

  test('the first key seals and every key opens', async () => {
    expect(text(await openedBy(sealingKeysOf(other, mine), await sealedBy(keys, login('a'))))).toBe(text(login('a')))
    await expect(openedBy(sealingKeysOf(mine), await sealedBy(sealingKeysOf(other, mine), login('a')))).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('sealed for another key') as unknown,
    })
  })

  test('the public part of a key seals, and opens nothing', async () => {
    const recipient = await recipientOf(keys[0])
    if (recipient === undefined) throw new Error('An identity has a public part.')
    const sealed = await sealedBy([recipient], login('a'))
    expect(text(await openedBy(keys, sealed))).toBe(text(login('a')))
    await expect(openedBy([recipient], sealed)).rejects.toMatchObject({ code: 'store-damaged' })
  })

  test('a passphrase seals and opens, beside identities, and a wrong one is another key', async () => {
    const sealed = await sealedBy(sealingKeysOf(passphrase), login('a'))
    expect(text(await openedBy(sealingKeysOf(mine, passphrase), sealed))).toBe(text(login('a')))
    await expect(openedBy(sealingKeysOf(`${passphrase}!`), sealed)).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('sealed for another key') as unknown,
    })
  })

  test('any change and any cut is damage, and no piece of the document comes out', async () => {
    const sealed = await sealedBy(keys, login('a'))
    for (let position = 0; position < sealed.length; position += 7) {
      const changed = Uint8Array.from(sealed)
      changed[position] = (changed[position] ?? 0) ^ 1
      await expect(openedBy(keys, changed)).rejects.toMatchObject({ code: 'store-damaged' })
      await expect(openedBy(keys, sealed.subarray(0, position))).rejects.toMatchObject({ code: 'store-damaged' })
    }
  })

  test('a plain document is named as not sealed, a cut one as cut', async () => {
    await expect(openedBy(keys, login('plain'))).rejects.toMatchObject({
      message: expect.stringContaining('not sealed with age') as unknown,
    })
    await expect(openedBy(keys, (await sealedBy(keys, login('a'))).subarray(0, -3))).rejects.toMatchObject({
      message: expect.stringContaining('cut short') as unknown,
    })
  })

  test('a mistyped identity is found before anything may rotate, and the error does not quote it', async () => {
    const typo = mine.slice(0, -1) + (mine.endsWith('Q') ? 'P' : 'Q')
    const error = await sealedStore(inMemoryPlace().open(), { keys: sealingKeysOf(typo), place })
      .proveWritable()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store-refused' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error)).toUpperCase()).not.toContain(typo.slice(20, 40))
    await expect(openedBy(sealingKeysOf(mine, typo), await sealedBy(keys, login('a')))).rejects.toMatchObject({ code: 'store-refused' })
  })
})

describe('the place that a copy is sealed for', () => {
  describe.each([
    ['an identity', mine],
    ['a passphrase', passphrase],
  ])('with %s', (_, key) => {
    const sealing = sealingKeysOf(key)

    test('a copy of another place is refused, and the words name both places and the way out', async () => {
      const store = storeWith(sealing, await sealedBy(sealing, login('a'), otherPlace))
      await expect(store.read()).rejects.toMatchObject({
        code: 'store-damaged',
        message: expect.stringContaining(`another place (${otherPlace}; this is ${place})`) as unknown,
        remedy: expect.stringMatching(/put its own copy back.*use it as the seed/) as unknown,
      })
    })

    test('a copy that names no place is read and said to be unchecked, until the next write', async () => {
      const memory = inMemoryPlace({ bytes: await sealedByHand(key, login('a')) })
      const store = sealedStore(memory.open(), { keys: sealing, place })
      expect(store.notes?.()).toEqual([])
      const copy = await store.read()
      expect(text(copy?.bytes)).toBe(text(login('a')))
      expect(store.notes?.()).toEqual([expect.stringContaining('does not say which slot')])
      await store.write(login('b'), copy?.version)
      expect(store.notes?.()).toEqual([])
      expect(text((await sealedStore(memory.open(), { keys: sealing, place }).read())?.bytes)).toBe(text(login('b')))
      await expect(sealedStore(memory.open(), { keys: sealing, place: otherPlace }).read()).rejects.toMatchObject({ code: 'store-damaged' })
    })
  })

  test('cannot be changed, taken away or added by who has no key', async () => {
    const sealed = Buffer.from(await sealedBy(keys, login('a'), otherPlace)).toString('latin1')
    const mark = `-> codex-auth-keeper ${otherPlace}\n\n`
    const byHand = Buffer.from(await sealedByHand(mine, login('a'))).toString('latin1')
    expect(sealed).toContain(mark)
    for (const forged of [
      sealed.replace(otherPlace, place),
      sealed.replace(mark, ''),
      sealed.replace(mark, `${mark}${mark.replace(otherPlace, place)}`),
      byHand.replace('-> X25519', `-> codex-auth-keeper ${place}\n\n-> X25519`),
    ]) {
      await expect(openedBy(keys, Buffer.from(forged, 'latin1'))).rejects.toMatchObject({
        code: 'store-damaged',
        message: expect.stringContaining('was changed after it was sealed') as unknown,
      })
    }
  })
})

test('the guarantee is what the inner store says by now, and there is a handover where that one has one', () => {
  let guarantee: Guarantee = 'last-writer-wins'
  const inner = inMemoryPlace().open()
  const store = sealedStore(
    {
      ...inner,
      get guarantee() {
        return guarantee
      },
      handover: () => 'left',
    },
    { keys, place },
  )
  guarantee = 'compare-and-set'
  expect([store.guarantee, store.handover?.()]).toEqual(['compare-and-set', 'left'])
  expect(sealedStore(inner, { keys, place })).not.toHaveProperty('memory')
})

describe('the stock age tool', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-auth-age-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  test('age -d -i key.txt opens what we sealed, byte for byte', async () => {
    writeFileSync(join(dir, 'key.txt'), `# created by a person\n${mine}\n`, { mode: 0o600 })
    writeFileSync(join(dir, 'auth.age'), await sealedBy(keys, anyBytes()))
    const opened = execFileSync('age', ['-d', '-i', join(dir, 'key.txt'), join(dir, 'auth.age')])
    expect(opened.toString('hex')).toBe(Buffer.from(anyBytes()).toString('hex'))
  })

  test('what is sealed with a passphrase has one line of ours before the document', async () => {
    const opener = new Decrypter()
    opener.addPassphrase(passphrase)
    const opened = Buffer.from(await opener.decrypt(await sealedBy(sealingKeysOf(passphrase), login('a'))))
    expect(opened.toString()).toBe(`# codex-auth-keeper ${place}\n${text(login('a'))}`)
    const bare = execFileSync('tail', ['-n', '+2'], { input: opened })
    expect(bare.toString()).toBe(text(login('a')))
  })

  test('we open what age sealed for a key of age-keygen', async () => {
    const made = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const parsed = parseSealingKeys(made)
    if (parsed.kind !== 'keys') throw new Error(parsed.problems.join())
    const recipient = /public key: (age1\w+)/.exec(made)?.[1] ?? ''
    const sealed = execFileSync('age', ['-r', recipient], { input: login('by hand') })
    expect(text(await openedBy(parsed.keys, sealed))).toBe(text(login('by hand')))
  })
})

describe('encryption-key input', () => {
  test('takes identities and long passphrases, one per line, and drops comments and blank lines', () => {
    const input = `\uFEFF# created: today\r\n# public key: age1abc\r\n${mine}\r\n\r\n  ${passphrase}  \n${other}\n`
    expect(parseSealingKeys(input)).toEqual({
      kind: 'keys',
      keys: [
        { kind: 'identity', secret: mine },
        { kind: 'passphrase', secret: passphrase },
        { kind: 'identity', secret: other },
      ],
    })
    expect(sealingSecrets(input)).toEqual([mine, passphrase, other])
  })

  test.each([
    ['nothing', '', 'holds no key'],
    ['comments alone', '# created\n\n', 'holds no key'],
    ['a short passphrase', 'x'.repeat(31), 'at least 32'],
    ['a cut identity', '#\nAGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ', 'line 2: an age identity that is not complete'],
    ['an identity in lower case', 'age-secret-key-1' + 'q'.repeat(58), 'not complete'],
    ['a public key', 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p', 'public key'],
    ['an ssh key', '-----BEGIN OPENSSH PRIVATE KEY-----', 'SSH or PEM'],
  ])('refuses %s without quoting it', (_, input, problem) => {
    const parsed = parseSealingKeys(input)
    expect(parsed).toEqual({ kind: 'problems', problems: [expect.stringContaining(problem)] })
    for (const secret of sealingSecrets(input)) expect(JSON.stringify(parsed)).not.toContain(secret)
  })

  test('lists every problem, and a wrong line spoils the good ones', () => {
    expect(parseSealingKeys(`${mine}\nshort\nage1xyz`)).toMatchObject({ kind: 'problems', problems: { length: 2 } })
  })
})
