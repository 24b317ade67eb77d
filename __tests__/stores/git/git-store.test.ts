import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bareRepository } from '../../support/bare-repository.ts'
import { failure } from '../../support/failure.ts'
import { first, gitPlace, second, type GitPlace } from '../../support/git-place.ts'
import { slotRef } from '../../support/git-store-for.ts'

let place: GitPlace
beforeEach(async () => {
  place = await gitPlace()
})
afterEach(() => place.close())

describe('what is stored', () => {
  test('is one commit without parents that tells the slot, the run and the time', async () => {
    const store = place.open()
    await store.write(second, await place.seeded(store))
    expect(await place.server.git(['log', '--format=%P|%an|%cn', slotRef])).toBe('|codex-auth-keeper|codex-auth-keeper')
    expect(await place.server.git(['ls-tree', '--format=%(objectmode) %(path)', slotRef])).toBe('100644 auth.age')
    const message = await place.server.git(['log', '--format=%B', slotRef])
    expect(message).toMatch(
      /^Store the refreshed Codex login of slot default\n\nSlot: default\nRun: https:\/\/github\.com\/your-org\/your-repo\/actions\/runs\/1\nWhen: 2026-01-02T03:04:05\.000Z\nWrite: [0-9a-f-]{36}$/,
    )
    await place.server.git(['fsck', '--strict'])
  })

  test('keeps a run note from adding lines', async () => {
    await place.seeded(place.open({ commitNote: { run: 'x\nSlot: other\u{1f511}', now: () => new Date(0) } }))
    expect(await place.server.git(['log', '--format=%B', slotRef])).toContain('Run: x?Slot: other??')
  })

  test('equal documents of one second make different commits', async () => {
    const store = place.open()
    const one = await store.write(first, undefined)
    await place.server.git(['update-ref', '-d', slotRef])
    expect(await store.write(first, undefined)).not.toEqual(one)
  })

  test('can rest on a branch and in another ref of this repository', async () => {
    for (const ref of ['refs/heads/codex-auth/default', 'refs/codex-auth/other']) {
      await place.seeded(place.open({}, `${place.server.url}?ref=${ref}`))
      expect(await place.server.oidOf(ref)).toMatch(/^[0-9a-f]{40}$/)
    }
    expect(await place.server.oidOf(slotRef)).toBeUndefined()
  })

  test('can rest in a place.directory, where writing cannot be proved', async () => {
    const bare = await bareRepository(join(place.directory, 'bare.git'))
    const store = place.open({ token: 'ghp_notForFiles' }, `file://${bare.directory}`)
    expect(await store.read()).toBeUndefined()
    expect(await store.proveWritable()).toBe('unprovable')
    const version = await place.seeded(store)
    expect(await place.open({}, `file://${bare.directory}`).read()).toEqual({ bytes: new Uint8Array(first), version })
    expect((await failure(place.open({}, `file://${place.directory}/none.git`).read())).code).toBe('store-refused')
  })
})

test('a temporary folder that could not be made is made at the next try', async () => {
  const tempDir = join(place.directory, 'later')
  const store = place.open({ tempDir })
  await expect(store.read()).rejects.toThrow(/ENOENT/)
  await mkdir(tempDir)
  expect(await store.read()).toBeUndefined()
})

test('an unchanged read takes one request, a first read two, a write two, a proof one', async () => {
  const store = place.open()
  expect(await place.requestsOf(() => store.read())).toBe(1)
  let version = ''
  expect(
    await place.requestsOf(async () => {
      version = await place.seeded(store)
    }),
  ).toBe(2)
  expect(await place.requestsOf(() => store.read())).toBe(1)
  const other = place.open()
  expect(await place.requestsOf(() => other.read())).toBe(2)
  expect(await place.requestsOf(() => other.proveWritable())).toBe(1)
  expect(await place.requestsOf(() => other.write(second, version))).toBe(2)
  expect(await place.requestsOf(() => store.write(second, version))).toBe(1)
})

