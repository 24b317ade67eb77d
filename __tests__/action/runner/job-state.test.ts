import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { savedJobState, type FixedState } from '../../../src/action/runner/job-state.ts'
import { loadState, loadStateOfPre, type SavedState } from '../../../src/action/runner/saved-state.ts'
import type { Standing } from '../../../src/keeper/standing.ts'
import { managedLogin } from '../../support/codex-login.ts'
import { credentialOf, refreshed } from '../../support/keeper-world.ts'
import { inMemoryPlace } from '../../support/in-memory-store.ts'

const login = managedLogin()
const { fingerprint } = credentialOf(login)
const standing: Standing = { base: fingerprint, lastSeen: { git: { base: fingerprint, copy: 'none' } } }
const fixed: FixedState = {
  codexHome: '/home/ci/.codex',
  stores: 'git',
  slot: 'default',
  retryFor: 240,
  tools: { git: '/usr/bin/git' },
  environment: { values: {}, salt: 'salt', hashes: {} },
}

const own = { ...process.env }
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'job-state-'))
  process.env = { GITHUB_STATE: join(directory, 'state'), ACTIONS_RUNTIME_TOKEN: 'of-the-runner' }
  writeFileSync(join(directory, 'state'), '')
})

afterEach(() => {
  process.env = own
  rmSync(directory, { recursive: true })
})

/** What the runner would give the next stage: of each name the value that was saved last. */
function nextStage(): { readonly saved: number; readonly state: SavedState | undefined } {
  const entries = [...readFileSync(join(directory, 'state'), 'utf8').matchAll(/^([\w-]+)<<(\S+)\n(.*)\n\2$/gm)]
  for (const [, name, , value] of entries) process.env[`STATE_${name ?? ''}`] = value
  return { saved: entries.filter(([, name]) => name === 'restored').length, state: loadState() }
}

describe('the state of a job', () => {
  test('is saved at each update, and no part is forgotten until it is told anew', () => {
    const state = savedJobState(fixed, [])
    state.update({ standing, installed: true })
    expect(nextStage()).toEqual({ saved: 1, state: { ...fixed, standing, installed: true, handovers: {} } })
    state.update({ ownChange: 1_790_000_000_000.5 })
    state.update({ codexProcess: 11 })
    expect(nextStage().state).toMatchObject({ standing, ownChange: 1_790_000_000_000.5, codexProcess: 11 })
    state.update({ codexProcess: undefined })
    const next: Standing = { ...standing, base: credentialOf(refreshed(login)).fingerprint, seed: fingerprint }
    state.update({ standing: next })
    expect(nextStage()).toEqual({
      saved: 5,
      state: { ...fixed, standing: next, installed: true, ownChange: 1_790_000_000_000.5, handovers: {} },
    })
  })

  test('holds what the stores hand over by then', () => {
    let seen = 0
    const store = { ...inMemoryPlace({ name: 'github-secret: CODEX' }).open(), handover: () => ({ seen: (seen += 1) }) }
    const state = savedJobState(fixed, [inMemoryPlace({ name: 'git' }).open(), store])
    state.update({ standing, installed: true })
    state.update({ ownChange: 1 })
    expect(nextStage().state?.handovers).toEqual({ 'github-secret: CODEX': { seen: 2 } })
  })

  test('leaves out what is not part of it, so that no secret is saved with a larger value', () => {
    const larger = { ...standing, credential: credentialOf(login) }
    savedJobState(fixed, []).update({ standing: larger, installed: true })
    expect(nextStage().state?.standing).toEqual(standing)
    const saved = readFileSync(join(directory, 'state'), 'utf8')
    for (const secret of Object.values(login.tokens)) expect(saved).not.toContain(secret)
  })

  test('is not saved before it is known how the login stands', () => {
    const state = savedJobState(fixed, [])
    expect(() => {
      state.update({ ownChange: 1 })
    }).toThrow('standing')
    expect(nextStage()).toEqual({ saved: 0, state: undefined })
  })

  test('is signed, so that main takes no state but that of pre', () => {
    savedJobState(fixed, []).update({ standing, installed: true })
    const { state } = nextStage()
    expect(loadStateOfPre()).toEqual(state)
    process.env['STATE_restored'] = JSON.stringify({ ...state, codexHome: '/tmp/evil' })
    expect(loadStateOfPre()).toBeUndefined()
  })
})
