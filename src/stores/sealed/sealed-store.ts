import { buffer } from 'node:stream/consumers'
import type { Stanza } from 'age-encryption'
import { KeeperError } from '../../keeper-error.ts'
import type { Store } from '../store.ts'
import { markedPlaces, markingRecipient, splitPlaceLine, withPlaceLine } from './place-mark.ts'
import type { SealingKey, SealingKeys } from './sealing-keys.ts'

/** For whom and for which place a store seals. */
export interface SealedFor {
  /** The first seals, all of them open. */
  readonly keys: SealingKeys
  /** Words that no other place under the same keys has, without blanks in them and separated by one. */
  readonly place: string
}

/**
 * Wraps a store that others can read: what it holds is an age file with the bare document in it, which
 * `age -d -i key.txt` opens, and whose header names the place. For a passphrase a line before the document names it.
 * A copy that names none, as version 1.0 sealed them, is read all the same.
 * @param inner the store that holds the sealed bytes
 * @returns a store with the name, the guarantee and the versions of the inner one; besides its errors, reading throws
 * store-damaged for what is not an age file, is cut short or changed, or is sealed for another key or place, and proveWritable
 * throws store-refused when the first key cannot seal
 */
export function sealedStore(inner: Store, { keys, place }: SealedFor): Store {
  let isUnbound = false
  return {
    name: inner.name,
    get guarantee() {
      return inner.guarantee
    },
    proveWritable: async () => {
      await seal(inner.name, new Uint8Array(), keys[0], place)
      return inner.proveWritable()
    },
    read: async () => {
      const copy = await inner.read()
      if (copy === undefined) return undefined
      const { document, places } = await unseal(inner.name, copy.bytes, keys)
      if (places.some((found) => found !== place)) throw misplaced(inner.name, places, place)
      isUnbound = places.length === 0
      return { bytes: document, version: copy.version }
    },
    write: async (bytes, ifVersion) => {
      const outcome = await inner.write(await seal(inner.name, bytes, keys[0], place), ifVersion)
      if (outcome.kind === 'written') isUnbound = false
      return outcome
    },
    get leasePlace() {
      return inner.leasePlace
    },
    notes: () => [...(inner.notes?.() ?? []), ...(isUnbound ? [unbound(inner.name)] : [])],
    ...(inner.about && { about: () => inner.about?.() ?? Promise.resolve(undefined) }),
    ...(inner.handover && { handover: () => inner.handover?.() }),
    close: async () => inner.close?.(),
  }
}

async function seal(name: string, bytes: Uint8Array, key: SealingKey, place: string): Promise<Uint8Array> {
  const age = await import('age-encryption')
  const encrypter = new age.Encrypter()
  if (key.kind === 'passphrase') {
    encrypter.setPassphrase(key.secret)
    return buffer(await encrypter.encrypt(streamOf(withPlaceLine(place, bytes))))
  }
  const recipient = await recipientOf(key)
  if (recipient === undefined) throw mistyped(name)
  encrypter.addRecipient(markingRecipient(age, place))
  encrypter.addRecipient(recipient.secret)
  return buffer(await encrypter.encrypt(streamOf(bytes)))
}

/** What is enough to seal for a key and opens nothing; undefined for a passphrase, which does both, and for a mistyped identity. */
export async function recipientOf(key: SealingKey): Promise<SealingKey | undefined> {
  if (key.kind === 'passphrase') return undefined
  if (key.kind === 'recipient') return key
  const age = await import('age-encryption')
  // The library's own error quotes the identity, so it is not kept as the cause.
  const secret = await age.identityToRecipient(key.secret).catch(() => undefined)
  return secret === undefined ? undefined : { kind: 'recipient', secret }
}

// The library takes bytes as well, and then gathers its answer with fetch's Response: to load what fetch is takes longer than all the rest.

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}

interface Opened {
  readonly document: Uint8Array
  /** Every place that the copy names; none in one that version 1.0 or a person has sealed. */
  readonly places: readonly string[]
}

async function unseal(name: string, bytes: Uint8Array, keys: SealingKeys): Promise<Opened> {
  const age = await import('age-encryption')
  const decrypter = new age.Decrypter()
  let inHeader: string[] = []
  // In front of the keys, because nobody is asked after the one that opens; it sees the header and opens nothing.
  decrypter.addIdentity({
    unwrapFileKey: (stanzas: readonly Stanza[]) => {
      inHeader = markedPlaces(stanzas)
      return null
    },
  })
  for (const key of keys) {
    if (key.kind === 'passphrase') decrypter.addPassphrase(key.secret)
    else if (key.kind === 'identity') addIdentity(name, decrypter, key)
  }
  try {
    const { places, document } = splitPlaceLine(await buffer(await decrypter.decrypt(streamOf(bytes))))
    return { document, places: [...inHeader, ...places] }
  } catch (error) {
    throw damaged(name, bytes, error instanceof Error ? error.message : '')
  }
}

function addIdentity(name: string, decrypter: { addIdentity(identity: string): void }, key: SealingKey): void {
  try {
    decrypter.addIdentity(key.secret)
  } catch {
    throw mistyped(name)
  }
}

function misplaced(name: string, places: readonly string[], place: string): KeeperError {
  const found = places
    .join(', ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 300)
  return new KeeperError(
    'store-damaged',
    `${name}: the stored copy is sealed for another place (${found}; this is ${place}), so somebody has put it here`,
    'Find out who writes to this place. To go on, put its own copy back, or remove the stored copy and log in again. ' +
      'If you have moved it yourself, open it with age and use it as the seed.',
  )
}

function unbound(name: string): string {
  return `${name}: the stored copy does not say which slot it is sealed for (version 1.0 did not), so that cannot be checked; the next write adds it.`
}

function mistyped(name: string): KeeperError {
  return new KeeperError(
    'store-refused',
    `${name}: an age identity in encryption-key is mistyped (its checksum is wrong)`,
    'Copy the AGE-SECRET-KEY-1… line again, whole, from the key file.',
  )
}

function damaged(name: string, bytes: Uint8Array, why: string): KeeperError {
  if (why.includes('no identity matched')) {
    return new KeeperError(
      'store-damaged',
      `${name}: the stored copy is sealed for another key`,
      'Add the key it was sealed with as a further line of encryption-key; or remove the stored copy and log in again.',
    )
  }
  const sealed = Buffer.from(bytes.subarray(0, 18)).toString('latin1') === 'age-encryption.org'
  const what = sealed ? 'is cut short or was changed after it was sealed' : 'is not sealed with age'
  return new KeeperError(
    'store-damaged',
    `${name}: the stored copy ${what}`,
    'Find out who else writes to this place. To go on, remove the stored copy and log in again.',
  )
}
