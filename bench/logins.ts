import { managedLogin, type Login } from '../__tests__/support/codex-login.ts'

/** What a refresh makes of a login: new tokens of the same account, issued an hour later, good for another ten days. */
export function rotated({ claims: { accountId, userId, email, plan, issuedAt } }: Login): Login {
  return managedLogin({ accountId, userId, email, plan, issuedAt: issuedAt + 3600 })
}

/** A login that no job has to refresh, issued two days ago. */
export function freshLogin(): Login {
  const twoDays = 172_800
  return managedLogin({ issuedAt: Math.floor(Date.now() / 1000) - twoDays })
}
