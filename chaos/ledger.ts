import type { LoopbackOpenAI } from '../__tests__/support/loopback-openai.ts'
import type { TokenRecord } from '../__tests__/support/loopback-openai/ledger.ts'

/** Where a document stands in the history of all logins of a round. */
export type Standing = { readonly kind: 'known'; readonly token: TokenRecord } | { readonly kind: 'none' | 'no-login' | 'stranger' }

/** Which login, and which generation of it, a document holds; by the server's own book. */
export function standingOf(openai: LoopbackOpenAI, bytes: Uint8Array | string | undefined): Standing {
  if (bytes === undefined) return { kind: 'none' }
  const refreshToken = refreshTokenOf(Buffer.from(bytes).toString('utf8'))
  if (refreshToken === undefined) return { kind: 'no-login' }
  const token = openai.ledger().tokens.find((record) => record.refreshToken === refreshToken)
  return token === undefined ? { kind: 'stranger' } : { kind: 'known', token }
}

function refreshTokenOf(text: string): string | undefined {
  try {
    const { tokens } = JSON.parse(text) as { tokens?: { refresh_token?: unknown } }
    return typeof tokens?.refresh_token === 'string' && tokens.refresh_token !== '' ? tokens.refresh_token : undefined
  } catch {
    return undefined
  }
}

/** The newest generation of the newest login. */
export function newestOf(openai: LoopbackOpenAI): TokenRecord {
  const newest = openai.ledger().tokens.reduce((best, next) => (isLater(next, best) ? next : best))
  return newest
}

export function isLater(a: TokenRecord, b: TokenRecord): boolean {
  return a.login > b.login || (a.login === b.login && a.generation > b.generation)
}
