import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { created, invalid, notFound, problem, type Answer } from './answers.ts'

export type Permissions = Readonly<Record<string, 'read' | 'write'>>

export interface TokenOptions {
  /** By GitHub's names: secrets, environments, actions_variables, issues, metadata, contents. */
  readonly permissions?: Permissions
  /** A classic token with the scope `repo`: everything. */
  readonly classic?: boolean
  /** `owner/name`; all when left out. */
  readonly repositories?: readonly string[]
  readonly login?: string
}

export interface Bearer extends Required<TokenOptions> {
  readonly kind: 'person' | 'installation'
  /** Milliseconds since 1970. */
  readonly expires: number
}

export interface LoopbackApp {
  readonly id: string
  /** PEM in PKCS#1, as GitHub gives it. */
  readonly privateKey: string
  readonly installationId: number
}

interface InstalledApp extends LoopbackApp {
  readonly publicKey: string
  readonly permissions: Permissions
  readonly repositories: readonly string[]
}

export interface Access {
  token(options: TokenOptions): string
  revoke(token: string): void
  app(permissions: Permissions, repositories: readonly string[]): LoopbackApp
  /** Who a request comes from; an Answer when it is to be refused. */
  bearer(authorization: string | undefined): Bearer | Answer
  installation(authorization: string | undefined, repository: string): Answer
  installationToken(authorization: string | undefined, installationId: number, body: unknown): Answer
}

const everybody: readonly string[] = ['*']
const badCredentials = problem(401, 'Bad credentials')

/** The tokens, the Apps and what they may. */
export function openAccess(now: () => number): Access {
  const tokens = new Map<string, Bearer>()
  const apps: InstalledApp[] = []

  const issue = (prefix: string, bearer: Bearer): string => {
    const token = `${prefix}${randomBytes(20).toString('hex')}`
    tokens.set(token, bearer)
    return token
  }
  const signer = (authorization: string | undefined): InstalledApp | Answer => {
    const jwt = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1]
    return jwt === undefined ? problem(401, 'A JSON web token could not be decoded') : appOf(jwt, apps, now() / 1000)
  }

  return {
    token: (options) =>
      issue('github_pat_', {
        permissions: {},
        classic: false,
        repositories: everybody,
        login: 'octocat',
        ...options,
        kind: 'person',
        expires: Infinity,
      }),
    revoke: (token) => {
      tokens.delete(token)
    },
    app: (permissions, repositories) => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      })
      const number = apps.length + 1
      const app = { id: String(700 + number), privateKey, publicKey, installationId: 9000 + number, permissions, repositories }
      apps.push(app)
      return app
    },
    bearer: (authorization) => {
      const token = /^(?:token|bearer) (\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
      const bearer = tokens.get(token)
      return bearer === undefined || bearer.expires <= now() ? badCredentials : bearer
    },
    installation: (authorization, repository) => {
      const app = signer(authorization)
      if ('status' in app) return app
      if (!app.repositories.includes(repository)) return notFound
      return {
        status: 200,
        body: { id: app.installationId, app_id: Number(app.id), permissions: app.permissions, repository_selection: 'selected' },
      }
    },
    installationToken: (authorization, installationId, body) => {
      const app = signer(authorization)
      if ('status' in app) return app
      if (app.installationId !== installationId) return notFound
      const { permissions = app.permissions, repositories } = (body ?? {}) as { permissions?: Permissions; repositories?: string[] }
      for (const [name, level] of Object.entries(permissions)) {
        if (!allows(app.permissions, name, level)) return invalid('The permissions requested are not granted to this installation.')
      }
      const expires = now() + 3_600_000
      const token = issue('ghs_', {
        kind: 'installation',
        permissions,
        classic: false,
        login: 'keeper[bot]',
        expires,
        repositories: app.repositories.filter((each) => repositories?.includes(each.split('/')[1] ?? '') ?? true),
      })
      return created({ token, expires_at: new Date(expires).toISOString(), permissions, repository_selection: 'selected' })
    },
  }
}

/** Whether a bearer may do what a route asks for; an Answer when not. */
export function refusal(bearer: Bearer, repository: string, permission: string, level: 'read' | 'write'): Answer | undefined {
  if (!bearer.repositories.includes('*') && !bearer.repositories.includes(repository)) return notFound
  if (bearer.classic || permission === 'metadata' || allows(bearer.permissions, permission, level)) return undefined
  return problem(403, `Resource not accessible by ${bearer.kind === 'person' ? 'personal access token' : 'integration'}`)
}

function allows(permissions: Permissions, name: string, level: 'read' | 'write'): boolean {
  return permissions[name] === 'write' || (level === 'read' && permissions[name] === 'read')
}

/** The App whose key has signed the token; an Answer when none has, or its times are wrong. */
function appOf(jwt: string, apps: readonly InstalledApp[], seconds: number): InstalledApp | Answer {
  const [head = '', payload = '', signature = ''] = jwt.split('.')
  let claims: { iss?: unknown; iat?: unknown; exp?: unknown }
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as typeof claims
  } catch {
    return problem(401, 'A JSON web token could not be decoded')
  }
  const app = apps.find(({ id }) => id === String(claims.iss))
  if (app === undefined) return problem(404, 'Integration not found')
  const signed = verify('sha256', Buffer.from(`${head}.${payload}`), createPublicKey(app.publicKey), Buffer.from(signature, 'base64url'))
  if (!signed) return problem(401, 'A JSON web token could not be decoded')
  if (Number(claims.exp) <= seconds)
    return problem(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  if (Number(claims.exp) > seconds + 600) return problem(401, "'Expiration time' claim ('exp') is too far in the future")
  if (Number(claims.iat) > seconds)
    return problem(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
  return app
}
