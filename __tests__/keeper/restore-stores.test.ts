import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { documentOf, managedLogin, unmanagedDocuments } from '../support/codex-login.ts'
import { credentialOf, endWorlds, keeperWorld, refreshed, refusal } from '../support/keeper-world.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'

afterEach(endWorlds)

const first = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) - 3_600 })
const second = refreshed(first)

describe('a store that cannot be read', () => {
  const unreadable = (name: string, kind: 'unreachable' | 'unauthorized' | 'damaged', times?: number): ReturnType<typeof inMemoryPlace> => {
    const place = inMemoryPlace({ name, bytes: second.bytes })
    place.inject('read', { kind }, times)
    return place
  }

  test('is asked three times in all, and an outage that passes does not count', async () => {
    const world = await keeperWorld({ places: [unreadable('git', 'unreachable', 2)] })
    expect(await world.restore()).toMatchObject({ origin: { name: 'git' } })
    expect(world.clock.waits).toEqual([1_000, 3_000])
    const worse = await keeperWorld({ places: [unreadable('git', 'unreachable', 3)] })
    expect(await refusal(worse)).toMatchObject({ code: 'store-unreachable' })
    expect(worse.places[0]?.count.read).toBe(3)
  })

  test.each(['unauthorized', 'damaged'] as const)('is not asked again when it is %s', async (kind) => {
    const world = await keeperWorld({ places: [unreadable('git', kind)] })
    await refusal(world)
    expect([world.places[0]?.count.read, world.clock.waits]).toEqual([1, []])
  })

  test.each(['unreachable', 'unauthorized', 'damaged'] as const)('puts the seed out (%s)', async (kind) => {
    const error = await refusal(await keeperWorld({ places: [unreadable('git', kind), inMemoryPlace({ name: 'empty' })] }), {
      seed: credentialOf(second),
    })
    expect(error).toMatchObject({ code: 'store-unreachable', message: expect.stringContaining('the seed is not used') as unknown })
  })

  test('lets another store serve while its copy is not due, and does not count as writable', async () => {
    const world = await keeperWorld({ places: [unreadable('git', 'unauthorized'), inMemoryPlace({ name: 'ok', bytes: first.bytes })] })
    const restored = await world.restore({ seed: credentialOf(second) })
    expect(restored).toMatchObject({
      origin: { name: 'ok' },
      stores: [{ look: { kind: 'unreadable' }, proof: { kind: 'not-counted' } }, { proof: { kind: 'proved' } }],
    })
    const readOnly = inMemoryPlace({ name: 'ok', bytes: first.bytes })
    readOnly.inject('proveWritable', { kind: 'unauthorized' })
    expect(await refusal(await keeperWorld({ places: [unreadable('git', 'unauthorized'), readOnly] }))).toMatchObject({
      code: 'not-writable',
    })
  })

  test('stops a refresh that would spend the other copy', async () => {
    const due = managedLogin({ expiresIn: 60 })
    const world = await keeperWorld({ places: [unreadable('git', 'unauthorized'), inMemoryPlace({ name: 'ok', bytes: due.bytes })] })
    expect(await refusal(world)).toMatchObject({
      code: 'store-unreachable',
      message: expect.stringContaining('ok is to be refreshed') as unknown,
    })
    const whateverItsAge = await keeperWorld({
      places: [unreadable('git', 'unauthorized'), inMemoryPlace({ name: 'ok', bytes: first.bytes })],
    })
    expect(await refusal(whateverItsAge, { willRefresh: true })).toMatchObject({ code: 'store-unreachable' })
  })

  test('is left alone before the restore ends, also when that ends for another reason', async () => {
    const world = await keeperWorld()
    await mkdir(world.codexHome)
    await symlink('auth.json', join(world.codexHome, 'auth.json'))
    let reading = true
    const read = async (): Promise<undefined> => {
      await new Promise((resolve) => {
        setTimeout(resolve, 50)
      })
      reading = false
    }
    const stores = [{ ...inMemoryPlace().open(), read }]
    await expect(world.restore({ stores })).rejects.toMatchObject({ code: 'install-failed' })
    expect(reading).toBe(false)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['a cut document', first.bytes.subarray(0, 500), /The stored copy is not an auth\.json: /],
    ['an empty document', new Uint8Array(), /The stored copy is not an auth\.json: /],
    ...Object.entries(unmanagedDocuments()).map(([kind, { bytes }]): [string, Uint8Array, RegExp] => [
      kind,
      bytes,
      /memory: The stored copy (holds|has|is in) /,
    ]),
  ])('is one that holds %s', async (_, bytes, message) => {
    const error = await refusal(await keeperWorld({ places: [inMemoryPlace({ bytes })] }), { seed: credentialOf(second) })
    expect(error.message).toMatch(message)
  })

  test('without any candidate gives its own reason and way out, and all empty asks for a seed', async () => {
    expect(await refusal(await keeperWorld({ places: [unreadable('git', 'unauthorized')] }))).toMatchObject({
      code: 'store-unreachable',
      remedy: 'Give this run access.',
    })
    expect(await refusal(await keeperWorld())).toMatchObject({ code: 'no-credential' })
    const cut = await keeperWorld()
    await cut.put(documentOf({ tokens: 7 }).bytes)
    expect((await refusal(cut)).message).toContain('the auth.json in CODEX_HOME is damaged')
  })
})

