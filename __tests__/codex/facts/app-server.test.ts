import { describe, expect, test } from '@jest/globals'
import { readAccount, startAppServer, type AppServer } from '../../support/codex-app-server.ts'
import type { Held } from '../../support/loopback-openai/gate.ts'
import type { HoldMoment } from '../../support/loopback-openai/token-endpoint.ts'
import type { CodexRelease } from '../../support/real-codex.ts'
import { due, machines, without, type Machine } from './machines.ts'

const machine = machines()
const releases: CodexRelease[] = ['pinned', 'older']
const moments = ['before rotating', 'after rotating'] as const
const account = (value: unknown): unknown => ({ kind: 'result', result: expect.objectContaining({ account: value }) as unknown })

describe.each(releases)('app-server of the %s release', (release) => {
  test('account/read with refreshToken:true spends a token that has not ended exactly once, and saves', async () => {
    const { openai, home, seedToken } = await machine({ enforce: true })
    const { end } = await readAccount(home, true, { release })
    expect(end.code).toBe(0)
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
    expect(openai.ledger().tokens).toHaveLength(2)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('account/read with refreshToken:false spends a token that has ended exactly once, and saves', async () => {
    const { openai, home, seedToken } = await machine({ login: due, enforce: true })
    await readAccount(home, false, { release })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
    expect(openai.ledger().tokens).toHaveLength(2)
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('account/read with refreshToken:true rotates twice when the token has ended', async () => {
    const { openai, home } = await machine({ login: due })
    await readAccount(home, true, { release })
    expect(openai.ledger().tokens.map(({ presented }) => presented)).toEqual([1, 1, 0])
  })

  test('account/read with refreshToken:false leaves a token that has not ended alone', async () => {
    const { seed, home, posts } = await machine()
    await readAccount(home, false, { release })
    expect({ posts: posts(), file: await home.authJson() }).toEqual({ posts: 0, file: seed.text })
  })

  test.each(moments)('the end of its input in the exchange (%s) lets it finish and save', async (moment) => {
    const here = await machine()
    const { openai, home, seedToken } = here
    const { server, exchange } = await exchanging(here, moment, release)
    server.closeInput()
    await reacted()
    exchange.release()
    expect(await server.ended).toMatchObject({ code: 0, signal: null })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })
})

describe('Signals during the exchange of app-server', () => {
  test.each(moments)('0.169 finishes and saves after SIGTERM (%s)', async (moment) => {
    const here = await machine()
    const { openai, home, seedToken } = here
    const { server, exchange } = await exchanging(here, moment, 'pinned')
    server.child.kill('SIGTERM')
    await reacted()
    exchange.release()
    expect(await server.ended).toMatchObject({ code: 0, signal: null })
    expect(seedToken()).toMatchObject({ presented: 1, outcomes: ['rotated'] })
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test.each([
    { release: 'older', signal: 'SIGTERM' },
    { release: 'older', signal: 'SIGINT' },
    { release: 'pinned', signal: 'SIGINT' },
  ] as const)('the $release release loses the login to $signal', async ({ release, signal }) => {
    const here = await machine()
    const { seed, home, seedToken } = here
    const { server } = await exchanging(here, 'after rotating', release)
    server.child.kill(signal)
    await server.ended
    expect(seedToken()?.outcomes).toEqual(['rotated'])
    expect(await home.authJson()).toBe(seed.text)
  })
})

describe('app-server', () => {
  test('the refresh of a token that has ended happens before initialize is answered', async () => {
    const { openai, home } = await machine({ login: due })
    const exchange = openai.holdNextExchange('before rotating')
    const server = startAppServer(home)
    let answered = false
    const initialized = server.initialize().then(() => {
      answered = true
    })
    await exchange.begun
    await reacted()
    expect(answered).toBe(false)
    exchange.release()
    await initialized
    server.closeInput()
    await server.ended
    expect(openai.ledger().tokens).toHaveLength(2)
  })

  test('a refused refresh is answered with no account and no error; the file is untouched', async () => {
    const { openai, seed, home } = await machine()
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
    const { answer, end } = await readAccount(home, true)
    expect(answer).toEqual(account(null))
    expect({ code: end.code, file: await home.authJson() }).toEqual({ code: 0, file: seed.text })
  })

  test('a token endpoint that answers 500 is answered as if all were well; the file is untouched', async () => {
    const { openai, seed, home } = await machine()
    openai.exchangeFault({ kind: 'status', status: 500 })
    const { answer } = await readAccount(home, true)
    expect(answer).toEqual(account(expect.objectContaining({ type: 'chatgpt' })))
    expect(await home.authJson()).toBe(seed.text)
  })

  test('an account check that fails is answered with an error, although the file was refreshed', async () => {
    const { openai, home } = await machine()
    openai.accountCheckFails(true)
    const { answer } = await readAccount(home, true)
    expect(answer).toMatchObject({ kind: 'error', code: -32603 })
    expect(await home.authJson()).toContain(openai.ledger().tokens[1]?.refreshToken)
  })

  test('without account_id it answers as if all were well and asks the token endpoint nothing', async () => {
    const { home, posts } = await machine({ document: (seed) => without(seed, 'account_id') })
    const { answer } = await readAccount(home, true)
    expect({ kind: answer.kind, posts: posts() }).toEqual({ kind: 'result', posts: 0 })
  })

  test('without a file it answers with no account', async () => {
    const { home, posts } = await machine({ document: () => undefined })
    expect((await readAccount(home, true)).answer).toEqual(account(null))
    expect(posts()).toBe(0)
  })

  test('with CODEX_ACCESS_TOKEN the file is not used: no refresh', async () => {
    const { seed, home, posts } = await machine({ login: due })
    await readAccount(home, true, { env: { CODEX_ACCESS_TOKEN: seed.tokens.access_token } })
    expect({ posts: posts(), file: await home.authJson() }).toEqual({ posts: 0, file: seed.text })
  })

  test('an input that ends right after the requests stops it before it has done anything', async () => {
    const { home, posts } = await machine()
    const server = startAppServer(home)
    void server.initialize()
    void server.accountRead(true)
    server.closeInput()
    expect((await server.ended).code).toBe(0)
    expect(posts()).toBe(0)
  })
})

/** An app-server that was asked to refresh, in the middle of the exchange. */
async function exchanging(
  { openai, home }: Machine,
  moment: HoldMoment,
  release: CodexRelease,
): Promise<{ server: AppServer; exchange: Held }> {
  const exchange = openai.holdNextExchange(moment)
  const server = startAppServer(home, { release })
  await server.initialize()
  void server.accountRead(true)
  await exchange.begun
  return { server, exchange }
}

/** Gives a process time to react wrongly. A shorter time could only hide a failure, never make one. */
function reacted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 300)
  })
}
