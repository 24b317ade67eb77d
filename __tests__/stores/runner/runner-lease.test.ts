import { mkdtempSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runnerStore } from '../../../src/stores/runner/runner-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { describeLeasePlace } from '../lease-contract.ts'

let parent = ''
let directory = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'runner-lease-'))
  directory = join(parent, 'disk', 'default')
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const open = (): Store => runnerStore({ name: 'runner', directory, mustExist: join(parent, 'disk') })

describeLeasePlace('runner', {
  seenBy: 'this-machine',
  harness: async () => {
    const disk = join(parent, 'disk')
    await mkdir(disk, { recursive: true })
    return {
      open: () => Promise.resolve(open()),
      garbage: async (bytes) => {
        await mkdir(directory, { recursive: true })
        await writeFile(join(directory, 'lease.0000000001'), bytes)
      },
      // A file in the place of a directory is a disk that does not answer as it should.
      unreachable: async () => {
        await mkdir(directory, { recursive: true })
        await rename(directory, `${directory}.away`)
        await writeFile(directory, '')
      },
      heal: async () => {
        await rm(directory, { force: true }).catch(() => undefined)
        await rename(`${directory}.away`, directory).catch(() => undefined)
      },
      cleanup: () => undefined,
    }
  },
})

test('leases of the day before are removed, never the last two', async () => {
  await mkdir(join(parent, 'disk'))
  const place = open().leasePlace
  let version: string | undefined
  const write = async (): Promise<void> => {
    const outcome = await place?.write(Buffer.from('{}'), version)
    version = outcome?.kind === 'written' ? outcome.version : 'lost'
  }
  for (let round = 0; round < 4; round += 1) await write()
  const names = (): string[] => readdirSync(directory).sort()
  expect(names()).toEqual(['lease.0000000001', 'lease.0000000002', 'lease.0000000003', 'lease.0000000004'])
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  for (const name of names()) await utimes(join(directory, name), yesterday, yesterday)
  await write()
  expect(names()).toEqual(['lease.0000000004', 'lease.0000000005'])
})
