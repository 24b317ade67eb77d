import { randomUUID } from 'node:crypto'
import { loopbackIdTokens } from '../loopback-id-tokens.ts'
import { sharedSeaweed } from '../loopback-seaweedfs.ts'
import { serverFront, someTimes, type FrontRequest } from '../server-front.ts'
import type { StorePlace } from '../store-places.ts'
import { sealing } from './sealed.ts'
import { seeded } from './seeded.ts'

/** An object in a real SeaweedFS, sealed, where the job takes a role with its id token. */
export async function s3Place(): Promise<StorePlace> {
  const { server: seaweed, release } = await sharedSeaweed()
  const [front, idTokens, key] = await Promise.all([serverFront(seaweed.origin), loopbackIdTokens(seaweed.issuer.issuer), sealing()])
  const place = `${seaweed.bucket}/ci/${randomUUID()}.json`
  const line = `s3: ${place}?endpoint=${front.origin}&role=${seaweed.role}`
  const away = {
    kind: 'status',
    status: 503,
    body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
  } as const
  return {
    ...seeded(
      line,
      { 'encryption-key': '${{ secrets.KEY }}' },
      { secrets: { KEY: key.identity }, services: { idTokenUrl: idTokens.requestUrl, idToken: idTokens.requestToken } },
    ),
    name: 's3',
    line,
    machineKind: 'hosted',
    machineEnv: {},
    contents: async () => {
      const { status, body } = await seaweed.admin('GET', `/${place}`)
      return status === 200 ? key.open(body) : undefined
    },
    put: async (bytes) => {
      await seaweed.admin('PUT', `/${place}`, Buffer.from(await key.seal(bytes)))
    },
    putLease: async (bytes) => {
      await seaweed.admin('PUT', `/${place}.lease`, Buffer.from(bytes))
    },
    empty: async () => {
      await seaweed.admin('DELETE', `/${place}`)
    },
    failReads: (times) => {
      front.meet(someTimes(times, ({ method }) => method === 'GET', away))
      return Promise.resolve()
    },
    failWrites: (times) => {
      front.meet(someTimes(times, isS3Write, away))
      return Promise.resolve()
    },
    loseAnswers: (times) => {
      front.meet(someTimes(times, isS3Write, { kind: 'answer-lost' }))
      return Promise.resolve()
    },
    slow: (milliseconds) => {
      front.slow(milliseconds)
      return Promise.resolve()
    },
    heal: () => {
      front.slow(0)
      front.meet(() => undefined)
      return Promise.resolve()
    },
    writes: () => Promise.resolve(front.requests.filter((request) => isS3Write(request) && request.status === 200).length),
    secrets: () => [
      idTokens.requestToken,
      ...idTokens.given.flatMap((token) => [token, token.split('.')[2] ?? '']),
      ...front.requests.flatMap(({ headers }) => headers['x-amz-security-token'] ?? []).map(String),
    ],
    close: async () => {
      await Promise.all([front.close(), idTokens.close()])
      await release()
    },
  }
}

/** A write of the login that is meant, not one that proves. */
export function isS3Write({ method, url, headers }: FrontRequest): boolean {
  return method === 'PUT' && !url.endsWith('.lease') && headers['if-match'] !== '"ffffffffffffffffffffffffffffffff"'
}
