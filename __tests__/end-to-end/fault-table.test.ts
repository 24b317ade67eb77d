import { describe, expect, jest, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Login } from '../support/codex-login.ts'
import { unmanagedDocuments } from '../support/codex-login.ts'
import type { Job, StageRecord } from '../support/fake-runner/job-result.ts'
import type { ScriptStep, Step } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { codexHomeOf, codexStep } from '../support/keeper-workflow.ts'
import { loopbackConfig } from '../support/real-codex.ts'
import { storeNames, type StoreName } from '../support/store-places.ts'
import { authFileText, call, inStoreWorld, writeAuthFile, type RunOptions, type StoreWorld } from '../support/store-world.ts'

jest.setTimeout(180_000)

interface Scene extends StoreWorld {
  /** The older login that the jobs are given as seed, where the store knows one. */
  readonly seed: Login
  /** What the store holds: Codex refreshes it at its next start. */
  readonly due: Login
  readonly first: Machine
  /** Runs the job on the first machine; its later steps are these. */
  job(steps: readonly Step[], more?: RunOptions): Promise<Job>
  /** The text of what Codex wrote, seen by a step after it. */
  readonly rotated: () => string
  readonly look: Step
}

/** A store with a due login in it, and a machine. */
function inScene(name: StoreName, play: (scene: Scene) => Promise<void>): Promise<void> {
  return inStoreWorld(name, async (world) => {
    const due = world.openai.login({ expiresIn: -10 })
    const seed = world.openai.login({ ...due.claims, issuedAt: due.claims.issuedAt - 86_400, expiresIn: -86_400 })
    if (name !== 'github-secret') world.place.seed(seed.text)
    await world.place.put(due.bytes)
    const first = world.machine()
    let text: string | undefined
    await play({
      ...world, due, seed, first,
      job: (steps, more) => world.run(first, steps, more),
      rotated: () => text ?? '',
      look: call('look', () => { text = authFileText(first) }),
    })
    // Whatever happens, the seed is never presented, and nobody presents anything twice.
    const { tokens, strangers, revocations } = world.openai.ledger()
    expect([tokens.filter(({ refreshToken }) => refreshToken === seed.tokens.refresh_token).map(({ presented }) => presented), strangers, revocations])
      .toEqual([[0], 0, 0])
  })
}

/** `post` as a person sees it: its colour, and the words of its log and summary. */
function post(job: Job): [StageRecord['conclusion'], string] {
  const { conclusion, summary, log } = job.stage('keeper', 'post')
  const words = /\| (written|failed|kept: [^|]*\(([a-z-]+)\))/.exec(summary)
  const word = words?.[2] ?? words?.[1] ?? 'none'
  expect(log.join('\n')).toContain(word)
  return [conclusion, word]
}

/** How often each generation of the stored login was spent. */
function spent({ openai, due }: Scene): (readonly string[])[] {
  const { login } = openai.ledger().tokens.find(({ refreshToken }) => refreshToken === due.tokens.refresh_token) ?? {}
  return openai.ledger().tokens.filter((token) => token.login === login).map(({ outcomes }) => outcomes)
}

/** Codex with its process id in a file, so that it alone can be killed. */
const codexInBackground: ScriptStep = { id: 'codex', run: `${codexStep.run} & echo $! > "$HOME/pid"; wait $!` }

const text = (value: string): { bytes: Uint8Array } => ({ bytes: Buffer.from(value) })

