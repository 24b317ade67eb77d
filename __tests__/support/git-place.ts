import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../src/stores/store.ts'
import { gitStoreFor, type GitStoreForOptions } from './git-store-for.ts'
import { loopbackGit, type LoopbackGit } from './loopback-git.ts'

export const first = Buffer.from('first')
export const second = Buffer.from('second')

/** A git server and a machine with a temp folder whose name needs care. */
export interface GitPlace {
  readonly server: LoopbackGit
  readonly directory: string
  readonly tempDir: string
  /** Opens a store at the server, or at another address; closed at the end. */
  open(options?: GitStoreForOptions, text?: string): Store
  /** Writes a first copy and gives its version. */
  seeded(store: Store): Promise<string>
  /** How many requests the server sees meanwhile. */
  requestsOf(operation: () => Promise<unknown>): Promise<number>
  /** Done at the end, last one first. */
  atEnd(end: () => Promise<void>): void
  closeStores(): Promise<void>
  close(): Promise<void>
}

export async function gitPlace(): Promise<GitPlace> {
  const server = await loopbackGit()
  const directory = await mkdtemp(join(tmpdir(), 'git-store-'))
  const tempDir = join(directory, "a temp's, 100%")
  await mkdir(tempDir)
  const stores: Store[] = []
  const ends: (() => Promise<void>)[] = []
  const closeStores = async (): Promise<void> => {
    for (const store of stores) await store.close?.()
  }
  return {
    server,
    directory,
    tempDir,
    closeStores,
    open: (options = {}, text = server.url) => {
      const store = gitStoreFor(text, { token: server.token, tempDir, serverUrl: server.origin, ...options })
      stores.push(store)
      return store
    },
    seeded: async (store) => {
      const outcome = await store.write(first, undefined)
      if (outcome.kind !== 'written') throw new Error(outcome.kind)
      return outcome.version
    },
    requestsOf: async (operation) => {
      const before = server.requests.length
      await operation()
      return server.requests.length - before
    },
    atEnd: (end) => {
      ends.push(end)
    },
    close: async () => {
      await closeStores()
      for (const end of ends.reverse()) await end()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