describe('write access', () => {
  const place = (name: string, fault?: 'unreachable' | 'unauthorized' | 'refused', times?: number): ReturnType<typeof inMemoryPlace> => {
    const made = inMemoryPlace({ name, bytes: first.bytes })
    if (fault) made.inject('proveWritable', { kind: fault }, times)
    return made
  }

  test('that no store gives is an error with the reason of each, before anything is installed', async () => {
    const error = await refusal(await keeperWorld({ places: [place('a', 'unauthorized'), place('b', 'refused')] }))
    expect(error).toMatchObject({ code: 'not-writable', remedy: 'Give this run access.' })
    expect(error.message).toContain('lost. a: not allowed. b: refused by a rule.')
  })

  test('that a store refuses without a way out of its own is told with the name of the store, and with the general way out', async () => {
    const full = {
      ...inMemoryPlace({ name: 'a', bytes: first.bytes }).open(),
      proveWritable: () => Promise.reject(new Error('The disk is full')),
    }
    const error = await refusal(await keeperWorld(), { stores: [full] })
    expect(error).toMatchObject({ code: 'not-writable', remedy: 'Make one store writable and run the job again.' })
    expect(error.message).toContain('lost. a: The disk is full.')
  })

  test('that one of two stores gives is enough, and the refusal of the other is data', async () => {
    const world = await keeperWorld({ places: [place('a', 'unauthorized'), place('b')] })
    expect((await world.restore()).stores).toMatchObject([
      { name: 'a', proof: { kind: 'refused', error: { code: 'store-unauthorized' } } },
      { name: 'b', proof: { kind: 'proved' } },
    ])
    expect(await world.file()).toBe(first.text)
  })

  test('that cannot be proved beforehand is enough', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes, proof: 'unprovable' })] })
    expect((await world.restore()).stores).toMatchObject([{ proof: { kind: 'unprovable' } }])
  })

  test('is asked three times in all while the store does not answer', async () => {
    expect((await (await keeperWorld({ places: [place('a', 'unreachable', 2)] })).restore()).stores).toMatchObject([
      { proof: { kind: 'proved' } },
    ])
    const world = await keeperWorld({ places: [place('a', 'unreachable', 3)] })
    expect(await refusal(world)).toMatchObject({ code: 'not-writable' })
    expect(world.places[0]?.count.proveWritable).toBe(3)
  })
})
