import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Order } from '../../src/action/write-through/order.ts'
import { leaveRecord, signingKey, takeRecord } from '../../src/action/write-through/record.ts'
import { inputsForWriting, runnersEnvironment } from '../../src/action/write-through/needed-for-writing.ts'
import { storeOrders } from '../../src/action/write-through/start-write-through.ts'
import { takeOver } from '../../src/action/write-through/take-over.ts'
import type { SavedState } from '../../src/action/runner/saved-state.ts'
import { remembering, type RememberingStore } from '../../src/stores/known-copy.ts'
import type { Guarantee } from '../../src/stores/store.ts'
import type { StoreInputs } from '../../src/stores/store-line.ts'
import type { StoreSettings } from '../../src/stores/store-settings.ts'
import { node24Path } from '../support/fake-runner/node24.ts'
import { inMemoryPlace } from '../support/in-memory-store.ts'
import { fingerprintOfLogin } from '../support/keeper-world.ts'
import { base, rotated } from '../support/post-request.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beside-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

const at = (name: string): string => join(folder, name)
const print = fingerprintOfLogin(base)

function started(...command: readonly [string, ...string[]]): ChildProcess {
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] })
  children.push(child)
  return child
}

/** The real process, beside a job that has restored the base and whose one store is an empty directory. */
async function beside(runner: number | undefined): Promise<ChildProcess> {
  await Promise.all(['codex', 'meet', 'disk'].map((name) => mkdir(at(name))))
  await writeFile(at('codex/auth.json'), base.bytes)
  const line = `runner: ${at('disk')}`
  const order: Order = {
    codexHome: at('codex'),
    directory: at('meet'),
    runner,
    signingKey: signingKey(process.env),
    standing: { base: print, lastSeen: { [line]: { base: print, copy: 'none' } } },
    stores: [{ line, known: { kind: 'none' } }],
    given: { slot: 'default' } as Order['given'],
    run: {
      home: folder,
      tempDirectory: folder,
      env: {},
      tools: {},
      userEnv: {},
      repository: 'your-org/your-repo',
    } as unknown as Order['run'],
    found: {},
  }
  const child = started(node24Path(), fileURLToPath(new URL('../../dist/write-through.js', import.meta.url)))
  child.stdin?.end(JSON.stringify(order))
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

describe('the process beside a job', () => {
  test('ends with the process of the runner, and leaves nothing of itself', async () => {
    const runner = started('sleep', '600')
    const child = await beside(runner.pid)
    runner.kill('SIGKILL')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(at('meet'))).toBe(false)
  })

  test('ends when post asks it to, and post takes over what it has seen', async () => {
    const child = await beside(undefined)
    await writeFile(at('codex/auth.json'), rotated.bytes)
    while (!existsSync(at('disk/default/auth.0000000001'))) await new Promise((resolve) => setTimeout(resolve, 10))
    const exit = once(child, 'exit')
    const taken = await takeOver(stateWith(at('meet')))
    expect(taken).toMatchObject({ how: 'ended', seen: 1, state: { standing: { base: print, ours: [fingerprintOfLogin(rotated)] } } })
    expect(await exit).toEqual([0, null])
    expect([await readFile(at('disk/default/auth.0000000001'), 'utf8'), existsSync(at('meet'))]).toEqual([rotated.text, false])
  })

  test('ends its work also on SIGTERM', async () => {
    const child = await beside(undefined)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await readdir(at('meet'))).toEqual([])
  })
})

describe('post', () => {
  test('takes over nothing where none was started', async () => {
    expect(await takeOver(stateWith(undefined))).toBeUndefined()
  })

  test('takes over what one that was killed has left', async () => {
    await mkdir(at('meet'))
    await leaveRecord(at('meet'), { ours: [print], handovers: { line: 'digest' } }, signingKey(process.env))
    expect(await takeOver(stateWith(at('meet')))).toMatchObject({ how: 'died', seen: 1, state: { handovers: { line: 'digest', kept: 1 } } })
  })

  test('believes no record that is signed by another, cut short or not there', async () => {
    await leaveRecord(folder, { ours: [print], handovers: {} }, signingKey({ ACTIONS_RUNTIME_TOKEN: 'another' }))
    expect(await takeRecord(folder, signingKey({ ACTIONS_RUNTIME_TOKEN: 'ours' }))).toBeUndefined()
    await writeFile(at('record.json'), '{"text":')
    expect(await takeRecord(folder, '')).toBeUndefined()
    await rm(at('record.json'))
    expect(await takeRecord(folder, '')).toBeUndefined()
  })
})

