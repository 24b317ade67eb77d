import { startRecipeServer, type Answer, type Incoming } from './server.ts'
import type { RecipePlace } from './place.ts'

/** One container of Azure Blob Storage, as Azurite answers. */
export async function blobStorage(): Promise<RecipePlace> {
  let document: Buffer | undefined
  let version = 0x8dc0000
  let writes = 0
  const etag = (): string => `"0x${version.toString(16).toUpperCase()}"`
  const error = (status: number, code: string): Answer => ({ status, headers: { 'x-ms-error-code': code }, body: `<Code>${code}</Code>` })
  const answer = ({ method, url, headers, may, body }: Incoming): Answer => {
    if (headers['x-ms-version'] === undefined) return error(400, 'MissingRequiredHeader')
    if (!url.pathname.startsWith('/codex/')) return error(404, 'ContainerNotFound')
    if (method === 'GET') {
      if (!may.read) return error(403, 'AuthorizationPermissionMismatch')
      return document === undefined ? error(404, 'BlobNotFound') : { status: 200, headers: { etag: etag() }, body: document }
    }
    if (method !== 'PUT') return error(405, 'UnsupportedHttpVerb')
    if (!may.write) return error(403, 'AuthorizationPermissionMismatch')
    if (headers['content-length'] === undefined) return error(411, 'MissingContentLengthHeader')
    if (headers['x-ms-blob-type'] !== 'BlockBlob') return error(400, 'MissingRequiredHeader')
    if (headers['if-none-match'] === '*' && document !== undefined) return error(409, 'BlobAlreadyExists')
    if (headers['if-match'] !== undefined && (document === undefined || headers['if-match'] !== etag()))
      return error(412, 'ConditionNotMet')
    document = body
    version += 1
    writes += 1
    return { status: 201, headers: { etag: etag() } }
  }
  const server = await startRecipeServer(answer)
  const asked = 'account get-access-token --resource https://storage.azure.com/ --query accessToken --output tsv'
  return {
    server,
    replacements: { 'https://youraccount.blob.core.windows.net': server.url },
    env: {},
    elsewhere: { BLOB: `${server.url}/none/auth.json` },
    programs: { az: `[ "$*" = '${asked}' ] && echo '${server.token}'` },
    secrets: [server.token],
    shows: server.url,
    provedWhenEmpty: 'proved',
    contents: () => document,
    writes: () => writes,
  }
}
