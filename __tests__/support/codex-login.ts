import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Who a login belongs to, and what its tokens claim. Times are seconds since 1970. */
export interface LoginClaims {
  readonly accountId: string
  readonly userId: string
  readonly email: string
  readonly plan: string
  readonly issuedAt: number
  readonly expiresAt: number
}

/** The three tokens of a login and the account id beside them, named as in `auth.json`. */
export interface LoginTokens {
  readonly id_token: string
  readonly access_token: string
  readonly refresh_token: string
  readonly account_id: string
}

/** An `auth.json` as Codex writes it: two-space JSON without a final newline. */
export interface LoginDocument {
  readonly text: string
  readonly bytes: Uint8Array
}

export interface Login extends LoginDocument {
  readonly claims: LoginClaims
  readonly tokens: LoginTokens
}

export interface LoginOptions extends Partial<Omit<LoginClaims, 'expiresAt'>> {
  /** Seconds from now until the access token ends; negative when it has ended. Ten days when absent. */
  readonly expiresIn?: number
  /** `last_refresh` as it stands in the document; when absent, the moment of issue with Codex's nine digits. */
  readonly lastRefresh?: string
}

/** How long an access token of ChatGPT lives, in seconds. */
export const tenDays = 864_000

/**
 * A login of its own account, unless an account is given. Every token is unique in each of its parts, so that a search
 * for leaks finds it.
 */
export function managedLogin(options: LoginOptions = {}): Login {
  const now = Math.floor(Date.now() / 1000)
  const { expiresIn = tenDays, lastRefresh, issuedAt = now + Math.min(0, expiresIn - tenDays), ...account } = options
  const claims: LoginClaims = {
    accountId: randomUUID(),
    userId: `user-${token(18)}`,
    email: `${token(9).toLowerCase()}@example.com`,
    plan: 'pro',
    ...account,
    issuedAt,
    expiresAt: now + expiresIn,
  }
  const tokens = mintTokens(claims)
  return { claims, tokens, ...loginDocument(tokens, lastRefresh ?? codexTime(claims.issuedAt)) }
}

/** Fresh tokens for these claims; no two calls share one. */
export function mintTokens(claims: LoginClaims): LoginTokens {
  const auth = {
    chatgpt_account_id: claims.accountId,
    chatgpt_plan_type: claims.plan,
    chatgpt_user_id: claims.userId,
    user_id: claims.userId,
  }
  const shared = {
    iss: 'https://auth.openai.com',
    sub: `auth0|${claims.userId}`,
    iat: claims.issuedAt,
    exp: claims.expiresAt,
  }
  return {
    id_token: jwt({ ...shared, email: claims.email, email_verified: true, 'https://api.openai.com/auth': auth }),
    access_token: jwt({ ...shared, aud: ['https://api.openai.com/v1'], 'https://api.openai.com/auth': auth }),
    refresh_token: `rt_${token(66)}`,
    account_id: claims.accountId,
  }
}

/** A JWT with those claims, a `jti`, and a signature part of 342 random characters that nobody checks. */
export function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256', kid: token(15), typ: 'JWT' }), part({ jti: token(24), ...claims }), token(256)].join('.')
}

/** A ChatGPT document with these tokens, fields in Codex's order. Extra fields may replace or follow them. */
export function loginDocument(tokens: Partial<LoginTokens>, lastRefresh: string | null, extra: object = {}): LoginDocument {
  return documentOf({ auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: lastRefresh, ...extra })
}

/** Any value as Codex would lay it out. */
export function documentOf(value: object): LoginDocument {
  const text = JSON.stringify(value, null, 2)
  return { text, bytes: Buffer.from(text) }
}

/** Seconds since 1970 as Codex writes `last_refresh`: UTC with nine fraction digits. */
export function codexTime(seconds: number): string {
  const fraction = String(randomInt(1e9)).padStart(9, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

/**
 * Documents that Codex knows and the keeper must never store, by what they are, each with secrets of its own. Codex
 * loads all but `headers` and `agent-identity` from a file, and asks OpenAI about the `personal-access-token` then.
 */
export function unmanagedDocuments(): Readonly<Record<UnmanagedKind, LoginDocument>> {
  const { tokens } = managedLogin()
  const lastRefresh = codexTime(Date.now() / 1000)
  const bare = (mode: string, extra: object): LoginDocument => documentOf({ auth_mode: mode, OPENAI_API_KEY: null, ...extra })
  return {
    'api-key': bare('apikey', { OPENAI_API_KEY: `sk-proj-${token(96)}`, tokens: null, last_refresh: null }),
    'api-key without mode': documentOf({ OPENAI_API_KEY: `sk-proj-${token(96)}` }),
    'external-tokens': loginDocument({ ...tokens, refresh_token: '' }, lastRefresh, { auth_mode: 'chatgptAuthTokens' }),
    headers: bare('headers', { headers: { authorization: `Bearer ${token(66)}` } }),
    'agent-identity': bare('agentIdentity', { agent_identity: jwt({ agent_runtime_id: token(12) }) }),
    'personal-access-token': bare('personalAccessToken', { personal_access_token: `at-${token(66)}` }),
    bedrock: bare('bedrockApiKey', { bedrock_api_key: { api_key: `ABSK${token(66)}`, region: 'us-east-1' } }),
    'bedrock keys': bare('bedrockAccessKeys', {
      bedrock_access_keys: { access_key_id: `AKIA${token(12)}`, secret_access_key: token(30), region: 'us-east-1' },
    }),
    'no tokens': documentOf({ auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens: null, last_refresh: lastRefresh }),
    'no refresh token': loginDocument({ ...tokens, refresh_token: '' }, lastRefresh),
    'no account id': documentOf({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens: { ...tokens, account_id: null },
      last_refresh: lastRefresh,
    }),
    'no last_refresh': loginDocument(tokens, null),
  }
}

export type UnmanagedKind =
  | 'api-key'
  | 'api-key without mode'
  | 'external-tokens'
  | 'headers'
  | 'agent-identity'
  | 'personal-access-token'
  | 'bedrock'
  | 'bedrock keys'
  | 'no tokens'
  | 'no refresh token'
  | 'no account id'
  | 'no last_refresh'

/** Bytes of randomness as base64url text. */
function token(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
