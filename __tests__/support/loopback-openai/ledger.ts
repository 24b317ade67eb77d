import { mintTokens, type Login, type LoginClaims, type LoginTokens } from '../codex-login.ts'

/** What became of a refresh token that was posted. */
export type ExchangeOutcome =
  | 'rotated'
  /** The server has rotated, and its answer never left. */
  | 'rotated, answer lost'
  /** The code the server refused with. */
  | `refused: ${string}`
  /** An error that leaves the token unspent. */
  | `failed: ${string}`

/** One refresh token the server has issued. */
export interface TokenRecord {
  /** Number of its login, in the order of logins. */
  readonly login: number
  /** 0 for the seed, then one more for each rotation. */
  readonly generation: number
  readonly refreshToken: string
  /** How often it was posted, whatever came of it. */
  readonly presented: number
  readonly outcomes: readonly ExchangeOutcome[]
  /** The `refresh_reason` of each post. */
  readonly reasons: readonly string[]
}

interface Entry extends TokenRecord {
  presented: number
  outcomes: ExchangeOutcome[]
  reasons: string[]
  claims: LoginClaims
  status: 'valid' | 'used' | 'revoked'
}

/** The server's memory of logins: which refresh tokens it issued, and what was done with each. */
export interface TokenBook {
  readonly add: (login: Login) => void
  /** Counts a post; false for a token that was never issued. */
  readonly present: (refreshToken: string, reason: string) => boolean
  /** Notes what came of the latest post of that token. */
  readonly conclude: (refreshToken: string, outcome: ExchangeOutcome) => void
  /** Why an exchange would be refused now, by OpenAI's code; undefined when it would not. */
  readonly refusal: (refreshToken: string) => string | undefined
  /** Marks the token used and issues its successor, which ends that many seconds from now. */
  readonly rotate: (refreshToken: string, expiresIn: number) => LoginTokens
  /** Ends the login this token belongs to: its tokens are refused from now on. */
  readonly revoke: (refreshToken: string) => void
  readonly claimsOf: (accessToken: string) => LoginClaims | undefined
  /** Whether the model takes it: it was not expired, and where `enforcing`, it is its login's newest and not ended. */
  readonly accepts: (accessToken: string, enforcing: boolean) => boolean
  readonly expireAccessTokens: () => void
  readonly records: () => readonly TokenRecord[]
}

export function tokenBook(): TokenBook {
  const entries = new Map<string, Entry>()
  const newestAccess: string[] = []
  const expired = new Set<string>()
  const claimsByAccess = new Map<string, LoginClaims>()
  const entryOf = (refreshToken: string): Entry => {
    const entry = entries.get(refreshToken)
    if (entry === undefined) throw new Error('This refresh token was never issued here')
    return entry
  }
  const issue = (login: number, generation: number, claims: LoginClaims, tokens: LoginTokens): void => {
    entries.set(tokens.refresh_token, {
      login,
      generation,
      refreshToken: tokens.refresh_token,
      claims,
      status: 'valid',
      presented: 0,
      outcomes: [],
      reasons: [],
    })
    newestAccess[login] = tokens.access_token
    claimsByAccess.set(tokens.access_token, claims)
  }
  return {
    add: ({ claims, tokens }) => {
      issue(newestAccess.length, 0, claims, tokens)
    },
    present: (refreshToken, reason) => {
      const entry = entries.get(refreshToken)
      if (entry === undefined) return false
      entry.presented += 1
      entry.reasons.push(reason)
      return true
    },
    conclude: (refreshToken, outcome) => {
      entries.get(refreshToken)?.outcomes.push(outcome)
    },
    refusal: (refreshToken) => {
      switch (entries.get(refreshToken)?.status) {
        case 'valid':
          return undefined
        case 'used':
          return 'refresh_token_reused'
        case 'revoked':
        case undefined:
          return 'refresh_token_invalidated'
      }
    },
    rotate: (refreshToken, expiresIn) => {
      const entry = entryOf(refreshToken)
      const now = Math.floor(Date.now() / 1000)
      // Two rotations within one second of a test still have an order, as rotations of real life do.
      const claims = { ...entry.claims, issuedAt: Math.max(now, entry.claims.issuedAt + 1), expiresAt: now + expiresIn }
      const tokens = mintTokens(claims)
      entry.status = 'used'
      issue(entry.login, entry.generation + 1, claims, tokens)
      return tokens
    },
    revoke: (refreshToken) => {
      const { login } = entryOf(refreshToken)
      for (const entry of entries.values()) if (entry.login === login) entry.status = 'revoked'
    },
    claimsOf: (accessToken) => claimsByAccess.get(accessToken),
    accepts: (accessToken, enforcing) =>
      !expired.has(accessToken) &&
      (!enforcing || (newestAccess.includes(accessToken) && (claimsByAccess.get(accessToken)?.expiresAt ?? 0) > Date.now() / 1000)),
    expireAccessTokens: () => {
      for (const accessToken of claimsByAccess.keys()) expired.add(accessToken)
    },
    records: () =>
      [...entries.values()].map(({ login, generation, refreshToken, presented, outcomes, reasons }) => ({
        login,
        generation,
        refreshToken,
        presented,
        outcomes: [...outcomes],
        reasons: [...reasons],
      })),
  }
}
