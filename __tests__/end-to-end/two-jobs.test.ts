import { describe, expect, test } from '@jest/globals'
import { codexStep } from '../support/keeper-workflow.ts'
import { inRefreshWorld, shownBy } from '../support/refresh-world.ts'
import type { StoreName } from '../support/store-places.ts'

describe('Two jobs at once with a due login', () => {
  test.each<[StoreName, RegExp]>([
    ['command', /read-command holds no lease/],
    ['cache', /No store in the list holds a lease/],
  ])(
    "in the store %s, which holds no lease and says so: one spends the token, both end green, the store holds the winner's",
    async (store, saying) => {
      await inRefreshWorld({ store, login: { expiresIn: 3600 } }, async ({ openai, run, stored, outcomes, newest }) => {
        // The first job is in the exchange until the second one has read the store, so both have the same copy.
        const exchange = openai.holdNextExchange('after rotating')
        const matrix = { jobTotal: 2, matrix: { index: 'x' } }
        const first = run({}, [codexStep], matrix)
        await exchange.begun
        const second = run({}, [codexStep], matrix)
        await until(() => openai.ledger().tokens[0]?.outcomes.some((outcome) => outcome.startsWith('refused')) === true)
        exchange.release()
        const [winner, loser] = await Promise.all([first, second])
        expect([winner.conclusion, loser.conclusion]).toEqual(['success', 'success'])

        expect(outcomes()).toEqual([['rotated', 'refused: refresh_token_reused'], []])
        expect(await stored()).toContain(newest())
        expect(winner.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
        expect(loser.stage('keeper').outputs).toMatchObject({ refreshed: 'false', stored: 'false', 'needs-reseed': 'false' })
        expect(loser.stage('keeper').outputs['expires-at']).toBe(winner.stage('keeper').outputs['expires-at'])
        expect(loser.log).toMatch(/Codex login refreshed by another job, taken from/)
        for (const job of [winner, loser]) {
          expect(job.log).toMatch(saying)
          expect(
            job.annotations.map(({ level, message }) => [level, /No store (in the list|listed here) holds a lease/.test(message)]),
          ).toEqual([['warning', true]])
        }
        expect(loser.stage('codex').stdout).toContain('OK')
        expect(openai.ledger().modelRefusals).toBe(0)
      })
    },
  )

  test("in the store github-secret the loser cannot see the winner's copy: it is red and says to start a new run, not to log in again", async () => {
    await inRefreshWorld({ store: 'github-secret', login: { expiresIn: 3600 } }, async ({ openai, run, stored, newest }) => {
      const exchange = openai.holdNextExchange('after rotating')
      const first = run({})
      await exchange.begun
      const second = run({})
      await until(() => (openai.ledger().tokens[0]?.outcomes.length ?? 0) > 1)
      exchange.release()
      const [winner, loser] = await Promise.all([first, second])
      expect([winner.conclusion, loser.conclusion]).toEqual(['success', 'failure'])
      expect(shownBy(loser)).toMatch(/Another job has refreshed the login meanwhile[\s\S]*Way out: Start a new run of the workflow/)
      expect(loser.stage('keeper').outputs['needs-reseed']).not.toBe('true')
      expect(await stored()).toContain(newest())
    })
  })
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds())
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
}
