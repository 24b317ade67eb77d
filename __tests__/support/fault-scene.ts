import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Login } from './codex-login.ts'
import type { Job, StageRecord } from './fake-runner/job-result.ts'
import type { Step } from './fake-runner/job-spec.ts'
import type { Machine } from './fake-runner/machine.ts'
import type { StoreName } from './store-places.ts'
import { authFileOf, authFileText } from './keeper-workflow.ts'
import { call, inStoreWorld, type RunOptions, type StoreWorld } from './store-world.ts'

export interface Scene extends StoreWorld {
  /** The older login that the jobs are given as seed, where the store knows one; Codex would use it as it is. */
  readonly seed: Login
  /** What the store holds: Codex refreshes it at its next start. */
  readonly due: Login
  readonly first: Machine
  /** Runs the job on the first machine; its later steps are these. */
  readonly job: (steps: readonly Step[], more?: RunOptions) => Promise<Job>
  /** The text of what Codex wrote, seen by a step after it. */
  readonly rotated: () => string
  readonly look: Step
}

/** A store with a due login in it, and a machine. */
export function inScene(name: StoreName, play: (scene: Scene) => Promise<void>): Promise<void> {
  return inStoreWorld(name, async (world) => {
    const due = world.openai.login({ expiresIn: -10 })
    const seed = world.openai.login({ ...due.claims, issuedAt: due.claims.issuedAt - 86_400, expiresIn: 86_400 })
    if (name !== 'github-secret') world.place.seed(seed.text)
    await world.place.put(due.bytes)
    const first = world.machine()
    let text: string | undefined
    await play({
      ...world,
      due,
      seed,
      first,
      job: (steps, more) => world.run(first, steps, more),
      rotated: () => text ?? '',
      look: call('look', () => {
        text = authFileText(first)
      }),
    })
    // Whatever happens, the seed is never presented, and nobody presents anything twice.
    const { tokens, strangers, revocations } = world.openai.ledger()
    expect([
      tokens.filter(({ refreshToken }) => refreshToken === seed.tokens.refresh_token).map(({ presented }) => presented),
      strangers,
      revocations,
    ]).toEqual([[0], 0, 0])
  })
}

/** Names a test in a scene with this store. All stand in one block, since Jest runs at the same time only what stands in the same one. */
export function rowsOn(name: StoreName): (title: string, play: (scene: Scene) => Promise<void>) => void {
  return (title, play) => {
    test.concurrent(`${name}: ${title}`, () => inScene(name, play))
  }
}

/** `post` as a person sees it: its colour, and the words of its log and summary. */
export function shownByPost(job: Job): [StageRecord['conclusion'], string] {
  const { conclusion, summary, log } = job.stage('keeper', 'post')
  const words = /<td>(written|failed|kept: [^<]*\(([a-z-]+)\))/.exec(summary)
  const word = words?.[2] ?? words?.[1] ?? 'none'
  expect(log.join('\n')).toContain(word)
  return [conclusion, word]
}

/** How often each generation of the stored login was spent. */
export function spent({ openai, due }: Scene): (readonly string[])[] {
  const { login } = openai.ledger().tokens.find(({ refreshToken }) => refreshToken === due.tokens.refresh_token) ?? {}
  return openai
    .ledger()
    .tokens.filter((token) => token.login === login)
    .map(({ outcomes }) => outcomes)
}

/** Waits until the store holds the file of the first machine, without a look at the file's owner; a minute at most. */
export async function untilStored({ first, held, stored }: Scene): Promise<void> {
  const wanted = held({ bytes: readFileSync(authFileOf(first)) })
  for (const end = performance.now() + 60_000; (await stored()) !== wanted && performance.now() < end;) await sleep(50)
}

/** Level and text of each annotation. */
export function annotations(job: Job): (readonly [string, string])[] {
  return job.annotations.map(({ level, message }) => [level, message])
}

/** Another login of the same account, issued so many seconds after the stored one (before it: negative), not due. */
export function laterLogin({ openai, due }: Scene, seconds: number): Login {
  return openai.login({ ...due.claims, issuedAt: due.claims.issuedAt + seconds, expiresIn: 864_000 })
}
