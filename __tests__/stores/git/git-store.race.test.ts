import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareRepository, type BareRepository } from '../../support/bare-repository.ts'
import { slotRef } from '../../support/git-store-for.ts'
import { startGitWriter, type GitWriter, type GitWriterStart } from '../../support/git-writers.ts'
import { loopbackGit } from '../../support/loopback-git.ts'
import { startLoopbackSshd } from '../../support/loopback-sshd.ts'

describe('20 processes that have read the same copy', () => {
  const after: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of after.splice(0).reverse()) await end()
  })

  const folder = async (): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'git-race-'))
    after.push(() => rm(directory, { recursive: true, force: true }))
    return directory
  }

  const race = async (rounds: number, bare: BareRepository, start: GitWriterStart, env: Record<string, string> = {}): Promise<void> => {
    const writers: GitWriter[] = await Promise.all(Array.from({ length: 20 }, () => startGitWriter(start, env)))
    after.push(async () => {
      await Promise.all(writers.map((writer) => writer.end()))
    })
    for (let round = 1; round <= rounds; round += 1) {
      const ifVersion = (await bare.oidOf(slotRef)) ?? null
      const outcomes = await Promise.all(
        writers.map((writer, number) => writer.order({ do: 'write', document: `round ${round}, writer ${number}`, ifVersion })),
      )
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      // Whose push met another one's lock while that was still held is told to try again.
      expect(outcomes.filter((outcome) => !['written', 'conflict', 'transient'].includes(outcome))).toEqual([])
      expect(outcomes).toContain('conflict')
      expect(await bare.git(['cat-file', 'blob', `${slotRef}:auth.age`])).toBe(`round ${round}, writer ${outcomes.indexOf('written')}`)
    }
  }

  test('have one winner in each of 5 rounds, over http', async () => {
    const server = await loopbackGit()
    after.push(() => server.close())
    await race(5, server, { address: server.url, serverUrl: server.origin, tempDir: await folder() }, { WRITER_TOKEN: server.token })
  }, 300_000)

  test('have one winner in each of 3 rounds, over ssh', async () => {
    const sshd = await startLoopbackSshd()
    after.push(() => sshd.stop())
    const bare = await bareRepository(join(sshd.directory, 'bare.git'))
    await race(3, bare, {
      address: `ssh://${sshd.user}@${sshd.host}:${sshd.port}${bare.directory}`,
      tempDir: await folder(),
      ssh: { path: '/usr/bin/ssh', key: sshd.key, knownHosts: sshd.knownHosts },
    })
  }, 600_000)
})
