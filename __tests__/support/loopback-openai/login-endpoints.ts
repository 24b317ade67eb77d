import { randomBytes } from 'node:crypto'
import { managedLogin, type Login, type LoginOptions } from '../codex-login.ts'
import { json, type Answer } from './answer.ts'
import type { TokenBook } from './ledger.ts'

/** What `codex login` asks of auth.openai.com: a code for any device, or a browser's visit; and the tokens for it. */
export interface LoginEndpoints {
  /** undefined for a request that is none of theirs. */
  readonly answer: (route: string, url: URL, body: Buffer) => Answer | undefined
  /** The person agrees to each login that is asked for from now on. */
  readonly agree: (as: LoginOptions) => void
  /** What was given out, in order. */
  readonly made: () => readonly Login[]
}

export function loginEndpoints(book: TokenBook): LoginEndpoints {
  const codes = new Set<string>()
  const made: Login[] = []
  let agreed: LoginOptions | undefined

  const newCode = (): string => {
    const code = `ac_${randomBytes(24).toString('base64url')}`
    codes.add(code)
    return code
  }
  const tokens = (body: Buffer): Answer | undefined => {
    const form = new URLSearchParams(body.toString())
    if (form.get('grant_type') !== 'authorization_code') return undefined
    if (!codes.delete(form.get('code') ?? '')) return json(400, { error: 'invalid_grant' })
    const login = managedLogin(agreed)
    book.add(login)
    made.push(login)
    const { id_token, access_token, refresh_token } = login.tokens
    return json(200, { id_token, access_token, refresh_token, token_type: 'Bearer', expires_in: 864_000 })
  }

  return {
    answer: (route, url, body) => {
      switch (route) {
        case 'POST /api/accounts/deviceauth/usercode':
          return json(200, { device_auth_id: 'deviceauth_1', user_code: 'WXYZ-12345', interval: '1' })
        case 'POST /api/accounts/deviceauth/token':
          if (agreed === undefined) return json(403, { error: { code: 'deviceauth_authorization_unknown' } })
          return json(200, { authorization_code: newCode(), code_challenge: 'challenge', code_verifier: 'verifier' })
        case 'GET /oauth/authorize': {
          const back = new URL(url.searchParams.get('redirect_uri') ?? '')
          back.searchParams.set('code', newCode())
          back.searchParams.set('state', url.searchParams.get('state') ?? '')
          return { status: 302, type: 'text/plain', body: '', location: back.href }
        }
        case 'POST /oauth/token':
          return tokens(body)
        default:
          return undefined
      }
    },
    agree: (as) => {
      agreed = as
    },
    made: () => [...made],
  }
}
