/** What goes wrong at the token endpoint. Only `answer-lost` and `delay` spend the token. */
export type ExchangeFault =
  /** Refused for good, with OpenAI's code. 401, or another status. */
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly status?: number }
  /** A 400 with the string `error` of plain OAuth, such as `invalid_grant`. */
  | { readonly kind: 'oauth-error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number }
  /** The connection is closed as soon as the request has been read. */
  | { readonly kind: 'cut' }
  /** The server rotates, then closes the connection without an answer. */
  | { readonly kind: 'answer-lost' }
  | { readonly kind: 'delay'; readonly ms: number }

export type RefusalCode = 'refresh_token_expired' | 'refresh_token_reused' | 'refresh_token_invalidated' | 'app_session_terminated'

/** What goes wrong at the model endpoint, where Codex arrives after a refresh. */
export type ModelFault = { readonly kind: 'status'; readonly status: number; readonly body: object } | { readonly kind: 'cut' }

/** The plan's usage is used up. */
export const usageLimit: ModelFault = {
  kind: 'status',
  status: 429,
  body: { error: { type: 'usage_limit_reached', message: 'The usage limit has been reached', plan_type: 'pro' } },
}

export const quotaExceeded: ModelFault = {
  kind: 'status',
  status: 429,
  body: { error: { code: 'insufficient_quota', type: 'insufficient_quota', message: 'Your quota is exceeded.' } },
}

export const modelDown: ModelFault = {
  kind: 'status',
  status: 500,
  body: { error: { type: 'server_error', message: 'The server had an error' } },
}

/** The bodies OpenAI's token endpoint refuses with. */
export function refusalBody(code: string): object {
  const message = `The refresh token was refused (${code}).`
  return { error: { message, type: 'invalid_request_error', param: null, code } }
}
