import type { CodexFailure } from '../codex/failure.ts'
import { refusedToken, type LeaseDocument, type LeaseHolder } from './lease-document.ts'

/** One look at a lease, and what the one who looks knows by itself. */
export interface SeenLease {
  /** What lies there; undefined when that is nothing, or not a lease. */
  readonly document: LeaseDocument | undefined
  /** For how many seconds the one who looks has seen exactly this, by its own stopwatch. */
  readonly unchangedFor: number
  /** A digest of the refresh token that it wants to spend. */
  readonly token: string
  /** Nonces of those it has waited for. */
  readonly waitedFor: ReadonlySet<string>
}

export type LeaseJudgement =
  /** Nobody holds it, or its holder is gone: `overtakes` had begun to spend the token and did not come back. */
  | { readonly kind: 'open'; readonly overtakes: LeaseHolder | undefined }
  | { readonly kind: 'taken'; readonly holder: LeaseHolder; readonly endsIn: number }
  | { readonly kind: 'refused'; readonly holder: LeaseHolder; readonly failure: CodexFailure }

/** What a look at a lease means. Nobody's date counts, only how long the one who looks has seen the same. */
export function judgeLease({ document, unchangedFor, token, waitedFor }: SeenLease): LeaseJudgement {
  if (document === undefined || document.state === 'free') return { kind: 'open', overtakes: undefined }
  const { holder } = document
  switch (document.state) {
    case 'held':
    case 'exchanging': {
      const endsIn = document.lasts - unchangedFor
      if (endsIn > 0) return { kind: 'taken', holder, endsIn }
      return { kind: 'open', overtakes: document.state === 'exchanging' ? holder : undefined }
    }
    case 'refused': {
      const counts = isForGood[document.failure] || waitedFor.has(document.nonce)
      if (counts && document.token === refusedToken(token, document.nonce)) return { kind: 'refused', holder, failure: document.failure }
      return { kind: 'open', overtakes: undefined }
    }
  }
}

/**
 * Whether OpenAI has said of the token itself that it is now worthless. Any other refusal holds for those who
 * waited for it, and a run that starts later asks again: it may have been a fault that has passed.
 */
const isForGood: Readonly<Record<CodexFailure, boolean>> = {
  reused: true,
  expired: true,
  revoked: true,
  'other-account': false,
  refused: false,
  'logged-out': false,
  quota: false,
  network: false,
  'server-error': false,
}
