import type { ObservedFile } from '../codex/codex-home.ts'
import { isSame } from '../credential/fingerprint.ts'
import { isRotated, type FileState } from '../credential/write-back-decision.ts'
import { untilStored, type Retry } from './retry.ts'
import { fileState, standingAfter, writeBack, type WriteBack, type WriteBackRequest } from './write-back.ts'

export interface LatestRequest extends WriteBackRequest {
  /** Looks at the file as it is now; it may take its time, and `file` is written first. */
  readonly observe: () => Promise<ObservedFile>
  readonly retry: Retry
}

/** One write-back: what was asked for, and how it went. */
export interface Round {
  readonly request: WriteBackRequest
  readonly result: WriteBack
}

/** How often a file that Codex goes on to change is written back. */
const rounds = 3

/**
 * As `writeBack`, and again when the file has changed meanwhile: a Codex that outlives its step can refresh while post works. A
 * rotated login that no store takes is tried again as long as `retry` says.
 * @returns the last write-back, of the file that was looked at last
 */
export async function writeBackLatest({ observe, retry, ...request }: LatestRequest): Promise<Round> {
  let last = await round(request)
  for (let count = 1; count < rounds; count += 1) {
    const next = await followUp(last, observe)
    if (next === undefined) break
    last = await round(next)
  }
  return untilStored(last, async (before) => round((await followUp(before, observe)) ?? before.request), { retry, clock: request.clock })
}

async function round(request: WriteBackRequest): Promise<Round> {
  return { request, result: await writeBack(request) }
}

/** What is to be written back after this round; undefined when nothing more has come. */
async function followUp({ request, result }: Round, observe: LatestRequest['observe']): Promise<WriteBackRequest | undefined> {
  const before = fileState(request.file)
  const { standing } = request
  const isAtStake = result.rotated || result.verdict === 'lost'
  const file = await observe().catch((error: unknown) => {
    // What this round has found out must be told, also when the file cannot be read any more.
    if (isAtStake) return undefined
    throw error
  })
  if (file === undefined) return undefined
  const now = fileState(file)
  // Only a file that continues a rotated one is looked at; any other would hide what became of that one.
  const counts =
    isAtStake && typeof before === 'object' ? isRotated({ seed: standing.seed, base: before, file: now }) : !isSameState(before, now)
  if (!counts) return undefined
  return { ...request, file, standing: typeof before === 'object' ? standingAfter(standing, result, before) : standing }
}

function isSameState(one: FileState, other: FileState): boolean {
  return typeof one === 'object' && typeof other === 'object' ? isSame(one, other) : one === other
}
