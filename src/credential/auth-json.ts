import * as z from 'zod/mini'
import { fingerprintOf, type Account, type Fingerprint } from './fingerprint.ts'
import { isRefreshedByOpenAI } from './provenance.ts'
import { jwtClaims } from './jwt.ts'
import { canonicalTime, isTooFarAhead, judgeTimes, type Issued } from './issued.ts'

/** A ChatGPT login that Codex can use and refresh: the only kind the keeper restores or stores. */
export interface ManagedCredential {
  readonly kind: 'managed'
  /** The document as it was read, never re-encoded. */
  readonly bytes: Uint8Array
  readonly refreshToken: string
  readonly accessToken: string
  readonly account: Account
  readonly issued: Issued
  readonly fingerprint: Fingerprint
  /** `last_refresh` as the document has it. */
  readonly lastRefresh: string
  /** When the person logged in, where the id token tells; seconds since 1970. */
  readonly loggedInAt?: number
  /** The ChatGPT plan the id token names, for example `pro`. */
  readonly plan?: string
}

/** A document Codex knows, but not one the keeper may store; `why` says which rule it breaks. */
export interface UnmanagedCredential {
  readonly kind: 'unmanaged'
  readonly bytes: Uint8Array
  readonly why: UnmanagedReason
}

export type Credential = ManagedCredential | UnmanagedCredential

export type UnmanagedReason =
  | 'api-key'
  | 'external-tokens'
  | 'headers'
  | 'agent-identity'
  | 'personal-access-token'
  | 'bedrock'
  | 'no-tokens'
  | 'no-refresh-token'
  | 'no-account-id'
  | 'no-last-refresh'
  | 'id-token-not-jwt'

/** Each reason as the end of a sentence that starts with "the file …". */
export const unmanagedReasons: Readonly<Record<UnmanagedReason, string>> = {
  'api-key': 'holds an API key, not a ChatGPT login',
  'external-tokens': 'holds tokens that another program refreshes (chatgptAuthTokens)',
  headers: 'holds request headers, not a ChatGPT login',
  'agent-identity': 'holds an agent identity, not a ChatGPT login',
  'personal-access-token': 'holds a personal access token, not a ChatGPT login',
  bedrock: 'holds Bedrock keys, not a ChatGPT login',
  'no-tokens': 'is in ChatGPT mode but has no tokens',
  'no-refresh-token': 'has no refresh token',
  'no-account-id': 'has no tokens.account_id, and without it Codex never refreshes',
  'no-last-refresh': 'has no last_refresh, and without it Codex sends no login',
  'id-token-not-jwt': 'has an id_token that is not a JWT, and Codex cannot load it',
}

/** Whether such a document is a login of another kind, which only its owner may replace; otherwise it is a broken one. */
export const isAnotherLogin: Readonly<Record<UnmanagedReason, boolean>> = {
  'api-key': true,
  'external-tokens': true,
  headers: true,
  'agent-identity': true,
  'personal-access-token': true,
  bedrock: true,
  'no-tokens': false,
  'no-refresh-token': false,
  'no-account-id': false,
  'no-last-refresh': false,
  'id-token-not-jwt': false,
}

/** The document is not an `auth.json`. Names the field and the kind of problem, never a value. */
export class AuthJsonError extends Error {
  override readonly name = 'AuthJsonError'

  constructor(field: string, problem: string) {
    super(`auth.json: ${field} ${problem}`)
  }
}

const modes = {
  apikey: 'api-key',
  chatgpt: 'chatgpt',
  chatgptAuthTokens: 'external-tokens',
  headers: 'headers',
  agentIdentity: 'agent-identity',
  personalAccessToken: 'personal-access-token',
  bedrockApiKey: 'bedrock',
  bedrockAccessKeys: 'bedrock',
} as const

const document = z.looseObject({
  auth_mode: z.nullish(z.enum(Object.keys(modes) as (keyof typeof modes)[])),
  OPENAI_API_KEY: z.nullish(z.string()),
  tokens: z.nullish(
    z.looseObject({
      id_token: z.string(),
      access_token: z.string(),
      refresh_token: z.string(),
      account_id: z.nullish(z.string()),
      oauth_provenance: z.optional(z.unknown()),
    }),
  ),
  last_refresh: z.nullish(z.string()),
  personal_access_token: z.optional(z.unknown()),
  bedrock_api_key: z.optional(z.unknown()),
  bedrock_access_keys: z.optional(z.unknown()),
})
type Document = z.infer<typeof document>

