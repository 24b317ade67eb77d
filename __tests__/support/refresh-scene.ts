import { noRetry } from './post-request.ts'
import type { CodexCli, CodexRun, RefreshCall } from '../../src/codex/codex-cli.ts'
import { refreshEarly, type RefreshRequest } from '../../src/keeper/refresh.ts'
import type { LeaseNews } from '../../src/keeper/right-to-spend.ts'
import type { Restored } from '../../src/keeper/restore.ts'
import { proveLogin, type ProofRequest } from '../../src/keeper/smoke-test.ts'
import type { Standing } from '../../src/keeper/standing.ts'
import { managedLogin, type Login } from './codex-login.ts'
import { inMemoryPlace, type InMemoryPlace } from './in-memory-store.ts'
import { keeperWorld, refreshed, type KeeperWorld } from './keeper-world.ts'

/** A login, and two that followed it. */
export const base = managedLogin({ issuedAt: Math.floor(Date.now() / 1000) - 3600, expiresIn: 3600 })
export const next = refreshed(base)
export const later = refreshed(next)
export const holder = { run: 'https://github.com/your-org/your-repo/actions/runs/1', attempt: 1, job: 'test' }
export const ended = (failure?: Extract<CodexRun, { kind: 'ended' }>['failure']): CodexRun => ({
  kind: 'ended',
  ok: failure === undefined,
  failure,
})

/** A Codex that does what the test says, and a note of all that happens, in order. */
export interface Scene {
  readonly world: KeeperWorld
  readonly events: string[]
  /** How the login stood at first, and each new standing since. */
  readonly restored: Restored
  readonly standing: Standing
  readonly standings: Standing[]
  readonly news: LeaseNews[]
  readonly calls: RefreshCall[]
  readonly ask: (changes?: Partial<RefreshRequest>) => ReturnType<typeof refreshEarly>
  readonly prove: (changes?: Partial<ProofRequest>) => ReturnType<typeof proveLogin>
}

export interface Behaviour {
  readonly refresh?: (world: KeeperWorld) => Promise<CodexRun> | CodexRun
  readonly smokeTest?: (world: KeeperWorld) => Promise<CodexRun> | CodexRun
}

export async function scene(
  { refresh = () => ended(), smokeTest = () => ended() }: Behaviour,
  places: readonly InMemoryPlace[] = [inMemoryPlace()],
): Promise<Scene> {
  for (const place of places) place.put(base.bytes)
  const world = await keeperWorld({ places })
  const restored = await world.restore()
  const events: string[] = []
  const standings: Standing[] = []
  const news: LeaseNews[] = []
  const calls: RefreshCall[] = []
  const codex: CodexCli = {
    refresh: async (call) => {
      calls.push(call)
      call.onStart(11)
      return refresh(world)
    },
    smokeTest: async (onStart) => {
      events.push('smoke test')
      onStart(12)
      return smokeTest(world)
    },
  }
  const request: RefreshRequest & { codex: CodexCli } = {
    when: 'auto',
    due: true,
    codex,
    codexHome: world.codexHome,
    stores: places.map((place) => place.open()),
    clock: world.clock,
    retry: noRetry,
    standing: restored.standing,
    turn: { holder, passOver: [], random: () => 0.5, onNews: (each) => news.push(each) },
    onCredential: ({ refreshToken }) => {
      events.push(`mask ${nameOf(refreshToken)}`)
    },
    state: {
      update: (part) => {
        if ('codexProcess' in part) events.push(part.codexProcess === undefined ? 'end' : `start ${part.codexProcess}`)
        if ('ownChange' in part && !('standing' in part)) events.push('own change')
        if (part.standing === undefined) return
        events.push('standing')
        standings.push(part.standing)
      },
    },
  }
  const ask: Scene['ask'] = (changes) => refreshEarly({ ...request, ...changes })
  const prove: Scene['prove'] = (changes) => proveLogin({ ...request, atHand: restored.credential.fingerprint, ...changes })
  return { world, events, restored, standing: restored.standing, standings, news, calls, ask, prove }
}

function nameOf(refreshToken: string): string {
  return [
    ['base', base],
    ['next', next],
    ['later', later],
  ].find(([, login]) => (login as Login).tokens.refresh_token === refreshToken)?.[0] as string
}

/** Codex writes this document. */
export const writes =
  (login: Pick<Login, 'bytes'>, run: CodexRun = ended()) =>
  async (world: KeeperWorld): Promise<CodexRun> => {
    await world.put(login.bytes)
    return run
  }
