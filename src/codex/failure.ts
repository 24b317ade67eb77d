import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod/mini'
import { logInAnew } from '../log-in.ts'

/** Why Codex could not refresh or use the login, as far as its own messages tell. */
export type CodexFailure =
  'reused' | 'expired' | 'revoked' | 'other-account' | 'refused' | 'logged-out' | 'quota' | 'network' | 'server-error'

export interface FailureWords {
  /** What happened, a whole sentence. */
  readonly cause: string
  readonly wayOut: string
  /** Whether only a new login by a person helps. */
  readonly needsPerson: boolean
}

const later = 'Run the job again later; the stored copies stay as they were.'

export const failureWords: Readonly<Record<CodexFailure, FailureWords>> = {
  reused: {
    cause:
      'OpenAI says that the refresh token was already used: another copy of this login was refreshed, an earlier job was lost between the refresh and the save, or an old stored copy was put back.',
    wayOut: `${logInAnew} Then let no other machine use that login.`,
    needsPerson: true,
  },
  expired: {
    cause: 'OpenAI says that the refresh token has expired: the login was not used for too long.',
    wayOut: `${logInAnew} Then let a weekly job keep it fresh.`,
    needsPerson: true,
  },
  revoked: {
    cause: 'OpenAI says that the login was revoked: someone logged out, or ended the sessions of the account.',
    wayOut: logInAnew,
    needsPerson: true,
  },
  'other-account': {
    cause: 'Codex says that this login was logged out, or now belongs to another account.',
    wayOut: logInAnew,
    needsPerson: true,
  },
  refused: {
    cause: 'OpenAI refused the refresh token: it was already used, has expired or was revoked.',
    wayOut: logInAnew,
    needsPerson: true,
  },
  'logged-out': { cause: 'OpenAI does not accept this login: for it, Codex is logged out.', wayOut: logInAnew, needsPerson: true },
  quota: {
    cause: 'The login works, but its usage limit is reached.',
    wayOut: 'Wait until the limit is reset, or use a plan with more room. The login itself is kept.',
    needsPerson: false,
  },
  network: { cause: 'Codex could not reach OpenAI.', wayOut: later, needsPerson: false },
  'server-error': { cause: "OpenAI's server failed.", wayOut: later, needsPerson: false },
}

/** What each message means, most specific first; texts of Codex 0.150 and 0.169 (measured). */
const patterns: readonly (readonly [RegExp, CodexFailure])[] = [
  [/refresh token was already used|refresh_token_reused/i, 'reused'],
  [/refresh token has expired|refresh_token_expired/i, 'expired'],
  [/refresh token was revoked|refresh_token_invalidated/i, 'revoked'],
  [/logged out or signed in to another account/i, 'other-account'],
  [/access token could not be refreshed|failed to refresh token:? ?(status=)?40[01]/i, 'refused'],
  [/failed to refresh token:? ?(status=)?(429|5\d\d)/i, 'server-error'],
  [/usage limit|quota exceeded|429 too many requests/i, 'quota'],
  [/not logged in|missing bearer|\b401 unauthorized\b/i, 'logged-out'],
  [/high demand|\b5\d\d (internal server error|bad gateway|service unavailable|gateway timeout)/i, 'server-error'],
  [/error sending request|connection failed|timed out|stream disconnected|dns error/i, 'network'],
]

/**
 * Finds the failure in what `codex exec --json` printed.
 * @param output its standard output, one JSON event a line
 * @param errors its standard error
 */
export function failureOfExec(output: string, errors: string): CodexFailure | undefined {
  return failureOfText(`${messagesOfEvents(output).join('\n')}\n${stripVTControlCharacters(errors)}`)
}

/**
 * Finds the failure of a refresh in the standard error of `codex app-server`, where much else goes wrong harmlessly: only
 * lines about the refresh token count.
 */
export function failureOfRefresh(errors: string): CodexFailure | undefined {
  return failureOfText(
    stripVTControlCharacters(errors)
      .split('\n')
      .filter((line) => /refresh token/i.test(line))
      .join('\n'),
  )
}

/** Finds the failure in one message of Codex. */
export function failureOfText(text: string): CodexFailure | undefined {
  return patterns.find(([pattern]) => pattern.test(text))?.[1]
}

/** The messages of all `error` and `turn.failed` events. */
function messagesOfEvents(output: string): string[] {
  const failureEvent = z.union([z.object({ message: z.string() }), z.object({ error: z.object({ message: z.string() }) })])
  return output.split('\n').flatMap((line) => {
    try {
      const event = failureEvent.safeParse(JSON.parse(line))
      if (!event.success) return []
      return ['message' in event.data ? event.data.message : event.data.error.message]
    } catch {
      return []
    }
  })
}
