import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { failureOfText, type CodexFailure } from './failure.ts'

/** How the last session of Codex in this job ended, by Codex's own record of it. */
export type LastSession =
  /** There is none: Codex has not run, or was told to leave none (`--ephemeral`). */
  { readonly kind: 'none' } | { readonly kind: 'ended'; readonly failure: CodexFailure | undefined }

/** The end of a record is its last line; a line with an error is short. Bytes. */
const readFromEnd = 64 * 1024

/** A job lasts five days at most; one day more on either side, because folders are named by local dates. */
const mostDays = 8
const day = 86_400_000

const turnEnd = z.object({
  type: z.literal('event_msg'),
  payload: z.looseObject({
    type: z.enum(['task_complete', 'turn_complete']),
    error: z.nullish(z.looseObject({ message: z.string() })),
  }),
})

/**
 * Looks how the last turn of Codex in this job ended. Codex leaves a record of each session in
 * `CODEX_HOME/sessions/YYYY/MM/DD/rollout-*.jsonl`, whose last `task_complete` has the error that ended it, also where its
 * refresh was refused (measured on 0.150.0 and 0.169.0). Nothing of the text is given on: what the model was asked is in it.
 * @param began when this job restored the login, milliseconds since 1970
 * @param now milliseconds since 1970
 */
export async function lastSession(codexHome: string, began: number, now: number): Promise<LastSession> {
  let last: { readonly changedAt: number; readonly failure: CodexFailure | undefined } | undefined
  for (const folder of foldersOf(join(codexHome, 'sessions'), began, now)) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^rollout-.*\.jsonl$/.test(name))
    for (const name of names) {
      const path = join(folder, name)
      const changedAt = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      )
      if (changedAt < began || (last !== undefined && changedAt < last.changedAt)) continue
      const end = turnEndIn(await tailOf(path).catch(() => ''))
      if (end !== undefined) last = { changedAt, failure: end.message === undefined ? undefined : failureOfText(end.message) }
    }
  }
  return last === undefined ? { kind: 'none' } : { kind: 'ended', failure: last.failure }
}

function foldersOf(sessions: string, began: number, now: number): string[] {
  const first = Math.max(began, now - mostDays * day) - day
  const days = Math.min(mostDays + 2, Math.ceil((now + day - first) / day) + 1)
  return Array.from({ length: Math.max(0, days) }, (_, index) =>
    join(sessions, ...new Date(first + index * day).toISOString().slice(0, 10).split('-')),
  )
}

function turnEndIn(text: string): { readonly message: string | undefined } | undefined {
  for (const line of text.split('\n').reverse()) {
    const event = turnEnd.safeParse(parsed(line))
    if (event.success) return { message: event.data.payload.error?.message }
  }
  return undefined
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // the first line, which is cut, or one that was never finished
  }
}

/** A step may have put a pipe there, which would be waited for. */
async function tailOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    if (!found.isFile()) return ''
    const start = Math.max(0, found.size - readFromEnd)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size - start), 0, found.size - start, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
