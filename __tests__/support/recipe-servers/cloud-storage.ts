import { startRecipeServer, type Answer, type Incoming } from './server.ts'
import type { RecipePlace } from './place.ts'

/** One bucket of Google Cloud Storage, as its JSON API shows it. */
export async function cloudStorage(): Promise<RecipePlace> {
  let document: Buffer | undefined
  let generation = 1_790_000_000_000_000
  let writes = 0
  const here = { bucket: 'your-bucket', object: 'codex/auth.json' }
  const answer = ({ method, url, may, body }: Incoming): Answer => {
    const [, upload, bucket, name] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? []
    if (bucket !== here.bucket) return { status: 404, body: { error: { code: 404, message: 'The specified bucket does not exist.' } } }
    const object = name === undefined ? url.searchParams.get('name') : decodeURIComponent(name)
    if (object !== here.object) return { status: 404, body: `No such object: ${bucket}/${object ?? ''}` }
    if (method === 'GET') {
      if (!may.read) return { status: 403, body: `codex@your-project does not have storage.objects.get access to the object.` }
      if (document === undefined) return { status: 404, body: `No such object: ${bucket}/${object}` }
      return { status: 200, headers: { 'x-goog-generation': String(generation) }, body: document }
    }
    if (upload === undefined || method !== 'POST') return { status: 405 }
    if (!may.write) return { status: 403, body: { error: { code: 403, message: 'does not have storage.objects.create access' } } }
    const wanted = url.searchParams.get('ifGenerationMatch')
    if (wanted !== null && wanted !== (document === undefined ? '0' : String(generation))) {
      const message = 'At least one of the pre-conditions you specified did not hold.'
      return { status: 412, body: { error: { code: 412, message, errors: [{ reason: 'conditionNotMet' }] } } }
    }
    document = body
    generation += 7
    writes += 1
    return { status: 200, body: { kind: 'storage#object', name: object, generation: String(generation) } }
  }
  const server = await startRecipeServer(answer)
  return {
    server,
    replacements: { 'https://storage.googleapis.com': server.url },
    env: {},
    elsewhere: { BUCKET: 'no-bucket' },
    programs: { gcloud: `[ "$*" = 'auth print-access-token' ] && echo '${server.token}'` },
    secrets: [server.token],
    shows: server.url,
    provedWhenEmpty: 'proved',
    contents: () => document,
    writes: () => writes,
  }
}
