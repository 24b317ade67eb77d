import { afterEach, describe, expect, test } from '@jest/globals'
import { managedLogin, unmanagedDocuments, type Login } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'
import { credentialOf, endWorlds, keeperWorld, outcomes, refreshed, type KeeperWorld } from '../support/keeper-world.ts'
import { inMemoryPlace, type InMemoryPlace } from '../support/in-memory-store.ts'
import type { Guarantee } from '../../src/stores/store.ts'

afterEach(endWorlds)

const seed = managedLogin({ issuedAt: 1_790_000_000 })
const stored = refreshed(seed)
const rotated = refreshed(stored)
const later = refreshed(rotated)

interface Row {
  readonly name: string
  /** What happens to the file between restore and post: what Codex wrote, or what became of it. */
  readonly file?: Uint8Array | 'removed'
  /** What happens to the store in the meantime. */
  readonly store?: (place: InMemoryPlace) => void
  readonly outcome: string
  readonly colour: 'green' | 'red'
  /** What the store holds in the end, and what is left in `CODEX_HOME`. */
  readonly ends: Login
  readonly leaves: string | undefined
}

const rows: readonly Row[] = [
  { name: 'rotated normally', file: rotated.bytes, outcome: 'written', colour: 'green', ends: rotated, leaves: rotated.text },
  { name: 'unchanged', outcome: 'unchanged', colour: 'green', ends: stored, leaves: stored.text },
  {
    name: 'codex failed and the file was deleted',
    file: 'removed',
    outcome: 'file-missing',
    colour: 'green',
    ends: stored,
    leaves: undefined,
  },
  {
    name: 'file cut to half',
    file: rotated.bytes.subarray(0, rotated.bytes.length / 2),
    outcome: 'damaged',
    colour: 'green',
    ends: stored,
    leaves: rotated.text.slice(0, rotated.text.length / 2),
  },
  {
    name: 'replaced by API-key auth',
    file: unmanagedDocuments()['api-key'].bytes,
    outcome: 'not-managed',
    colour: 'green',
    ends: stored,
    leaves: expect.stringContaining('apikey') as unknown as string,
  },
  {
    name: 'store newer and ours unchanged',
    store: (place) => {
      place.put(later.bytes)
    },
    outcome: 'unchanged',
    colour: 'green',
    ends: later,
    leaves: stored.text,
  },
  {
    name: 'store reseeded while ours rotated the old login',
    file: rotated.bytes,
    store: (place) => {
      place.put(later.bytes)
    },
    outcome: 'superseded',
    colour: 'green',
    ends: later,
    leaves: rotated.text,
  },
  { name: 'codex killed -9 after rotating', file: rotated.bytes, outcome: 'written', colour: 'green', ends: rotated, leaves: rotated.text },
  {
    name: 'store write fails once',
    file: rotated.bytes,
    store: (place) => {
      place.inject('write', { kind: 'unreachable' }, 1)
    },
    outcome: 'written',
    colour: 'green',
    ends: rotated,
    leaves: rotated.text,
  },
  {
    name: 'store write always fails',
    file: rotated.bytes,
    store: (place) => {
      place.inject('write', { kind: 'unreachable' })
    },
    outcome: 'failed',
    colour: 'red',
    ends: stored,
    leaves: rotated.text,
  },
  {
    name: 'store read fails in post',
    file: rotated.bytes,
    store: (place) => {
      place.inject('read', { kind: 'unreachable' })
    },
    outcome: 'failed',
    colour: 'red',
    ends: stored,
    leaves: rotated.text,
  },
]

describe.each<Guarantee>(['compare-and-set', 'detects-conflicts', 'last-writer-wins'])('the fault table, %s', (guarantee) => {
  const start = async (): Promise<{ place: InMemoryPlace; world: KeeperWorld }> => {
    const place = inMemoryPlace({ name: 'git', guarantee, bytes: stored.bytes })
    return { place, world: await keeperWorld({ places: [place] }) }
  }

  test.each(rows)('$name: $outcome, $colour', async ({ file, store, outcome, colour, ends, leaves }) => {
    const { place, world } = await start()
    const restored = await world.restore({ seed: credentialOf(seed) })
    if (file !== undefined) await world.put(file === 'removed' ? undefined : file)
    store?.(place)
    const result = await world.post(restored)
    expect(outcomes(result)).toEqual({ git: outcome })
    expect(result.verdict === 'lost' ? 'red' : 'green').toBe(colour)
    expect(text(place.bytes())).toBe(ends.text)
    expect(await world.file()).toEqual(leaves)
    const { write } = place.count
    place.heal()
    const again = outcomes(await world.post(restored))
    expect([text(place.bytes()), place.count.write]).toEqual(colour === 'red' ? [rotated.text, write + 1] : [ends.text, write])
    expect(again).toEqual({ git: { written: 'unchanged', failed: 'written' }[outcome] ?? outcome })
  })

  test('store read fails in main: red, the seed is not used, nothing is written', async () => {
    const { place, world } = await start()
    place.inject('read', { kind: 'unreachable' })
    await expect(world.restore({ seed: credentialOf(seed) })).rejects.toMatchObject({ code: 'store-unreachable' })
    expect([await world.file(), place.count.write, text(place.bytes())]).toEqual([undefined, 0, stored.text])
  })

  test('the whole job killed -9 after rotating: the next job on this machine stores it, one on another machine starts with the spent copy', async () => {
    const { place, world } = await start()
    await world.restore()
    await world.put(rotated.bytes)
    const elsewhere = await keeperWorld({ places: [place] })
    expect(await elsewhere.restore()).toMatchObject({ origin: { kind: 'store' } })
    expect(await elsewhere.file()).toBe(stored.text)
    const next = await world.restore()
    expect(next).toMatchObject({ origin: { kind: 'file' }, installed: false })
    expect(outcomes(await world.post(next))).toEqual({ git: 'written' })
    expect(text(place.bytes())).toBe(rotated.text)
  })
})
