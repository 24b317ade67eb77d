import { startRecipeServer, type Answer, type Incoming } from './server.ts'
import type { RecipePlace } from './place.ts'

const here = '/v1/projects/your-project/secrets/codex-auth'
const permissions = ['secrets.get', 'secrets.update', 'versions.access', 'versions.add', 'versions.destroy']

/** One secret of Google Secret Manager, as Google's documentation of versions, aliases and etags has it. */
export async function googleSecretManager(): Promise<RecipePlace> {
  const versions: (Buffer | undefined)[] = []
  let etag = 0x15b0a
  let aliases: Record<string, string> = {}
  let writes = 0
  const tag = (): string => `"${etag.toString(16)}"`
  const error = (code: number, status: string): Answer => ({ status: code, body: { error: { code, status, message: `The ${status}.` } } })
  const current = (): Buffer | undefined => versions[Number(aliases['current']) - 1]

  const answer = ({ method, url, may, body }: Incoming): Answer => {
    if (!url.pathname.startsWith(here)) return error(404, 'NOT_FOUND')
    const rest = url.pathname.slice(here.length)
    const secret = (): Answer => ({ status: 200, body: { name: here.slice(4), etag: tag(), versionAliases: aliases } })
    const sent = (): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>
    if (rest === ':testIamPermissions') {
      const has = permissions.filter((name) => (/get|access/.test(name) ? may.read : may.write)).map((name) => `secretmanager.${name}`)
      return { status: 200, body: { permissions: (sent()['permissions'] as string[]).filter((name) => has.includes(name)) } }
    }
    const reads = method === 'GET'
    if (reads ? !may.read : !may.write) return error(403, 'PERMISSION_DENIED')
    if (reads && rest === '') return secret()
    const [, number = '', verb] = /^\/versions\/(\d+):(access|destroy)$/.exec(rest) ?? []
    if (reads && verb === 'access') {
      const bytes = versions[Number(number) - 1]
      return bytes === undefined ? error(404, 'NOT_FOUND') : { status: 200, body: { payload: { data: bytes.toString('base64') } } }
    }
    if (method === 'POST' && verb === 'destroy') {
      versions[Number(number) - 1] = undefined
      return { status: 200, body: { state: 'DESTROYED' } }
    }
    if (method === 'POST' && rest === ':addVersion') {
      versions.push(Buffer.from((sent()['payload'] as { data: string }).data, 'base64'))
      return { status: 200, body: { name: `${here.slice(4)}/versions/${versions.length}`, etag: '"of the version"' } }
    }
    if (method === 'PATCH' && rest === '' && url.searchParams.get('updateMask') === 'versionAliases') {
      const { etag: wanted, versionAliases } = sent()
      if (wanted !== undefined && wanted !== tag()) return error(400, 'FAILED_PRECONDITION')
      aliases = versionAliases as Record<string, string>
      etag += 1
      writes += 1
      return secret()
    }
    return error(400, 'INVALID_ARGUMENT')
  }
  const server = await startRecipeServer(answer)
  return {
    server,
    replacements: { 'https://secretmanager.googleapis.com': server.url },
    env: {},
    elsewhere: { SECRET: 'projects/your-project/secrets/none' },
    programs: { gcloud: `[ "$*" = 'auth print-access-token' ] && echo '${server.token}'` },
    secrets: [server.token],
    shows: server.url,
    provedWhenEmpty: 'proved',
    contents: current,
    writes: () => writes,
  }
}
