import { cacheStore } from '../../src/stores/cache/cache-store.ts'
import { messageOf } from '../../src/keeper-error.ts'

/**
 * A job on a machine of its own that has read the cache store before and now writes; prints the outcome as the last line.
 * Arguments: the document, the version it has read (empty: none), a directory for short-lived files. The service is in
 * TEST_CACHE.
 */
const [document = '', version = '', tempDir = ''] = process.argv.slice(2)
const env = JSON.parse(process.env['TEST_CACHE'] ?? '{}') as Record<string, string>
const store = cacheStore({ name: 'cache', slot: 'default', tempDir, env, ref: 'refs/heads/main', defaultBranch: 'main' })

async function outcome(): Promise<string> {
  try {
    return (await store.write(Buffer.from(document), version === '' ? undefined : version)).kind
  } catch (error) {
    return messageOf(error)
  }
}

process.stdout.write(`${await outcome()}\n`)
