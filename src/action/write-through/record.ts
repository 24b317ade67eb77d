import { createHmac } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { fingerprint } from '../runner/saved-state.ts'

/** Made when it is read, as few jobs do. */
const record = () =>
  z.object({
    /** What Codex has written in the job, oldest first. */
    ours: z.array(fingerprint),
    /** What the stores hand over to post, by their line. */
    handovers: z.record(z.string(), z.unknown()),
  })

/** What the process that writes through leaves for post, also when it is killed: digests and times, no secret. */
export type WriteThroughRecord = z.infer<ReturnType<typeof record>>

const signed = () => z.object({ text: z.string(), signature: z.string() })

/** Signs with the token that the runner gives to actions and not to steps, so that no step can make up a record. */
export function signingKey(env: Readonly<Record<string, string | undefined>>): string {
  return signatureOf('write-through', env['ACTIONS_RUNTIME_TOKEN'] ?? '')
}

/** Replaces the record, whole or not at all. */
export async function leaveRecord(directory: string, left: WriteThroughRecord, key: string): Promise<void> {
  const text = JSON.stringify(left)
  const file = recordIn(directory)
  await writeFile(`${file}.new`, JSON.stringify({ text, signature: signatureOf(text, key) }), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** The record; undefined when there is none, or none that can be trusted. */
export async function takeRecord(directory: string, key: string): Promise<WriteThroughRecord | undefined> {
  try {
    const { text, signature } = signed().parse(JSON.parse(await readFile(recordIn(directory), 'utf8')))
    return signature === signatureOf(text, key) ? record().parse(JSON.parse(text)) : undefined
  } catch {
    return undefined
  }
}

function recordIn(directory: string): string {
  return join(directory, 'record.json')
}

function signatureOf(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}