describe('of the stores,', () => {
  const cases: readonly [
    string,
    { sealed?: boolean; guarantee?: Guarantee; alone?: boolean; read?: boolean },
    'known' | 'read' | 'left',
  ][] = [
    ['one that compares versions is written with the one that is known', {}, 'known'],
    ['so is a sealed one, where sealing opens nothing', { sealed: true }, 'known'],
    ['a sealed one is left to post where the key also opens', { sealed: true, alone: false }, 'left'],
    ['one of which nothing is known is left to post', { read: false }, 'left'],
    ['one that does not compare is read before it is written', { guarantee: 'last-writer-wins' }, 'read'],
    ['a sealed one that does not compare is left to post', { sealed: true, guarantee: 'last-writer-wins' }, 'left'],
  ]
  test.each(cases)('%s', async (_, { sealed = false, guarantee = 'compare-and-set', alone = true, read = true }, how) => {
    const store = remembering(inMemoryPlace({ name: 'line', guarantee, bytes: base.bytes }).open())
    if (read) await store.read()
    const known = { kind: 'held', base64: Buffer.from(base.bytes).toString('base64'), version: 'memory-1' }
    const wanted = { known: [{ line: 'line', known }], read: [{ line: 'line' }], left: [] }
    expect(storeOrders([settingsOf(store, sealed)], [store], alone)).toEqual(wanted[how])
  })
})

describe('the process is told', () => {
  const keys = { kind: 'keys' as const, keys: [{ kind: 'identity' as const, secret: 'AGE-SECRET-KEY' }] as const }
  const given: StoreInputs = {
    slot: 'default',
    authJson: 'seed',
    encryptionKey: keys,
    githubToken: 'github',
    storeToken: 'store',
    secretWriter: { kind: 'settings', settings: { kind: 'token', token: 'writer' } },
    readCommand: 'read',
    writeCommand: 'write',
    proveCommand: 'prove',
    sshKey: 'key',
    sshKnownHosts: 'hosts',
  }
  const recipient = { kind: 'recipient' as const, secret: 'age1' }
  const env = { GITHUB_RUN_ID: '7', INPUT_SLOT: 'a', STATE_a: 'b', ACTIONS_RUNTIME_TOKEN: 'c' }

  test.each<[StoreSettings['kind'], (keyof StoreInputs)[], 'with the tokens' | 'without']>([
    ['runner', [], 'without'],
    ['git', ['githubToken', 'sshKey', 'sshKnownHosts', 'storeToken'], 'without'],
    ['cache', [], 'with the tokens'],
    ['github-secret', ['authJson', 'secretWriter'], 'without'],
    ['ssh', ['sshKey', 'sshKnownHosts'], 'without'],
    ['kubernetes', [], 'without'],
    ['vault', [], 'with the tokens'],
    ['s3', [], 'with the tokens'],
    ['command', ['proveCommand', 'readCommand', 'writeCommand'], 'without'],
  ])('of %s what that store needs', (kind, names, tokens) => {
    const { slot, encryptionKey, ...others } = inputsForWriting(given, [kind], recipient)
    const told = Object.entries(others).filter(([, value]) => value !== undefined)
    expect([slot, encryptionKey]).toEqual(['default', { kind: 'keys', keys: [recipient] }])
    expect(told.sort()).toEqual(names.map((name) => [name, given[name]]))
    expect(Object.keys(runnersEnvironment(env, [kind]))).toEqual(
      tokens === 'without' ? ['GITHUB_RUN_ID'] : ['GITHUB_RUN_ID', 'ACTIONS_RUNTIME_TOKEN'],
    )
  })

  test('of several, what each of them needs, and no key that opens', () => {
    expect(inputsForWriting(given, ['git', 'command'], undefined)).toEqual({
      ...given,
      authJson: undefined,
      secretWriter: undefined,
      encryptionKey: undefined,
    })
  })
})

function settingsOf({ name }: RememberingStore, sealed: boolean): StoreSettings {
  return { kind: 'git', name, ...(sealed && { sealing: {} }) } as unknown as StoreSettings
}

function stateWith(writeThrough: string | undefined): SavedState {
  return { standing: { base: print, lastSeen: {} }, handovers: { kept: 1 }, writeThrough } as unknown as SavedState
}
