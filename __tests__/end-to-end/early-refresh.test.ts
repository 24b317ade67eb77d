import { describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { authFileOf, codexStep } from '../support/keeper-workflow.ts'
import { inRefreshWorld, shownBy } from '../support/refresh-world.ts'
import { storeNames } from '../support/store-places.ts'
import { call } from '../support/store-world.ts'

const tenDays = 864_000

test.concurrent.each(storeNames)(
  'a due login in the store %s is refreshed once and stored before the job goes on; a job that is killed then has lost nothing',
  async (store) => {
    await inRefreshWorld({ store }, async ({ openai, run, stored, outcomes, newest }) => {
      let atNextStep = ''
      const killed = await run(
        {},
        [
          call('next', async () => {
            atNextStep = await stored()
          }),
          codexStep,
        ],
        { interrupts: [{ kind: 'kill', when: { step: 'next', at: 'end' } }] },
      )
      expect({ conclusion: killed.conclusion, post: killed.ran('keeper', 'post') }).toEqual({ conclusion: 'lost', post: false })
      expect(outcomes()).toEqual([['rotated'], []])
      expect(atNextStep).toContain(newest())
      expect(killed.stage('keeper').outputs).toMatchObject({ refreshed: 'true', stored: 'true', 'needs-reseed': 'false' })

      const next = await run({}, [codexStep])
      expect(next.conclusion).toBe('success')
      expect(next.stage('keeper').outputs).toMatchObject({ refreshed: 'false', stored: 'false' })
      expect(next.stage('codex').stdout).toContain('OK')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(openai.ledger().modelRefusals).toBe(0)
    })
  },
)

describe('refresh', () => {
  test.concurrent.each(['never', 'auto'])('%s spends nothing while the token is fresh, and asks no server', async (refresh) => {
    await inRefreshWorld({ login: { expiresIn: tenDays } }, async ({ openai, run, stored, login }) => {
      const job = await run({ refresh })
      expect(job.conclusion).toBe('success')
      expect(job.stage('keeper').outputs).toMatchObject({ refreshed: 'false', stored: 'false' })
      expect({ requests: openai.ledger().requests, stored: await stored() }).toEqual({ requests: [], stored: login.text })
    })
  })

  test.concurrent("never leaves a due login to the workflow's own codex", async () => {
    await inRefreshWorld({}, async ({ run, stored, outcomes, newest }) => {
      let atNextStep: unknown
      const job = await run({ refresh: 'never' }, [
        call('next', () => {
          atNextStep = outcomes()
        }),
        codexStep,
      ])
      expect({ conclusion: job.conclusion, atNextStep }).toEqual({ conclusion: 'success', atNextStep: [[]] })
      expect(await stored()).toContain(newest())
    })
  })

  test.concurrent('auto refreshes what ends within refresh-window, although Codex alone would wait', async () => {
    await inRefreshWorld({ login: { expiresIn: 6 * 3600 } }, async ({ openai, run, outcomes, stored, newest }) => {
      expect((await run({ 'refresh-window': '5h' }, [codexStep])).conclusion).toBe('success')
      expect(outcomes()).toEqual([[]])
      expect((await run({}, [codexStep])).conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(openai.ledger().tokens[0]?.reasons).toEqual(['forced'])
      expect(await stored()).toContain(newest())
    })
  })

  // Codex refreshes by itself as it starts what ends within 300 s; asked for a refresh as well, it would spend a second one.
  test.concurrent.each([299, 301, 303, 340])('a token that ends in %i s is spent exactly once', async (expiresIn) => {
    await inRefreshWorld({ login: { expiresIn } }, async ({ run, outcomes, stored, newest }) => {
      const job = await run({})
      expect(job.conclusion).toBe('success')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
    })
  })

  test.concurrent('with the older Codex, which writes the file in place', async () => {
    for (const expiresIn of [-60, 301, 3600]) {
      await inRefreshWorld({ login: { expiresIn }, codex: 'older' }, async ({ run, outcomes, stored, newest }) => {
        const job = await run({}, [codexStep])
        expect(job.conclusion).toBe('success')
        expect(outcomes()).toEqual([['rotated'], []])
        expect(await stored()).toContain(newest())
      })
    }
  })

  test.concurrent('auto without a Codex CLI: a warning, and the job goes on with the login it has', async () => {
    await inRefreshWorld({ codex: 'none', login: { expiresIn: 3600 } }, async ({ run, openai }) => {
      const job = await run({})
      expect(job.conclusion).toBe('success')
      expect(job.annotations).toEqual([
        expect.objectContaining({
          level: 'warning',
          message: expect.stringMatching(/due for a refresh and there is no Codex CLI in PATH.*Install Codex before this step/) as unknown,
        }),
      ])
      expect(openai.ledger().requests).toEqual([])
    })
  })

  test.concurrent('always without a Codex CLI: red, with the way out', async () => {
    await inRefreshWorld({ codex: 'none', login: {} }, async ({ run, login, stored }) => {
      const job = await run({ refresh: 'always' }, [call('next', () => undefined)])
      expect({ conclusion: job.conclusion, next: job.ran('next') }).toEqual({ conclusion: 'failure', next: false })
      expect(shownBy(job)).toMatch(
        /refresh: always needs the Codex CLI, and there is no codex in PATH\.\n?.*Way out: Install it before this step/s,
      )
      expect(await stored()).toBe(login.text)
    })
  })
})

describe('A cancel in the middle of the exchange', () => {
  test.concurrent.each(['pinned', 'older'] as const)(
    'leaves the %s Codex alone; post waits for it and stores what it saved',
    async (codex) => {
      await inRefreshWorld({ codex }, async ({ openai, run, machine, stored, outcomes, newest }) => {
        const exchange = openai.holdNextExchange('after rotating')
        const on = machine()
        const running = run({}, [codexStep], { machine: on, interrupts: [{ kind: 'cancel', when: { after: exchange.begun } }] })
        await exchange.begun
        // Post waits by then, or has not looked yet; either way nothing may be lost.
        setTimeout(() => {
          exchange.release()
        }, 1500)
        const job = await running
        expect(job.stage('keeper')).toMatchObject({ conclusion: 'cancelled', signalsSent: ['SIGINT'] })
        expect({ conclusion: job.conclusion, codex: job.ran('codex') }).toEqual({ conclusion: 'cancelled', codex: false })
        expect(outcomes()).toEqual([['rotated'], []])
        expect(await stored()).toContain(newest())
        expect({ file: existsSync(authFileOf(on)), orphans: job.orphans }).toEqual({ file: false, orphans: [] })
      })
    },
  )

  test.concurrent('of the smoke test is not different', async () => {
    await inRefreshWorld({ login: { expiresIn: tenDays } }, async ({ openai, run, stored, outcomes, newest }) => {
      openai.expireAccessTokens()
      const exchange = openai.holdNextExchange('after rotating')
      const running = run({ 'smoke-test': 'true' }, [], { interrupts: [{ kind: 'cancel', when: { after: exchange.begun } }] })
      await exchange.begun
      setTimeout(() => {
        exchange.release()
      }, 1500)
      const job = await running
      expect(job.conclusion).toBe('cancelled')
      expect(outcomes()).toEqual([['rotated'], []])
      expect(await stored()).toContain(newest())
      expect(job.orphans).toEqual([])
    })
  })
})
