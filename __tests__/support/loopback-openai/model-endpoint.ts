import type { IncomingHttpHeaders } from 'node:http'
import { zstdDecompressSync } from 'node:zlib'
import { json, type Answer } from './answer.ts'
import type { ModelFault } from './faults.ts'
import { gate, type Gate } from './gate.ts'
import type { TokenBook } from './ledger.ts'
import { turnEvents, type ModelTurn } from './model-turns.ts'

/** `POST /backend-api/codex/responses`: a model that takes the scripted turns and otherwise says OK. */
export interface ModelEndpoint {
  readonly answer: (headers: IncomingHttpHeaders, body: Buffer) => Promise<Answer>
  readonly counts: () => { modelRequests: number; modelRefusals: number }
  readonly inputs: () => readonly string[]
  readonly enforce: (on: boolean) => void
  readonly fault: (fault: ModelFault | undefined) => void
  readonly holdNext: () => Gate
  readonly script: (turns: readonly ModelTurn[]) => void
}

export function modelEndpoint(book: TokenBook, enforce: boolean): ModelEndpoint {
  const counts = { modelRequests: 0, modelRefusals: 0 }
  const inputs: string[] = []
  const script: ModelTurn[] = []
  let enforcing = enforce
  let inForce: ModelFault | undefined
  let next: Gate | undefined

  const answer = async (headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> => {
    counts.modelRequests += 1
    inputs.push((headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body).toString())
    const held = next
    next = undefined
    await held?.pass()
    if (!book.accepts(bearer(headers), enforcing)) {
      counts.modelRefusals += 1
      const message = 'Provided authentication token is expired. Please try signing in again.'
      return json(401, { error: { message, code: 'token_expired' } })
    }
    if (inForce?.kind === 'cut') return 'cut'
    if (inForce?.kind === 'status') return json(inForce.status, inForce.body)
    return { status: 200, type: 'text/event-stream', body: turnEvents(script.shift() ?? { kind: 'text', text: 'OK' }) }
  }

  return {
    answer,
    counts: () => ({ ...counts }),
    inputs: () => [...inputs],
    enforce: (on) => {
      enforcing = on
    },
    fault: (fault) => {
      inForce = fault
    },
    holdNext: () => (next = gate()),
    script: (turns) => {
      script.push(...turns)
    },
  }
}

/** The access token of a request; empty when it has none. */
export function bearer(headers: IncomingHttpHeaders): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? ''
}
