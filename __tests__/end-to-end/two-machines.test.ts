import { expect, jest, test } from '@jest/globals'
import { authFileText, codexStep } from '../support/keeper-workflow.ts'
import { storeNames } from '../support/store-places.ts'
import { call, inStoreWorld } from '../support/store-world.ts'

jest.setTimeout(180_000)

/** Asks the server for an exchange, as anybody with this token could. */
async function present(tokenUrl: string, refreshToken: string): Promise<unknown> {
  const body = JSON.stringify({ client_id: 'test', grant_type: 'refresh_token', refresh_token: refreshToken })
  const answer = await fetch(tokenUrl, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  return { status: answer.status, ...((await answer.json()) as object) }
}

test.concurrent.each(storeNames)('%s: a login survives from machine to machine, and each refresh token is spent once', (name) =>
  inStoreWorld(name, async (world) => {
    const { place, openai } = world
    const seed = openai.login({ expiresIn: -10 })
    place.seed(seed.text)

    const first = world.machine()
    let rotated: string | undefined
    const one = await world.run(first, [
      codexStep,
      call('look', () => {
        rotated = authFileText(first)
      }),
    ])
    expect([one.conclusion, one.stage('keeper').outputs['source']]).toEqual(['success', name === 'github-secret' ? place.line : 'seed'])
    expect(one.stage('keeper', 'post').summary).toContain('written: the refreshed login is stored')
    expect(rotated).not.toBe(seed.text)
    expect(await world.stored()).toBe(world.held({ bytes: Buffer.from(rotated ?? '') }))
    expect(await place.writes()).toBe(1)
    first.destroy()

    const second = world.machine()
    let again: string | undefined
    const two = await world.run(
      second,
      [
        codexStep,
        call('look', () => {
          again = authFileText(second)
        }),
      ],
      { inputs: { refresh: 'always' } },
    )
    expect([two.conclusion, two.stage('keeper').outputs]).toEqual([
      'success',
      expect.objectContaining({ source: place.line, refreshed: 'true', stored: 'true' }),
    ])
    expect(two.stage('keeper').summary).toContain('written: the refreshed login is stored')
    expect(two.stage('keeper', 'post').summary).toContain('(unchanged)')
    expect(await world.stored()).toBe(world.held({ bytes: Buffer.from(again ?? '') }))
    expect(await place.writes()).toBe(2)

    expect(openai.ledger().tokens.map(({ generation, outcomes }) => [generation, outcomes])).toEqual([
      [0, ['rotated']],
      [1, ['rotated']],
      [2, []],
    ])
    expect([openai.ledger().strangers, openai.ledger().revocations]).toEqual([0, 0])
    expect(await present(openai.tokenUrl, seed.tokens.refresh_token)).toMatchObject({
      status: 401,
      error: { code: 'refresh_token_reused' },
    })
  }),
)
