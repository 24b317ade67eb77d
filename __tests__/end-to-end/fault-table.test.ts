import { expect, jest } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unmanagedDocuments } from '../support/codex-login.ts'
import type { ScriptStep } from '../support/fake-runner/job-spec.ts'
import { annotations, laterLogin, rowsOn, shownByPost, spent, untilStored, type Scene } from '../support/fault-scene.ts'
import { authFileText, codexHomeOf, codexStep } from '../support/keeper-workflow.ts'
import { loopbackConfig } from '../support/real-codex.ts'
import { storeNames } from '../support/store-places.ts'
import { call, writeAuthFile } from '../support/store-world.ts'

jest.setTimeout(180_000)

/** Codex with its process id in a file, so that it alone can be killed. */
const codexInBackground: ScriptStep = { id: 'codex', run: `${codexStep.run} & echo $! > "$HOME/pid"; wait $!` }

const text = (value: string): { bytes: Uint8Array } => ({ bytes: Buffer.from(value) })

/** The next job, on another machine, goes on with what the store holds, and has nothing to write. */
async function livesOnTheStore(scene: Scene): Promise<void> {
  const next = await scene.run(scene.machine(), [codexStep])
  const { source } = next.stage('keeper').outputs
  expect([next.conclusion, source, ...shownByPost(next)]).toEqual(['success', scene.place.line, 'success', 'unchanged'])
}

