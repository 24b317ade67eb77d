import { randomUUID } from 'node:crypto'
import { onFreePorts, serverProgram, sharedServer, startServer } from './server-programs.ts'

/** A real OpenBao on loopback, unsealed, in memory. */
export interface LoopbackOpenBao {
  readonly origin: string
  /** Asks its API with the root token. */
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
    more?: Readonly<Record<string, string>>,
  ) => Promise<{ status: number; body: unknown }>
  readonly stop: () => Promise<void>
}

async function startOpenBao([port = 0]: readonly number[]): Promise<LoopbackOpenBao> {
  const origin = `http://127.0.0.1:${port}`
  const root = randomUUID()
  const { stop } = await startServer(
    serverProgram('bao'),
    ['server', '-dev', '-dev-no-store-token', `-dev-listen-address=127.0.0.1:${port}`],
    {
      env: { BAO_DEV_ROOT_TOKEN_ID: root, GOMAXPROCS: '2' },
      isUp: async () => (await fetch(`${origin}/v1/secret/config`, { headers: { 'x-vault-token': root } })).status === 200,
    },
  )
  return {
    origin,
    api: async (method, path, body, more = {}) => {
      const answer = await fetch(`${origin}/v1/${path}`, {
        method,
        headers: { 'x-vault-token': root, ...more },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    stop,
  }
}

/** The one OpenBao of a test file. */
export const sharedOpenBao = sharedServer(() => onFreePorts(1, startOpenBao))

/** A path of its own in the mount `secret`, with a policy and a token for it. */
export interface BaoPlace {
  readonly mount: 'secret'
  readonly path: string
  readonly policy: string
  readonly token: string
  /** Sets what the policy allows. */
  allow(capabilities: readonly string[]): Promise<void>
  /** What is stored, as the server gives it. */
  contents(): Promise<{ readonly data: Readonly<Record<string, string>>; readonly version: number } | undefined>
  put(data: Readonly<Record<string, string>>): Promise<void>
  /** Puts these fields where the lease lies. */
  readonly putLease: (data: Readonly<Record<string, string>>) => Promise<void>
  /** Removes it with all its versions. */
  empty(): Promise<void>
}

export const allRights: readonly string[] = ['create', 'read', 'update']

export async function baoPlace(bao: LoopbackOpenBao): Promise<BaoPlace> {
  const policy = `keeper-${randomUUID()}`
  const path = `ci/${randomUUID()}`
  const done = async (method: string, where: string, body?: unknown): Promise<unknown> => {
    const answer = await bao.api(method, where, body)
    if (answer.status >= 300) throw new Error(`OpenBao: ${method} ${where} ${answer.status}`)
    return answer.body
  }
  const allow = async (capabilities: readonly string[]): Promise<void> => {
    const rules = capabilities.length === 0 ? '["deny"]' : JSON.stringify(capabilities)
    await done('POST', `sys/policies/acl/${policy}`, {
      policy: [path, `${path}.lease`].map((each) => `path "secret/data/${each}" { capabilities = ${rules} }`).join('\n'),
    })
  }
  await allow(allRights)
  const { auth } = (await done('POST', 'auth/token/create', { policies: [policy], ttl: '1h' })) as { auth: { client_token: string } }
  return {
    mount: 'secret',
    path,
    policy,
    token: auth.client_token,
    allow,
    contents: async () => {
      const { status, body } = await bao.api('GET', `secret/data/${path}`)
      if (status === 404) return undefined
      const { data } = body as { data: { data: Record<string, string>; metadata: { version: number } } }
      return { data: data.data, version: data.metadata.version }
    },
    put: async (data) => {
      await done('POST', `secret/data/${path}`, { data })
    },
    putLease: async (data) => {
      await done('POST', `secret/data/${path}.lease`, { data })
    },
    empty: async () => {
      await done('DELETE', `secret/metadata/${path}`)
    },
  }
}

/** Lets jobs log in with an id token of this issuer, as the role that is returned. */
export async function trustIdTokens(
  bao: LoopbackOpenBao,
  {
    issuer,
    policy,
    audience,
    claims = {},
  }: {
    readonly issuer: string
    readonly policy: string
    readonly audience: string
    readonly claims?: Readonly<Record<string, string>>
  },
): Promise<{ readonly auth: string; readonly role: string; readonly setLife: (ttl: string) => Promise<void> }> {
  const auth = `jwt-${randomUUID()}`
  const role = 'codex-auth'
  const post = async (where: string, body: unknown): Promise<void> => {
    const answer = await bao.api('POST', where, body)
    if (answer.status >= 300) throw new Error(`OpenBao: ${where} ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  const setLife = (ttl: string): Promise<void> =>
    post(`auth/${auth}/role/${role}`, {
      role_type: 'jwt',
      user_claim: 'sub',
      bound_audiences: [audience],
      bound_claims: { repository: 'your-org/your-repo', ...claims },
      token_policies: [policy],
      token_no_default_policy: true,
      token_ttl: ttl,
    })
  await post(`sys/auth/${auth}`, { type: 'jwt' })
  await post(`auth/${auth}/config`, { oidc_discovery_url: issuer, bound_issuer: issuer })
  await setLife('10m')
  return { auth, role, setLife }
}
