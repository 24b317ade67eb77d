import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchAuthFile, type AuthFileChanges } from '../../src/codex/auth-file-changes.ts'
import { authFileIn } from '../../src/codex/codex-home.ts'
import type { Fingerprint } from '../../src/credential/fingerprint.ts'
import { writeThrough } from '../../src/keeper/write-through.ts'
import { withoutReading } from '../../src/stores/known-copy.ts'
import type { Login } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'
import { fingerprintOfLogin, refreshed } from '../support/keeper-world.ts'
import type { InMemoryPlace } from '../support/in-memory-store.ts'
import { base, holding, reseed, rotated } from '../support/post-request.ts'

let home: string
let changes: AuthFileChanges
let isOver: boolean
let remembered: (readonly Fingerprint[])[]
/** Milliseconds; a sleep and a wait for a change that does not come take their time on it at once. */
let now: number

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'write-through-'))
  await writeFile(authFileIn(home), base.bytes)
  changes = await watchAuthFile(home)
  isOver = false
  remembered = []
  now = 0
})
afterEach(async () => {
  changes.close()
  await rm(home, { recursive: true })
})

/** Stays beside a job that has restored the base from this place. @param next waits for a change */
function stays(place: InMemoryPlace, next = (): Promise<void> => changes.next(60_000)): Promise<void> {
  const store = place.open()
  const known = { kind: 'held', bytes: base.bytes, version: 'memory-1' } as const
  const print = fingerprintOfLogin(base)
  return writeThrough({
    codexHome: home,
    stores: [withoutReading(store, known)],
    standing: { base: print, lastSeen: { [store.name]: { base: print, copy: print } } },
    clock: {
      now: () => now,
      sleep: (milliseconds) => {
        now += milliseconds
        return Promise.resolve()
      },
    },
    changes: { next },
    isOver: () => isOver,
    remember: (ours) => {
      remembered.push(ours)
      return Promise.resolve()
    },
  })
}

function ends(): void {
  isOver = true
  changes.wake()
}

async function renamed({ bytes }: Login): Promise<void> {
  await writeFile(join(home, '.auth-new'), bytes)
  await rename(join(home, '.auth-new'), authFileIn(home))
}

/** Waits until it is so; says in words what never came, where it would wait for ever. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !isSo();) {
    if (performance.now() > end) throw new Error(`Waited a minute for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('beside a job, the file', () => {
  test.each([
    ['renamed into its place', renamed],
    ['written anew', ({ bytes }: Login) => writeFile(authFileIn(home), bytes)],
  ])('%s is stored without a read, and the next one too', async (_, leave) => {
    const place = holding(base)
    const staying = stays(place)
    await leave(rotated)
    await until('the first write', () => place.history.length === 2)
    const later = refreshed(rotated)
    await leave(later)
    await until('the second write', () => place.history.length === 3)
    ends()
    await staying
    expect(place.history.map(text)).toEqual([base.text, rotated.text, later.text])
    expect(place.count).toEqual({ read: 0, proveWritable: 0, write: 2 })
    const [one, two] = [fingerprintOfLogin(rotated), fingerprintOfLogin(later)]
    // Before a store is asked, so that post knows it for ours also where this process is killed in the middle of it.
    expect([remembered[0], remembered.at(-1)]).toEqual([[one], [one, two]])
  })

  test('that goes on from a store that somebody else has written leaves it alone, also later', async () => {
    const place = holding(base)
    place.put(reseed.bytes)
    const staying = stays(place)
    await renamed(rotated)
    await until('what is remembered after a write', () => remembered.length >= 2)
    await renamed(refreshed(rotated))
    await until('the second login to be remembered', () => remembered.at(-1)?.length === 2)
    ends()
    await staying
    expect([text(place.bytes()), place.count.write]).toEqual([reseed.text, 1])
  })

  test.each<[string, Uint8Array]>([
    ['did not change', base.bytes],
    ['is cut short', rotated.bytes.subarray(0, 400)],
    ['is not a login', Buffer.from('{"OPENAI_API_KEY":"sk-none"}')],
  ])('that %s is not stored', async (_, bytes) => {
    const place = holding(base)
    let looks = 0
    const staying = stays(place, async () => {
      looks += 1
      if (looks === 1) await writeFile(authFileIn(home), bytes)
      else ends()
    })
    await staying
    expect([place.history.length, remembered]).toEqual([1, []])
  })

  test('that a store has refused is offered again at growing pauses', async () => {
    const place = holding(base)
    place.inject('write', { kind: 'unauthorized' }, 3)
    await renamed(rotated)
    const at: number[] = []
    await stays(place, () => {
      if (at.length < place.count.write) at.push(now)
      if (place.history.length === 2) ends()
      now += 1_000
      return Promise.resolve()
    })
    expect([at, text(place.bytes())]).toEqual([[0, 5_000, 15_000, 35_000], rotated.text])
  })

  test('that is gone for ten seconds ends it, and one that comes back before does not', async () => {
    const place = holding(base)
    await rm(authFileIn(home))
    await stays(place, async () => {
      now += 1_000
      if (now === 9_000) await renamed(rotated)
      if (now === 12_000) await rm(authFileIn(home))
    })
    expect([now, text(place.bytes())]).toEqual([21_000, rotated.text])
  })
})
