import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandStore } from '../../../src/stores/command/command-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, sized, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { awsSecretsManager } from '../../support/recipe-servers/aws-secrets-manager.ts'
import { blobStorage } from '../../support/recipe-servers/blob-storage.ts'
import { cloudStorage } from '../../support/recipe-servers/cloud-storage.ts'
import { googleSecretManager } from '../../support/recipe-servers/google-secret-manager.ts'
import { infisical } from '../../support/recipe-servers/infisical.ts'
import { onePassword } from '../../support/recipe-servers/onepassword.ts'
import type { RecipePlace } from '../../support/recipe-servers/place.ts'
import { recipe, recipeTitles } from '../../support/recipes.ts'

jest.setTimeout(60_000)

const places: Readonly<Record<string, { start: () => Promise<RecipePlace>; guarantee: Store['guarantee'] }>> = {
  'Google Cloud Storage': { start: cloudStorage, guarantee: 'compare-and-set' },
  'Azure Blob Storage': { start: blobStorage, guarantee: 'compare-and-set' },
  'AWS Secrets Manager': { start: awsSecretsManager, guarantee: 'compare-and-set' },
  'Google Secret Manager': { start: googleSecretManager, guarantee: 'compare-and-set' },
  Infisical: { start: infisical, guarantee: 'last-writer-wins' },
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recipe-'))
  await mkdir(join(directory, 'bin'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Programs in front of the machine's own. */
async function install(programs: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(directory, 'bin', name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
  }
}

function open(title: string, { replacements = {}, env = {} }: Partial<Pick<RecipePlace, 'replacements' | 'env'>> = {}): Store {
  const shown = recipe(title, replacements)
  return commandStore({
    name: 'command',
    slot: 'default',
    readCommand: shown.readCommand,
    writeCommand: shown.writeCommand,
    ...(shown.proveCommand !== undefined && { proveCommand: shown.proveCommand }),
    bash: '/bin/bash',
    cwd: directory,
    env: { ...shown.env, ...env, PATH: `${directory}/bin:/usr/local/bin:/usr/bin:/bin`, HOME: directory },
  })
}

test('each recipe of docs/recipes.md is run here', () => {
  expect(recipeTitles).toEqual([...Object.keys(places), '1Password'])
})

describe.each(Object.entries(places))('%s', (title, { start, guarantee }) => {
  let place: RecipePlace
  beforeEach(async () => {
    place = await start()
    // Real curl, whose arguments are written down.
    await install({ ...place.programs, curl: `printf '%s\\n' "$@" >>'${directory}/arguments'; exec /usr/bin/curl "$@"` })
  })
  afterEach(() => place.server.close())
  const store = (env: Readonly<Record<string, string>> = {}): Store => open(title, { ...place, env: { ...place.env, ...env } })

  test('empty, written, read again byte for byte, written again', async () => {
    expect(await store().read()).toBeUndefined()
    for (const document of [login('first'), Buffer.from('\n {\n"a": "\u00e4 \\\\ \\" $x `y`"}\n\n'), sized(32 * 1024)]) {
      const one = store()
      const outcome = await one.write(document, (await one.read())?.version)
      const copy = await store().read()
      expect([text(copy?.bytes), text(place.contents())]).toEqual([text(document), text(document)])
      expect(outcome).toEqual({ kind: 'written', version: copy?.version })
    }
    expect(place.writes()).toBe(3)
  })

  test(`two writers at once: ${guarantee}`, async () => {
    const seed = store()
    await seed.read()
    await seed.write(login('first'), undefined)
    const writers = [store(), store(), store()]
    const versions = await Promise.all(writers.map(async (writer) => (await writer.read())?.version))
    expect(writers.map((writer) => writer.guarantee)).toEqual(writers.map(() => guarantee))
    const outcomes = await Promise.all(writers.map((writer, index) => writer.write(login(`writer ${index}`), versions[index])))
    const winners = outcomes.flatMap(({ kind }, index) => (kind === 'written' ? [index] : []))
    if (guarantee === 'compare-and-set') {
      expect(winners).toHaveLength(1)
      expect(text(place.contents())).toBe(text(login(`writer ${winners[0] ?? ''}`)))
      expect(await store().write(login('late'), undefined)).toEqual({ kind: 'conflict' })
    } else {
      expect(winners).toHaveLength(3)
    }
  })

  test('write access is proved, or refused, and nothing changes', async () => {
    expect(await store().proveWritable()).toBe(place.provedWhenEmpty)
    expect(place.contents()).toBeUndefined()
    const one = store()
    await one.read()
    await one.write(login('first'), undefined)
    const before = (await store().read())?.version
    expect(await store().proveWritable()).toBe('proved')
    expect([text(place.contents()), (await store().read())?.version, place.writes()]).toEqual([text(login('first')), before, 1])
    place.server.set('no-writing')
    expect((await failure(store().proveWritable())).code).toBe('store-unauthorized')
    place.server.set('failing')
    expect(await store().proveWritable()).toBe('unprovable')
    place.server.set('hang-up')
    expect(await store().proveWritable()).toBe('unprovable')
  })

  test('denials, outages and lost answers are told apart', async () => {
    const one = store()
    await one.read()
    await one.write(login('first'), undefined)
    const version = (await one.read())?.version
    place.server.set('no-reading')
    expect((await failure(store().read())).code).toBe('store-unauthorized')
    place.server.set('no-writing')
    expect((await failure(one.write(login('second'), version))).code).toBe('store-unauthorized')
    for (const mood of ['failing', 'hang-up'] as const) {
      place.server.set(mood)
      expect((await failure(store().read())).code).toBe('store-unreachable')
      expect((await failure(one.write(login('second'), version))).code).toBe('store-unknown-outcome')
    }
    place.server.set('well')
    expect(text(place.contents())).toBe(text(login('first')))
    place.server.set('lost')
    expect((await failure(one.write(login('second'), version))).code).toBe('store-unknown-outcome')
  })

  test('a place that does not exist is not an empty one', async () => {
    expect((await failure(store(place.elsewhere).read())).code).toBe('store-unreachable')
    expect(await store(place.elsewhere).proveWritable()).toBe('unprovable')
  })

  test('neither the token nor the document is an argument', async () => {
    const one = store()
    await one.read()
    await one.write(login('first'), undefined)
    await one.proveWritable()
    await one.read()
    const shown = await readFile(join(directory, 'arguments'), 'utf8')
    expect(shown).toContain(place.shows)
    for (const secret of [...place.secrets, 'rt_contract', Buffer.from(login('first')).toString('base64').slice(8, 40)]) {
      expect(shown).not.toContain(secret)
    }
  })
})

test('1Password: empty at first, written, read again byte for byte; an outage is none of it', async () => {
  const place = await onePassword()
  await install(place.programs)
  const store = open('1Password')
  try {
    expect(await store.read()).toBeUndefined()
    expect(await store.proveWritable()).toBe('unprovable')
    for (const document of [login('first'), sized(32 * 1024)]) {
      expect(await store.write(document, (await store.read())?.version)).toMatchObject({ kind: 'written' })
      expect([text((await store.read())?.bytes), text(place.contents())]).toEqual([text(document), text(document)])
    }
    place.server.set('hang-up')
    expect((await failure(store.read())).code).toBe('store-unreachable')
    expect((await failure(store.write(login('second'), 'x'))).code).toBe('store-unknown-outcome')
    const shown = await readFile(join(directory, 'arguments'), 'utf8')
    expect(shown).toContain('document')
    expect(shown).not.toContain('rt_contract')
    expect((await failure(open('1Password', { env: { ITEM: 'none' } }).read())).code).toBe('store-unreachable')
  } finally {
    await place.server.close()
  }
})