describe('a carried pack', () => {
  const file = (): string => join(place.directory, 'carried.pack')

  test('lets the last stage read in one request, write in two more, and is gone after it', async () => {
    const version = await place.seeded(place.open())
    const main = place.open({ pack: { file: file(), forNextStage: true } })
    await main.read()
    await main.close?.()
    const post = place.open({ pack: { file: file(), forNextStage: false } })
    expect(
      await place.requestsOf(async () => {
        expect(await post.read()).toEqual({ bytes: new Uint8Array(first), version })
      }),
    ).toBe(1)
    expect(await place.requestsOf(() => post.write(second, version))).toBe(2)
    await post.close?.()
    expect(await readdir(place.directory)).not.toContain('carried.pack')
  })

  test('also when main wrote', async () => {
    const main = place.open({ pack: { file: file(), forNextStage: true } })
    await main.write(second, await place.seeded(main))
    const post = place.open({ pack: { file: file(), forNextStage: false } })
    expect(await place.requestsOf(() => post.read())).toBe(1)
    expect((await post.read())?.bytes).toEqual(new Uint8Array(second))
  })

  test.each([
    ['garbage', () => Promise.resolve(Buffer.from('garbage'))],
    [
      'an older copy',
      async () => {
        await place.seeded(place.open({ pack: { file: file(), forNextStage: true } }))
        const older = await readFile(file())
        await place.server.git(['update-ref', '-d', slotRef])
        return older
      },
    ],
  ])('is not believed: %s', async (_, planted) => {
    const bytes = await planted()
    const version = await place.server.plant(slotRef, 'auth.age', second)
    await writeFile(file(), bytes)
    const post = place.open({ pack: { file: file(), forNextStage: false } })
    expect(
      await place.requestsOf(async () => {
        expect(await post.read()).toEqual({ bytes: new Uint8Array(second), version })
      }),
    ).toBe(2)
  })
})

describe('a ref that was rewritten behind our back', () => {
  test('to another copy: conflict', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    const theirs = await place.server.plant(slotRef, 'auth.age', Buffer.from('theirs'))
    expect(await store.write(second, version)).toEqual({ kind: 'conflict' })
    expect(await store.read()).toEqual({ bytes: new Uint8Array(Buffer.from('theirs')), version: theirs })
  })

  test('to nothing: conflict, then certainly empty', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    await place.server.git(['update-ref', '-d', slotRef])
    expect(await store.write(second, version)).toEqual({ kind: 'conflict' })
    expect(await store.read()).toBeUndefined()
  })

  test('while our push is on its way: conflict', async () => {
    const store = place.open()
    const version = await place.seeded(store)
    const theirs = await place.server.plant('refs/codex-auth/theirs', 'auth.age', Buffer.from('theirs'))
    await place.server.hook('pre-receive', `unset GIT_QUARANTINE_PATH; git update-ref ${slotRef} ${theirs}`)
    expect(await store.write(second, version)).toEqual({ kind: 'conflict' })
  })

  test.each([
    [
      'a commit with other files',
      async () => {
        await place.server.plant(slotRef, 'README.md', first)
      },
    ],
    [
      'a copy that is too large',
      async () => {
        await place.server.plant(slotRef, 'auth.age', Buffer.alloc(1024 * 1024 + 1))
      },
    ],
    [
      'a blob',
      async () => {
        await place.server.git(['update-ref', slotRef, await place.server.git(['hash-object', '-w', '--stdin'], 'x')])
      },
    ],
    [
      'a tag',
      async () => {
        const commit = await place.server.plant(slotRef, 'auth.age', first)
        await place.server.git([
          'update-ref',
          slotRef,
          await place.server.git(['mktag'], `object ${commit}\ntype commit\ntag x\ntagger t <t@localhost> 1700000000 +0000\n\nx\n`),
        ])
      },
    ],
    [
      'a folder called auth.age',
      async () => {
        const commit = await place.server.plant(slotRef, 'file', first)
        const tree = await place.server.git(
          ['mktree'],
          `040000 tree ${await place.server.git(['rev-parse', `${commit}^{tree}`])}\tauth.age\n`,
        )
        await place.server.git(['update-ref', slotRef, await place.server.git(['commit-tree', tree, '-m', 'x'])])
      },
    ],
  ])('to %s: damaged', async (_, rewrite) => {
    const store = place.open()
    await place.seeded(store)
    await rewrite()
    expect((await failure(store.read())).code).toBe('store-damaged')
  })
})
