import type { StorePlace } from '../store-places.ts'
import { loopbackIdTokens } from '../loopback-id-tokens.ts'
import { baoPlace, sharedOpenBao, trustIdTokens } from '../loopback-openbao.ts'
import { serverFront, someTimes, type FrontRequest } from '../server-front.ts'
import { seeded } from './seeded.ts'

const audience = 'https://vault.example.com'

/** A secret in a real OpenBao, where the job logs in with its id token. */
export async function vaultPlace(): Promise<StorePlace> {
  const { server: bao, release } = await sharedOpenBao()
  const [front, idTokens, place] = await Promise.all([serverFront(bao.origin), loopbackIdTokens(), baoPlace(bao)])
  const { auth, role } = await trustIdTokens(bao, { issuer: idTokens.issuer, policy: place.policy, audience })
  const line = `vault: ${front.origin}/secret/${place.path}?role=${role}&auth=${auth}&audience=${audience}`
  return {
    ...seeded(line, {}, { services: { idTokenUrl: idTokens.requestUrl, idToken: idTokens.requestToken } }),
    name: 'vault',
    line,
    machineKind: 'hosted',
    machineEnv: {},
    contents: async () => {
      const text = (await place.contents())?.data['auth.json']
      return text === undefined ? undefined : Buffer.from(text)
    },
    put: (bytes) => place.put({ 'auth.json': Buffer.from(bytes).toString('utf8') }),
    putLease: (bytes) => place.putLease({ lease: Buffer.from(bytes).toString('utf8') }),
    empty: () => place.empty(),
    failReads: (times) => {
      front.meet(someTimes(times, isRead, { kind: 'status', status: 503, body: '{"errors":["Vault is sealed"]}' }))
      return Promise.resolve()
    },
    failWrites: (times) => {
      front.meet(someTimes(times, isVaultWrite, { kind: 'status', status: 503, body: '{"errors":["Vault is sealed"]}' }))
      return Promise.resolve()
    },
    loseAnswers: (times) => {
      front.meet(someTimes(times, isVaultWrite, { kind: 'answer-lost' }))
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
    writes: () => Promise.resolve(front.requests.filter((request) => isVaultWrite(request) && request.status === 200).length),
    secrets: () => [
      idTokens.requestToken,
      ...idTokens.given.flatMap((token) => [token, token.split('.')[2] ?? '']),
      ...front.requests.flatMap(({ headers }) => headers['x-vault-token'] ?? []),
    ],
    close: async () => {
      await Promise.all([front.close(), idTokens.close()])
      await release()
    },
  }
}

function isRead({ method, url }: FrontRequest): boolean {
  return method === 'GET' && url.includes('/data/')
}

/** A write of the login that is meant, not the one that proves. */
export function isVaultWrite({ method, url, body }: FrontRequest): boolean {
  return method === 'POST' && url.includes('/data/') && !url.endsWith('.lease') && !body.includes('2147483647')
}
