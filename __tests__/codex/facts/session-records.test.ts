import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastSession } from '../../../src/codex/session-records.ts'
import { codexExec, type CodexRelease } from '../../support/real-codex.ts'
import { due, machines } from './machines.ts'

const machine = machines()
const releases: CodexRelease[] = ['pinned', 'older']
const justNow = (): number => Date.now() - 60_000

describe.each(releases)('The record that %s leaves of a session', (release) => {
  test('that was refused says why', async () => {
    const { openai, home } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
    await codexExec(home, { release })
    expect(await lastSession(home.path, justNow(), Date.now())).toEqual({ kind: 'ended', failure: 'reused' })
    // An earlier job of this machine.
    expect(await lastSession(home.path, Date.now() + 60_000, Date.now())).toEqual({ kind: 'none' })
  })

  test('that ended well says so', async () => {
    const { home } = await machine()
    await codexExec(home, { release })
    expect(await lastSession(home.path, justNow(), Date.now())).toEqual({ kind: 'ended', failure: undefined })
  })

  test('that was to leave none is not there', async () => {
    const { openai, home } = await machine({ login: due, enforce: true })
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_reused' })
    await codexExec(home, { release, flags: ['--ephemeral', '--sandbox', 'read-only'] })
    expect(await lastSession(home.path, justNow(), Date.now())).toEqual({ kind: 'none' })
  })
})

describe('A record', () => {
  const folder = new Date().toISOString().slice(0, 10).split('-')
  const refused = (message: string): string => JSON.stringify({ type: 'event_msg', payload: { type: 'task_complete', error: { message } } })

  test('of the last session counts, and of a session its last turn; what a model says is not an end', async () => {
    const { home } = await machine()
    const path = join(home.path, 'sessions', ...folder)
    mkdirSync(path, { recursive: true })
    const put = (name: string, seconds: number, ...lines: string[]): void => {
      writeFileSync(join(path, name), lines.join('\n'))
      utimesSync(join(path, name), Date.now() / 1000 - seconds, Date.now() / 1000 - seconds)
    }
    put('rollout-2.jsonl', 20, refused('because your refresh token has expired.'))
    put('rollout-1.jsonl', 30, refused('because your refresh token was already used.'))
    const now = (): ReturnType<typeof lastSession> => lastSession(home.path, justNow(), Date.now())
    expect(await now()).toEqual({ kind: 'ended', failure: 'expired' })
    const said = JSON.stringify({
      type: 'response_item',
      payload: { type: 'task_complete', error: { message: 'refresh token was revoked' } },
    })
    put('rollout-3.jsonl', 10, refused('your refresh token was already used'), refused('your refresh token was revoked'), said, '{"cut')
    expect(await now()).toEqual({ kind: 'ended', failure: 'revoked' })
  })

  test('that is a pipe or a folder is passed over', async () => {
    const { home } = await machine()
    const path = join(home.path, 'sessions', ...folder)
    mkdirSync(join(path, 'rollout-folder.jsonl'), { recursive: true })
    execFileSync('mkfifo', [join(path, 'rollout-pipe.jsonl')])
    expect(await lastSession(home.path, justNow(), Date.now())).toEqual({ kind: 'none' })
  })
})
