import { AuthJsonError, parseAuthJson } from '../../src/credential/auth-json.ts'
import { managedLogin, type Login } from './codex-login.ts'

/** One account at a server whose refresh tokens work once, and what Codex and people make of it. */
export interface SingleUseLogins {
  /** A person logs in: a new chain of tokens of the same account, issued now. */
  logIn(): Login
  /** Codex refreshes what is in this file: the new file; `refused` for a spent token, `idle` where Codex does nothing. */
  refresh(file: string | undefined): Login | 'refused' | 'idle'
  /** Every document that Codex wrote. */
  readonly written: ReadonlySet<string>
}

export function singleUseLogins(): SingleUseLogins {
  const { accountId, userId } = managedLogin().claims
  const live = new Set<string>()
  const written = new Set<string>()
  let issuedAt = 1_790_000_000
  const issue = (): Login => {
    issuedAt += 60
    // Every third token is so short-lived that it is due at once.
    const login = managedLogin({ accountId, userId, issuedAt, expiresIn: issuedAt % 180 === 0 ? 60 : 864_000 })
    live.add(login.tokens.refresh_token)
    return login
  }
  return {
    written,
    logIn: issue,
    refresh: (file) => {
      const token = refreshTokenIn(file)
      if (token === undefined) return 'idle'
      if (!live.delete(token)) return 'refused'
      const login = issue()
      written.add(login.text)
      return login
    },
  }
}

function refreshTokenIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    const credential = parseAuthJson(Buffer.from(file))
    return credential.kind === 'managed' ? credential.refreshToken : undefined
  } catch (error) {
    if (error instanceof AuthJsonError) return undefined
    throw error
  }
}
