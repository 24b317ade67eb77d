import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { temporaryName } from '../../src/codex/temporary-name.ts'
import { accountHash } from '../../src/credential/fingerprint.ts'
import { loginDocument, managedLogin, unmanagedDocuments, type Login, type UnmanagedKind } from '../support/codex-login.ts'
import { credentialOf, endWorlds, fingerprintOfLogin, keeperWorld, placesNamed, refreshed, refusal } from '../support/keeper-world.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'

afterEach(endWorlds)

const first = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) - 3_600 })
const second = refreshed(first)
const other = managedLogin()

describe('restore', () => {
  test('installs the stored copy byte for byte, in a directory 0700 and a file 0600', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'git', bytes: first.bytes }) })
    const restored = await world.restore()
    expect(await world.file()).toBe(first.text)
    expect((await stat(world.codexHome)).mode & 0o777).toBe(0o700)
    expect((await stat(join(world.codexHome, 'auth.json'))).mode & 0o777).toBe(0o600)
    expect(restored).toMatchObject({
      origin: { kind: 'store', name: 'git' },
      installed: true,
      due: false,
      remarks: [],
      standing: {
        base: fingerprintOfLogin(first),
        lastSeen: { git: { base: fingerprintOfLogin(first), copy: fingerprintOfLogin(first) } },
      },
    })
    expect(world.places[0]?.count).toEqual({ read: 1, proveWritable: 1, write: 0 })
  })

  test('tells each credential first, then how the login stands, installs it, and tells which change of the file was its own', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'a', bytes: first.bytes }, { name: 'b', bytes: second.bytes }) })
    await world.restore({ seed: credentialOf(refreshed(first, -60)) })
    expect(world.told).toEqual([
      { what: 'credential', file: undefined },
      { what: 'credential', file: undefined },
      { what: 'credential', file: undefined },
      { what: ['standing', 'installed'], file: undefined },
      { what: ['ownChange'], file: second.text },
    ])
  })

  test('takes up a later login that a killed stage has left beside the file', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'git', bytes: first.bytes }) })
    await world.put(first.bytes)
    await writeFile(join(world.codexHome, temporaryName()), second.bytes, { mode: 0o600 })
    expect(await world.restore()).toMatchObject({ origin: { kind: 'file' }, standing: { base: fingerprintOfLogin(second) } })
    expect([await world.file(), await readdir(world.codexHome)]).toEqual([second.text, ['auth.json']])
  })

  test('remembers of each store what it held, and judges all of them by what was installed', async () => {
    const places = placesNamed(
      { name: 'behind', bytes: first.bytes },
      { name: 'ahead', bytes: second.bytes },
      { name: 'empty' },
      { name: 'away' },
    )
    places[3]?.inject('read', { kind: 'unauthorized' })
    const { standing } = await (await keeperWorld({ places })).restore({ seed: credentialOf(first) })
    const [base, seed] = [fingerprintOfLogin(second), fingerprintOfLogin(first)]
    const copies = { behind: seed, ahead: base, empty: 'none', away: 'unreadable' }
    const lastSeen = Object.fromEntries(Object.entries(copies).map(([name, copy]) => [name, { base, copy }]))
    expect(standing).toEqual({ base, seed, lastSeen })
  })

  test('tells the credential of another account too, before it refuses it', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'a', bytes: first.bytes }, { name: 'b', bytes: other.bytes }) })
    expect(await refusal(world)).toMatchObject({ code: 'two-accounts', remedy: expect.stringContaining('its own slot') as unknown })
    expect(world.told.map(({ what }) => what)).toEqual(['credential', 'credential'])
  })

  test('says of a login with times that cannot be true which these are', async () => {
    const poisoned = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) + 2 * 86_400, lastRefresh: '2026-01-01T00:00:00Z' })
    const { remarks } = await (await keeperWorld({ places: placesNamed({ name: 'git', bytes: poisoned.bytes }) })).restore()
    expect(remarks).toEqual(['The login from git has times that cannot be true (iat). They do not count when ages are compared.'])
  })

  test('stops at a hazard before anything is put in place', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
    const env = { CODEX_ACCESS_TOKEN: 'x', CODEX_API_KEY: 'y' }
    const surroundings = { workspace: world.codexHome, env, jobTotal: 2, systemConfigs: [] }
    const { code, message, remedy } = await refusal(world, { surroundings })
    expect([code, message.split('\n').length, remedy.split('\n').length]).toEqual(['hazard', 2, 2])
    expect([await world.file(), world.places[0]?.count.write]).toEqual([undefined, 0])
  })

  test('stops at a hazard whatever the stores are like, and goes on with what is only worth a word', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
    world.places[0]?.inject('proveWritable', { kind: 'unauthorized' }, 1)
    const surroundings = { workspace: undefined, env: { CODEX_ACCESS_TOKEN: 'x' }, jobTotal: 1, systemConfigs: [] }
    expect(await refusal(world, { surroundings })).toMatchObject({ code: 'hazard' })
    expect(await world.restore({ surroundings: { ...surroundings, env: { CODEX_API_KEY: 'y' } } })).toMatchObject({
      hazards: [{ severity: 'warn' }],
    })
  })

  test.each([
    ['takes turns', { bytes: first.bytes }, {}, []],
    ['has no store with a lease', { bytes: first.bytes, lease: false }, {}, [/No store listed here holds a lease/]],
    ['has no Codex', { bytes: first.bytes }, { earlyRefresh: 'no-codex' }, [/no Codex CLI in PATH/]],
    ['never refreshes', { bytes: first.bytes }, { earlyRefresh: 'never-refreshed' }, [/refresh: never/]],
  ] as const)('warns a job of a matrix that %s only of what is wrong with it', async (_, place, changes, messages) => {
    const world = await keeperWorld({ places: [inMemoryPlace(place)] })
    const surroundings = { workspace: undefined, env: {}, jobTotal: 3, systemConfigs: [] }
    const { hazards } = await world.restore({ surroundings, refreshWindow: 1e9, ...changes })
    expect(hazards.map(({ message }) => message)).toEqual(messages.map((message) => expect.stringMatching(message) as unknown))
  })

  test('does not count on the lease of a store that cannot be written', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'a', bytes: first.bytes }, { name: 'b', lease: false }) })
    world.places[0]?.inject('proveWritable', { kind: 'unauthorized' })
    const { hazards } = await world.restore({ surroundings: { workspace: undefined, env: {}, jobTotal: 3, systemConfigs: [] } })
    expect(hazards.map(({ message }) => message)).toEqual([expect.stringContaining('No store listed here holds a lease')])
  })

  test('does not install when the state cannot be saved', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
    await expect(
      world.restore({
        state: {
          update: () => {
            throw new Error('state')
          },
        },
      }),
    ).rejects.toThrow('state')
    expect(await world.file()).toBeUndefined()
  })

  test.each<[string, number, boolean]>([
    ['beyond', 43_201, false],
    ['at the end of', 43_200, true],
    ['past', -5, true],
  ])('a token that ends %s the window: due is decided by it', async (_, expiresIn, due) => {
    const login = managedLogin({ expiresIn })
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: login.bytes })] })
    world.clock.advance(login.claims.expiresAt * 1000 - expiresIn * 1000 - world.clock.now())
    expect(await world.restore()).toMatchObject({ due })
  })
})

