import { createSign, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The issuer of a job's id tokens, as GitHub's: what a job asks, and what a server that trusts it looks up. */
export interface LoopbackIdTokens {
  /** `iss`, with `/.well-known/openid-configuration` below it. */
  readonly issuer: string
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly requestUrl: string
  readonly requestToken: string
  /** How many id tokens were asked for. */
  readonly asked: () => number
  /** Every token that was given out. */
  readonly given: readonly string[]
  /** What the next tokens say besides. */
  readonly claims: Record<string, unknown>
  /** The next requests get this status instead. */
  refuse(status: number | undefined): void
  close(): Promise<void>
}

let made: KeyPair | undefined
type KeyPair = Readonly<Record<'publicKey' | 'privateKey', KeyObject>>

/** Made when it is first needed: it takes a quarter of a second, and most who load this file need none. */
const key = (): KeyPair => (made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }))

/** What a server looks up that trusts id tokens. */
export interface IdTokenIssuer {
  /** `iss` */
  readonly issuer: string
  close(): Promise<void>
}

/** An issuer that gives no tokens itself, for a server that outlives the test. */
export function idTokenIssuer(): Promise<IdTokenIssuer> {
  return loopbackIdTokens()
}

/** @param trusted the `iss` of the tokens; default is this server itself */
export async function loopbackIdTokens(trusted?: string): Promise<LoopbackIdTokens> {
  const subject = 'repo:your-org/your-repo:ref:refs/heads/main'
  const given: string[] = []
  const claims: Record<string, unknown> = { sub: subject, repository: 'your-org/your-repo' }
  const requestToken = `request-token-${randomUUID()}`
  let asked = 0
  let refused: number | undefined
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', issuer())
    const json = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (url.pathname === '/.well-known/openid-configuration') {
      json({
        issuer: issuer(),
        jwks_uri: `${issuer()}/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    } else if (url.pathname === '/jwks') {
      json({ keys: [{ ...key().publicKey.export({ format: 'jwk' }), kid: 'loopback', use: 'sig', alg: 'RS256' }] })
    } else if (url.pathname === '/token') {
      asked += 1
      const status = refused ?? (request.headers.authorization === `Bearer ${requestToken}` ? undefined : 401)
      if (status !== undefined) {
        response.writeHead(status).end()
        return
      }
      const token = signed({ ...claims, aud: url.searchParams.get('audience') ?? 'https://github.com/your-org' })
      given.push(token)
      json({ value: token })
    } else {
      response.writeHead(404).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const signed = (more: Readonly<Record<string, unknown>>): string => {
    const now = Math.floor(Date.now() / 1000)
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const body = `${part({ alg: 'RS256', typ: 'JWT', kid: 'loopback' })}.${part({ iss: trusted ?? issuer(), iat: now, nbf: now - 5, exp: now + 300, jti: randomUUID(), ...more })}`
    return `${body}.${createSign('RSA-SHA256').update(body).sign(key().privateKey, 'base64url')}`
  }
  return {
    issuer: issuer(),
    // As GitHub's, it has a query of its own.
    requestUrl: `${issuer()}/token?api-version=2.0`,
    requestToken,
    asked: () => asked,
    given,
    claims,
    refuse: (status) => {
      refused = status
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
