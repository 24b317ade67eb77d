import { randomBytes } from 'node:crypto'

/** What a role lets its account do with Secrets of one namespace; `names` as `resourceNames`, which never match a creation. */
export interface Rule {
  readonly namespace: string
  readonly verbs: readonly ('get' | 'update' | 'create')[]
  readonly names?: readonly string[]
}

export interface Account {
  readonly user: string
  rules: readonly Rule[]
}

export interface Accounts {
  /** A token that speaks for this account, as the kubelet asks for one every hour. */
  issue(namespace: string, name: string): string
  revoke(token: string): void
  bearer(authorization: string | undefined): Account | undefined
  /** Replaces all rules of the account. */
  grant(namespace: string, name: string, rules: readonly Rule[]): void
}

export function openAccounts(): Accounts {
  const accounts = new Map<string, Account>()
  const tokens = new Map<string, Account>()
  const account = (namespace: string, name: string): Account => {
    const user = `system:serviceaccount:${namespace}:${name}`
    const found = accounts.get(user) ?? { user, rules: [] }
    accounts.set(user, found)
    return found
  }
  return {
    issue: (namespace, name) => {
      const found = account(namespace, name)
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        aud: ['https://kubernetes.default.svc'],
        exp: now + 3_607,
        iat: now,
        iss: 'https://kubernetes.default.svc',
        sub: found.user,
      }
      const token = `${part({ alg: 'RS256', kid: randomBytes(8).toString('hex') })}.${part(claims)}.${randomBytes(256).toString('base64url')}`
      tokens.set(token, found)
      return token
    },
    revoke: (token) => {
      tokens.delete(token)
    },
    bearer: (authorization = '') => tokens.get(/^Bearer (\S+)$/.exec(authorization)?.[1] ?? ''),
    grant: (namespace, name, rules) => {
      account(namespace, name).rules = rules
    },
  }
}

/** Whether a rule allows it. */
export function mayDo({ rules }: Account, verb: Rule['verbs'][number], namespace: string, name: string | undefined): boolean {
  return rules.some(
    (rule) =>
      rule.namespace === namespace &&
      rule.verbs.includes(verb) &&
      (rule.names === undefined || (name !== undefined && rule.names.includes(name))),
  )
}