describe('the newest', () => {
  const where = async (stored: (Login | undefined)[], file?: Login, seed?: Login): Promise<unknown> => {
    const world = await keeperWorld({
      places: placesNamed(...stored.map((login, index) => ({ name: `store ${index}`, ...(login && { bytes: login.bytes }) }))),
    })
    if (file) await world.put(file.bytes)
    const { origin, credential, installed } = await world.restore({ seed: seed && credentialOf(seed) })
    expect(await world.file()).toBe(Buffer.from(credential.bytes).toString('utf8'))
    return { origin: origin.kind === 'store' ? origin.name : origin.kind, installed }
  }

  test.each<[string, (Login | undefined)[], Login | undefined, Login | undefined, string, boolean]>([
    ['of two stores', [first, second], undefined, undefined, 'store 1', true],
    ['a reseed', [first, undefined], undefined, second, 'seed', true],
    ['never an older seed', [second, undefined], undefined, first, 'store 0', true],
    ['the seed where all is empty', [undefined], undefined, first, 'seed', true],
    ['the file at hand, left as it is', [first], second, undefined, 'file', false],
    ['a store that is ahead of the file', [second], first, undefined, 'store 0', true],
    ['the store where the file is the same, and the file is left as it is', [first], first, undefined, 'store 0', false],
  ])('%s', async (_, stored, file, seed, origin, installed) => {
    expect(await where(stored, file, seed)).toEqual({ origin, installed })
  })
})

