import { startRecipeServer, type Answer, type Incoming } from './server.ts'
import type { RecipePlace } from './place.ts'

const login = '/api/v1/auth/universal-auth/login'

/** One secret of Infisical, as its API's documentation and source have it: what comes first is looked at first. */
export async function infisical(): Promise<RecipePlace> {
  let value = 'empty'
  let writes = 0
  const secretOfClient = 'client-secret-of-this-test'
  const answer = ({ method, url, may, body }: Incoming): Answer => {
    const sent = (): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>
    if (url.pathname === login) {
      const { clientId, clientSecret } = sent()
      return clientId === 'client' && clientSecret === secretOfClient
        ? { status: 200, body: { accessToken: server.token, expiresIn: 7200, tokenType: 'Bearer' } }
        : { status: 401, body: { message: 'Invalid credentials' } }
    }
    const asked = method === 'GET' ? Object.fromEntries(url.searchParams) : sent()
    if (asked['workspaceId'] !== '00000000-1111-2222-3333-444444444444' || asked['environment'] !== 'prod') return { status: 404, body: {} }
    if (url.pathname !== '/api/v3/secrets/raw/CODEX_AUTH') return { status: 404, body: { message: 'Secret not found' } }
    if (method === 'GET') {
      if (!may.read) return { status: 403, body: { message: 'You are not allowed to read' } }
      return { status: 200, body: { secret: { secretKey: 'CODEX_AUTH', secretValue: value, version: writes + 1 } } }
    }
    if (method !== 'PATCH') return { status: 405 }
    if (!may.write) return { status: 403, body: { message: 'You are not allowed to edit' } }
    if (Array.isArray(asked['tagIds'])) return { status: 404, body: { message: 'Tag not found. Found ' } }
    value = String(asked['secretValue']).trim()
    writes += 1
    return { status: 200, body: { secret: { version: writes + 1 } } }
  }
  const server = await startRecipeServer(answer, [login])
  return {
    server,
    replacements: { 'https://app.infisical.com': server.url },
    env: { INFISICAL_CLIENT_ID: 'client', INFISICAL_CLIENT_SECRET: secretOfClient },
    elsewhere: { SECRET: `${server.url}/api/v3/secrets/raw/NONE` },
    programs: {},
    secrets: [server.token, secretOfClient],
    shows: server.url,
    provedWhenEmpty: 'proved',
    contents: () => (value === 'empty' ? undefined : Buffer.from(value, 'base64')),
    writes: () => writes,
  }
}