describe.each(storeNames)('the fault table on %s', (name) => {
  const keepsFile = name === 'runner'

  test.concurrent('rotated normally: written, green', () => inScene(name, async (scene) => {
    const job = await scene.job([codexStep, scene.look])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'written'])
    expect(await scene.stored()).toBe(scene.held(text(scene.rotated())))
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
    expect(authFileText(scene.first)).toBe(keepsFile ? scene.rotated() : undefined)
  }))

  test.concurrent('unchanged: nothing is written, green', () => inScene(name, async (scene) => {
    const fresh = scene.openai.login({ ...scene.due.claims, issuedAt: scene.due.claims.issuedAt + 60, expiresIn: 86_400 })
    await scene.place.put(fresh.bytes)
    const job = await scene.job([codexStep])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'unchanged'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(fresh), 0])
  }))

  test.concurrent('codex failed and the file deleted: the copy stays', () => inScene(name, async (scene) => {
    const locked = call('locks', () => {
      writeFileSync(join(codexHomeOf(scene.first), 'config.toml'), loopbackConfig(scene.openai, 'forced_login_method = "api"'))
    })
    const job = await scene.job([locked, codexStep])
    expect([job.conclusion, job.stage('codex').conclusion, ...post(job)]).toEqual(['failure', 'failure', 'success', 'file-missing'])
    expect(authFileText(scene.first)).toBeUndefined()
    expect([await scene.stored(), await scene.place.writes(), spent(scene)]).toEqual([scene.held(scene.due), 0, [[]]])
  }))

  test.concurrent('file cut to half: the copy stays, green with a warning', () => inScene(name, async (scene) => {
    const half = scene.due.text.slice(0, scene.due.text.length / 2)
    const job = await scene.job([writeAuthFile(scene.first, half)])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'damaged'])
    expect(job.annotations.map(({ level, text: words }) => [level, words])).toContainEqual(['warning', expect.stringContaining('auth.json is damaged')])
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, half])
  }))

  test.concurrent('replaced by API-key auth: the copy stays, green with a warning', () => inScene(name, async (scene) => {
    const job = await scene.job([writeAuthFile(scene.first, unmanagedDocuments()['api-key'].bytes)])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'not-managed'])
    expect(job.annotations.map(({ level, text: words }) => [level, words])).toContainEqual(['warning', expect.stringContaining('no longer a ChatGPT login')])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
  }))

  test.concurrent('store newer and ours unchanged: the newer one stays, green', () => inScene(name, async (scene) => {
    const newer = scene.openai.login({ ...scene.due.claims, issuedAt: scene.due.claims.issuedAt + 60 })
    const job = await scene.job([call('elsewhere', () => scene.place.put(newer.bytes))])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'unchanged'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(newer), 0])
  }))

  test.concurrent('reseeded while ours rotated the old login: the reseed stays, green', () => inScene(name, async (scene) => {
    const reseed = scene.openai.login({ ...scene.due.claims, issuedAt: Math.ceil(Date.now() / 1000) + 600 })
    const job = await scene.job([codexStep, scene.look, call('person', () => scene.place.put(reseed.bytes))])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'superseded'])
    expect([await scene.stored(), await scene.place.writes(), spent(scene)]).toEqual([scene.held(reseed), 0, [['rotated'], []]])
    expect(authFileText(scene.first)).toBe(scene.rotated())
  }))

  test.concurrent('codex killed -9 after rotating: written all the same', () => inScene(name, async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    const killed = working.begun.then(() => {
      process.kill(Number(readFileSync(join(scene.first.home, 'pid'), 'utf8')), 'SIGKILL')
    })
    const job = await scene.job([codexInBackground, { ...scene.look, if: 'always()' }])
    await killed
    expect([job.conclusion, job.stage('codex').exitCode, ...post(job)]).toEqual(['failure', 137, 'success', 'written'])
    expect(await scene.stored()).toBe(scene.held(text(scene.rotated())))
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
  }))

  const lost = keepsFile ? 'the file that stayed on the machine is stored by the next job' : 'lost without an early refresh, and the next run says so'
  test.concurrent(`the whole job killed -9 after rotating: ${lost}`, () => inScene(name, async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    const dead = await scene.job([codexStep], { interrupts: [{ kind: 'kill', when: { after: working.begun } }] })
    expect([dead.conclusion, dead.ran('keeper', 'post')]).toEqual(['lost', false])
    expect([await scene.stored(), spent(scene)]).toEqual([scene.held(scene.due), [['rotated'], []]])
    if (keepsFile) {
      const left = authFileText(scene.first) ?? ''
      const next = await scene.job([codexStep])
      expect([next.conclusion, next.stage('keeper').outputs['source'], ...post(next)]).toEqual(['success', 'file', 'success', 'written'])
      expect([await scene.stored(), spent(scene)]).toEqual([left, [['rotated'], []]])
      return
    }
    const next = await scene.run(scene.machine(), [codexStep])
    expect([next.conclusion, next.stage('codex').conclusion, ...post(next)]).toEqual(['failure', 'failure', 'success', 'unchanged'])
    expect(next.stage('codex').log.join('\n')).toContain('your refresh token was already used')
    expect(next.stage('keeper', 'post').summary).toContain('an earlier job was lost between the refresh and the save: log in anew and replace the seed')
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
  }))

  test.concurrent('the whole job killed -9 after an early refresh: nothing is lost', () => inScene(name, async (scene) => {
    const dead = await scene.job([], { inputs: { refresh: 'auto' }, interrupts: [{ kind: 'kill', when: { step: 'keeper', at: 'end' } }] })
    expect([dead.conclusion, dead.ran('keeper', 'post')]).toEqual(['lost', false])
    expect(await scene.stored()).toBe(scene.held(text(authFileText(scene.first) ?? '')))
    const next = await scene.run(scene.machine(), [codexStep])
    expect([next.conclusion, next.stage('keeper').outputs['source'], ...post(next)]).toEqual(['success', scene.place.line, 'success', 'unchanged'])
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
  }))

  test.concurrent('store write fails once: tried again, green', () => inScene(name, async (scene) => {
    const job = await scene.job([codexStep, scene.look, call('outage', () => scene.place.failWrites(1))])
    expect([job.conclusion, ...post(job)]).toEqual(['success', 'success', 'written'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(text(scene.rotated())), 1])
  }))

  test.concurrent('store write always fails: red, the file is not deleted, and the same machine can save it', () => inScene(name, async (scene) => {
    const job = await scene.job([codexStep, scene.look, call('outage', () => scene.place.failWrites('always'))])
    expect([job.conclusion, ...post(job)]).toEqual(['failure', 'failure', 'failed'])
    expect(job.annotations.map(({ level, text: words }) => [level, words])).toContainEqual(['error', expect.stringContaining('no store could take it')])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
    expect(authFileText(scene.first)).toBe(scene.rotated())

    await scene.place.heal()
    const next = await scene.job([])
    expect([next.conclusion, next.stage('keeper').outputs['source'], ...post(next)]).toEqual(['success', 'file', 'success', 'written'])
    expect([await scene.stored(), spent(scene)]).toEqual([scene.held(text(scene.rotated())), [['rotated'], []]])
  }))

  test.concurrent('store read fails in main: red, the seed is not used, nothing is written', () => inScene(name, async (scene) => {
    await scene.place.failReads('always')
    const job = await scene.job([codexStep])
    await scene.place.heal()
    expect([job.conclusion, job.stage('keeper').conclusion, job.ran('codex')]).toEqual(['failure', 'failure', false])
    expect(job.stage('keeper', 'post').log.join('\n')).toContain('nothing to write back')
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, undefined])
  }))

  test.concurrent('store read fails in post: red, nothing is written, the file is not deleted', () => inScene(name, async (scene) => {
    const job = await scene.job([codexStep, scene.look, call('outage', () => scene.place.failReads('always'))])
    await scene.place.heal()
    expect([job.conclusion, ...post(job)]).toEqual(['failure', 'failure', 'failed'])
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, scene.rotated()])
  }))
})