describe('the file at hand', () => {
  const notReplaced: UnmanagedKind[] = [
    'api-key',
    'api-key without mode',
    'external-tokens',
    'headers',
    'agent-identity',
    'personal-access-token',
    'bedrock',
    'bedrock keys',
  ]
  test.each(Object.entries(unmanagedDocuments()))(
    'that is %s: another kind of login is not replaced, a broken one is',
    async (kind, { bytes, text }) => {
      const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
      await world.put(bytes)
      if (notReplaced.includes(kind as UnmanagedKind)) {
        expect(await refusal(world)).toMatchObject({ code: 'two-accounts' })
        expect(await world.file()).toBe(text)
      } else {
        expect((await world.restore()).remarks).toEqual([expect.stringContaining('it is replaced')])
        expect(await world.file()).toBe(first.text)
      }
    },
  )

  test('that Codex cannot load, because its id token is not a JWT, is replaced', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
    await world.put(loginDocument({ ...first.tokens, id_token: 'opaque' }, '2026-01-01T00:00:00Z').bytes)
    expect((await world.restore()).remarks).toEqual([expect.stringContaining('it is replaced')])
    expect(await world.file()).toBe(first.text)
  })

  test('that is damaged is replaced by the good copy, after half a second of trying', async () => {
    const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
    await world.put(second.bytes.subarray(0, 100))
    expect((await world.restore()).remarks).toEqual([expect.stringContaining('not complete JSON')])
    expect(await world.file()).toBe(first.text)
    expect(world.clock.waits.reduce((sum, wait) => sum + wait, 0)).toBe(500)
  })

  test('is only told to make way where no store holds its account', async () => {
    const world = await keeperWorld({ places: placesNamed({ name: 'hers', bytes: first.bytes }, { name: 'his', bytes: other.bytes }) })
    await world.put(second.bytes)
    expect(await refusal(world)).toMatchObject({ code: 'two-accounts', remedy: expect.stringContaining('its own slot') as unknown })
  })

  test('of another account is not replaced, expected-account or not', async () => {
    for (const expectedAccount of [undefined, first.claims.accountId]) {
      const world = await keeperWorld({ places: [inMemoryPlace({ bytes: first.bytes })] })
      await world.put(other.bytes)
      expect(await refusal(world, { expectedAccount })).toMatchObject({
        code: 'two-accounts',
        remedy: expect.stringContaining('codex-home') as unknown,
      })
    }
  })
})

describe('expected-account', () => {
  const both = (): ReturnType<typeof placesNamed> => placesNamed({ name: 'hers', bytes: first.bytes }, { name: 'his', bytes: other.bytes })

  test('by id or by hash picks one of two accounts, and says what was passed over', async () => {
    for (const expectedAccount of [first.claims.accountId, accountHash(fingerprintOfLogin(first))]) {
      const world = await keeperWorld({ places: both() })
      const restored = await world.restore({ expectedAccount })
      expect(restored).toMatchObject({
        origin: { name: 'hers' },
        remarks: [expect.stringContaining('his holds another account') as unknown],
      })
    }
  })

  test('does not make a store take a login of another account: where none can, nothing is restored', async () => {
    const seed = credentialOf(first)
    const expectedAccount = first.claims.accountId
    const his = { name: 'his', bytes: other.bytes }
    const error = await refusal(await keeperWorld({ places: placesNamed(his) }), { expectedAccount, seed })
    expect(error).toMatchObject({ code: 'two-accounts', remedy: expect.stringContaining('its own slot') as unknown })
    expect(error.message).toContain('his holds a login of another account.')
    const readOnly = placesNamed(his, { name: 'empty' })
    readOnly[1]?.inject('proveWritable', { kind: 'unauthorized' })
    expect(await refusal(await keeperWorld({ places: readOnly }), { expectedAccount, seed })).toMatchObject({ code: 'not-writable' })
    const world = await keeperWorld({ places: placesNamed(his, { name: 'empty' }) })
    expect(await world.restore({ expectedAccount, seed })).toMatchObject({ origin: { kind: 'seed' } })
  })

  test('that nobody has is an error that shows hashes alone', async () => {
    const error = await refusal(await keeperWorld({ places: both() }), { expectedAccount: 'nobody' })
    expect(error.message).toContain(`hers: ${accountHash(fingerprintOfLogin(first))}`)
    expect(error.message).not.toContain(first.claims.accountId)
  })
})
