import { describe, expect, test } from '@jest/globals'
import { codexStep } from '../support/keeper-workflow.ts'
import { inRefreshWorld, shownBy } from '../support/refresh-world.ts'

/** Seven days after the refresh that made it, a token of ten days has three left. */
const day7 = { expiresIn: 3 * 86_400 }

describe('On day 7', () => {
  test('a run of Codex alone refreshes nothing, and the job stores nothing', async () => {
    await inRefreshWorld({ login: day7 }, async ({ run, outcomes, stored, login }) => {
      const job = await run({}, [codexStep])
      expect({ conclusion: job.conclusion, said: job.stage('codex').stdout.at(-1) }).toEqual({ conclusion: 'success', said: 'OK' })
      expect(outcomes()).toEqual([[]])
      expect(await stored()).toBe(login.text)
    })
  })

  test.each(['pinned', 'older'] as const)('refresh: always lets the %s Codex refresh it, once', async (codex) => {
    await inRefreshWorld({ login: day7, codex }, async ({ run, outcomes, stored, newest, openai }) => {
      const job = await run({ refresh: 'always' })
      expect(job.conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
      expect(openai.ledger().modelRequests).toBe(0)
      const ends = Date.parse(job.stage('keeper').outputs['expires-at'] ?? '')
      expect(ends).toBeGreaterThan(Date.now() + 9 * 86_400_000)
    })
  })

  test('a store that takes nothing at that moment gets it before the job goes on', async () => {
    await inRefreshWorld({ login: day7 }, async ({ place, run, stored, outcomes, newest }) => {
      await place.failWrites(4)
      const job = await run({ refresh: 'always' })
      expect(job.conclusion).toBe('success')
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
      expect(job.stage('keeper').log.join('\n')).toContain('No store holds the refreshed login yet. It is tried again in 2 s')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
    })
  })

  test('a store that takes nothing at that moment, nor in the time for further tries, gets it from post', async () => {
    await inRefreshWorld({ login: day7 }, async ({ place, run, stored, outcomes, newest }) => {
      await place.failWrites(3)
      const job = await run({ refresh: 'always', 'retry-for': '0' })
      expect(job.conclusion).toBe('success')
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'false' })
      expect(shownBy(job)).toContain('No store holds the refreshed login yet. The post step tries again')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
    })
  })
})

describe('smoke-test', () => {
  test('proves the login with one short model call', async () => {
    await inRefreshWorld({ login: {} }, async ({ run, openai, outcomes }) => {
      const job = await run({ 'smoke-test': 'true' })
      expect(job.conclusion).toBe('success')
      expect(job.log).toContain('Codex login proved by a smoke test')
      expect(openai.modelInputs()).toEqual([expect.stringContaining('Reply exactly: OK')])
      expect(outcomes()).toEqual([[]])
    })
  })

  test('what it rotated is stored at once', async () => {
    await inRefreshWorld({ login: {} }, async ({ run, openai, outcomes, stored, newest }) => {
      openai.expireAccessTokens()
      let atNextStep = ''
      const job = await run({ 'smoke-test': 'true' }, [
        {
          id: 'next',
          call: async () => {
            atNextStep = await stored()
          },
        },
      ])
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true' })
      expect(outcomes()).toEqual([['rotated'], []])
      expect(atNextStep).toContain(newest())
    })
  })

  test('of a login that was refreshed a moment ago spends nothing more', async () => {
    await inRefreshWorld({}, async ({ run, outcomes }) => {
      expect((await run({ 'smoke-test': 'true' })).conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
    })
  })
})
