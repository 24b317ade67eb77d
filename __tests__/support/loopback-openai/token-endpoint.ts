import { setTimeout as sleep } from 'node:timers/promises'
import { json, type Answer } from './answer.ts'
import { refusalBody, type ExchangeFault } from './faults.ts'
import { gate, type Gate } from './gate.ts'
import type { TokenBook } from './ledger.ts'

export type HoldMoment = 'before rotating' | 'after rotating'

/** `POST /oauth/token`: a refresh token for new tokens, once. */
export interface TokenEndpoint {
  readonly answer: (body: Buffer) => Promise<Answer>
  readonly strangers: () => number
  readonly expiresIn: (seconds: number) => void
  readonly fault: (fault: ExchangeFault | undefined) => void
  readonly holdNext: (moment: HoldMoment) => Gate
}

export function tokenEndpoint(book: TokenBook, rotatedExpiresIn: number): TokenEndpoint {
  let lifetime = rotatedExpiresIn
  let inForce: ExchangeFault | undefined
  let next: { moment: HoldMoment; gate: Gate } | undefined
  let strangers = 0

  const answer = async (body: Buffer): Promise<Answer> => {
    const { refresh_token: token, refresh_reason: reason = '' } = JSON.parse(body.toString()) as Record<string, string>
    if (token === undefined || !book.present(token, reason)) {
      strangers += 1
      return json(401, refusalBody('refresh_token_invalidated'))
    }
    const held = next
    next = undefined
    if (held?.moment === 'before rotating') await held.gate.pass()
    const fault = inForce
    if (fault?.kind === 'delay') await sleep(fault.ms)
    const refusal = fault?.kind === 'refuse' ? fault.code : book.refusal(token)
    if (refusal !== undefined) {
      book.conclude(token, `refused: ${refusal}`)
      return json(fault?.kind === 'refuse' ? (fault.status ?? 401) : 401, refusalBody(refusal))
    }
    if (fault?.kind === 'oauth-error') {
      book.conclude(token, `refused: ${fault.error}`)
      return json(400, { error: fault.error, error_description: 'The grant was refused.' })
    }
    if (fault?.kind === 'status' || fault?.kind === 'cut') {
      book.conclude(token, `failed: ${fault.kind === 'cut' ? 'connection cut' : fault.status}`)
      return fault.kind === 'cut' ? 'cut' : json(fault.status, { error: { message: 'Loopback fault' } })
    }
    const { id_token, access_token, refresh_token } = book.rotate(token, lifetime)
    book.conclude(token, fault?.kind === 'answer-lost' ? 'rotated, answer lost' : 'rotated')
    if (held?.moment === 'after rotating') await held.gate.pass()
    if (fault?.kind === 'answer-lost') return 'cut'
    return json(200, { id_token, access_token, refresh_token, token_type: 'Bearer', expires_in: lifetime })
  }

  return {
    answer,
    strangers: () => strangers,
    expiresIn: (seconds) => {
      lifetime = seconds
    },
    fault: (fault) => {
      inForce = fault
    },
    holdNext: (moment) => {
      next = { moment, gate: gate() }
      return next.gate
    },
  }
}