/**
 * Reads an `auth.json` as Codex does.
 * @param bytes the document, UTF-8 without a byte order mark
 * @param now seconds since 1970, by which impossible times are recognised
 * @returns a managed credential, or an unmanaged one with the reason
 * @throws AuthJsonError when Codex would reject the file: not a JSON object, an unknown `auth_mode`, a field of another type,
 *   a `last_refresh` without zone (rules measured on Codex 0.169.0, in its `login/src/auth/storage.rs`); when its access token names
 *   another account than `tokens.account_id`, which no Codex writes; and when Codex would refresh it at another server than OpenAI's.
 */
export function parseAuthJson(bytes: Uint8Array, now = Date.now() / 1000): Credential {
  const doc = validated(bytes)
  const mode = modeOf(doc)
  if (mode !== 'chatgpt') return { kind: 'unmanaged', bytes, why: mode }
  if (!doc.tokens) return { kind: 'unmanaged', bytes, why: 'no-tokens' }
  const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken, account_id: id } = doc.tokens
  const identity = jwtClaims(idToken)
  if (identity === undefined) return { kind: 'unmanaged', bytes, why: 'id-token-not-jwt' }
  if (refreshToken === '') return { kind: 'unmanaged', bytes, why: 'no-refresh-token' }
  if (accessToken === '') return { kind: 'unmanaged', bytes, why: 'no-tokens' }
  if (!id) return { kind: 'unmanaged', bytes, why: 'no-account-id' }
  if (!doc.last_refresh) return { kind: 'unmanaged', bytes, why: 'no-last-refresh' }

  if (!isRefreshedByOpenAI(doc.tokens.oauth_provenance)) {
    throw new AuthJsonError(
      'tokens.oauth_provenance.issuer',
      'names another server than OpenAI, and Codex would send the refresh token there',
    )
  }
  const access = jwtClaims(accessToken) ?? {}
  // Another's token under our account id is another's login: a working access token names its own account, and cannot be made up.
  if (access.account !== undefined && access.account !== id) {
    throw new AuthJsonError('tokens.access_token', 'belongs to another account than tokens.account_id')
  }
  const user = identity.user ?? access.user
  const parts = {
    refreshToken,
    accessToken,
    account: user === undefined ? { id } : { id, user },
    issued: judgeTimes(
      {
        ...(access.iat !== undefined && { iat: access.iat }),
        ...(access.exp !== undefined && { exp: access.exp }),
        lastRefresh: timeOf(doc.last_refresh),
      },
      now,
    ),
  }
  return {
    kind: 'managed',
    bytes,
    ...parts,
    fingerprint: fingerprintOf(parts),
    lastRefresh: doc.last_refresh,
    ...(identity.authTime !== undefined && !isTooFarAhead('iat', identity.authTime, now) && { loggedInAt: identity.authTime }),
    ...(identity.plan !== undefined && { plan: identity.plan }),
  }
}

function validated(bytes: Uint8Array): Document {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new AuthJsonError('the document', 'is not UTF-8 text')
  }
  if (text.trim() === '') throw new AuthJsonError('the document', 'is empty')
  if (text.startsWith('\uFEFF')) throw new AuthJsonError('the document', 'starts with a byte order mark, which Codex rejects')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AuthJsonError('the document', 'is not complete JSON') // the parser's own message quotes the text
  }
  const result = document.safeParse(value)
  if (result.success) {
    if (result.data.last_refresh) timeOf(result.data.last_refresh)
    return result.data
  }
  const [issue] = result.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.')
  throw new AuthJsonError(field, issue?.code === 'invalid_type' ? `must be ${issue.expected}` : 'has a value Codex does not know')
}

function timeOf(lastRefresh: string): string {
  const time = canonicalTime(lastRefresh)
  if (time === undefined) throw new AuthJsonError('last_refresh', 'is not an RFC 3339 time with a zone')
  return time
}

/** Without `auth_mode` Codex infers it in this order. */
function modeOf(doc: Document): (typeof modes)[keyof typeof modes] {
  if (doc.auth_mode) return modes[doc.auth_mode]
  if (present(doc.personal_access_token)) return 'personal-access-token'
  if (present(doc.bedrock_api_key) || present(doc.bedrock_access_keys)) return 'bedrock'
  if (present(doc.OPENAI_API_KEY)) return 'api-key'
  return 'chatgpt'
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null
}
