import { expect, jest } from '@jest/globals'
import { annotations, laterLogin, rowsOn, shownByPost, type Scene } from '../support/fault-scene.ts'
import { storeNames } from '../support/store-places.ts'
import { authFileText, putAuthFile } from '../support/keeper-workflow.ts'
import { call, writeAuthFile } from '../support/store-world.ts'

jest.setTimeout(180_000)

/** The rows of the decision table that need no Codex and are not in the fault table. */
for (const name of storeNames) {
  const row = rowsOn(name)
  const unseen = name === 'github-secret'

  /** The store keeps what it holds, and post says this word; red where the file brings a refresh token that nobody has seen before. */
  const keeps = async (scene: Scene, document: string, word: string, conclusion: 'success' | 'failure' = 'success'): Promise<void> => {
    const job = await scene.job([writeAuthFile(scene.first, document)])
    expect([job.conclusion, ...shownByPost(job)]).toEqual([conclusion, conclusion, word])
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(scene.due), 0, document])
  }

  row('another account than base: kept', async (scene) => {
    await keeps(scene, scene.openai.login().text, 'different-account')
  })

  row('the seed, where something later was restored: kept', async (scene) => {
    // What is in the secret of this store is its copy, so there is no seed to know.
    await keeps(scene, scene.seed.text, 'older-than-base', unseen ? 'failure' : 'success')
  })

  if (!unseen)
    row('still the seed, and the store is empty: nothing is stored', async (scene) => {
      await scene.place.empty()
      const job = await scene.job([])
      expect([job.conclusion, job.stage('keeper').outputs['source'], ...shownByPost(job)]).toEqual([
        'success',
        'seed',
        'success',
        'is-seed',
      ])
      expect([await scene.stored(), await scene.place.writes()]).toEqual([undefined, 0])
      expect(JSON.parse(authFileText(scene.first) ?? '')).toEqual(JSON.parse(scene.seed.text))
    })

  row('issued earlier than base: kept', async (scene) => {
    await keeps(scene, laterLogin(scene, -3_600).text, 'older-than-base', 'failure')
  })

  row('same as base, and the store was behind: written', async (scene) => {
    const atHand = laterLogin(scene, 60)
    putAuthFile(scene.first, atHand.text)
    const job = await scene.job([])
    expect([job.conclusion, job.stage('keeper').outputs['source'], ...shownByPost(job)]).toEqual(['success', 'file', 'success', 'written'])
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(atHand), 1, atHand.text])
  })

  row('same as base, and the store has become newer: kept', async (scene) => {
    const newer = laterLogin(scene, 120)
    putAuthFile(scene.first, laterLogin(scene, 60).text)
    const job = await scene.job([call('elsewhere', () => scene.place.put(newer.bytes))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'superseded'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(newer), 0])
  })

  row('rotated, and the store was older than base: written', async (scene) => {
    const rotated = laterLogin(scene, 120)
    putAuthFile(scene.first, laterLogin(scene, 60).text)
    const job = await scene.job([writeAuthFile(scene.first, rotated.text)])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'written'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(rotated), 1])
  })

  row('rotated, and the store holds other tokens of the instant of base: kept', async (scene) => {
    const rival = laterLogin(scene, 0)
    const rotated = laterLogin(scene, 60)
    const job = await scene.job([writeAuthFile(scene.first, rotated.text), call('elsewhere', () => scene.place.put(rival.bytes))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'superseded'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(rival), 0])
  })

  const foreign = unseen ? 'kept, as every write by somebody else' : 'kept and red, because nobody holds ours'
  row(`rotated, and the store has become another account's: ${foreign}`, async (scene) => {
    const other = scene.openai.login()
    const rotated = laterLogin(scene, 60)
    const job = await scene.job([writeAuthFile(scene.first, rotated.text), call('elsewhere', () => scene.place.put(other.bytes))])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(
      unseen ? ['success', 'success', 'superseded'] : ['failure', 'failure', 'different-account'],
    )
    expect([await scene.stored(), await scene.place.writes(), authFileText(scene.first)]).toEqual([scene.held(other), 0, rotated.text])
    if (!unseen) expect(annotations(job)).toContainEqual(['error', expect.stringContaining('no store could take it')])
  })

  row('rotated, and the store has become empty: written', async (scene) => {
    const rotated = laterLogin(scene, 60)
    const job = await scene.job([writeAuthFile(scene.first, rotated.text), call('elsewhere', () => scene.place.empty())])
    expect([job.conclusion, ...shownByPost(job)]).toEqual(['success', 'success', 'written'])
    expect([await scene.stored(), await scene.place.writes()]).toEqual([scene.held(rotated), 1])
  })
}