for (const name of storeNames) {
  const row = rowsOn(name)
  const keepsFile = name === 'runner'

  row('rotated normally: written, green', async (scene) => {
    const job = await scene.job([codexStep, scene.look])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'written'])
    expect(await scene.stored()).toBe(scene.held(text(scene.rotated())))
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
    expect(authFileText(scene.first)).toBe(keepsFile ? scene.rotated() : undefined)
  })

  row('unchanged: nothing is written, green', async (scene) => {
    const fresh = laterLogin(scene, 60)
    await scene.place.put(fresh.bytes)
    const job = await scene.job([codexStep])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'unchanged'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(fresh), 0])
  })

  row('codex failed and the file deleted: the copy stays', async (scene) => {
    const locked = call('locks', () => {
      writeFileSync(join(codexHomeOf(scene.first), 'config.toml'), loopbackConfig(scene.openai, 'forced_login_method = "api"'))
    })
    const job = await scene.job([locked, codexStep])
    expect([job.conclusion, job.stage('codex').conclusion, ...shownByPost(job)]).toEqual(['failure', 'failure', 'success', 'file-missing'])
    expect(authFileText(scene.first)).toBeUndefined()
    expect([await scene.stored(), await scene.place.writes(), spent(scene)]).toEqual([scene.held(scene.due), 0, [[]]])
  })

  row('file cut to half: the copy stays, green with a warning', async (scene) => {
    const half = scene.due.text.slice(0, scene.due.text.length / 2)
    const job = await scene.job([writeAuthFile(scene.first, half)])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'damaged'])
    expect(annotations(job)).toContainEqual(['warning', expect.stringContaining('auth.json is damaged')])
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, half])
  })

  row('replaced by API-key auth: the copy stays, green with a warning', async (scene) => {
    const job = await scene.job([writeAuthFile(scene.first, unmanagedDocuments()['api-key'].bytes)])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'not-managed'])
    expect(annotations(job)).toContainEqual(['warning', expect.stringContaining('no longer a ChatGPT login')])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
  })

  row('store newer and ours unchanged: the newer one stays, green', async (scene) => {
    const newer = laterLogin(scene, 60)
    const job = await scene.job([call('elsewhere', () => scene.place.put(newer.bytes))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'unchanged'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(newer), 0])
  })

  row('reseeded while ours rotated the old login: the reseed stays, green', async (scene) => {
    const reseed = laterLogin(scene, 15 * 86_400)
    const job = await scene.job([codexStep, scene.look, call('person', () => scene.place.put(reseed.bytes))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'superseded'])
    expect([await scene.stored(), await scene.place.writes(), spent(scene)]).toEqual([scene.held(reseed), 0, [['rotated'], []]])
    expect(authFileText(scene.first)).toBe(scene.rotated())
  })

  row('codex killed -9 after rotating: written all the same', async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    const killed = working.begun.then(() => {
      process.kill(Number(readFileSync(join(scene.first.home, 'pid'), 'utf8')), 'SIGKILL')
    })
    const job = await scene.job([codexInBackground, { ...scene.look, if: 'always()' }])
    await killed
    expect([job.conclusion, job.stage('codex').exitCode, ...shownByPost(job)]).toEqual(['failure', 137, 'success', 'written'])
    expect(await scene.stored()).toBe(scene.held(text(scene.rotated())))
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
  })

  row('the whole job killed -9 two seconds after rotating: it was written through, nothing is lost', async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    // A machine that is busy with other jobs may take longer.
    const twoSecondsLater = working.begun.then(() => Promise.all([sleep(2_000), untilStored(scene)]))
    const dead = await scene.job([codexStep], {
      inputs: { 'write-through': 'auto' },
      interrupts: [{ kind: 'kill', when: { after: twoSecondsLater } }],
    })
    expect([dead.conclusion, dead.ran('keeper', 'post')]).toEqual(['lost', false])
    expect([await scene.stored(), spent(scene)]).toEqual([scene.held(text(authFileText(scene.first) ?? '')), [['rotated'], []]])
    await livesOnTheStore(scene)
    // The disk counts the writes of the processes that have the machine's environment, and this one has none of it.
    expect([await scene.place.writes(), spent(scene)]).toEqual([keepsFile ? 0 : 1, [['rotated'], []]])
  })

  const lost = keepsFile
    ? 'the file that stayed on the machine is stored by the next job'
    : 'lost without an early refresh, and the next run says so'
  row(`the whole job killed -9 after rotating, write-through: never: ${lost}`, async (scene) => {
    const working = scene.openai.holdNextModelRequest()
    const dead = await scene.job([codexStep], { interrupts: [{ kind: 'kill', when: { after: working.begun } }] })
    expect([dead.conclusion, dead.ran('keeper', 'post')]).toEqual(['lost', false])
    expect([await scene.stored(), spent(scene)]).toEqual([scene.held(scene.due), [['rotated'], []]])
    if (keepsFile) {
      const left = authFileText(scene.first) ?? ''
      const next = await scene.job([codexStep])
      expect([next.conclusion, next.stage('keeper').outputs['source'], ...shownByPost(next)]).toEqual([
        'success',
        'file',
        'success',
        'written',
      ])
      expect([await scene.stored(), spent(scene)]).toEqual([left, [['rotated'], []]])
      return
    }
    const next = await scene.run(scene.machine(), [codexStep])
    expect([next.conclusion, next.stage('codex').conclusion, ...shownByPost(next)]).toEqual(['failure', 'failure', 'success', 'unchanged'])
    expect(next.stage('codex').log.join('\n')).toContain('your refresh token was already used')
    const { summary } = next.stage('keeper', 'post')
    expect(summary).toContain('❌ Log in again: OpenAI says that the refresh token was already used')
    expect(summary).toContain('an earlier job was lost between the refresh and the save, or an old stored copy was put back')
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
  })

  row('the whole job killed -9 after an early refresh: nothing is lost', async (scene) => {
    const dead = await scene.job([], { inputs: { refresh: 'auto' }, interrupts: [{ kind: 'kill', when: { step: 'keeper', at: 'end' } }] })
    expect([dead.conclusion, dead.ran('keeper', 'post')]).toEqual(['lost', false])
    expect(await scene.stored()).toBe(scene.held(text(authFileText(scene.first) ?? '')))
    await livesOnTheStore(scene)
    expect([await scene.place.writes(), spent(scene)]).toEqual([1, [['rotated'], []]])
  })

  row('store write fails once: tried again, green', async (scene) => {
    const job = await scene.job([codexStep, scene.look, call('outage', () => scene.place.failWrites(1))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'written'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(text(scene.rotated())), 1])
  })

  row('store write always fails: red, the file is not deleted, and the same machine can save it', async (scene) => {
    const outage = call('outage', () => scene.place.failWrites('always'))
    const job = await scene.job([codexStep, scene.look, outage], { inputs: { 'retry-for': '2s' } })
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['failure', 'failure', 'failed'])
    expect(annotations(job)).toContainEqual(['error', expect.stringContaining('no store could take it')])
    expect(job.stage('keeper', 'post').log.join('\n')).toContain('It is tried again in 2 s, and for 2 s in all')
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(scene.due), 0])
    expect(authFileText(scene.first)).toBe(scene.rotated())

    await scene.place.heal()
    const next = await scene.job([])
    expect([next.conclusion, next.stage('keeper').outputs['source'], ...shownByPost(next)]).toEqual([
      'success',
      'file',
      'success',
      'written',
    ])
    expect([await scene.stored(), spent(scene)]).toEqual([scene.held(text(scene.rotated())), [['rotated'], []]])
  })

  row('store read fails in main: red, the seed is not used, nothing is written', async (scene) => {
    await scene.place.failReads('always')
    const job = await scene.job([codexStep])
    await scene.place.heal()
    expect([job.conclusion, job.stage('keeper').conclusion, job.ran('codex')]).toEqual(['failure', 'failure', false])
    expect(job.stage('keeper').log.join('\n')).toContain(name === 'github-secret' ? 'No credential: ' : 'so the seed is not used')
    expect(job.stage('keeper', 'post').log.join('\n')).toContain('nothing to write back')
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, undefined])
  })

  row('store read fails in post: red, nothing is written, the file is not deleted', async (scene) => {
    const outage = call('outage', () => scene.place.failReads('always'))
    const job = await scene.job([codexStep, scene.look, outage], { inputs: { 'retry-for': '0' } })
    await scene.place.heal()
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['failure', 'failure', 'failed'])
    expect(job.stage('keeper', 'post').summary).not.toContain('Other writers')
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([
      scene.held(scene.due),
      0,
      scene.rotated(),
    ])
  })
}
