import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { UploadAnswer } from './upload-answer.ts'

// A program of its own: stores its standard input, a sealed login, with @actions/cache. Arguments: the key, the path in the
// archive. The library takes its working directory, its programs and its addresses from process-wide settings, and what
// it says of its results is text for a log, which nobody reads here: what became of its requests tells.

let at: 'start' | 'announcement' | 'upload' = 'start'
let status: number | null = null
const announces = ({ path }: ClientRequest): boolean => path.endsWith('CacheService/CreateCacheEntry')
subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest }
  if (announces(request)) at = 'announcement'
  else if (at === 'announcement' && status === 200) at = 'upload'
})
subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
  if (announces(request)) status = response.statusCode ?? null
})

const [key = '', path = ''] = process.argv.slice(2)
await mkdir(dirname(path), { recursive: true, mode: 0o700 })
await writeFile(path, await buffer(process.stdin), { mode: 0o600 })
const { saveCache } = await import('@actions/cache')
const id = await saveCache([path], key).catch(() => -1)
const answer: UploadAnswer = id === -1 ? { kind: 'failed', at, status } : { kind: 'saved' }
process.stdout.write(`\n${JSON.stringify(answer)}\n`)
