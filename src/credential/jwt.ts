import * as z from 'zod/mini'

/** What the keeper reads from a token; all of it is optional because OpenAI promises none of it. */
export interface JwtClaims {
  /** Issued at, seconds since 1970 by the server's clock. */
  readonly iat?: number
  /** Ends at, seconds since 1970 by the server's clock. */
  readonly exp?: number
  /** When the person logged in, seconds since 1970. */
  readonly authTime?: number
  readonly plan?: string
  readonly account?: string
  readonly user?: string
}

/** A claim that is not a moment of the years 1970 to 9999 counts as absent: no Date could show it. */
const moment = z.catch(z.optional(z.number().check(z.minimum(0), z.maximum(253_402_300_799))), undefined)

/** The plan is shown in logs, and nobody checks the signature: a line break would start a line of its own there. */
const planName = /^[\w-]{1,40}$/

const claims = z.looseObject({
  iat: moment,
  exp: moment,
  auth_time: moment,
  'https://api.openai.com/auth': z.catch(
    z.optional(
      z.looseObject({
        chatgpt_plan_type: z.catch(z.optional(z.string().check(z.regex(planName))), undefined),
        chatgpt_account_id: z.catch(z.optional(z.string()), undefined),
        chatgpt_user_id: z.catch(z.optional(z.string()), undefined),
        user_id: z.catch(z.optional(z.string()), undefined),
      }),
    ),
    undefined,
  ),
})

/**
 * The claims of a JWT; its signature is not checked, as Codex does not check it either.
 * @returns undefined when the text is not three parts with a base64url JSON object in the middle (an opaque token)
 */
export function jwtClaims(token: string): JwtClaims | undefined {
  const parts = token.split('.')
  const payload = parts[1]
  if (parts.length !== 3 || parts.some((part) => part === '') || payload === undefined) return undefined
  const json = base64UrlText(payload)
  if (json === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  const result = claims.safeParse(value)
  if (!result.success) return undefined
  const { iat, exp, auth_time: authTime, 'https://api.openai.com/auth': auth } = result.data
  const user = auth?.chatgpt_user_id ?? auth?.user_id
  return {
    ...(iat !== undefined && { iat }),
    ...(exp !== undefined && { exp }),
    ...(authTime !== undefined && { authTime }),
    ...(auth?.chatgpt_plan_type !== undefined && { plan: auth.chatgpt_plan_type }),
    ...(auth?.chatgpt_account_id !== undefined && { account: auth.chatgpt_account_id }),
    ...(user !== undefined && { user }),
  }
}

function base64UrlText(text: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
